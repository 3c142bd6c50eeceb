"""What the tests of answers share: contexts in two languages, and readings as short strings."""

from datetime import date

from bot.answers.base import Context, German, Misshapen, Problem, Unclear, Value
from bot.answers.kinds import read_kind

TODAY = date(2022, 3, 2)


SENTENCES = {
    "answers.yes_no.yes": "Yes",
    "answers.yes_no.no": "No",
    "answers.period.shown": "{first} to {last}",
    "answers.percent.shown": "{number}%",
    "answers.hours.shown": "{number} hours",
    "answers.days.none": "none",
    "answers.choice.none": "none",
    "answers.evidence.later": "will be handed in later",
    "p.rolle.options.angestellt": "I am employed",
    "p.rolle.also.selbststaendig": "freelancer, sole trader",
    "p.tage.unit": "days",
}


class English:
    """A catalogue that knows only a few sentences; the rest stays German, as in an unfinished catalogue."""

    language = "en"

    def translate(self, place: str, text: str) -> str:
        return SENTENCES.get(place, text)


def german(**more) -> Context:
    return Context(German(), TODAY, **more)


def english(**more) -> Context:
    return Context(English(), TODAY, **more)


BOTH = (german, english)


def kind(answer: str, **keys):
    return read_kind({"answer": answer, **keys})


def told(the_kind, text: str, context: Context | None = None) -> str:
    """``= value``, ``? first | second``, or ``! key``: so that a table reads like a conversation."""
    return shown(the_kind, the_kind.read(text, context or german()), context or german())


def shown(the_kind, reading, context: Context) -> str:
    if isinstance(reading, Value):
        return "= " + the_kind.show(reading.value, context).replace("\xa0", " ")
    if isinstance(reading, Unclear):
        return "? " + " | ".join(the_kind.show(one, context).replace("\xa0", " ") for one in reading.candidates)
    assert isinstance(reading, Problem)
    return ("!! " if isinstance(reading, Misshapen) else "! ") + reading.key
