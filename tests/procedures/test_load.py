"""Loading: every mistake of every file, at its line, in words that help."""

# ruff: noqa: E501, RUF005  # a case is a line

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.answers.base import Month
from bot.procedures.cells import Unreadable, read_cell
from bot.procedures.errors import DialogErrors
from bot.procedures.load import find_procedures, load_municipality, load_procedure, municipality_files, parameters_of
from tests.procedures.conftest import TINY

BROKEN = [
    ("title: Musterantrag", "titel: Musterantrag", "titel:", "unknown key 'titel'; did you mean 'title'?"),
    ("why: Danach richten sich", "wy: Danach richten sich", "wy:", "unknown key 'wy'; did you mean 'why'?"),
    ("        why: Danach richten sich die Fragen.\n", "", "- id: rolle", "'why' is missing"),
    ("answer: one_of", "answer: oneof", "answer: oneof", "no kind of answer is called 'oneof'"),
    ("answer: whole_number", "answer: whole_number\n        mni: 3", "mni:", "unknown key 'mni'; did you mean 'min'?"),
    ("answer: whole_number", "kind: whole_number", "- id: anzahl", "'answer' is missing"),
    ("- id: anfang", "- id: Anfang", "- id: Anfang", "'Anfang' is no id"),
    ("version: 2026-01", "version: neu", "version:", "'neu' is no version"),
    ("opens: 2020-01-01", "opens: 1.1.2020", "opens:", "'1.1.2020' is no date; write 2020-04-20"),
    ("max: 8", "max: acht", "max:", "'acht' is no whole number"),
    ("max: 8", "max: 0", "max:", "'max' must be at least 1"),
    ("max: 8", "max: 3\n      min: 4", "repeat:", "min is more than max"),
    ("max: 8", "times: anzahl", "repeat:", "repeat has exactly one of times, again and each"),
    ("- must: betrag <=", "- should: yes\n            must: betrag <=", "- should: yes", "exactly one of must and should"),
    ("unsure: allowed", "optional: ja", "optional:", "'ja' is neither yes nor no"),
    ("sensitive: bank", "sensitive: money", "sensitive:", "'money' is not one of 'health', 'bank' or 'identity'"),
    ("sends: geld.lohn", "sends: Geld", "sends: Geld", "'Geld' is no path"),
    ("    kind: yes_no\n    default: no", "    kind: table\n    default: no", "- id: mit_nachweis", "has columns if, and only if"),
    ("law: § 1 MusterG\nlife", "law:\n  - a\nlife", "law:\n".strip(), "'law' needs a text"),
    ("    text: Ich", "    txt: Ich", "- id: wahrheit", "'text' is missing"),
    ("  - submit: submission.schema.json", "  - submit: x\n    document: y", "- submit: x", "exactly one of submit and document"),
    ("  - submit: submission.schema.json", "  - document: brief\n    how: über das Portal", "- document: brief", "a document is not filed, so it has no how"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "where", "message"), BROKEN, ids=[case[3] for case in BROKEN])
def test_format_mistakes(desk, old, new, where, message):
    errors = desk.change(old, new).refused()
    first = next(
        number for number, line in enumerate(desk.text.split("\n"), 1) if line.strip() == where or where in line
    )
    assert [error.path for error in errors if message in error.message] == [desk.folder / "dialog.yaml"]
    assert [error.line for error in errors if message in error.message] == ([9 - 4] if where == "law:" else [first])


def test_mistakes_of_all_files_at_once(desk):
    desk.rules = "x = 1\nraise ValueError('wrong')\n"
    (desk.folder / "tables").mkdir(parents=True)
    (desk.folder / "tables" / "saetze.yaml").write_text("table: saetze\n", "utf-8")
    errors = desk.change("title: Musterantrag", "titel: x").refused()
    assert {(error.path.name, error.line) for error in errors} >= {
        ("rules.py", 2),
        ("dialog.yaml", 3),
        ("saetze.yaml", 0),
    }


@pytest.mark.parametrize(
    ("rules", "line", "message"),
    [
        ("def f(:", 1, "not readable"),
        ("import nix_da", 1, "ModuleNotFoundError"),
        ("from bot.procedures.rules import rule\n\n@rule\ndef f() -> int:\n    return 1\n", 3, "has no docstring"),
        ("from bot.procedures.rules import rule\n\n@rule\ndef f(x) -> int:\n    '§'\n", 3, "argument x has no type"),
    ],
)
def test_rules_mistakes(desk, rules, line, message):
    desk.rules = rules
    (error,) = desk.refused()
    assert (error.path.name, error.line) == ("rules.py", line)
    assert message in error.message


TABLE = """\
table: saetze
columns:
  - id: ab
    kind: date
  - id: satz
    kind: percent
rows:
  - ab: 2020-03-30
    satz: 67
    source: BGBl. I 2020 S. 587
    uncertain: no
  - name: später
    ab: 2021-01-01
    satz: 80.5
    source: erfunden
    uncertain: yes
"""


def write_table(desk, text):
    (desk.folder / "tables").mkdir(parents=True)
    (desk.folder / "tables" / "saetze.yaml").write_text(text, "utf-8")


