"""What the ledger keeps of a submission's way: names of the proof's members, and what is read from them.

``submission_id case_id joined sandbox announced_at announced_times metadata_version``; ``attachment.<id of ours>`` a
UUID, ``tag.<uuid>`` and ``sha512.<uuid>`` of what arrived; ``tag.metadata tag.data``; ``set.submit set.accept
set.reject`` signed statements; ``delivered_at``; ``reasons`` of a rejection.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from bot.ports import Attachment, Parcel


def uuid_of(parcel: Parcel, attachment: Attachment) -> str:
    return str(parcel.proof[f"attachment.{attachment.id}"])


def next_attachment(parcel: Parcel) -> Attachment | None:
    """The first that is announced and not there yet."""
    announced = (each for each in parcel.attachments if f"attachment.{each.id}" in parcel.proof)
    return next((each for each in announced if f"tag.{uuid_of(parcel, each)}" not in parcel.proof), None)


def announced(parcel: Parcel) -> list[Attachment]:
    return [each for each in parcel.attachments if f"attachment.{each.id}" in parcel.proof]


def tags(parcel: Parcel) -> dict[str, Any]:
    """As a statement must name them: ``{metadata, data, attachments: {uuid: tag}}``."""
    proof = parcel.proof
    arrived = {str(uuid): proof[f"tag.{uuid}"] for uuid in _uuids(proof) if f"tag.{uuid}" in proof}
    return {"metadata": proof.get("tag.metadata"), "data": proof.get("tag.data"), "attachments": arrived}


def age(parcel: Parcel, now: datetime) -> float:
    """Seconds since the announcement."""
    at = parcel.proof.get("announced_at")
    return (now - datetime.fromisoformat(at)).total_seconds() if isinstance(at, str) else 0.0


def waited(parcel: Parcel, now: datetime) -> float:
    """Seconds since the service confirmed it."""
    return (now - datetime.fromisoformat(str(parcel.proof["delivered_at"]))).total_seconds()


def reasons(parcel: Parcel, problems: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """A rejection's problems as the house knows reasons; unknown types keep their words."""
    files = {str(parcel.proof[f"attachment.{each.id}"]): each.id for each in announced(parcel)}
    return [_reason(parcel, files, each) for each in problems]


def violations(parcel: Parcel) -> Iterator[dict[str, str]]:
    """Where the submission breaks its schema: pointers and rules, no values."""
    validator = Draft202012Validator(parcel.schema, format_checker=FormatChecker())
    for error in validator.iter_errors(parcel.envelope):
        path = "".join(f"/{_escaped(part)}" for part in error.absolute_path)
        reason = {"code": str(error.validator), "title": "Die Angaben passen nicht zum Schema.", "detail": path}
        yield reason | _pointer(parcel, path)


def _reason(parcel: Parcel, files: Mapping[str, str], problem: Mapping[str, str]) -> dict[str, str]:
    reason = {"code": problem.get("type", ""), "title": problem.get("title", ""), "detail": problem.get("detail", "")}
    part, _, rest = problem.get("instance", "").partition("#")
    kind, _, uuid = part.partition(":")
    if part == "data" and rest.startswith("/"):
        return reason | _pointer(parcel, rest)
    if kind == "attachment" and uuid in files:
        return {**reason, "file": files[uuid]}
    return reason


def _pointer(parcel: Parcel, path: str) -> dict[str, str]:
    """The agency points into the document that it got; the house into that document's ``data``."""
    member, _, rest = path.removeprefix("/").partition("/")
    if member == "data":
        return {"pointer": f"/{rest}"} if rest else {}
    return {} if not member or member in parcel.envelope else {"pointer": path}


def _escaped(part: object) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def _uuids(proof: Mapping[str, Any]) -> list[Any]:
    return [value for name, value in proof.items() if name.startswith("attachment.")]
