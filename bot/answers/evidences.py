"""Papers and pictures. Words cannot be evidence, but "later" can be said. The bytes lie elsewhere."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import BeforeValidator, Field

from bot import limits
from bot.answers.base import Context, Evidence, Json, Problem, Reading, Template, Value, problem
from bot.answers.common import Id, Spoken, misshapen, phrases, told

FILE_EXPECTED: Final = Template(
    "answers.evidence.file_expected", "Bitte schicken Sie hier ein Foto oder eine PDF-Datei."
)
NOT_LATER: Final = Template(
    "answers.evidence.not_later", "Diesen Nachweis braucht die Behörde sofort. Bitte schicken Sie ihn jetzt."
)
TOO_MANY: Final = Template("answers.evidence.too_many", "Das sind zu viele Seiten. Höchstens {max} sind möglich.")
LATER: Final = Template("answers.evidence.later", "wird nachgereicht")
ONE_FILE: Final = Template("answers.evidence.one_file", "1 Datei")
FILES: Final = Template("answers.evidence.files", "{count} Dateien")

_FILE: Final = re.compile(r"[A-Za-z0-9._:-]{1,200}")
SOURCES: Final = ("upload", "account", "agency")
_LATER: Final = phrases("""
    später | spaeter | nachreichen | ich reiche es nach | reiche ich nach | ich reiche ihn nach | wird nachgereicht
    | nachher | nicht jetzt | jetzt nicht | habe ich gerade nicht | habe ich nicht da | nicht zur hand | noch nicht
    | later | not now | i will send it later | i'll send it later | send later | hand in later | will be handed in later
""")


def _names(raw: object) -> object:
    return tuple(part.strip() for part in raw.split(",") if part.strip()) if isinstance(raw, str) else raw


class EvidenceFiles(Spoken):
    """JSON: ``{files, later, source}``; ``files`` are ids in page order. ``proves``: questions it is about.

    ``title``: the paper's name in a list ("Vollmacht").
    """

    answer: Literal["evidence"] = "evidence"
    type: ClassVar[str] = "evidence"
    title: str | None = Field(default=None, min_length=1, max_length=80)
    max_pages: int = Field(default=limits.PAGES_PER_EVIDENCE, ge=1, le=limits.PAGES_PER_EVIDENCE)
    later: Literal["allowed"] | None = None
    proves: Annotated[tuple[Id, ...], BeforeValidator(_names)] = ()

    def understand(self, text: str, context: Context) -> Reading:
        said = " ".join(text.casefold().split()).strip(" .!")
        if said in _LATER or said == told(context, LATER).casefold():
            return Value(Evidence((), later=True))
        return problem(FILE_EXPECTED)

    def typed(self, raw: Json, context: Context) -> Reading:
        if not isinstance(raw, dict) or not {"files"} <= set(raw) <= {"files", "later", "source"}:
            return misshapen()
        files, later, source = raw["files"], raw.get("later", False), raw.get("source", "upload")
        sound = isinstance(files, list) and all(isinstance(file, str) and _FILE.fullmatch(file) for file in files)
        if not sound or not isinstance(later, bool) or source not in SOURCES:
            return misshapen()
        return Value(Evidence(tuple(dict.fromkeys(files)), later, source))

    def check(self, value: Any, context: Context) -> Problem | None:
        if value.later and self.later is None:
            return problem(NOT_LATER)
        if not value.later and not value.files:
            return problem(FILE_EXPECTED)
        return problem(TOO_MANY, max=str(self.max_pages)) if len(value.files) > self.max_pages else None

    def load(self, raw: Json) -> Any:
        return Evidence(tuple(raw["files"]), raw["later"], raw["source"])

    def dump(self, value: Any) -> Json:
        return {"files": list(value.files), "later": value.later, "source": value.source}

    def show(self, value: Any, context: Context) -> str:
        parts = []
        if value.files:
            one = len(value.files) == 1
            parts.append(told(context, ONE_FILE if one else FILES, count=str(len(value.files))))
        return ", ".join([*parts, told(context, LATER)] if value.later else parts)

    def limits(self, context: Context) -> dict[str, Json]:
        return {"max_pages": self.max_pages, "max_bytes": limits.FILE_BYTES}

    def json_schema(self) -> dict[str, Json]:
        return {
            "type": "object",
            "properties": {
                "files": {"type": "array", "items": {"type": "string"}, "maxItems": self.max_pages},
                "later": {"type": "boolean"},
                "source": {"type": "string", "enum": list(SOURCES)},
            },
            "required": ["files", "later", "source"],
            "additionalProperties": False,
        }
