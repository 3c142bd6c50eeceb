"""The road of one case through the states of the page, driven by the API: each state is one step from the last.

Where ``states.py`` opens a case for every state, here one case comes by them all, so a look at all of them is short.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import BrowserContext

from tests.browser.other import Other, photo

ENGLISH: Final = {"gewinn": "36,000 euros", "steuern": "4,200 euros", "vorsorge": "6,600 euros"}
COOKIE: Final = "__Host-antragslotse"
BUTTONS: Final = "#antwort .al-choices button"
LINE: Final = "#antwort input.al-input[aria-labelledby=frage]"


@dataclass(frozen=True)
class Stop:
    """``reach`` takes the case here from the stop before; ``shows`` selects what its page must have."""

    name: str
    reach: Callable[[Other], Any]
    shows: str


def _drive(case: Other, until: str = "") -> Other:
    return case.drive(until, **(ENGLISH if case.state["language"] == "en" else {}))


def _at(question: str) -> Callable[[Other], Any]:
    return lambda case: _drive(case, question)


def _says(question: str, german: str, english: str = "") -> Callable[[Other], Any]:
    return lambda case: _drive(case, question).text(english if english and case.state["language"] == "en" else german)


def _change(case: Other) -> None:
    """Another answer to what others hang on."""
    case.act("correct", "rolle")
    case.text("angestellt")


def _keep(case: Other) -> None:
    case.value(case.state["question"]["choices"][-1]["value"])
    _drive(case, "steuerbescheid")


def _go_on(case: Other) -> None:
    """Hands in what is asked for, so that nothing is missing at the end."""
    case.act("resume")
    while case.state["question"]["kind"] == "evidence" and case.asked != "schliessung_nachweis":
        case.value({"files": [case.upload(photo(300, 400))], "later": False})
    _drive(case, "@declaration[wahrheit]")


def _send(case: Other) -> None:
    case.submit()
    until = time.monotonic() + 15
    while case.look()["phase"] != "submitted":
        assert time.monotonic() < until, "it was not sent"
        time.sleep(0.05)


ROAD: Final[tuple[Stop, ...]] = (
    Stop("consent", _at("@consent"), BUTTONS),
    Stop("one-of", _at("anlass"), BUTTONS),
    Stop("yes-no", _at("vertretung"), BUTTONS),
    Stop("notice", _says("verdienstausfall", "nein"), BUTTONS),
    Stop("person-name", _at("kind_name"), "#f-given"),
    Stop("date", _at("kind_geboren"), LINE),
    Stop("field-error", _says("kind_geboren", "31.2.2015"), "input[aria-invalid=true]"),
    Stop("radios", _at("einrichtung_art"), "#antwort [type=radio]"),
    Stop("another-row", _at("@again[kinder]"), BUTTONS),
    Stop("many-of", _at("arbeitstage"), "#antwort [type=checkbox]"),
    Stop("period", _at("zeitraum"), "#f-from"),
    Stop("unsure", _at("grund"), "#wege button[value^=unsure]"),
    Stop("long-text", _at("begruendung"), "#antwort textarea"),
    Stop("address", _at("anschrift"), "#f-street"),
    Stop("money", _at("gewinn"), LINE),
    Stop("proposals", _says("gewinn", "36,000", "36.000"), "#angebote button[name=value]"),
    Stop("iban", _at("iban"), LINE),
    Stop("change", _change, BUTTONS),
    Stop("evidence", _keep, "#waehlen, #f-file"),
    Stop("pages", lambda case: case.upload(photo(300, 400)), ".al-page .al-thumb"),
    Stop("refused-file", lambda case: case.upload(b"no picture" * 40, "Bescheid.pdf"), ".al-page .al-finding"),
    Stop("help", lambda case: case.act("help"), "#verlauf > .al-messages > .al-message--bot"),
    Stop("pause", lambda case: case.act("pause"), "#antwort button[value=resume], .al-code"),
    Stop("declaration", _go_on, ".al-review-fold"),
    Stop("review", _drive, "#antwort button[value^=submit]"),
    Stop("done", _send, ".al-number"),
)


def carry(context: BrowserContext, base: str, token: str, *, script: bool) -> None:
    """Makes ``context`` the browser of a case: its token in the tab, or in the cookie of the form."""
    if script:
        context.add_init_script(f"if (location.protocol !== 'about:') sessionStorage.setItem('al.token', '{token}');")
        return
    secret: Any = {"name": COOKIE, "value": token, "url": base.replace("http:", "https:")}
    context.add_cookies([{**secret, "secure": True, "httpOnly": True, "sameSite": "Strict"}])
