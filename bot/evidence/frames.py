"""What the house and a child process say to each other over pipes: frames with their length in front.

Law: the child may have been taken over by the file that it looked into. What it says is read as a stranger's: bounded,
checked field by field, never unpickled.
"""

from __future__ import annotations

import json
from typing import Any, Final

from bot import limits
from bot.core.evidence import FINDINGS
from bot.ports import Finding, Inspected

READY: Final = b"ready"
"""A child's first frame, before anything was asked."""
LENGTH_BYTES: Final = 4
MOST_BYTES: Final = 2 * limits.FILE_BYTES + limits.MIB
"""Longest frame: a rebuilt file that grew, and its preview."""

_MEDIA_TYPES: Final = ("image/jpeg", "application/pdf")
_HEAD_BYTES: Final = 8 * limits.KIB


def framed(content: bytes) -> bytes:
    return len(content).to_bytes(LENGTH_BYTES, "big") + content


def packed(inspected: Inspected) -> bytes:
    """Head with its length in front, document, preview. The head says how long the document is."""
    head = {
        "state": inspected.state,
        "media_type": inspected.media_type,
        "pages": inspected.pages,
        "document": len(inspected.data),
        "findings": [[finding.code, finding.page] for finding in inspected.findings],
    }
    return framed(json.dumps(head).encode()) + inspected.data + inspected.preview


def unpacked(content: bytes) -> Inspected:
    """What a child found. Raises ``ValueError`` where it is not what a child of ours says."""
    start = LENGTH_BYTES + int.from_bytes(content[:LENGTH_BYTES], "big")
    if start > _HEAD_BYTES:
        raise ValueError("the head of an answer is too long")
    try:
        head = json.loads(content[LENGTH_BYTES:start])
        findings = tuple(_finding(*item) for item in head["findings"])
        if head["state"] == "refused":
            return Inspected("refused", findings=findings)
        return _ready(head, content[start:], findings)
    except (TypeError, KeyError, RecursionError):
        raise ValueError("an answer of another shape") from None


def _ready(head: dict[str, Any], rest: bytes, findings: tuple[Finding, ...]) -> Inspected:
    end, media_type, pages = head["document"], head["media_type"], head["pages"]
    if head["state"] != "ready" or media_type not in _MEDIA_TYPES:
        raise ValueError("an answer of no known kind")
    if type(pages) is not int or not 1 <= pages <= limits.PAGES_PER_EVIDENCE:
        raise ValueError("an answer with an impossible number of pages")
    if type(end) is not int or not 0 < end < len(rest):
        raise ValueError("an answer without document or preview")
    return Inspected("ready", media_type, pages, rest[:end], rest[end:], findings)


def _finding(code: object, page: object) -> Finding:
    if code not in FINDINGS or not (page is None or type(page) is int):
        raise ValueError("an unknown finding")
    assert isinstance(code, str)
    return Finding(code, page if isinstance(page, int) else None)
