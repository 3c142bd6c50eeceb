"""What only dialogs of their own show: checks over all rows, and notices that wait for every deciding fact."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.procedures.interview import compile_interview
from bot.procedures.load import load_procedure
from bot.procedures.walk import Cell, Sheet, resume, walk

HEAD = """procedure: klein
version: 2026-01
title: Kleine Hilfe
agency: Amt
law: § 1
life_cycle:
  opens: 2020-01-01
  closed: Vorbei.
sections:
"""
TAIL = """finish:
  - submit: submission.schema.json
"""
ROWS = """  - id: zeiten
    title: Zeiten
    repeat:
      again: Noch eine?
      max: 5
    row: Zeit
    questions:
      - id: tage
        ask: Wie viele Tage?
        why: Darum.
        answer: whole_number
    checks:
      - must: sum(zeiten.tage) <= 10
        else: Zusammen höchstens zehn.
"""
PLAIN = """  - id: fragen
    title: Fragen
    questions:
      - id: a
        ask: A?
        why: Darum.
        optional: yes
        answer: yes_no
      - id: b
        ask: B?
        why: Darum.
        optional: yes
        answer: yes_no
      - id: k
        ask: K?
        why: Darum.
        answer: yes_no
"""


def criterion(id: str, met: str) -> str:
    return f"  - id: {id}\n    about: {id}\n    met: {met}\n    not_met: Nein.\n    law: § 1\n    next: Weiter.\n"


def interview(folder: Path, middle: str):
    (folder / "dialog.yaml").write_text(HEAD + middle + TAIL, encoding="utf-8")
    return compile_interview(load_procedure(folder))


def walked(interview, sheet: Sheet):
    return walk(interview, sheet, {}, date(2026, 1, 1))


def rows(*days: int) -> Sheet:
    numbers = tuple(range(1, len(days) + 1))
    cells = {f"zeiten[{number}].tage": Cell("value", day) for number, day in zip(numbers, days, strict=True)}
    cells["@again[zeiten]"] = Cell("value", False)
    return Sheet(cells, {"zeiten": numbers}, {"zeiten": len(days)})


def test_a_sections_check_sees_its_last_row_too(tmp_path):
    small = interview(tmp_path, ROWS)
    assert walked(small, rows(9, 1)).complete
    for days in ((20,), (9, 2), (1, 1, 9)):
        here = walked(small, rows(*days)).here
        assert here is not None, days
        assert (here.address, here.failed is not None) == (f"zeiten[{len(days)}].tage", True)


def test_no_notice_while_an_answer_could_still_change_it(tmp_path):
    small = interview(tmp_path, PLAIN + "criteria:\n" + criterion("eins", "answered(a) or answered(b)"))
    path = walked(small, Sheet({"a": Cell("skipped")}))
    assert path.here is not None
    assert path.here.address == "b"
    path = walked(small, Sheet({"a": Cell("skipped"), "b": Cell("skipped")}))
    assert path.here is not None
    assert path.here.address == "@notice[eins]"


def test_each_early_notice_is_read_whether_the_path_is_resumed_or_walked(tmp_path):
    two = criterion("eins", "a and b") + criterion("zwo", "a and k")
    small = interview(tmp_path, PLAIN + "criteria:\n" + two)
    sheet = Sheet({"a": Cell("value", False)})
    path = walked(small, sheet)
    for notice in ("eins", "zwo"):
        assert path.here is not None
        assert path.here.address == f"@notice[{notice}]"
        sheet.acknowledged |= {notice}
        path = resume(small, sheet, path)
        again = walked(small, sheet)
        assert (path.here and path.here.address) == (again.here and again.here.address)
    assert path.here is not None
    assert path.here.address == "b"
