"""An applicant who knows no procedure: answers whatever is open from its kind and its choices alone.

With a seed it is the same person again. It may also change its mind: back, undo, correct, rows, skip, language.
"""

from __future__ import annotations

from random import Random
from typing import Any

from bot.core import commands as c
from bot.core.decision import Decision
from bot.core.position import actions, may_submit
from bot.procedures.fill import question_context
from tests.core.talk import Talk
from tests.core.values import valid

MOST_TURNS = 700
_WHIMS = (
    "back", "undo", "correct", "add_row", "remove_row", "skip", "unsure", "language", "keep", "summary", "help",
    "pause", "resume", "human", "nonsense",
)  # fmt: skip


def files_of(content: c.Content) -> list[str]:
    """The files that an answer names."""
    value = content.value if isinstance(content, c.Picked) else None
    return value.get("files", []) if isinstance(value, dict) else []


def put(talk: Talk, content: c.Content) -> Decision:
    """One turn; the files that it names arrive before."""
    talk.hand_in(getattr(content, "question", ""), *(file for file in files_of(content) if file not in talk.case.files))
    return talk.put(content)


class Applicant:
    """``restless``: how often a command comes instead of an answer. ``more``: how often another row is wanted."""

    def __init__(self, talk: Talk, seed: int, restless: float = 0.0, more: float = 0.3) -> None:
        self.talk = talk
        self.chance = Random(seed)
        self.restless = restless
        self.more = more
        self.contents: list[c.Content] = []

    def finish(self, most: int = MOST_TURNS) -> Talk:
        """Goes on until the application may be submitted."""
        for _ in range(most):
            if may_submit(self.talk.situation):
                return self.talk
            self.step()
        raise AssertionError(f"no end after {most} turns; open: {self.talk.situation.open}")

    def step(self) -> Decision:
        """One turn: an answer, or a whim."""
        content = self._whim() if self.chance.random() < self.restless else self.reply()
        content = self._with_own_files(content)
        self.contents.append(content)
        return put(self.talk, content)

    def _with_own_files(self, content: c.Content) -> c.Content:
        """Each file belongs to one question, so it has a name of its own."""
        if not files_of(content):
            return content
        first = len(self.talk.case.files)
        names = [f"file-{first + number}" for number, _ in enumerate(files_of(content))]
        return c.Picked(content.question, {**content.value, "files": names})

    # -- answering ----------------------------------------------------------------------------------------------------

    def reply(self) -> c.Content:
        """What answers the open question; where none is open, a look at the summary."""
        open_ = self.talk.situation.open
        if open_ is None:
            return c.Acted("summary")
        return c.Picked(open_.address, self._value(open_))

    def _value(self, open_: Any) -> Any:
        if open_.kind == "again":
            return self.chance.random() < self.more
        if open_.kind == "notice":
            return "apply_anyway"
        if open_.kind == "change":
            return self.chance.choice(("change", "keep"))
        if open_.kind == "erase":
            return False
        if open_.kind == "question":
            return self._answer(open_)
        return True

    def _answer(self, open_: Any) -> Any:
        situation, stop = self.talk.situation, open_.stop
        pending = situation.case.pending
        if pending is not None and pending.address == open_.address:
            return self.chance.choice(pending.candidates)
        if stop.asked.unsure is not None and self.chance.random() < 0.15:
            return {"unsure": True}
        context = question_context(situation.interview, stop, situation.path.scope, situation.context)
        return valid(stop.asked.kind, context, self.chance)

    # -- changing one's mind ------------------------------------------------------------------------------------------

    def _whim(self) -> c.Content:
        wish = self.chance.choice(_WHIMS)
        allowed = [each for each in actions(self.talk.situation) if each.name == wish]
        if wish == "correct" and allowed:
            return c.Acted("correct", self.chance.choice(self.talk.path.steps).address)
        if wish == "language":
            return c.Acted("language", self.chance.choice(("de", "en", "")))
        if wish == "nonsense":
            return c.Typed(self.chance.choice(("hm", "42", "ja", "nein", "1", "{x}", "31.02.2020", "weiß nicht", "")))
        if allowed:
            return c.Acted(wish, self.chance.choice(allowed).target)
        return c.Acted(wish)
