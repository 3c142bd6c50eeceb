"""The cases of this process: loaded from the store, opened with their keys, folded, walked, and kept while hot.

A turn on a hot case reads nothing. What another process wrote meanwhile is read as the tail, and only that.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Final

from bot.core import events
from bot.core.case import Case, fold
from bot.core.events import Turn
from bot.core.position import RECEPTION, Situation
from bot.keys import SealBroken, Secret, Vault
from bot.library import Library, typed_parameters
from bot.ports import CaseId, Clock, Loaded, Moment, Store, StoreDown
from bot.procedures.walk import Path, walk
from bot.turn import WordsOf

HOT_CASES: Final = 10_000


class UnknownDoor(Exception):
    """No case lives behind this door."""


class CaseErased(UnknownDoor):
    """The case was here, and its applicant or its time has erased it."""


class CaseUnreadable(StoreDown):
    """A stored turn is not what this product wrote, or its key is gone. Only a person can help."""


@dataclass(slots=True)
class Hot:
    """A case as this process last saw it. ``lock``: its turns are decided one after another."""

    case: Case
    path: Path
    key: Secret
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Cases:
    """Knows where turns lie and how they are read; decides nothing and writes nothing."""

    def __init__(self, store: Store, vault: Vault, library: Library, words: WordsOf, clock: Clock) -> None:
        self._store = store
        self._vault = vault
        self._library = library
        self._words = words
        self._clock = clock
        self._hot: OrderedDict[CaseId, Hot] = OrderedDict()

    async def hot(self, id: CaseId) -> Hot:
        """Raises :class:`UnknownDoor`, :class:`CaseErased`, :class:`CaseUnreadable`."""
        hot = self._hot.get(id)
        if hot is not None:
            self._hot.move_to_end(id)
            return hot
        loaded = await self._loaded(id)
        key = self._vault.unwrap(id, loaded.key)
        case = fold(self._opened(id, key, loaded))
        path = self.walked(case, self._clock.moment(case.demo_date))
        return self._hot.get(id) or self.keep(id, Hot(case, path, key))

    async def fresh(self, id: CaseId) -> Hot:
        """The case with whatever other processes wrote meanwhile."""
        if id not in self._hot:
            return await self.hot(id)  # read just now
        hot = await self.hot(id)
        async with hot.lock:
            await self.reload(id, hot)
        return hot

    async def reload(self, id: CaseId, hot: Hot) -> None:
        """Load what another process wrote, and only that."""
        turns = await self.turns(id, hot.key, hot.case.number)
        if not turns:
            return
        hot.case = fold(turns, hot.case)
        hot.path = self.walked(hot.case, self._clock.moment(hot.case.demo_date))

    async def turns(self, id: CaseId, key: Secret, after: int = 0) -> list[Turn]:
        """The turns behind ``after``, opened."""
        return self._opened(id, key, await self._loaded(id, after))

    def keep(self, id: CaseId, hot: Hot) -> Hot:
        self._hot[id] = hot
        if len(self._hot) > HOT_CASES:
            self._hot.popitem(last=False)
        return hot

    def forget(self, id: CaseId) -> None:
        self._hot.pop(id, None)

    def walked(self, case: Case, moment: Moment) -> Path:
        interview = self._library.version(case.procedure, case.version)
        return walk(interview, case.sheet, typed_parameters(interview, case.parameters), moment.today)

    def situation(self, hot: Hot) -> Situation:
        """The case as it stands at this moment."""
        case, moment = hot.case, self._clock.moment(hot.case.demo_date)
        if hot.path.scope.today != moment.today:
            hot.path = self.walked(case, moment)
        interview = self._library.version(case.procedure, case.version)
        situation = Situation(case, hot.path, interview, self._words(case.language), moment.now, moment.today)
        return replace(situation, offers=self._library.offers) if case.procedure == RECEPTION else situation

    async def _loaded(self, id: CaseId, after: int = 0) -> Loaded:
        loaded = await self._store.load(id, after)
        if loaded is None:
            self.forget(id)
            raise CaseErased if await self._store.erased(id) else UnknownDoor
        return loaded

    def _opened(self, id: CaseId, key: Secret, loaded: Loaded) -> list[Turn]:
        """Raises :class:`CaseUnreadable`, which quotes nothing of what it could not read."""
        turns = []
        for row in loaded.rows:
            try:
                turns.append(events.read(self._vault.open(key, id, row.number, row.payload)))
            except (ValueError, SealBroken):
                raise CaseUnreadable(f"turn {row.number} cannot be read") from None
        return turns
