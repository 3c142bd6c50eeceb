"""Yes and no in all the ways people say them. The words are also used for confirming a guess."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final, Literal

from bot.answers.base import Choice, Context, Json, Reading, Template, Unclear, Value, problem
from bot.answers.common import Spoken, misshapen, phrases, told, words
from bot.answers.number_words import place_in_words

YES: Final = Template("answers.yes_no.yes", "Ja")
NO: Final = Template("answers.yes_no.no", "Nein")
UNSURE_LABEL: Final = Template("answers.unsure", "Weiß nicht")
NOT_YES_NO: Final = Template("answers.yes_no.not_understood", "Bitte antworten Sie mit Ja oder Nein.")

_YES: Final = words("""
    ja jo joa jap jep jup jou j jawohl jawoll klar sicher stimmt richtig genau korrekt natürlich natuerlich
    selbstverständlich gern gerne doch ok okay yes yep yeah yup y sure correct right true aye 👍 ✅ ✔ 👌 ☑
""")
_NO: Final = words("""
    nein nee ne nö noe nicht n niemals keinesfalls falsch no nope nah never not wrong false 👎 ❌ ✖ 🙅
""")
_FILLERS: Final = words("""
    bitte danke vielen dank das ist so ich es mal schon sehr auf jeden fall na ganz habe auch leider wir gar überhaupt
    please thanks thank you that is it of course i do am have sorry we absolutely
""")
_DOUBT: Final = words("vielleicht maybe jein perhaps oder or manchmal sometimes aber but")
_UNSURE: Final = phrases("""
    weiß nicht | weiss nicht | weis nicht | ich weiß nicht | ich weiss nicht | weiß ich nicht | weiss ich nicht
    | ich weiß es nicht | ich weiss es nicht | weiß es nicht | weiß ich nicht genau | keine ahnung | ka | k.a | unsicher
    | bin unsicher | ich bin unsicher | nicht sicher | bin nicht sicher | ich bin nicht sicher | bin mir nicht sicher
    | ich bin mir nicht sicher | unbekannt | kann ich nicht sagen | weiß net | weiss net | weiß nich | weiss nich
    | weiß ich net | weiß ich nich | ich weiß net | ich weiß nich | weiß ned | keinen plan | kein plan | null ahnung
    | no clue | dunno | i'm unsure | can't say | don't know | dont know | i don't know | i dont know
    | i do not know | not sure | i'm not sure | im not sure | i am not sure | no idea | unknown | idk | unsure | 🤷
""")
_STILL_NO: Final = phrases(
    "stimmt nicht | das stimmt nicht | nicht richtig | das ist nicht richtig | not true | not correct"
)
_TOKEN: Final = re.compile(r"[^\W_]+|[👍👎✅✔👌☑❌✖🙅🤷]")
_DRAWN_OUT: Final = re.compile(r"(.)\1{2,}")


def yes_or_no(text: str) -> bool | None:
    """True for yes, False for no, None where ``text`` is neither for sure."""
    tokens = _tokens(text)
    said = {token in _YES for token in tokens if token in _YES or token in _NO}
    if len(tokens) > 8 or len(said) != 1:
        return _despite_both(tokens)
    if any(token not in _YES | _NO | _FILLERS for token in tokens):
        return None
    return said.pop()


def means_unsure(text: str) -> bool:
    """Is this "weiß nicht"?"""
    said = " ".join(text.casefold().replace("’", "'").split()).strip(" .!?…")
    return said in _UNSURE


class YesNo(Spoken):
    """JSON: true or false."""

    answer: Literal["yes_no"] = "yes_no"
    type: ClassVar[str] = "bool"

    def understand(self, text: str, context: Context) -> Reading:
        folded = text.casefold().strip(" .!)(")
        for value, label in ((True, YES), (False, NO)):
            if folded == told(context, label).casefold():
                return Value(value)
        place = int(folded) if folded in ("1", "2") else place_in_words(text)
        if place in (1, 2):
            return Value(place == 1)
        clear = yes_or_no(text)
        if clear is not None:
            return Value(clear)
        return _likely(_tokens(text))

    def typed(self, raw: Json, context: Context) -> Reading:
        return Value(raw) if isinstance(raw, bool) else misshapen()

    def show(self, value: Any, context: Context) -> str:
        return told(context, YES if value else NO)

    def choices(self, context: Context) -> tuple[Choice, ...]:
        return (Choice(True, told(context, YES)), Choice(False, told(context, NO)))

    def json_schema(self) -> dict[str, Json]:
        return {"type": "boolean"}


def _tokens(text: str) -> list[str]:
    return [_DRAWN_OUT.sub(r"\1", token) for token in _TOKEN.findall(text.casefold()[:200])]


def _despite_both(tokens: list[str]) -> bool | None:
    """``stimmt nicht`` is a no, although it holds a yes."""
    return False if " ".join(tokens) in _STILL_NO else None


def _likely(tokens: list[str]) -> Reading:
    """A sentence that begins with yes or no is asked back."""
    if tokens and not _DOUBT & set(tokens):
        if tokens[0] in _YES - {"doch", "gern", "gerne"}:
            return Unclear((True,))
        if tokens[0] in _NO - {"nicht", "ne"}:
            return Unclear((False,))
    return problem(NOT_YES_NO)
