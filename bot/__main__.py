"""The command line: ``antragslotse`` or ``python -m bot``. Each command is one small function."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import uuid
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from bot import __version__
from bot.keys import KeysUnusable
from bot.ports import StoreDown
from bot.procedures.errors import DialogErrors
from bot.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command. Exit status: 0 done, 1 an author's or operator's mistake (said with file and line), 2 usage."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    run: Callable[[argparse.Namespace, Settings], int] = options.run
    try:
        return run(options, Settings())
    except DialogErrors as errors:
        for error in errors.errors:
            print(error, file=sys.stderr)  # the command line speaks on standard error
        return 1
    except (KeysUnusable, StoreDown) as error:
        print(error, file=sys.stderr)  # an operator's matter, said without a stack
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("antragslotse", description="Walks people through an application for public aid.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    chat = commands.add_parser("chat", help="talk to a procedure in the terminal")
    chat.add_argument("procedure", help="for example elternentschaedigung")
    chat.add_argument("--lang", default="de", choices=("de", "en"))
    chat.add_argument("--record", type=Path, metavar="FILE", help="write the conversation as a test script")
    chat.add_argument("--today", type=date.fromisoformat, metavar="DATE", help="a demo date, said visibly")
    chat.add_argument("--resume", metavar="CODE", help="go on with a case by its resume code")
    chat.add_argument("--municipality", metavar="NAME")
    chat.set_defaults(run=_chat)

    check = commands.add_parser("check", help="find authors' mistakes, all at once")
    check.add_argument("procedures", nargs="*", metavar="PROCEDURE", help="default: all")
    check.set_defaults(run=_check)

    draw = commands.add_parser("draw", help="print a procedure as a mermaid diagram")
    draw.add_argument("procedure", help="a procedure, or case, speaker, submission for the lifecycle tables")
    draw.set_defaults(run=_draw)

    schema = commands.add_parser("schema", help="write the JSON Schema of a procedure's submission")
    schema.add_argument("procedure", nargs="?", help="default: the dialog format, for editors (printed)")
    schema.set_defaults(run=_schema)

    work = commands.add_parser("work", help="do the work that falls due: send, retry, erase what has expired")
    work.add_argument("--once", action="store_true", help="only what is due now")
    work.set_defaults(run=_work)

    rewrap = commands.add_parser("rewrap", help="after a new master key: wrap every case's key with it")
    rewrap.set_defaults(run=_rewrap)

    migrate = commands.add_parser("migrate", help="bring the store's tables up to date")
    migrate.set_defaults(run=_migrate)
    return parser


def _chat(options: argparse.Namespace, settings: Settings) -> int:
    return asyncio.run(_talk(options, settings))


async def _talk(options: argparse.Namespace, settings: Settings) -> int:
    from bot.channels.terminal import CHANNEL, Console, Terminal
    from bot.wiring import opened

    address = str(uuid.uuid4())
    async with opened(settings) as desk:
        if options.resume:
            first = await desk.resume(options.resume, channel=CHANNEL, address=address)
            if first is None:
                print("This code opens nothing. / Dieser Code öffnet nichts.", file=sys.stderr)
                return 1
        else:
            try:
                first = await desk.open_case(
                    options.procedure,
                    channel=CHANNEL,
                    address=address,
                    language=options.lang,
                    demo_date=options.today,
                    municipality=options.municipality,
                )
            except KeyError as missing:
                print(f"There is no procedure or municipality {missing}.", file=sys.stderr)
                return 1
        await Terminal(desk, Console(), address, options.record).run(first)
    return 0


def _check(options: argparse.Namespace, settings: Settings) -> int:
    from bot.workshop.lint import lint

    return lint(settings, options.procedures)


def _draw(options: argparse.Namespace, settings: Settings) -> int:
    from bot.workshop.picture import picture

    print(picture(settings, options.procedure))  # the drawing is the output
    return 0


def _schema(options: argparse.Namespace, settings: Settings) -> int:
    from bot.workshop.schemas import write_schema

    print(write_schema(settings, options.procedure))  # the schema or its place is the output
    return 0


def _work(options: argparse.Namespace, settings: Settings) -> int:
    from bot.worker import run

    return asyncio.run(run(settings, once=options.once))


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
