"""Everything that is no reply: ``application/problem+json`` (RFC 9457), in words for people. Nothing is ever lost.

A problem quotes nothing that was sent. Each name has one status and one title; a detail may be said more precisely.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import orjson
from aiohttp import web

from bot.answers.base import Template, Words

MEDIA_TYPE: Final = "application/problem+json"


class _Sort(NamedTuple):
    status: int
    title: Template
    detail: Template


SORTS: Final[Mapping[str, _Sort]] = {
    "malformed": _Sort(
        400,
        Template("web.problem.malformed.title", "Fehlerhafte Anfrage"),
        Template("web.problem.malformed", "Diese Anfrage kann das Programm nicht lesen."),
    ),
    "unauthorised": _Sort(
        401,
        Template("web.problem.unauthorised.title", "Kein Zugang"),
        Template("web.problem.unauthorised", "Bitte öffnen Sie den Chat neu. Oder geben Sie Ihren Code ein."),
    ),
    "not-found": _Sort(
        404,
        Template("web.problem.not_found.title", "Nicht gefunden"),
        Template("web.problem.not_found", "Das gibt es hier nicht."),
    ),
    "not-allowed": _Sort(
        405,
        Template("web.problem.not_allowed.title", "So geht es nicht"),
        Template("web.problem.not_allowed", "Diese Adresse gibt es, aber nicht für diese Art von Anfrage."),
    ),
    "not-now": _Sort(
        409,
        Template("web.problem.not_now.title", "Jetzt nicht möglich"),
        Template("web.problem.not_now", "Das geht an dieser Stelle nicht. Weiter geht es mit der offenen Frage."),
    ),
    "changed-since-review": _Sort(
        409,
        Template("web.problem.changed_since_review.title", "Seit der Durchsicht geändert"),
        Template(
            "web.problem.changed_since_review",
            "Seit Ihrer Durchsicht hat sich etwas geändert. Bitte sehen Sie Ihre Angaben noch einmal durch.",
        ),
    ),
    "cursor-ahead": _Sort(
        409,
        Template("web.problem.cursor_ahead.title", "Unbekannte Stelle"),
        Template("web.problem.cursor_ahead", "So weit ist dieses Gespräch noch nicht. Bitte laden Sie es neu."),
    ),
    "offset-mismatch": _Sort(
        409,
        Template("web.problem.offset_mismatch.title", "Falsche Stelle in der Datei"),
        Template(
            "web.problem.offset_mismatch",
            "So weit ist die Datei nicht gekommen. Bitte dort weitermachen, wo sie endet.",
        ),
    ),
    "erased": _Sort(
        410,
        Template("web.problem.erased.title", "Gelöscht"),
        Template("web.problem.erased", "Ihre Angaben sind gelöscht. Sie können jederzeit neu beginnen."),
    ),
    "wrong-version": _Sort(
        412,
        Template("web.problem.wrong_version.title", "Andere Fassung"),
        Template("web.problem.wrong_version", "Hochladen geht hier nach tus 1.0.0."),
    ),
    "too-large": _Sort(
        413,
        Template("web.problem.too_large.title", "Zu groß"),
        Template("web.problem.too_large", "Diese Anfrage ist zu groß. Bitte schicken Sie weniger auf einmal."),
    ),
    "unsupported-type": _Sort(
        415,
        Template("web.problem.unsupported_type.title", "Diese Art von Daten geht nicht"),
        Template("web.problem.unsupported_type", "Diese Art von Daten kann das Programm hier nicht annehmen."),
    ),
    "invalid": _Sort(
        422,
        Template("web.problem.invalid.title", "Unpassende Angabe"),
        Template("web.problem.invalid", "Diese Angabe hat nicht die erwartete Form."),
    ),
    "too-many": _Sort(
        429,
        Template("web.problem.too_many.title", "Zu viele Anfragen"),
        Template("web.problem.too_many", "Bitte warten Sie einen Moment. Dann geht es weiter."),
    ),
    "bug": _Sort(
        500,
        Template("web.problem.bug.title", "Unser Fehler"),
        Template("web.problem.bug", "Das ist unser Fehler. Ihre Angaben sind gespeichert. Bitte noch einmal."),
    ),
    "busy": _Sort(
        503,
        Template("web.problem.busy.title", "Gerade überlastet"),
        Template("web.problem.busy", "Gerade ist sehr viel los. Bitte versuchen Sie es gleich noch einmal."),
    ),
}
"""By name: the status and the German words."""

NO_ROOM: Final = Template(
    "web.problem.no_room",
    "Gerade ist kein Platz für Dateien. Schreiben geht weiter. Reichen Sie die Datei später nach.",
)
FILE_TOO_LARGE: Final = Template("web.problem.file_too_large", "Diese Datei ist größer als {megabytes} MB.")
TOO_MANY_FILES: Final = Template("web.problem.too_many_files", "Mehr Dateien passen nicht. Bitte entfernen Sie eine.")
CASE_FULL: Final = Template(
    "web.problem.case_full",
    "Dieses Gespräch ist sehr lang. Sie können den Antrag absenden, löschen oder neu beginnen.",
)
TOO_MANY_CODES: Final = Template(
    "web.problem.too_many_codes", "Zu viele falsche Codes. Bitte warten Sie und versuchen Sie es dann noch einmal."
)
NO_CODE: Final = Template("web.problem.no_code", "Dieser Code öffnet nichts. Er ist falsch, benutzt oder abgelaufen.")
STORE_AWAY: Final = Template(
    "web.problem.store_away", "Der Speicher ist gerade nicht erreichbar. Bitte versuchen Sie es gleich noch einmal."
)

NO_CHANNEL: Final = Template(
    "web.problem.no_channel", "Diesen Weg gibt es hier noch nicht. Machen Sie bitte im Browser weiter."
)

NOT_JSON: Final = Template("web.problem.not_json", "Die Anfrage ist kein gültiges JSON.")
TOO_DEEP: Final = Template("web.problem.too_deep", "Die Anfrage ist zu tief verschachtelt.")
NOT_AN_OBJECT: Final = Template("web.problem.not_an_object", "Erwartet wird ein JSON-Objekt.")
UNKNOWN_MEMBER: Final = Template("web.problem.unknown_member", "Dieses Feld ist unbekannt.")
MEMBER_MISSING: Final = Template("web.problem.member_missing", "Dieses Feld fehlt.")
WRONG_SHAPE: Final = Template("web.problem.wrong_shape", "Dieses Feld hat die falsche Form.")
EXACTLY_ONE: Final = Template("web.problem.exactly_one", "Erwartet wird genau eines von value, text und action.")


class Flaw(NamedTuple):
    """What is wrong at one place of a request. ``pointer``: JSON pointer (RFC 6901)."""

    pointer: str
    detail: Template


@dataclass
class Trouble(Exception):
    """A request that ends in a problem. ``name``: a key of :data:`SORTS`; ``state``: what holds instead."""

    name: str
    detail: Template | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    flaws: Sequence[Flaw] = ()
    retry_after: int | None = None
    state: Mapping[str, Any] | None = None
    words: Words | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return SORTS[self.name].status


def document(trouble: Trouble, words: Words) -> dict[str, Any]:
    """The problem as JSON, in ``words``."""
    sort = SORTS[trouble.name]
    detail = words.translate(*(trouble.detail or sort.detail))
    made: dict[str, Any] = {
        "type": f"/problems/{trouble.name}",
        "title": words.translate(*sort.title),
        "status": sort.status,
        "detail": detail.format(**trouble.params) if trouble.params else detail,
        "nothing_lost": True,
    }
    if trouble.flaws:
        made["errors"] = [{"pointer": flaw.pointer, "detail": words.translate(*flaw.detail)} for flaw in trouble.flaws]
    if trouble.retry_after is not None:
        made["retry_after"] = trouble.retry_after
    if trouble.state is not None:
        made["state"] = trouble.state
    return made


def reply(trouble: Trouble, words: Words) -> web.Response:
    """The problem as a response. ``words``: of the request; the case's own go first where they are known."""
    headers = {"Cache-Control": "no-store", **trouble.headers}
    if trouble.retry_after is not None:
        headers["Retry-After"] = str(trouble.retry_after)
    if trouble.name == "unauthorised":
        headers["WWW-Authenticate"] = "Bearer"
    body = orjson.dumps(document(trouble, trouble.words or words))
    return web.Response(status=trouble.status, body=body, headers=headers, content_type=MEDIA_TYPE)


def language_of(accepted: str | None, languages: Sequence[str]) -> str:
    """The first of our ``languages`` that ``Accept-Language`` (RFC 9110, 12.5.4) likes best; else our first."""
    wishes = []
    for place, part in enumerate((accepted or "").split(",")[:20]):
        tag, _, weight = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        wishes.append((-_weight(weight), place, language))
    for unliked, _, language in sorted(wishes):
        if unliked < 0 and language in languages:
            return language
    return languages[0]


def _weight(text: str) -> float:
    name, _, number = text.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(number)
    except ValueError:
        return 0.0