def test_tables_are_typed(desk):
    write_table(desk, TABLE)
    first, second = desk.source().tables["saetze"]
    assert (first.ab, first.satz, first.uncertain) == (date(2020, 3, 30), Decimal(67), False)
    assert (second.name, second.satz, second.uncertain) == ("später", Decimal("80.5"), True)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("    source: erfunden\n", "", 12, "'source' is missing in this row"),
        ("satz: 80.5", "satz: 80,5", 14, "'satz': '80,5' is no number"),
        ("uncertain: yes", "uncertain: vielleicht", 16, "'vielleicht' is neither yes nor no"),
        ("name: später", "nme: später", 12, "unknown column 'nme'"),
        ("table: saetze", "table: andere", 1, "table 'andere' is in saetze.yaml"),
    ],
)
def test_table_mistakes(desk, old, new, line, message):
    write_table(desk, TABLE.replace(old, new))
    (error,) = desk.refused()
    assert (error.path.name, error.line) == ("saetze.yaml", line)
    assert message in error.message


def test_the_hash_follows_contents_and_not_line_ends(desk):
    first = desk.source().hash
    desk.folder.joinpath("dialog.yaml").write_bytes(desk.text.replace("\n", "\r\n").encode())
    assert load_procedure(desk.folder).hash == first
    assert desk.change("Musterantrag", "Antrag").source().hash != first
    desk.change("title: Antrag", "title: Musterantrag").rules += "\n"
    assert desk.source().hash != first


def test_a_missing_folder_and_a_wrong_encoding(desk):
    with pytest.raises(DialogErrors, match="cannot be read"):
        load_procedure(desk.folder)
    desk.folder.mkdir(parents=True)
    desk.folder.joinpath("dialog.yaml").write_bytes("title: Städte".encode("latin-1"))
    with pytest.raises(DialogErrors, match="not UTF-8"):
        load_procedure(desk.folder)


def test_a_municipality_fills_the_parameters(tiny):
    source = tiny("municipal")
    (path,) = municipality_files(source.folder)
    values = parameters_of(source, load_municipality(path, source))
    assert values["hoechstbetrag"] == Decimal("1000.00")
    assert values["nachweis_bwa"] is True
    assert values["postleitzahlen"] == ("01067", "01069")
    assert values["schluss"] == date(2021, 12, 31)
    assert [(line.ab, line.betrag) for line in values["stufen"]] == [("1", "1000.00"), ("5", "2000.00")]


def test_without_a_municipality_what_has_no_default_is_missing(tiny):
    with pytest.raises(DialogErrors) as caught:
        parameters_of(tiny("municipal"), None)
    missing = [error.message.split("'")[1] for error in caught.value.errors]
    assert missing == ["rechtsgrundlage", "hoechstbetrag", "postleitzahlen"]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("procedure: municipal", "procedure: anderes", 4, "this file is for 'anderes'"),
        ("  hoechstbetrag: 1000.00", "  hoechstbetrg: 1000.00", 7, "did you mean 'hoechstbetrag'?"),
        ("  hoechstbetrag: 1000.00\n", "", 5, "parameter 'hoechstbetrag' has no value and no default"),
        ("hoechstbetrag: 1000.00", "hoechstbetrag: viel", 7, "parameter 'hoechstbetrag': 'viel' is no number"),
        ("ags: 14999999", "ags: 1499", 3, "it has eight digits"),
    ],
)
def test_municipality_mistakes(tiny, tmp_path, old, new, line, message):
    source = tiny("municipal")
    text = municipality_files(source.folder)[0].read_text("utf-8")
    assert text.count(old) == 1
    path = tmp_path / "musterstadt.yaml"
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(DialogErrors) as caught:
        load_municipality(path, source)
    assert [(error.path, error.line) for error in caught.value.errors if message in error.message] == [(path, line)]


def test_the_newest_version_is_found(tmp_path):
    for version in ("2025-12", "2026-02", "2026-01"):
        (tmp_path / "muster" / version).mkdir(parents=True)
        (tmp_path / "muster" / version / "dialog.yaml").write_text("", "utf-8")
    assert find_procedures(tmp_path) == {"muster": tmp_path / "muster" / "2026-02"}
    assert "checks" in find_procedures(TINY)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("yes_no", "yes", True),
        ("month", "2020-04", Month(2020, 4)),
        ("whole_number", "-3", -3),
        ("year", "2019", 2019),
        ("list", ["a", "b"], ("a", "b")),
        ("postal_code", "04109", "04109"),
        ("short_text", " a ", "a"),
    ],
)
def test_cells(kind, raw, value):
    assert read_cell(kind, raw) == value


@pytest.mark.parametrize(
    ("kind", "raw"),
    [("yes_no", "ja"), ("month", "2020-13"), ("date", "2020-02-30"), ("date", "20200220"), ("whole_number", "3.5")]
    + [("money", "1.234,50"), ("money", "1e5"), ("list", "a"), ("list", [["a"]]), ("date", ["2020-01-01"])]
    + [("postal_code", "1"), ("short_text", " ")],
)
def test_unreadable_cells(kind, raw):
    with pytest.raises(Unreadable):
        read_cell(kind, raw)
