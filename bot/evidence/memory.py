"""Evidence that is forgotten with the process: for tests, and as the shortest statement of what such a store is.

Law: every call gives the event loop one turn before it acts, so that what could race on a disk can race here.
"""

from __future__ import annotations

import asyncio

from bot.evidence import names
from bot.ports import CaseId, EvidenceDown


class MemoryEvidence:
    """See :class:`bot.ports.EvidenceStore`."""

    def __init__(self) -> None:
        self._cases: dict[CaseId, dict[str, bytes]] = {}

    async def append(self, case: CaseId, name: str, at: int, frame: bytes) -> None:
        await self._turn(case, name)
        sound = self._cases.get(case, {}).get(name, b"")
        if len(sound) < at:
            raise EvidenceDown("evidence is shorter than it was", 1.0)
        self._cases.setdefault(case, {})[name] = sound[:at] + frame

    async def put(self, case: CaseId, name: str, data: bytes) -> None:
        await self._turn(case, name)
        self._cases.setdefault(case, {}).setdefault(name, bytes(data))

    async def get(self, case: CaseId, name: str) -> bytes:
        await self._turn(case, name)
        return self._cases.get(case, {})[name]

    async def size(self, case: CaseId, name: str) -> int:
        await self._turn(case, name)
        return len(self._cases.get(case, {}).get(name, b""))

    async def drop(self, case: CaseId, name: str) -> None:
        await self._turn(case, name)
        self._cases.get(case, {}).pop(name, None)

    async def names(self, case: CaseId) -> list[str]:
        await self._turn(case)
        return sorted(self._cases.get(case, {}))

    async def cases(self) -> list[CaseId]:
        await asyncio.sleep(0)
        return sorted(self._cases)

    async def erase(self, case: CaseId) -> None:
        await self._turn(case)
        self._cases.pop(case, None)

    async def free(self) -> float:
        await asyncio.sleep(0)
        return 1.0

    async def _turn(self, case: CaseId, name: str = "x") -> None:
        names.check(case, name)
        await asyncio.sleep(0)
