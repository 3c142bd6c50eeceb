"""Reads the segments of a JPEG without decoding it (ITU-T T.81, annex B): its size, and the file without metadata.

Law: lossless. Kept are the segments that the pixels need, and Adobe's, which says what the colours mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_START, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_ADOBE: Final = 0xEE
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_METADATA: Final = frozenset(range(0xE0, 0xF0)) - {_ADOBE} | {_COMMENT}
_ADOBE_BYTES: Final = 14
"""Length of Adobe's segment with its length field (Adobe Technical Note 5116). A longer one carries something else."""

_NEXT_MARKER: Final = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")
"""After coded pixels: neither a stuffed byte nor a restart."""


class Segment(NamedTuple):
    """``start`` to ``end``: where it lies with its marker; of a scan with the coded pixels behind it."""

    marker: int
    start: int
    end: int


def without_metadata(data: bytes) -> bytes:
    """From the first marker to the end of the picture. Raises ``ValueError`` where this is no JPEG."""
    kept = [segment for segment in segments(data) if not _is_metadata(segment)]
    return b"\xff\xd8" + b"".join(data[segment.start : segment.end] for segment in kept) + b"\xff\xd9"


def size(data: bytes) -> tuple[int, int]:
    """Width and height by the frame header. Raises ``ValueError``."""
    for segment in segments(data):
        if segment.marker in _FRAMES:
            frame = data[segment.start : segment.end]
            return int.from_bytes(frame[7:9], "big"), int.from_bytes(frame[5:7], "big")
    raise ValueError("no frame in a JPEG")


def segments(data: bytes) -> Iterator[Segment]:
    """Everything between start and end of the picture. Ends early where the file is cut off."""
    if data[:2] != bytes((0xFF, _START)):
        raise ValueError("no start of a JPEG")
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise ValueError("no marker in a JPEG where one must be")
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if marker == _END:
            return
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _SCAN:
            found = _NEXT_MARKER.search(data, end)
            end = found.start() if found else len(data)
        yield Segment(marker, at, end)
        at = end


def _is_metadata(segment: Segment) -> bool:
    if segment.marker == _ADOBE:
        return segment.end - segment.start != _ADOBE_BYTES + 2
    return segment.marker in _METADATA
