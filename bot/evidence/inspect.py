"""Looks into one file: the pure function that a child process runs (``bot.evidence.child``).

Law: the same bytes always become the same. Whatever a decoder makes of hostile bytes, the answer is an
:class:`bot.ports.Inspected`; only what no decoder should ever raise comes out, and ends the child.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from typing import Final

import pikepdf

from bot.evidence.documents import inspect_document
from bot.evidence.pictures import inspect_picture
from bot.evidence.sniff import Refusal, kind_of, refused, refused_at_sight
from bot.ports import Inspected

_BROKEN: Final = (
    OSError, EOFError, ValueError, TypeError, LookupError, SyntaxError, ArithmeticError, RuntimeError, struct.error,
    zlib.error, pikepdf.PikepdfError,
)  # fmt: skip
"""What decoders raise at broken files. Pillow reports by most of these; PDFium's error is a RuntimeError."""


def inspect(data: bytes) -> Inspected:
    """``ready`` with the rebuilt file, or ``refused`` with the reason."""
    refusal, kind = refused_at_sight(data), kind_of(data)
    if refusal is not None or kind is None:
        return refusal or refused("unknown_type")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata: it does not come out anyway
            return inspect_document(data) if kind == "PDF" else inspect_picture(data, kind)
    except Refusal as reason:
        return refused(reason.code)
    except MemoryError:
        return refused("too_many_pixels")
    except _BROKEN:
        return refused("damaged")
