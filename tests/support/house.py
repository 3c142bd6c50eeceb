"""A small house for conversations: everything real, but the day stands still and chance is counted.

Memory store, real vault, real library, real export folder. The law's day is the script's; the clock goes on
by half a minute with every input.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from bot.agency.export import ExportFolder
from bot.desk import Desk
from bot.dialogs import mistakes, read_dialogs
from bot.i18n import Catalogues
from bot.keys import Secret, Vault
from bot.library import Library
from bot.ports import AgencyRejected, AgencyUnavailable, Delivery, Moment, Parcel
from bot.procedures.errors import DialogErrors
from bot.stores.memory import MemoryStore

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "dialogs"
EXAMPLES = ROOT / "tests" / "core" / "dialogs"
HALF_A_MINUTE = timedelta(seconds=30)
STILL_READING = 3_600.0


class FixedClock:
    """Stands at nine in the morning of the day that it was set to, and goes on only when told."""

    def __init__(self, today: date) -> None:
        self.set(today)

    def set(self, today: date) -> None:
        self._today = today
        self._now = datetime.combine(today, time(9), UTC)

    def go_on(self) -> None:
        self._now += HALF_A_MINUTE

    def moment(self, demo_date: date | None = None) -> Moment:
        return Moment(self._now, demo_date or self._today)


class CountedBytes:
    """Bytes that look random and are the same in every run."""

    def __init__(self) -> None:
        self._drawn = 0

    def __call__(self, count: int) -> bytes:
        self._drawn += 1
        return hashlib.shake_256(self._drawn.to_bytes(8, "big")).digest(count)


_WAY = {"queued": "announced", "announced": "sent", "sent": "delivered", "delivered": "accepted"}


class Agency:
    """The agency's side: prepares a file like the export folder, or behaves as a script wishes.

    ``mood``: ``prepares``, ``down``, ``delivers`` (and then reads for a long time), ``accepts``, ``rejects`` with the
    agency's reasons as JSON, or ``refuses`` with those for which nothing is even sent. Behind ``practice`` it says of
    itself that it is a sandbox.
    """

    def __init__(self, folder: Path) -> None:
        self._export = ExportFolder(folder)
        self.mood = "prepares"
        self.received: list[Parcel] = []

    async def step(self, parcel: Parcel) -> Delivery:
        mood, _, reasons = self.mood.removeprefix("practice ").partition(" ")
        if mood == "down":
            raise AgencyUnavailable("does not answer")
        if mood == "refuses":
            raise AgencyRejected(json.loads(reasons))
        if mood == "prepares":
            delivery = await self._export.step(parcel)
            self.received.append(parcel)
            return delivery
        return self._travels(parcel, mood, json.loads(reasons or "[]"))

    def _travels(self, parcel: Parcel, mood: str, reasons: list[dict[str, str]]) -> Delivery:
        """One step of the way, each with some proof."""
        if parcel.state == "delivered" and mood != "accepts":
            if mood == "rejects":
                raise AgencyRejected(reasons)
            return Delivery("delivered", {}, STILL_READING)
        state = _WAY[parcel.state]
        if state == "sent":
            self.received.append(parcel)
        proof = {"case_id": "agency-case"} | ({"sandbox": True} if self.mood.startswith("practice ") else {})
        wait = None if state == "accepted" else 0 if state != "delivered" or mood != "delivers" else STILL_READING
        return Delivery(state, proof, wait)


@cache
def library(folder: Path, procedure: str) -> Library:
    """All versions of one procedure, checked and compiled once."""
    shelf = read_dialogs(folder, [procedure])
    if errors := [*shelf.errors, *(error for dialog in shelf.dialogs for error in mistakes(dialog))]:
        raise DialogErrors(errors)
    municipalities = [file for dialog in shelf.dialogs for file in dialog.beside.municipalities]
    return Library([dialog.source for dialog in shelf.dialogs], municipalities)


def library_of(procedure: str, folders: Iterable[Path] = (EXAMPLES, SHIPPED)) -> Library:
    """The library with ``procedure``, from the first folder that has it."""
    return next(library(folder, procedure) for folder in folders if (folder / procedure).is_dir())


@cache
def catalogues() -> Catalogues:
    return Catalogues.load()


class House:
    """What one conversation needs. ``store`` and ``vault`` are open to the checks between two turns."""

    def __init__(self, procedure: str, today: date, folder: Path) -> None:
        self.clock = FixedClock(today)
        self.random = CountedBytes()
        self.store = MemoryStore()
        self.vault = Vault([Secret(bytes(range(32)))], self.random)
        self.library = library_of(procedure)
        self.words = catalogues().words
        self.agency = Agency(folder)
        self.desk = self.open_desk()

    def open_desk(self) -> Desk:
        """A desk that knows no case yet, like a process that just began."""
        desk = Desk(self.store, self.vault, self.library, self.words, self.clock, random_bytes=self.random)
        desk.connect(self.agency)
        return desk
