"""The whole house over files, as one process has it: desk, ledger, evidence, sender; it may die and be opened again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from bot.desk import Desk
from bot.evidence.folder import Folder
from bot.ports import CaseId
from bot.procedures.schema import submission_schema
from bot.stores.sqlite import SqliteStore
from tests.agency.once.world import World
from tests.desk.house import ANSWERS, DOOR, Client, StillClock, desk_over, filled, library
from tests.desk.test_filing import Here, photo

PROCEDURE: Final = "beispiel"
LEASE: Final = timedelta(seconds=31)


def schemas() -> dict[str, dict[str, Any]]:
    """What the sandbox must take from the example."""
    schema = submission_schema(library().newest(PROCEDURE).source)
    return {schema["$id"]: schema}


class House:
    """``clock`` moves only when told. Files lie in ``folder``."""

    def __init__(self, folder: Path, world: World, clock: StillClock) -> None:
        self.clock, self.world = clock, world
        self.store, self.evidence, self.sender = (
            SqliteStore(folder / "case.db"),
            Folder(folder / "files"),
            world.client(),
        )
        self.desk: Desk = desk_over(self.store, clock)
        self.desk.equip(self.evidence, Here())
        self.desk.connect(self.sender)

    def client(self, address: str = DOOR) -> Client:
        return Client(self.desk, address)

    async def work(self) -> None:
        """All that is due at this moment."""
        while await self.desk.work() is not None:
            pass

    async def work_until(self, case: CaseId, *states: str, most: int = 400) -> None:
        """Lets the time pass as far as the work needs it."""
        for _ in range(most):
            await self.work()
            if await self.state(case) in states:
                return
            self.clock.now += LEASE
        raise AssertionError(f"stuck in {await self.state(case)}")

    async def state(self, case: CaseId) -> str:
        newest = (await self.desk.look(case)).case.submission
        return newest.state if newest is not None else ""

    async def close(self) -> None:
        await self.sender.close()
        await self.store.close()
        await self.evidence.close()


@asynccontextmanager
async def opened(folder: Path, world: World, clock: StillClock | None = None) -> AsyncIterator[House]:
    house = House(folder, world, clock or StillClock())
    try:
        yield house
    finally:
        await house.close()


async def ordered(house: House, address: str = DOOR, *, photos: int = 1) -> CaseId:
    """A whole application with so many photos (0: they come later), ordered and not yet sent."""
    client = house.client(address)
    await filled(client, len(ANSWERS) - 3)
    case = await client.case()
    answer = {"files": [await handed_in(house, case) for _ in range(photos)], "later": not photos}
    for value in (answer, *ANSWERS[-2:]):
        assert (await client.pick(value)).outcome == "accepted"
    assert (await client.act("submit")).outcome == "done"
    return case


async def handed_in(house: House, case: CaseId) -> str:
    """A photo that was looked into."""
    data = photo()
    file, _ = await house.desk.offer_file(case, "nachweis", "foto.jpg", len(data))
    await house.desk.receive(case, file, 0, data)
    for job in await house.desk.claim():
        if job.kind == "check_file":
            await house.desk.do(job)
    return file
