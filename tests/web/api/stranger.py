"""A client written by somebody who read chat-api.md and has never seen a procedure. It knows ``state`` and no more."""

from __future__ import annotations

import random
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

Call = Callable[..., Awaitable[Any]]
"""``await call(method, path, body)`` gives the JSON of the reply; anything but 2xx raises."""

BY_KIND: dict[str, list[Any]] = {
    "yes_no": [True, False],
    "whole_number": [1, 2, 0, 10],
    "decimal": ["7.5", "1"],
    "percent": ["20", "50"],
    "hours": ["7.50", "20"],
    "money": ["1000.00", "0.00", "250.50"],
    "date": ["2015-03-01", "2020-04-20", "2021-01-15", "1980-05-06"],
    "month": ["2020-04", "2020-12", "2021-02"],
    "year": [2019, 2020, 2021],
    "period": [["2020-04-20", "2020-05-15"], ["2021-01-11", "2021-01-29"], ["2020-04-01", "2020-04-30"]],
    "days": [["2020-04-20", "2020-04-21"], ["2021-01-11"], ["2020-04-22"]],
    "short_text": ["Muster", "Kita Sonnenschein"],
    "long_text": ["Ich bitte um eine schnelle Antwort."],
    "person_name": [{"given": "Erika", "family": "Muster"}],
    "address": [{"street": "Musterweg", "house_number": "1", "postal_code": "04109", "city": "Leipzig"}],
    "postal_code": ["04109"],
    "municipality": ["14713000"],
    "email": ["erika@example.org"],
    "phone": ["+493411234567"],
    "iban": ["DE89370400440532013000"],
    "tax_number": ["3201012312340"],
    "tax_id": ["12345678995"],
    "vat_id": ["DE136695976"],
    "social_number": ["65170839J003"],
    "company_number": ["12345678"],
    "register": [{"court": "Leipzig", "type": "HRB", "number": "12345"}],
    "evidence": [{"files": [], "later": True}],
}
"""Published sample values by kind: what a person with these papers at hand would enter."""


class Stranger:
    """Answers what is asked until the application is submitted. ``dice``: the only source of chance."""

    def __init__(self, call: Call, dice: random.Random) -> None:
        self._call = call
        self._dice = dice
        self._refused: dict[str, int] = {}
        self.cursor = 0
        self.state: dict[str, Any] = {}
        self.asked: list[str] = []

    async def run(self, procedure: str, language: str, most: int = 600) -> str:
        """Opens a case and drives it to its end. Returns the last phase."""
        self._keep(await self._call("POST", "/cases", {"procedure": procedure, "language": language}))
        for _ in range(most):
            if self.state["phase"] in ("submitted", "ended"):
                break
            await self._step()
        return str(self.state["phase"])

    async def _step(self) -> None:
        question = self.state["question"]
        if question is not None:
            await self._answer(question)
        elif any(each["name"] == "submit" for each in self.state["actions"]):
            reviewed = await self._call("GET", "/summary")
            assert not reviewed["missing"], reviewed["missing"]
            await self._send(action="submit", after=reviewed["cursor"])
        else:
            self._keep(await self._call("GET", f"/events?after={self.cursor}&wait=2"))

    async def _answer(self, question: dict[str, Any]) -> None:
        id, tries = question["id"], self._refused.get(question["id"], 0)
        self.asked.append(id)
        reply = await self._say(question, tries)
        slipped = reply["outcome"] in ("refused", "not_understood", "ask_back")
        self._refused[id] = tries + 1 if slipped else 0
        assert tries < 12, f"nothing helps with {id} ({question['kind']})"

    async def _say(self, question: dict[str, Any], tries: int) -> dict[str, Any]:
        """The value that fits best; after slips what else the question itself offers."""
        if tries and question.get("example") and self._dice.random() < 0.5:
            return await self._send(text=question["example"])
        if tries > 3 and not question["required"]:
            return await self._send(action="skip")
        if tries > 3 and question["unsure"]:
            return await self._send(question=question["id"], value={"unsure": True})
        return await self._send(question=question["id"], value=self._value(question, tries))

    def _value(self, question: dict[str, Any], tries: int) -> Any:
        offered = question.get("proposals") or question.get("choices") or []
        values = [each["value"] for each in offered]
        if question["id"].startswith("@again["):
            return False
        if question["id"].startswith(("@consent", "@declaration")):
            return True
        if question["id"].startswith("@notice["):
            return "apply_anyway"
        if values and "proposals" not in question and question["kind"] in ("many_of", "rows_of"):
            return self._dice.sample(values, self._dice.randint(1, len(values)))
        if "suggestion" in question and tries < 2:
            return question["suggestion"]
        return self._dice.choice(values or self._within(question))

    def _within(self, question: dict[str, Any]) -> list[Any]:
        """Sample values of the kind; days and numbers that the limits allow come first."""
        limits, values = question.get("limits") or {}, BY_KIND[question["kind"]]
        near = [limits[name] for name in ("earliest", "latest", "min", "max") if name in limits]
        return [*values, *(each for each in near if type(each) is type(values[0]))]

    async def _send(self, **members: Any) -> dict[str, Any]:
        id = str(uuid.UUID(int=self._dice.getrandbits(128)))
        return self._keep(await self._call("POST", "/answers", {"id": id, **members}))

    def _keep(self, reply: dict[str, Any]) -> dict[str, Any]:
        self.cursor, self.state = reply["cursor"], reply["state"]
        return reply
