"""What a file is, by its first bytes alone: never by its name, nor by what somebody calls it.

Law: a closed list of kinds; whatever is not clearly one of them is none. Imports no decoder, so that everybody may
ask. Every file gets through here before anything reads on.
"""

from __future__ import annotations

from typing import Final, Literal

from bot import limits
from bot.ports import Finding, Inspected

Kind = Literal["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "PDF"]

_STARTS: Final[dict[bytes, Kind]] = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"%PDF-": "PDF",
}
_HEVC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_BLANK: Final = b"\x00\t\n\x0c\r "
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_HEAD_BYTES: Final = 1024


class Refusal(Exception):
    """This file is not taken. ``code``: one of :data:`bot.core.evidence.REFUSALS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def kind_of(data: bytes) -> Kind | None:
    """The kind of file; None where it is empty or of a kind that nobody takes."""
    head = data[:_HEAD_BYTES]
    for start, kind in _STARTS.items():
        if head.startswith(start):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    if _is_heif(head):
        return "HEIF"
    # some scanners put empty lines in front of a PDF
    return "PDF" if head.removeprefix(_BYTE_ORDER_MARK).lstrip(_BLANK).startswith(b"%PDF-") else None


def refused(code: str) -> Inspected:
    """A file that is not taken, and why: one of :data:`bot.core.evidence.REFUSALS`."""
    return Inspected("refused", findings=(Finding(code),))


def refused_at_sight(data: bytes) -> Inspected | None:
    """The refusal of a file that is empty, too large or of an unknown kind. None: worth looking into."""
    if not data:
        return refused("empty")
    if len(data) > limits.FILE_BYTES:
        return refused("too_large")
    return refused("unknown_type") if kind_of(data) is None else None


def _is_heif(head: bytes) -> bool:
    """Its file type box (ISO/IEC 14496-12, 4.3) names a brand of pictures in HEVC (ISO/IEC 23008-12)."""
    if head[4:8] != b"ftyp":
        return False
    box = head[8 : min(int.from_bytes(head[:4], "big"), _HEAD_BYTES)]
    return not _HEVC_BRANDS.isdisjoint(box[at : at + 4] for at in range(0, len(box), 4))
