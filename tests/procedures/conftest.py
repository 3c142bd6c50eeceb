"""A small dialog that is right, and a way to break it at one place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.procedures.errors import DialogError, DialogErrors
from bot.procedures.load import load_procedure
from bot.procedures.source import Source

TINY = Path(__file__).parents[1] / "dialogs" / "tiny"

DIALOG = """\
procedure: muster
version: 2026-01
title: Musterantrag
agency: Musterbehörde
law: § 1 MusterG
life_cycle:
  opens: 2020-01-01
  closes: 2024-12-31
  closed: Die Frist ist voraussichtlich abgelaufen.
parameters:
  - id: grenze
    kind: money
    default: 100.00
    label: Grenze
  - id: mit_nachweis
    kind: yes_no
    default: no
    label: Nachweis verlangt
sections:
  - id: anfang
    title: Anfang
    questions:
      - id: rolle
        ask: Wer sind Sie?
        why: Danach richten sich die Fragen.
        answer: one_of
        options:
          selbst: Ich selbst
          betrieb: Mein Betrieb
        sends: rolle
      - id: anzahl
        ask: Wie viele Kinder haben Sie?
        why: Für jedes Kind gibt es Geld.
        answer: whole_number
        sends: anzahl
      - id: betreut
        ask: Haben Sie eine Betreuung?
        why: Mit Betreuung gibt es kein Geld.
        answer: yes_no
        unsure: allowed
        sends: betreut
      - id: lohn
        ask: Wie hoch ist der Lohn?
        why: Danach richtet sich der Betrag.
        answer: money
        when: rolle == betrieb
        sends: geld.lohn
  - id: kinder
    title: Kinder
    repeat:
      again: Möchten Sie noch ein Kind angeben?
      max: 8
    row: Kind {vorname}
    sends: kinder
    questions:
      - id: vorname
        ask: Wie heißt das Kind mit Vornamen?
        why: So ordnet die Behörde zu.
        answer: short_text
        sends: vorname
      - id: betrag
        ask: Wie hoch waren die Kosten für {vorname}?
        why: Danach richtet sich der Betrag.
        answer: money
        checks:
          - must: betrag <= parameter.grenze
            else: Das ist mehr als {parameter.grenze}.
        sends: betrag
      - id: zeit
        ask: Von wann bis wann?
        why: Es zählen nur diese Tage.
        answer: period
        sends: zeit
  - id: schluss
    title: Schluss
    when: anzahl > 0
    questions:
      - id: konto
        ask: Auf welches Konto soll das Geld?
        why: Die Behörde überweist auf dieses Konto.
        answer: iban
        sensitive: bank
        sends: konto
values:
  - id: kosten
    kind: money
    is: sum(kinder.betrag)
    label: Kosten
criteria:
  - id: ohne_betreuung
    about: Keine Betreuung
    met: not betreut
    not_met: Mit Betreuung gibt es kein Geld.
    unclear: Ob Sie eine Betreuung haben, ist offen.
    law: § 2 MusterG
    next: Fragen Sie die Behörde.
estimates:
  - id: zuschuss
    kind: money
    is: kosten / 2
    say: Es sind etwa {zuschuss}.
declarations:
  - id: wahrheit
    text: Ich versichere, dass meine Angaben richtig sind.
finish:
  - submit: submission.schema.json
"""

RULES = '''\
"""Rules of the sample."""

from decimal import Decimal

from bot.procedures.rules import Finding, Rows, rule


@rule
def hoechstens(kosten: Decimal, grenze: Decimal) -> Finding:
    """§ 3 MusterG: costs up to the limit."""
    return Finding("met" if kosten <= grenze else "partly", {"zu_viel": kosten - grenze})


@rule
def teure(kinder: Rows, ab: Decimal = Decimal(10)) -> Rows:
    """§ 4 MusterG: the children whose costs are high."""
    return tuple(kind for kind in kinder if kind.betrag is not None and kind.betrag >= ab)
'''


class Desk:
    """Where dialogs are written for one test. ``text`` is the dialog as last written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "muster" / "2026-01"
        self.text = DIALOG
        self.rules = RULES

    def change(self, old: str, new: str) -> Desk:
        assert self.text.count(old) == 1, f"{old!r} must stand exactly once"
        self.text = self.text.replace(old, new)
        return self

    def source(self) -> Source:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.joinpath("dialog.yaml").write_text(self.text, "utf-8")
        self.folder.joinpath("rules.py").write_text(self.rules, "utf-8")
        return load_procedure(self.folder)

    def refused(self) -> list[DialogError]:
        with pytest.raises(DialogErrors) as caught:
            self.source()
        return list(caught.value.errors)

    def line(self, text: str, which: int = 1, of: int = 1) -> int:
        """The line of the dialog that holds ``text``, as often ``of`` as it stands there."""
        lines = [number for number, line in enumerate(self.text.split("\n"), 1) if text in line]
        assert len(lines) == of, f"{text!r} stands in lines {lines}"
        return lines[which - 1]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def tiny() -> Callable[[str], Source]:
    return lambda feature: load_procedure(TINY / feature / "2026-01")
