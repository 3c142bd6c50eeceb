"""What happens to the data (Art. 13 DSGVO), in the very words that the applicant reads before beginning."""

from __future__ import annotations

from bot import limits
from bot.core import texts
from bot.core.say import Say, Voice


def say_data_notice(voice: Voice) -> Say:
    """The notice as a message of the greeting."""
    return voice.say(texts.DATA_NOTICE, days=str(limits.DRAFT_DAYS))


def data_notice(voice: Voice) -> str:
    """The notice as filled and shown: what a consent's hash is of."""
    return say_data_notice(voice).text
