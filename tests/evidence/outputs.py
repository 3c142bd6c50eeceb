"""Reads what the house made of a file as an examiner would: byte by byte, object by object, by code of its own."""

from __future__ import annotations

import io
import struct

import pikepdf
import pypdfium2
from PIL import Image

JPEG_MARKERS = {0xC0, 0xC4, 0xDA, 0xDB, 0xE0}
"""Frame, Huffman tables, scan, quantisation tables, and JFIF's own segment of 14 bytes."""
ACTIVE_KEYS = {
    "/JS", "/JavaScript", "/OpenAction", "/AA", "/A", "/Launch", "/EmbeddedFiles", "/EF", "/AF", "/XFA", "/AcroForm",
    "/Names", "/Annots", "/Metadata", "/PieceInfo", "/Outlines", "/URI", "/RichMediaContent", "/Info", "/Odd",
}  # fmt: skip


def examine_jpeg(data):
    """Only the picture, and nothing behind it."""
    assert data[:2] == b"\xff\xd8"
    at = 2
    while data[at + 1] != 0xDA:
        assert data[at] == 0xFF
        assert data[at + 1] in JPEG_MARKERS, hex(data[at + 1])
        (length,) = struct.unpack_from(">H", data, at + 2)
        if data[at + 1] == 0xE0:
            assert data[at + 4 : at + 9] == b"JFIF\0"
            assert length == 16
        at += 2 + length
    assert data.index(b"\xff\xd9", at) == len(data) - 2


def examine_pdf(data):
    """Nothing but pages and what they draw; nothing before and behind."""
    assert data.startswith(b"%PDF-1.")
    assert data.endswith(b"%%EOF\n")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert set(pdf.trailer.keys()) <= {"/ID", "/Root", "/Size"}
        assert set(pdf.Root.keys()) <= {"/Pages", "/Type", "/OCProperties"}
        for thing in pdf.objects:
            _examine_object(thing)


def all_bytes(data):
    """The file, and a PDF's streams unpacked: a place to search."""
    if not data.startswith(b"%PDF"):
        return data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        streams = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Stream)]
        raw = b"".join(stream.read_raw_bytes() for stream in streams)
        return data + raw + b"".join(_unpacked(stream) for stream in streams)


def drawn(data, number=0):
    """A page as PDFium draws it, one pixel a point."""
    document = pypdfium2.PdfDocument(data)
    try:
        page = document[number]
        image = page.render().to_pil().convert("RGB")
        page.close()
    finally:
        document.close()
    return image


def preview_of(inspected):
    examine_jpeg(inspected.preview)
    image = Image.open(io.BytesIO(inspected.preview))
    assert max(image.size) <= 320
    return image


def _unpacked(stream):
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        return b""


def _examine_object(thing):
    if isinstance(thing, pikepdf.Array):
        for item in thing:
            _examine_object(item)
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        assert not ACTIVE_KEYS & set(thing.keys()), set(thing.keys())
        for key, item in thing.items():
            if isinstance(item, pikepdf.Object) and not item.is_indirect and key != "/Parent":
                _examine_object(item)
