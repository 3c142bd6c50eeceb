"""The command line: ``antragslotse`` or ``python -m bot``. Each command is one small function."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import logging
import os
import signal
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from bot import __version__
from bot.agency.config import AgenciesUnusable
from bot.core.texts import LANGUAGES
from bot.keys import KeysUnusable
from bot.library import NotOffered
from bot.ports import StoreDown
from bot.procedures.errors import DialogErrors
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.turn import Reply
    from bot.web.page.legal import Legal

PROCEDURE = "the folder's name in dialogs/, for example elternentschaedigung"
SETTINGS = (
    "ANTRAGSLOTSE_DATA, ANTRAGSLOTSE_DIALOGS and ANTRAGSLOTSE_LOCALES name the folders of cases, procedures and "
    "translations; ANTRAGSLOTSE_MASTER_KEYS holds the master keys where they are not in the folder of cases."
)


_COLLECT_AFTER = 20_000, 20, 50
"""Thresholds of the collector in a running service: new objects, and collections of the younger generation."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command. Exit status: 0 done, 1 an author's or operator's mistake (said with file and line), 2 usage."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    run: Callable[[argparse.Namespace, Settings], int] = options.run
    try:
        status = run(options, Settings())
        sys.stdout.flush()  # here, where a reader who has gone is no surprise
    except BrokenPipeError:
        return _unread()
    except AgenciesUnusable as unusable:
        print(unusable, file=sys.stderr)  # the operator's file: each line names it and the key
        return 1
    except DialogErrors as errors:
        for error in errors.errors:
            print(error, file=sys.stderr)  # the command line speaks on standard error
        return 1
    except (NotOffered, KeysUnusable, StoreDown, OSError) as error:
        print(error, file=sys.stderr)  # an operator's matter, said without a stack
        return 1
    except ValidationError as error:
        for mistake in error.errors(include_url=False, include_input=False):
            print(f"setting {mistake['loc'][0]}: {mistake['msg']}", file=sys.stderr)  # an operator's slip
        return 1
    except KeyboardInterrupt:
        return 130
    return status


