"""A file of evidence as the API shows it: how far it came, and what the checks found, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot import limits
from bot.answers.base import Json, Template, Words
from bot.core.case import File
from bot.core.evidence import FINDINGS
from bot.web.shapes import texts
from bot.web.shapes.wording import worded

_MEASURES: Final = {"megabytes": str(limits.FILE_BYTES // limits.MIB), "pages": str(limits.PAGES_PER_EVIDENCE)}

_STATES: Final[dict[str, Template]] = {
    "checking": texts.FILE_CHECKING,
    "waiting": texts.FILE_WAITING,
    "ready": texts.FILE_READY,
    "refused": texts.FILE_REFUSED,
    "dropped": texts.FILE_DROPPED,
}


def file(file: File, words: Words) -> dict[str, Json]:
    """``File`` of the API."""
    made: dict[str, Json] = {
        "id": file.id,
        "state": file.state,
        "type": file.media_type,
        "bytes": file.bytes,
        "pages": file.pages,
        "sha256": file.sha256,
        "findings": [
            {"code": finding["code"], "text": _told(words, finding), "page": finding.get("page")}
            for finding in file.findings
        ],
    }
    if file.preview:
        made["preview"] = f"/api/v1/files/{file.id}/preview"
    return made


def told(file: File, words: Words) -> str:
    """What became of it, in words; where something was found, what."""
    return " ".join(_sentences(file, words))


def _sentences(file: File, words: Words) -> Iterator[str]:
    if file.state in _STATES and not (file.state == "refused" and file.findings):
        yield worded(words, _STATES[file.state])
    for finding in file.findings:
        yield _told(words, finding)


def _told(words: Words, finding: dict[str, Json]) -> str:
    template = FINDINGS.get(str(finding["code"]))
    return str(finding["code"]) if template is None else worded(words, template, **_MEASURES)
