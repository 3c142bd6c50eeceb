"""Fills a database as the product would have: sealed turns, tokens, jobs. A few talks, sealed anew for each case."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

from benchmarks.dialogue import PROCEDURE, TODAY, inputs
from bot import codes
from bot.core import events
from bot.core.case import fold
from bot.core.events import Turn
from bot.desk import Desk
from bot.keys import Vault, load_masters
from bot.ports import CredentialChange, Entry, NewJob, Summary
from bot.settings import Settings
from bot.stores.memory import MemoryStore
from bot.stores.sqlite import SqliteStore
from bot.turn import steps
from bot.wiring import build_desk

AT_ONCE: Final = 400
"""Cases of one transaction."""


@dataclass
class Seeded:
    """Tokens of untouched cases by how many turns they have, in an order of chance."""

    tokens: dict[int, list[str]]

    def take(self, turns: int, count: int) -> list[str]:
        """``count`` cases that nobody took before."""
        taken, self.tokens[turns] = self.tokens[turns][:count], self.tokens[turns][count:]
        assert len(taken) == count
        return taken


def write(folder: Path, wanted: Mapping[int, int]) -> Seeded:
    """A database in ``folder`` with so many cases of so many turns, the opening among them; mixed by chance."""
    folder.mkdir(mode=0o700, parents=True)
    return asyncio.run(_write(folder, wanted))


async def _write(folder: Path, wanted: Mapping[int, int]) -> Seeded:
    settings = Settings(data=folder, demo_date=TODAY)
    vault = Vault(load_masters({}, folder, os.urandom), os.urandom)
    talk = await _talk(settings, max(wanted))
    kinds = [turns for turns, count in wanted.items() for _ in range(count)]
    Random(1).shuffle(kinds)
    store, tokens = SqliteStore(settings.ledger), dict[int, list[str]]()
    maker = _Maker(vault, talk)
    for start in range(0, len(kinds), AT_ONCE):
        made = [maker.case(turns) for turns in kinds[start : start + AT_ONCE]]
        for entries, token in made:
            tokens.setdefault(len(entries), []).append(token)
        openings = [entries[0] for entries, _ in made]
        turns = [entry for entries, _ in made for entry in entries[1:]]
        assert {*await store.append(openings), *await store.append(turns)} == {"done"}
    await store.close()
    for waiting in tokens.values():
        Random(2).shuffle(waiting)
    return Seeded(tokens)


async def _talk(settings: Settings, turns: int) -> list[Turn]:
    """The turns of one application as the desk writes them."""
    desk: Desk = build_desk(MemoryStore(), settings)
    reply = await desk.open_case(PROCEDURE, channel="web", demo_date=TODAY)
    for number, content in enumerate(inputs()[: turns - 1]):
        await desk.answer(reply.case, "web", f"00000000-0000-4000-8000-{number:012}", content)
    return await desk.history(reply.case, most=100_000)


class _Maker:
    """Makes cases of the same talk, each with its own id, reference, key and token."""

    def __init__(self, vault: Vault, talk: Sequence[Turn]) -> None:
        self._vault = vault
        self._talk = talk
        self._references: set[str] = set()
        self._payloads = [events.write(turn) for turn in talk]
        self._cases = [fold(talk[: number + 1]) for number in range(len(talk))]

    def case(self, turns: int) -> tuple[list[Entry], str]:
        """The entries of a case, and its token."""
        id = codes.new_case(self._talk[0].at, os.urandom)
        key, wrapped = self._vault.new_key(id)
        reference, token = self._reference(), codes.new_token(id, os.urandom)
        opened = self._talk[0].facts[0].model_copy(update={"reference": reference})
        first = self._talk[0].model_copy(update={"facts": (opened, *self._talk[0].facts[1:])})
        payloads = [events.write(first), *self._payloads[1:turns]]
        entries = []
        for number, payload in enumerate(payloads, 1):
            sealed = self._vault.seal(key, id, number, payload)
            entries.append(self._entry(id, number, sealed, reference))
        credential = CredentialChange(self._vault.credential_hash(token), "token")
        expire = NewJob("expire", "expire", self._talk[0].at + timedelta(days=30))
        opening = replace(entries[0], key=wrapped, credentials=(credential,), jobs=(expire,))
        return [opening, *entries[1:]], token

    def _reference(self) -> str:
        """One that no other case has: among 100,000 two would meet now and then."""
        while (reference := codes.new_reference(os.urandom)) in self._references:
            pass
        self._references.add(reference)
        return reference

    def _entry(self, id: bytes, number: int, sealed: bytes, reference: str) -> Entry:
        turn, case = self._talk[number - 1], self._cases[number - 1]
        summary = Summary(
            reference=reference,
            procedure=case.procedure,
            version=case.version,
            municipality=None,
            state=case.state,
            speaker=case.speaker,
            language=case.language,
            channel=case.channel,
            section="",
            opened_at=self._talk[0].at,
            updated_at=turn.at,
        )
        seen = (id, turn.command.partition(":")[2]) if turn.command else None
        before = self._cases[number - 2] if number > 1 else case
        return Entry(id, number, turn.at, sealed, summary, seen=seen, steps=tuple(steps(before, turn)))