def _unread() -> int:
    """Nobody reads on (``| head``): nothing more is written, at the interpreter's end neither."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


# -- what can be asked for -------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "antragslotse", description="Walks people through an application for public aid.", epilog=SETTINGS
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_chat(commands)
    _add_for_authors(commands)
    _add_for_operators(commands)
    return parser


def _add(commands: Any, run: Callable[[argparse.Namespace, Settings], int], help: str) -> argparse.ArgumentParser:
    """A command called like its function."""
    description = f"{help[0].upper()}{help[1:]}."
    name = run.__name__[1:].replace("_", "-")
    command: argparse.ArgumentParser = commands.add_parser(name, help=help, description=description)
    command.set_defaults(run=run)
    return command


def _add_chat(commands: Any) -> None:
    chat = _add(commands, _chat, "talk to a procedure in the terminal")
    chat.add_argument("procedure", nargs="?", help=PROCEDURE)
    chat.add_argument("--resume", metavar="CODE", help="go on with a case by its resume code, instead of a new one")
    chat.add_argument("--lang", default="de", choices=tuple(LANGUAGES), help="the language to begin in (default: de)")
    chat.add_argument("--municipality", metavar="NAME", help="whose values a municipal procedure has")
    chat.add_argument("--today", type=date.fromisoformat, metavar="DATE", help="a demo date, said visibly: 2020-06-02")
    chat.add_argument("--record", type=Path, metavar="FILE", help="write the conversation down as a script for tests")


def _add_for_authors(commands: Any) -> None:
    check = _add(commands, _check, "find the mistakes in procedures and translations, all at once")
    check.add_argument("procedures", nargs="*", metavar="PROCEDURE", help="default: all")
    draw = _add(commands, _draw, "print a procedure as a mermaid diagram")
    draw.add_argument("procedure", help=f"{PROCEDURE}; or case, speaker, submission: the tables of the life of a case")
    schema = _add(commands, _schema, "write the JSON Schema of a procedure's submission beside its dialog")
    schema.add_argument("procedure", nargs="?", help="default: print the schema of the dialog format, for editors")
    publish = _add(commands, _publish, "write a procedure's newest version into versions.lock; it never changes again")
    publish.add_argument("procedure", help=PROCEDURE)


def _add_for_operators(commands: Any) -> None:
    web = _add(commands, _serve, "serve the web chat, and work, until SIGTERM")
    web.add_argument("--port", type=int, metavar="PORT", help="default: PORT of the environment, or 8080")
    practice = _add(commands, _sandbox, "serve the practice agency alone, until SIGTERM")
    practice.add_argument("--port", type=int, metavar="PORT", help="default: PORT of the environment, or 8080")
    work = _add(commands, _work, "do the work that falls due: send, retry, erase what has expired")
    work.add_argument("--once", action="store_true", help="only what is due now, instead of until SIGTERM")
    verify = _add(commands, _verify_receipt, "say what a receipt is worth: genuine (0), or not (1)")
    verify.add_argument("file", type=Path, metavar="FILE", help="the receipt: PDF, or the signed text alone")
    verify.add_argument("--against", type=Path, metavar="COPY", help="a file that should be among those that were sent")
    verify.add_argument("--keys", type=Path, metavar="FILE", help="public keys (JWK Set) instead of this house's own")
    receipt_key = _add(commands, _receipt_key, "print the public keys that receipts are checked with")
    receipt_key.add_argument("--rotate", action="store_true", help="sign with a new key first; old ones stay good")
    _add(commands, _rewrap, "after a new master key: wrap every case's key with it")
    _add(commands, _migrate, "bring the store's tables up to date")


# -- what is done ----------------------------------------------------------------------------------------------------


def _chat(options: argparse.Namespace, settings: Settings) -> int:
    if options.procedure is None and options.resume is None:
        print("Name a procedure, or a case by --resume CODE.", file=sys.stderr)
        return 2
    return asyncio.run(_talk(options, settings))


async def _talk(options: argparse.Namespace, settings: Settings) -> int:
    from bot.channels.terminal import Console, Terminal
    from bot.wiring import opened

    address = str(uuid.uuid4())
    async with opened(settings) as desk:
        first = await _first(desk, options, address)
        if first is None:
            print("This code opens nothing. / Dieser Code öffnet nichts.", file=sys.stderr)
            return 1
        await Terminal(desk, Console(), address, options.record).run(first)
    return 0


async def _first(desk: Desk, options: argparse.Namespace, address: str) -> Reply | None:
    """The first words: of a new case, or of the one that the code opens. None where it opens nothing."""
    from bot.channels.terminal import CHANNEL
    from bot.desk import UnknownDoor

    if options.resume:
        try:
            return await desk.resume(options.resume, channel=CHANNEL, address=address)
        except UnknownDoor:
            return None  # erased at this moment
    return await desk.open_case(
        options.procedure,
        channel=CHANNEL,
        address=address,
        language=options.lang,
        demo_date=options.today,
        municipality=options.municipality,
    )


def _check(options: argparse.Namespace, settings: Settings) -> int:
    from bot.workshop.lint import lint

    status = lint(settings, options.procedures)
    if settings.agencies is None or options.procedures:
        return status
    from bot.wiring import mistaken_ways

    mistakes = mistaken_ways(settings)
    for mistake in mistakes:
        print(mistake)  # beside the mistakes of the dialogs
    return 1 if mistakes else status


def _draw(options: argparse.Namespace, settings: Settings) -> int:
    from bot.workshop.picture import picture

    print(picture(settings, options.procedure))  # the drawing is the output
    return 0


def _schema(options: argparse.Namespace, settings: Settings) -> int:
    from bot.workshop.schemas import write_schema

    print(write_schema(settings, options.procedure))  # the schema or its place is the output
    return 0


def _publish(options: argparse.Namespace, settings: Settings) -> int:
    from bot.workshop.publish import publish

    print(publish(settings, options.procedure))  # what was done, in one line
    return 0


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    from bot.web.page.legal import LegalUnusable, legal_for

    if options.port is not None:
        settings = settings.model_copy(update={"port": options.port})
    try:
        legal = legal_for(settings)
    except LegalUnusable as error:
        print(error, file=sys.stderr)
        return 1
    return asyncio.run(_service(settings, legal))


async def _service(settings: Settings, legal: Legal) -> int:
    """The web and the worker in one process. At the end nobody new is let in first, and the store is closed last."""
    from bot.agency.practice import MOUNT
    from bot.web.app import build_app
    from bot.web.intake import DiskGauge
    from bot.web.serve import listening
    from bot.wiring import house, sandbox_of
    from bot.worker import serve

    if settings.log_requests:
        logging.getLogger("antragslotse.web").setLevel(logging.INFO)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with house(settings) as home:
        gauge = DiskGauge(home.evidence.free, time.monotonic)
        app = build_app(home.desk, settings, gauge, legal, agencies=home.plan.described())
        mounted = home.practice is not None and not settings.sandbox_url
        if mounted:
            app.add_subapp(MOUNT, sandbox_of(settings, home.desk.library.sources))
        async with listening(app, settings) as port:
            if home.practice is not None and mounted:
                home.practice.move_to(f"http://127.0.0.1:{port}{MOUNT}")
            _rest_the_collector()
            print(_welcome(settings, port, sandbox=mounted), flush=True)  # the address is what one starts it for
            worker = asyncio.create_task(serve(home.desk, stop))
            worker.add_done_callback(lambda _: stop.set())  # a web without a worker would promise what nobody does
            await stop.wait()
        await worker
    return 0


def _rest_the_collector() -> None:
    """Dialogs and catalogues live as long as the process, and turns make few cycles: not to walk over all of them
    again and again is a seventh of a turn's time (ADR 0025)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)


