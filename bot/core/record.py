"""What a submission says, as a person reads it: the copy for the agency and for the applicant (§ 3a Abs. 5 VwVfG).

German, for German is the language of the file (§ 23 VwVfG); the applicant's own language stands beneath.
"""

from __future__ import annotations

from dataclasses import replace

from bot.answers.base import German, Json
from bot.core.case import Submission
from bot.core.position import Situation
from bot.core.review import items
from bot.core.submission import instant


def record(situation: Situation, submission: Submission) -> dict[str, Json]:
    """Plain data for the press: nothing in it depends on the day of printing."""
    german = replace(situation, words=German())
    return {
        "reference": situation.case.reference,
        "title": situation.interview.procedure.title,
        "kind": submission.kind,
        "ordered_at": instant(submission.ordered_at),
        "answers": [{"address": item.address, "question": item.text, "answer": item.answer} for item in items(german)],
    }
