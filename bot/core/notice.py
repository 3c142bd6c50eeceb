"""What happens to the data: told before an applicant begins (Art. 13 DSGVO), and honestly when all is erased."""

from __future__ import annotations

from collections.abc import Iterator

from bot import limits
from bot.core import texts
from bot.core.say import Say, Voice


def say_data_notice(voice: Voice) -> Say:
    """The notice as a message of the greeting."""
    return voice.say(texts.DATA_NOTICE, days=str(limits.DRAFT_DAYS))


def data_notice(voice: Voice) -> str:
    """The notice as filled and shown: what a consent's hash is of."""
    return say_data_notice(voice).text


def left_behind(voice: Voice) -> Iterator[Say]:
    """Where an application still lies once its case is erased: what has left the house cannot be called back."""
    case = voice.situation.case
    submissions = case.submissions.values()
    places = [str(each.proof.get("place", "–")) for each in submissions if each.state == "prepared"]
    if places:
        yield voice.say(texts.LEFT_PREPARED, reference=case.reference, place=", ".join(places))
    there = [each for each in submissions if each.state not in ("prepared", "rejected")]
    if any(each.sandbox for each in there):
        yield voice.say(texts.LEFT_PRACTICE)
    real = [each for each in there if not each.sandbox]
    if any(each.state in ("sent", "delivered", "accepted") for each in real):
        yield voice.say(texts.LEFT_SENT, reference=case.reference, agency=voice.agency())
    elif real:  # whether the step that runs at this moment still gets through, nobody can know
        yield voice.say(texts.LEFT_ON_ITS_WAY, reference=case.reference, agency=voice.agency())
