"""Walks the objects of a PDF: finds what is active in it, and takes from pages whatever does not draw.

Law: dictionaries are read in their context, because in a list of names ("/Font << /JS 5 0 R >>") a key means nothing.
Names and sections: ISO 32000-1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from bot.evidence import jpeg
from bot.evidence.pictures import check_pixels
from bot.evidence.sniff import Refusal

MOST_OBJECTS: Final = 100_000
"""More dictionaries and arrays than twenty pages have."""
UNPACKED_BYTES: Final = 64 * 1024 * 1024
"""What one stream may unpack to, pictures aside: a drawn page has some hundred KiB."""
_BEST_PACKING: Final = 1_032
"""To one: what deflate can do."""
_MOST_FILTERS: Final = 2
_PACKS_NOTHING: Final = frozenset({"/ASCII85Decode", "/ASCIIHexDecode", "/Crypt"})

_BY_NAME: Final = frozenset(
    {"/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/Properties", "/CharProcs",
     "/Colorants"}
)  # fmt: skip
"""Dictionaries under these keys are lists of names (7.8.3)."""

_ACTIVE_KEYS: Final = frozenset({"/JS", "/JavaScript", "/XFA", "/AA", "/EF", "/RichMediaContent"})
_ACTIVE_ACTIONS: Final = frozenset(
    {"/Launch", "/JavaScript", "/SubmitForm", "/ImportData", "/Rendition", "/RichMediaExecute", "/GoToE", "/GoToR",
     "/Movie", "/Sound"}
)  # fmt: skip
"""Types of actions (12.6.4) that run something or open something else. A link to a page is none."""

_PAGE_KEYS: Final = frozenset(
    {"/Type", "/Parent", "/Resources", "/Contents", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox",
     "/Rotate", "/UserUnit", "/Group"}
)  # fmt: skip
_KEPT_UNDER: Final = {
    "/Resources": frozenset(
        {"/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/XObject", "/Font", "/ProcSet", "/Properties"}
    ),
    "/Group": frozenset({"/Type", "/S", "/CS", "/I", "/K"}),
    "/Contents": frozenset[str](),  # it is a stream, or nothing
}
_NEVER_DRAWN: Final = frozenset(
    {"/Catalog", "/Pages", "/Page", "/Annot", "/Action", "/Outlines", "/Filespec", "/EmbeddedFile", "/StructTreeRoot",
     "/StructElem", "/Sig", "/Metadata"}
)  # fmt: skip
"""Types of objects that no page draws with, however it came to refer to them."""
_PACKED: Final = frozenset({"/Length", "/Filter", "/DecodeParms"})
_FORM_KEYS: Final = _PACKED | {
    "/Type", "/Subtype", "/FormType", "/BBox", "/Matrix", "/Resources", "/Group", "/OC"
}  # fmt: skip
_IMAGE_KEYS: Final = _PACKED | {
    "/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Intent", "/ImageMask", "/Mask",
    "/Decode", "/Interpolate", "/SMask", "/SMaskInData", "/Matte", "/OC",
}  # fmt: skip
_NEVER: Final = _ACTIVE_KEYS | {
    "/Metadata", "/PieceInfo", "/LastModified", "/AF", "/OPI", "/Ref", "/OpenAction", "/Thumb", "/StructParent",
    "/StructParents", "/CreatorInfo", "/Alternates", "/Annots", "/URI", "/PS", "/Level1", "/A", "/Names", "/Outlines",
    "/AcroForm", "/EmbeddedFiles", "/Launch",
}  # fmt: skip
_OTHER_FILE: Final = frozenset({"/F", "/FFilter", "/FDecodeParms"})
_NOT_DRAWN: Final = frozenset({"/StructTreeRoot", "/Metadata", "/PieceInfo"})
_BOXES_OF_METADATA: Final = frozenset({b"xml ", b"uuid", b"uinf"})
_JPX_BARE: Final = b"\xff\x4f\xff\x51"
_JPX_SIGNATURE: Final = b"\x00\x00\x00\x0cjP  \r\n\x87\n"


class Found(NamedTuple):
    """A dictionary or stream, and the key that it was found under."""

    under: str
    value: Any


def has_active_content(pdf: pikepdf.Pdf) -> bool:
    """Does anything in the document run, open something else, or carry a file?"""
    for _, dictionary in _walk([Found("/Root", pdf.Root)]):
        if not _ACTIVE_KEYS.isdisjoint(dictionary.keys()) or str(dictionary.get("/S", "")) in _ACTIVE_ACTIONS:
            return True
    return False


def strip_page(page: Dictionary) -> None:
    """Leave of a page what draws it: no annotations, actions, threads, private data."""
    _keep(page, _PAGE_KEYS)


def strip_drawing(pages: Iterable[Dictionary], layers: Object | None) -> None:
    """Take from everything that pages draw with what does not draw.

    Raises :class:`Refusal` at bombs, and ``ValueError`` where something cannot be cleaned.
    """
    starts = [Found(key, page[key]) for page in pages for key in ("/Resources", "/Contents", "/Group") if key in page]
    for under, value in _walk([*starts, Found("/OCProperties", layers)]):
        if isinstance(value, Stream):
            _strip_stream(value)
        elif str(value.get("/Type", "")) in _NEVER_DRAWN or str(value.get("/S", "")) in _ACTIVE_ACTIONS:
            _keep(value, frozenset())
        elif under in _KEPT_UNDER:
            _keep(value, _KEPT_UNDER[under])
        _drop(value, _NEVER)


def _walk(starts: Iterable[Found]) -> Iterator[Found]:
    """Each dictionary and stream below, once; what its keys hold is looked at after it was handed out."""
    waiting, seen, left = list(starts), set[tuple[int, int]](), MOST_OBJECTS
    while waiting:
        under, value = waiting.pop()
        if not isinstance(value, Array | Dictionary | Stream) or _again(value, seen):
            continue
        left -= 1
        if not left:
            raise ValueError("a PDF of too many objects")
        if isinstance(value, Array):
            waiting += (Found("", item) for item in value)
        elif under in _BY_NAME and isinstance(value, Dictionary):
            waiting += (Found("", item) for _, item in value.items())
        else:
            yield Found(under, value)
            waiting += (Found(key, item) for key, item in value.items() if key not in _NOT_DRAWN)


def _again(value: Object, seen: set[tuple[int, int]]) -> bool:
    known = value.is_indirect and value.objgen in seen
    if value.is_indirect:
        seen.add(value.objgen)
    return known


def _strip_stream(stream: Stream) -> None:
    _drop(stream, _OTHER_FILE)
    subtype = str(stream.get("/Subtype", ""))
    if subtype == "/Image":
        _keep(stream, _IMAGE_KEYS)
        _strip_image(stream)
        return
    if subtype == "/Form":
        _keep(stream, _FORM_KEYS)
    _unpack(stream)


def _unpack(stream: Stream) -> None:
    """Let the house pack it anew, so that nothing hides behind the end of what is packed. A bomb is refused.

    Raises ``ValueError`` where it is damaged or packed in a rare way.
    """
    at_most = _most_unpacked(stream)
    try:
        stream.write(stream.read_bytes())
    except pikepdf.PikepdfError:
        if at_most > UNPACKED_BYTES:
            raise Refusal("damaged") from None
        raise ValueError("a stream that cannot be unpacked") from None


def _most_unpacked(stream: Stream) -> int:
    """No reader makes more bytes of it than that."""
    packings = [filter for filter in _filters(stream) if filter not in _PACKS_NOTHING]
    return len(stream.read_raw_bytes()) * int(_BEST_PACKING ** len(packings))


def _strip_image(stream: Stream) -> None:
    """No metadata in, and nothing behind, a picture in JPEG or JPEG 2000; others have no place for metadata.

    Raises ``ValueError`` where it is not what it claims to be.
    """
    check_pixels(_number(stream, "/Width"), _number(stream, "/Height"))
    filters = _filters(stream)
    if filters == ["/DCTDecode"]:
        data = stream.read_raw_bytes()
        check_pixels(*jpeg.size(data))
        _rewrite(stream, jpeg.without_metadata(data), Name.DCTDecode)
    elif filters == ["/JPXDecode"]:
        _rewrite(stream, _jpx_without_metadata(stream.read_raw_bytes()), Name.JPXDecode)
    elif len(filters) > _MOST_FILTERS:
        raise Refusal("damaged")
    elif filters[-1:] == ["/DCTDecode"]:
        _strip_packed_jpeg(stream)


def _strip_packed_jpeg(stream: Stream) -> None:
    """A JPEG in a second packing loses that packing."""
    stream.Filter = stream.Filter[0]
    if isinstance(meanings := stream.get("/DecodeParms"), Array):
        stream.DecodeParms = meanings[0]
    stream.write(stream.read_bytes(), filter=Name.DCTDecode)
    _strip_image(stream)


def _rewrite(stream: Stream, data: bytes, filter: Name) -> None:
    meaning = stream.get("/DecodeParms")
    stream.write(data, filter=filter, decode_parms=meaning if isinstance(meaning, Dictionary | Array) else None)


def _jpx_without_metadata(data: bytes) -> bytes:
    """JPEG 2000 without its boxes of XML and private data (ISO/IEC 15444-1, annex I); a bare code stream as it is."""
    if data.startswith(_JPX_BARE):
        return data
    if not data.startswith(_JPX_SIGNATURE):
        raise ValueError("no start of a JPEG 2000 picture")
    kept, at = [], 0
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        if length < 8:  # 0: up to the end; 1: longer than any file of ours
            kept.append(data[at:])
            break
        if data[at + 4 : at + 8] not in _BOXES_OF_METADATA:
            kept.append(data[at : at + length])
        at += length
    return b"".join(kept)


def _filters(stream: Stream) -> list[str]:
    filters = stream.get("/Filter")
    if isinstance(filters, Name):
        return [str(filters)]
    return [str(filter) for filter in filters] if isinstance(filters, Array) else []


def _number(dictionary: Object, key: str) -> int:
    value = dictionary.get(key, 0)
    if not isinstance(value, int):
        raise Refusal("damaged")
    return value


def _keep(dictionary: Object, keys: frozenset[str]) -> None:
    _drop(dictionary, set(dictionary.keys()) - keys)


def _drop(dictionary: Object, keys: Iterable[str]) -> None:
    for key in set(keys) & set(dictionary.keys()):
        del dictionary[key]
