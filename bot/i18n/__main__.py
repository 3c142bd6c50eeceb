"""``python -m bot.i18n update | check``: what translators and authors run. Exit code 1 where something is wrong."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.i18n import FOLDER
from bot.i18n.check import check_catalogues, stale
from bot.i18n.sources import ROOT, domains, unreadable
from bot.i18n.update import update
from bot.procedures.load import load_procedure
from bot.procedures.source import Source


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.i18n", description="The catalogues in locales/.")
    parser.add_argument("action", choices=("update", "check"))
    action = parser.parse_args(arguments).action
    return _update() if action == "update" else _check()


def _update() -> int:
    for path in update(domains(_sources()), FOLDER, ROOT):
        _say(f"updated {path.relative_to(ROOT)}")
    return 0


def _check() -> int:
    everything = domains(_sources())
    for warning in stale(everything, FOLDER):
        _say(f"warning: {warning}")
    errors = [*unreadable(ROOT / "bot"), *check_catalogues(everything, FOLDER)]
    for error in errors:
        _say(str(error))
    return 1 if errors else 0


def _sources() -> list[Source]:
    return [load_procedure(path.parent) for path in sorted((ROOT / "dialogs").glob("*/*/dialog.yaml"))]


def _say(line: str) -> None:
    sys.stdout.write(line.replace(f"{ROOT}{Path('/')}", "") + "\n")


if __name__ == "__main__":
    sys.exit(main())
