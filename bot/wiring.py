"""Builds the house: the one place that knows which adapter stands behind which port."""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.agency.config import AgenciesUnusable, Plan, plan_without_file, read_plan
from bot.agency.export import ExportFolder
from bot.agency.fitconnect.sender import FitConnect
from bot.agency.practice import MOUNT, Practice, practice_agency
from bot.agency.ways import Ways, name
from bot.desk import Desk
from bot.dialogs import mistakes, read_dialogs
from bot.documents.press import TypstPress
from bot.documents.receipt_keys import Keyring
from bot.documents.receipts import SignedReceipts
from bot.evidence.clamd import Scanner
from bot.evidence.folder import Folder
from bot.evidence.workers import Workers
from bot.i18n import Catalogues
from bot.keys import KEY_FILE, MASTER_KEYS_VARIABLE, Vault, load_masters
from bot.library import Library
from bot.ports import EvidenceStore, Moment, Store
from bot.procedures.errors import DialogErrors
from bot.procedures.schema import submission_schema
from bot.procedures.source import MunicipalityFile, Source
from bot.settings import Settings
from bot.stores.sqlite import SqliteStore

log = logging.getLogger("antragslotse")

BERLIN = ZoneInfo("Europe/Berlin")


class SystemClock:
    """The machine's clock; the law's day is Berlin's, or the case's demo date."""

    def moment(self, demo_date: date | None = None) -> Moment:
        now = datetime.now(UTC)
        return Moment(now, demo_date or now.astimezone(BERLIN).date())


def load_sources(dialogs: Path) -> tuple[list[Source], list[MunicipalityFile]]:
    """Every version of every procedure. Raises :class:`DialogErrors` with the mistakes of all of them."""
    shelf = read_dialogs(dialogs)
    errors = [*shelf.errors, *(error for dialog in shelf.dialogs for error in mistakes(dialog))]
    if errors:
        raise DialogErrors(errors)
    municipalities = [file for dialog in shelf.dialogs for file in dialog.beside.municipalities]
    return [dialog.source for dialog in shelf.dialogs], municipalities


def build_desk(store: Store, settings: Settings, environment: Mapping[str, str] = os.environ) -> Desk:
    """The desk over ``store``. Raises :class:`DialogErrors`, :class:`bot.keys.KeysUnusable`."""
    sources, municipalities = load_sources(settings.dialogs)
    first_start = not (settings.data / KEY_FILE).exists() and MASTER_KEYS_VARIABLE not in environment
    masters = load_masters(environment, settings.data, os.urandom)
    if first_start:
        log.warning(
            "made the master key %s; a backup without it is worthless, so keep a copy elsewhere",
            settings.data / KEY_FILE,
        )
    catalogues = Catalogues.load(settings.locales)
    library = Library(sources, municipalities)
    desk = Desk(store, Vault(masters, os.urandom), library, catalogues.words, SystemClock(), random_bytes=os.urandom)
    desk.print_with(TypstPress())
    desk.sign_with(SignedReceipts(Keyring.load(settings.data)))
    return desk


async def rewrap(settings: Settings) -> int:
    """Wraps every case's key with the newest master key. Returns how many were changed."""
    vault = Vault(load_masters(os.environ, settings.data, os.urandom), os.urandom)
    store = SqliteStore(settings.ledger)
    try:
        return await store.rekey(vault.rewrap)
    finally:
        await store.close()


def plan_for(
    settings: Settings, offered: Mapping[str, Iterable[str]], environment: Mapping[str, str] = os.environ
) -> Plan:
    """Which way each procedure takes. ``offered``: procedures with their municipalities.

    Raises :class:`bot.agency.config.AgenciesUnusable`.
    """
    if settings.agencies is None:
        return plan_without_file(settings.demo_date)
    return read_plan(settings.agencies, procedures=offered, demo_date=settings.demo_date, environment=environment)


def mistaken_ways(settings: Settings) -> list[str]:
    """What is wrong with the operator's file of ways, for ``check``: dialogs may have mistakes of their own."""
    offered: dict[str, list[str]] = {}
    for dialog in read_dialogs(settings.dialogs).dialogs:
        names = offered.setdefault(dialog.source.procedure.procedure, [])
        names += [file.municipality.municipality for file in dialog.beside.municipalities]
    try:
        plan_for(settings, offered)
    except AgenciesUnusable as unusable:
        return str(unusable).splitlines()
    return []


class House(NamedTuple):
    """What an opened house has: the desk, the place of its evidence, whose disk may be full, the ways to agencies.

    ``practice``: the way to the sandbox, where a procedure takes it.
    """

    desk: Desk
    evidence: EvidenceStore
    plan: Plan
    ways: Ways
    practice: Practice | None = None


def _open_senders(settings: Settings, plan: Plan, ways: Ways) -> None:
    """Raises :class:`bot.agency.config.AgenciesUnusable` where a file of certificates cannot be used."""
    for key, connection in plan.connections.items():
        try:
            sender = FitConnect(connection)
        except (OSError, ValueError) as error:
            told = "cannot be used" if isinstance(error, ValueError) else error.strerror
            raise AgenciesUnusable(settings.agencies, [f"roots: {connection.roots}: {told}"]) from None
        ways.open(name(plan, key), sender, sender.close)


def _open_practice(settings: Settings, plan: Plan, ways: Ways) -> Practice | None:
    if not plan.has_sandbox:
        return None
    practice = Practice(settings.sandbox, settings.sandbox_url or f"http://127.0.0.1:{settings.port}{MOUNT}")
    ways.open("sandbox", practice, practice.close)
    return practice


def sandbox_of(settings: Settings, sources: Iterable[Source]) -> web.Application:
    """The practice agency for these procedures. Raises ``OSError``."""
    return practice_agency(settings.sandbox, map(submission_schema, sources))


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Desk]:
    """The desk of an opened house."""
    async with house(settings) as opened_house:
        yield opened_house.desk


@asynccontextmanager
async def house(settings: Settings) -> AsyncIterator[House]:
    """The house on its embedded defaults: SQLite and files in the data folder. Closes all of it at the end."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with AsyncExitStack() as open_things:
        store = SqliteStore(settings.ledger)
        open_things.push_async_callback(store.close)
        desk = build_desk(store, settings)
        evidence, workers = Folder(settings.evidence), Workers()
        open_things.push_async_callback(evidence.close)
        open_things.push_async_callback(workers.close)
        desk.equip(evidence, workers, Scanner(settings.clamd) if settings.clamd else None)
        library = desk.library
        plan = plan_for(settings, {name: library.municipalities(name) for name in library.procedures})
        ways = Ways(plan, {"export": ExportFolder(settings.outbox)})
        open_things.push_async_callback(ways.close)
        _open_senders(settings, plan, ways)
        desk.connect(ways)
        yield House(desk, evidence, plan, ways, _open_practice(settings, plan, ways))
