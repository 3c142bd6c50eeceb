"""What is said of a submission on its way: one honest sentence a state, and what the agency wrote, quoted as such.

Where the other side is only a practice agency, each sentence says so. "Delivered" is never called accepted, and
"accepted" never decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.answers.base import Template
from bot.core import texts
from bot.core.case import Submission
from bot.core.lifecycle import ENDS
from bot.core.objections import Objection, objections
from bot.core.position import Situation
from bot.core.progress import whole_path
from bot.core.say import Say, Voice, listed
from bot.procedures.fill import Part, Text
from bot.procedures.interview import Stop
from bot.procedures.walk import locate

_OF_AN_APPLICATION: Final[dict[str, Template]] = {
    "queued": texts.SENDING,
    "announced": texts.SENDING,
    "sent": texts.SENT,
    "delivered": texts.DELIVERED,
    "accepted": texts.ACCEPTED,
    "rejected": texts.REJECTED,
}
_OF_AN_ADDITION: Final[dict[str, Template]] = {
    "queued": texts.SENDING_MORE,
    "announced": texts.SENDING_MORE,
    "sent": texts.SENT_MORE,
    "delivered": texts.DELIVERED_MORE,
    "accepted": texts.ACCEPTED_MORE,
    "rejected": texts.REJECTED_MORE,
}


def status(voice: Voice, submission: Submission) -> Say:
    """Where the submission is now."""
    reference = voice.situation.case.reference
    if submission.state == "prepared":
        place = str(submission.proof.get("place", "–"))
        return voice.say(texts.PREPARED, reference=reference, place=place, agency=voice.agency())
    known = _OF_AN_ADDITION if submission.kind == "addition" else _OF_AN_APPLICATION
    template = known[submission.state]
    if submission.state == "rejected" and not was_sent(submission):
        template = texts.NOT_SENT
    return voice.say(template, reference=reference, practice=practice(voice, submission))


def now(voice: Voice, submission: Submission) -> str:
    """The same for who looks, with everything that the agency wrote."""
    if submission.away and submission.state not in ENDS["submission"]:
        return away(voice, submission).text
    said = [status(voice, submission)]
    if submission.state == "rejected":
        words = dict.fromkeys(each.words for each in reasons(voice.situation, submission) if each.words)
        said += [voice.say(texts.AGENCY_WRITES, written=each) for each in words]
    return "\n".join(say.text for say in said)


def was_sent(submission: Submission) -> bool:
    """Did anything of it leave the house? What breaks its own schema is refused before."""
    return any(passed.state == "announced" for passed in submission.trail)


def away(voice: Voice, submission: Submission) -> Say:
    """The agency's side does not answer."""
    return voice.say(texts.AWAY, practice=practice(voice, submission))


def practice(voice: Voice, submission: Submission) -> Text:
    return (Part(f" {voice.word(texts.PRACTICE)}"),) if submission.sandbox else ()


def silent(before: Submission | None, after: Submission | None) -> bool:
    """Is there nothing to say? More proof is no news, and an announcement only the beginning of sending."""
    if before is None or after is None:
        return True
    if after.state == before.state:
        return "away" in before.proof or not after.away
    return after.state == "announced"


# -- refused ----------------------------------------------------------------------------------------------------------


def refused(voice: Voice, submission: Submission) -> Iterator[Say]:
    """What the agency wrote that is about no question, and which questions the rest is about."""
    found = objections(voice.situation, submission, submission.proof.get("reasons"))
    for each in found:
        if each.words and not each.address:
            yield voice.say(texts.AGENCY_WRITES, written=each.words)
    asked = dict.fromkeys(each.address for each in found if each.address)
    if asked:
        listing = listed("", ((Part("\n– "), *_asked(voice, address)) for address in asked))
        yield voice.say(texts.LOOK_AGAIN, asked=listing)


def reasons(situation: Situation, submission: Submission) -> list[Objection]:
    """What the agency objects to, for who shows it whole."""
    return objections(situation, submission, submission.proof.get("reasons"))


def _asked(voice: Voice, address: str) -> Text:
    """The question, with the title of the row that it is about."""
    step = locate(whole_path(voice.situation), address)
    if step is None:
        return (Part(address),)
    row = voice.row(step.stop.section, step.row)
    asked = _name(voice, step.stop)
    return asked if row is None else (*voice.title(row), Part(": "), *asked)


def _name(voice: Voice, stop: Stop) -> Text:
    title = getattr(stop.asked.kind, "title", None)
    return voice.asked(stop) if title is None else voice.of_dialog(f"{stop.place}.title", title)