def _welcome(settings: Settings, port: int, *, sandbox: bool) -> str:
    address = settings.public_url or f"http://{settings.host}:{port}"
    lines = [f"Antragslotse: {address}"]
    if settings.demo_date is not None:
        lines[0] += f" (Vorführung mit dem Datum {settings.demo_date}: demonstration as of that day)"
    if sandbox:
        lines.append(f"Übungsbehörde (what the practice agency received): {address}/sandbox/inbox")
    return "\n".join(lines)


def _sandbox(options: argparse.Namespace, settings: Settings) -> int:
    return asyncio.run(_practice(settings, settings.port if options.port is None else options.port))


async def _practice(settings: Settings, port: int) -> int:
    """The sandbox at the root of a server of its own."""
    from aiohttp import web

    from bot.wiring import load_sources, sandbox_of

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner = web.AppRunner(sandbox_of(settings, load_sources(settings.dialogs)[0]), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, port).start()
        print(f"Übungsbehörde (practice agency): http://{settings.host}:{runner.addresses[0][1]}/inbox", flush=True)
        await stop.wait()
    except OSError as error:
        print(f"port {port} of {settings.host}: {error.strerror}", file=sys.stderr)
        return 1
    finally:
        await runner.cleanup()
    return 0


def _work(options: argparse.Namespace, settings: Settings) -> int:
    from bot.worker import run

    return asyncio.run(run(settings, once=options.once))


def _verify_receipt(options: argparse.Namespace, settings: Settings) -> int:
    from bot.documents.verdict import keys_of_file, keys_of_house, told, verdict

    keys = keys_of_house(settings.data) if options.keys is None else keys_of_file(options.keys)
    found = verdict(options.file, keys, options.against)
    print(told(found))  # the verdict is the output
    return 0 if found.good else 1


def _receipt_key(options: argparse.Namespace, settings: Settings) -> int:
    from bot.documents.receipt_keys import Keyring

    keyring = (Keyring.rotate if options.rotate else Keyring.load)(settings.data)
    print(json.dumps(keyring.public(), indent=1))  # the keys are the output
    return 0


def _rewrap(_options: argparse.Namespace, settings: Settings) -> int:
    from bot.wiring import rewrap

    print(f"{asyncio.run(rewrap(settings))} keys wrapped anew")
    return 0


def _migrate(_options: argparse.Namespace, settings: Settings) -> int:
    from bot.stores.sqlite import SqliteStore

    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    asyncio.run(SqliteStore(settings.ledger).close())
    print(f"{settings.ledger} is up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
