"""PDF files of strangers become a PDF of ours: the same pages, and nothing else that was in the file.

Laws: forms are drawn onto their pages first, so that what was filled in stays. No script, action, attachment,
annotation or metadata comes out. What cannot be rebuilt is drawn page by page; what cannot be drawn is refused.
"""

from __future__ import annotations

import io
from contextlib import closing
from typing import Final

import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # has no stubs
from pikepdf import Dictionary, Name
from pikepdf.settings import set_qpdf_limits
from PIL import Image

from bot import limits
from bot.evidence.objects import UNPACKED_BYTES, has_active_content, strip_drawing, strip_page
from bot.evidence.pictures import LONGEST_SIDE, PREVIEW_QUALITY, PREVIEW_SIDE, jpeg_of
from bot.evidence.sniff import Refusal
from bot.ports import Finding, Inspected

DOTS_PER_INCH: Final = 150
"""Of pages that are drawn."""
_POINTS_PER_INCH: Final = 72
_LONGEST_PAGE: Final = 14_400.0
"""In points (ISO 32000-1, annex C)."""
_PDF_VERSION: Final = "1.7"
_NEEDS_PASSWORD: Final = frozenset({4, 5})
"""PDFium's FPDF_ERR_PASSWORD and FPDF_ERR_SECURITY."""

set_qpdf_limits(
    doc_max_warnings=1_000, max_stream_filters=2, flate_max_memory=UNPACKED_BYTES, run_length_max_memory=UNPACKED_BYTES,
    png_max_memory=UNPACKED_BYTES, tiff_max_memory=UNPACKED_BYTES,
)  # fmt: skip


def inspect_document(data: bytes) -> Inspected:
    """What becomes of a PDF. Raises :class:`Refusal`, and what readers raise at broken files."""
    try:
        document, pages, active = rebuilt(data)
        preview = _preview(document)
    except pikepdf.PasswordError:
        raise Refusal("password") from None
    except (pikepdf.PikepdfError, pypdfium2.PdfiumError, ValueError, TypeError, LookupError):
        document, pages = drawn(data)
        preview, active = _preview(document), False
    findings = (Finding("active_content"),) if active else ()
    return Inspected("ready", "application/pdf", pages, document, preview, findings)


def rebuilt(data: bytes) -> tuple[bytes, int, bool]:
    """The pages in a new PDF, their number, and whether the file had active content."""
    with pikepdf.open(io.BytesIO(data)) as source, pikepdf.new() as target:
        _check_pages(len(source.pages))
        active = has_active_content(source)
        source.generate_appearance_streams()
        source.flatten_annotations()
        for page in source.pages:
            strip_page(page.obj)
        target.add_pages_from(source, forms="strip", layers="preserve", outlines="ignore")
        strip_drawing([page.obj for page in target.pages], target.Root.get("/OCProperties"))
        return _saved(target), len(target.pages), active


def drawn(data: bytes) -> tuple[bytes, int]:
    """A PDF with a picture of each page, and their number."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Refusal("password" if error.err_code in _NEEDS_PASSWORD else "damaged") from None
    with closing(document), pikepdf.new() as target:
        _check_pages(len(document))
        document.init_forms()
        for number in range(len(document)):
            _add_picture(target, _page_picture(document, number, LONGEST_SIDE), document.get_page_size(number))
        return _saved(target), len(target.pages)


def _check_pages(count: int) -> None:
    if count > limits.PAGES_PER_EVIDENCE:
        raise Refusal("too_many_pages")
    if not count:
        raise Refusal("damaged")


def _preview(document: bytes) -> bytes:
    with closing(pypdfium2.PdfDocument(document)) as opened:
        return jpeg_of(_page_picture(opened, 0, PREVIEW_SIDE), PREVIEW_QUALITY)


def _page_picture(document: pypdfium2.PdfDocument, number: int, longest: int) -> Image.Image:
    """A page of that document, with at most ``longest`` pixels on its longest side."""
    with closing(document[number]) as page:
        scale = min(DOTS_PER_INCH / _POINTS_PER_INCH, longest / max(1.0, *page.get_size()))
        with closing(page.render(scale=scale)) as bitmap:
            picture: Image.Image = bitmap.to_pil().convert("RGB")
    picture.thumbnail((longest, longest))  # PDFium rounds up
    return picture


def _add_picture(target: pikepdf.Pdf, picture: Image.Image, size: tuple[float, float]) -> None:
    """A page of that size in points, covered by the picture."""
    width, height = (min(max(side, 1.0), _LONGEST_PAGE) for side in size)
    image = target.make_stream(
        jpeg_of(picture), Type=Name.XObject, Subtype=Name.Image, Width=picture.width, Height=picture.height,
        ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode,
    )  # fmt: skip
    page = target.add_blank_page(page_size=(width, height))
    page.obj.Resources = Dictionary(XObject=Dictionary(Page=image))
    page.obj.Contents = target.make_stream(f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /Page Do Q".encode())


def _saved(target: pikepdf.Pdf) -> bytes:
    """The same file for the same pages; nothing that nobody refers to is written."""
    file = io.BytesIO()
    target.save(
        file, min_version=_PDF_VERSION, deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
    )  # fmt: skip
    return file.getvalue()
