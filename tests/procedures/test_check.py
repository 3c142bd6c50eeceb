"""Each lint on a dialog that is broken at one place: file, line and message, and nothing else."""

# ruff: noqa: E501  # a case is a line

from __future__ import annotations

import json

import pytest

from bot import limits
from bot.procedures.check import Beside, check
from bot.procedures.check.versions import published, read_lock, written_lock
from bot.procedures.errors import DialogErrors
from bot.procedures.load import load_municipality
from bot.procedures.schema import submission_schema, written

WHEN = "when: rolle == betrieb"
MET = "met: not betreut"

BROKEN = [
    # expressions: (old, new, what the line holds, what the message says)
    (WHEN, "when: rolle == betrib", "when: rolle", "'betrib' is not one of its options; did you mean 'betrieb'?"),
    (WHEN, "when: role == betrieb", "when: role", "there is no question, value or section 'role'; did you mean 'rolle'?"),
    (WHEN, "when: konto == rolle", "when: konto", "'konto' is not asked before this place"),
    (WHEN, "when: lohn > 3", "when: lohn", "'lohn' is not asked before this place"),
    (WHEN, "when: anzahl", ("when: anzahl", 1, 2), "this must give yes or no, but gives a number"),
    (WHEN, "when: anzahl > rolle", "when: anzahl > r", "a number cannot be compared with an option"),
    (WHEN, "when: count(today) > 1", "when: count(today)", "'today' may not decide what is asked"),
    (WHEN, "when: kosten > 3", "when: kosten", "value 'kosten' is not known at this place: it needs 'betrag'"),
    (WHEN, "when: count(kinder) > 3", "when: count", "section 'kinder' is not complete at this place"),
    (MET, "met: betrag > 3", "met: betrag", "'betrag' is asked once a row"),
    (MET, "met: kinder.betrag == 3", "met: kinder", "a list of rows' answers stands only inside a call"),
    (MET, "met: sum(kinder.vorname) > 3", "met: sum", "sum takes the rows' answers to one question"),
    (MET, "met: hoechstens(kosten)", "met: hoechstens", "rule hoechstens takes 2 arguments, not 1"),
    (MET, "met: hoechstens(kosten, rolle)", "met: hoechstens", "wants a number for grenze, not an option"),
    (MET, "met: hoechst(kosten, 3)", "met: hoechst", "there is no rule 'hoechst'; did you mean 'hoechstens'?"),
    (MET, "met: parameter.grenz > 3", "met: parameter", "there is no parameter 'grenz'; did you mean 'grenze'?"),
    ("is: kosten / 2", "is: kosten > 2", "is: kosten > 2", "this must give a number, but gives yes or no"),
    # conditions that go one way only
    (WHEN, "when: rolle == betrieb and rolle == selbst", WHEN, "never holds"),
    (WHEN, "when: rolle == betrieb or rolle == selbst", WHEN, "always holds"),
    # names
    ("- id: anzahl", "- id: rolle", ("- id: rolle", 2, 2), "'rolle' stands twice, first in line 23"),
    ("betrieb: Mein Betrieb", "anzahl: Mein Betrieb", "anzahl: Mein", "option 'anzahl' is called like a question"),
    ("- id: kosten\n", "- id: lohn\n", ("- id: lohn", 2, 2), "value 'lohn' is called like a question"),
    ("- id: anfang", "- id: vorname", ("- id: vorname", 1, 2), "section 'vorname' is called like a question"),
    ("- id: zeit\n", "- id: teure\n", "- id: teure", "question 'teure' is called like a rule"),
    ("- id: zeit\n", "- id: today\n", "- id: today", "'today' is a word of the language"),
    ("- id: zeit\n", "- id: number\n", "- id: number", "every row has 'number' of its own; choose another name"),
    ("- id: anzahl\n", "- id: key\n", "- id: key", "every row has 'key' of its own; choose another name"),
    ("- id: kosten\n", "- id: kinder\n", ("- id: kinder", 2, 2), "value 'kinder' is called like a section"),
    # references
    ("answer: period", "answer: rows_of\n        of: kindr", "of: kindr", "no repeated section 'kindr'; did you mean 'kinder'?"),
    ("answer: period", "answer: rows_of\n        of: kinder", "of: kinder", "'kinder' is not complete before this question"),
    ("answer: period", "answer: days\n        within: zeitraum", "within:", "no question 'zeitraum' that is answered with a period"),
    ("answer: period", "answer: days\n        within: betrag", "within:", "no question 'betrag' that is answered with a period"),
    ("answer: period", "answer: evidence\n        proves: lon", "proves:", "there is no question 'lon' to prove; did you mean 'lohn'?"),
    ("answer: period", "answer: one_of\n        list: wz2008", "list:", "there is no table 'wz2008'"),
    ("answer: period", "answer: period\n        latest: parameter.grenze", "latest:", "parameter 'grenze' is a number, not fit for 'latest'"),
    ("answer: period", "answer: period\n        latest: parameter.ende", "latest:", "there is no parameter 'ende'"),
    # texts
    ("Wie hoch ist der Lohn?", "Wie hoch ist der Lohn von {vorname}?", "Lohn von", "{vorname}: 'vorname' is asked once a row"),
    ("Wie hoch ist der Lohn?", "Wie hoch ist {konto}?", "Wie hoch ist {konto}", "{konto}: 'konto' is not asked before"),
    ("Wie hoch ist der Lohn?", "Wie hoch ist { lohn }?", "ist { lohn", "no name stands in the braces"),
    ("Wie hoch ist der Lohn?", "Wie hoch } ist der Lohn?", "hoch }", "a brace that belongs to no {name}"),
    ("Es sind etwa {zuschuss}.", "Es sind etwa {zuschus}.", "Es sind", "{zuschus}: there is no question"),
    ("Mit Betreuung gibt es kein Geld.\n    unclear", "Für {zu_viel} nicht.\n    unclear", "{zu_viel}", "{zu_viel}: there is no question"),
    ("Wer sind Sie?", "Wer bist du?", "Wer bist du", "'du' is not formal; say Sie"),
    ("Wer sind Sie?", "Wer  sind Sie?", "Wer  sind", "several blanks"),
    ("selbst: Ich selbst", f"selbst: {'x' * 65}", "x" * 65, "option 'selbst': 65 characters; a button has room for 64"),
    ("Wer sind Sie?", "ä" * (limits.CHANNEL_TEXT + 1), "ää", "4097 characters; a message has room for 4096"),
    ("why: Danach richten sich die Fragen.", "why: Wer sind Sie?", "why: Wer", "'why' only repeats the question"),
    ("    row: Kind {vorname}\n", "", "- id: kinder", "'row' must say what a row is called"),
    # the way through
    ("- submit: submission", "- when: anzahl > 3\n    submit: submission", "- when: anzahl > 3", "the last finish must have no when"),
    ("- submit: submission", "- document: brief\n  - submit: submission", "- document", "nothing behind this finish is ever reached"),
    ("closes: 2024-12-31", "closes: 2019-12-31", "closes:", "closes on 2019-12-31 before it opens on 2020-01-01"),
    ("closes: 2024-12-31", "closes: parameter.grenze", "closes:", "parameter 'grenze' is a number, not fit for 'closes'"),
    ("default: 100.00", "default: viel", "default: viel", "'viel' is no number; write 1234.50"),
    ("max: 8", "max: 401", "max: 401", "more rows than 400"),
    ("        sensitive: bank\n", "", "- id: konto", "'konto' is sensitive; write sensitive: bank"),
    # what is sent
    ("sends: geld.lohn", "sends: anzahl", ("sends: anzahl", 2, 2), "'anzahl' is sent in line 35 already, and both can be answered"),
    ("sends: geld.lohn", "sends: rolle.lohn", "sends: rolle.lohn", "'rolle.lohn' and 'rolle' are one inside the other"),
    ("sends: geld.lohn", "sends: kinder", ("sends: kinder", 2, 2), "are one inside the other"),
    ("    sends: kinder\n", "", "- id: kinder", "'sends' must name the list of its rows"),
    ("    title: Schluss\n", "    title: Schluss\n    sends: ende\n", "sends: ende", "only a repeated section sends a list"),
    ("sends: vorname", "sends: nummer", "sends: nummer", "'nummer' is what the rows of 'kinder' are known by"),
    ("submit: submission.schema.json", "submit: anders.json", "submit:", "the schema is called submission.schema.json"),
    # the law
    ("    unclear: Ob Sie eine Betreuung haben, ist offen.\n", "", "- id: ohne_betreuung", "'unclear' is missing: 'betreut' may be"),
    ("    law: § 2", "    partly: Zum Teil.\n    law: § 2", "partly:", "'partly' is never said"),
    ("    next: Fragen", "    elsewhere: bund.de\n    next: Fragen", "elsewhere:", "'elsewhere' is no address of the web"),
    ("law: § 2 MusterG", "law: parameter.grenze", "law: parameter", "parameter 'grenze' is a number, not fit for 'law'"),
    ("version: 2026-01", "version: 2026-02", "version:", "version 2026-02 lies in folder '2026-01'"),
    ("procedure: muster", "procedure: anders", "procedure:", "procedure anders lies in folder 'muster'"),
]  # fmt: skip


def test_the_sample_is_right(desk):
    assert check(desk.source()) == []


@pytest.mark.parametrize(("old", "new", "where", "message"), BROKEN, ids=[case[3] for case in BROKEN])
def test_lint(desk, old, new, where, message):
    source = desk.change(old, new).source()
    line = desk.line(*where) if isinstance(where, tuple) else desk.line(where)
    found = [(error.path, error.line) for error in check(source) if message in error.message]
    assert found == [(source.path, line)]


def test_all_mistakes_at_once_in_the_order_of_the_file(desk):
    desk.change(WHEN, "when: rolle == betrib").change("Wer sind Sie?", "Wer bist du?").change(MET, "met: nix")
    errors = check(desk.source())
    assert [error.line for error in errors] == [desk.line("bist du"), desk.line("betrib"), desk.line("met: nix")]


def test_one_path_may_be_sent_by_answers_that_exclude_each_other(tiny):
    source = tiny("question_when")
    assert sum(question.sends == "kosten" for question in source.procedure.sections[0].questions) == 2
    assert check(source) == []


def test_a_condition_on_an_open_question_is_no_idle_one(desk):
    desk.change("when: anzahl > 0", "when: answered(lohn)")
    assert check(desk.source()) == []


def test_a_condition_under_a_guard_that_excludes_it_never_holds(desk):
    desk.change("when: anzahl > 0", "when: answered(betreut) and rolle == selbst and schuetzt")
    desk.change(
        "      - id: lohn\n",
        "      - id: schuetzt\n        ask: Schützt er?\n        why: Es zählt.\n        answer: yes_no\n"
        "        when: rolle == betrieb\n      - id: lohn\n",
    )
    assert [error.message for error in check(desk.source())] == [
        "when: 'answered(betreut) and rolle == selbst and schuetzt' never holds"
    ]


def test_a_sensitive_question_needs_a_channel(desk):
    source = desk.source()
    errors = check(source, Beside(channels={"telegram": frozenset()}, schema=written(submission_schema(source))))
    assert [(error.line, error.message) for error in errors] == [
        (desk.line("sensitive: bank"), "'konto' is about bank, and no channel may ask that (configured: telegram)")
    ]


def test_impure_rules_are_found(desk):
    desk.rules += "\nimport os\n\ndef jetzt():\n    return open('x'), Decimal.today()\n"
    source = desk.source()
    found = [(error.path.name, error.line, error.message) for error in check(source)]
    last = desk.rules.count("\n")
    assert found == [
        ("rules.py", last - 3, "a rule may not import os"),
        ("rules.py", last, "a rule may not ask the clock; take 'today' as a keyword argument"),
        ("rules.py", last, "a rule may not call open"),
    ]


def test_a_missing_stale_or_broken_schema_is_found(desk):
    source = desk.source()
    current = written(submission_schema(source))
    assert check(source, Beside(schema=current)) == []
    for schema, message in (
        (None, "is missing"),
        ("{", "is no JSON"),
        (current.replace("Wer sind Sie?", "Wer?"), "is not what the dialog sends"),
    ):
        (error,) = check(source, Beside(schema=schema))
        assert error.path.name == "submission.schema.json"
        assert message in error.message


def test_a_required_field_that_can_stay_empty_is_found(desk):
    source = desk.source()
    schema = submission_schema(source)
    schema["properties"]["data"]["required"].append("betreut")
    schema["properties"]["data"]["properties"]["geld"]["required"].append("lohn")
    messages = [error.message for error in check(source, Beside(schema=json.dumps(schema)))]
    assert "'betreut' is required, but a complete path can leave it empty" in messages
    assert "'geld.lohn' is required, but a complete path can leave it empty" in messages


def test_a_published_version_may_not_change(desk):
    source = desk.source()
    lock = read_lock(written_lock(published(source, {})), source.folder)
    assert check(source, Beside(lock=lock, schema=written(submission_schema(source)))) == []
    changed = desk.change("Musterantrag", "Anderer Antrag").source()
    errors = check(changed, Beside(lock=lock, schema=written(submission_schema(changed))))
    assert [(error.line, error.message) for error in errors] == [
        (2, "muster/2026-01 is published and may not change; copy it to a new version")
    ]
    with pytest.raises(DialogErrors):
        published(changed, lock)


@pytest.mark.parametrize("text", ["muster 12", "muster/2026-01 abc", f"a/b {'0' * 64}\na/b {'0' * 64}"])
def test_a_broken_lock_is_refused(text, tmp_path):
    with pytest.raises(DialogErrors):
        read_lock(text, tmp_path / "versions.lock")


MUNICIPALITY = """\
municipality: musterstadt
name: Musterstadt
ags: 14999999
procedure: muster
values:
  grenze: 50.00
"""


def test_a_municipality_file_is_checked(desk, tmp_path):
    source = desk.source()
    path = tmp_path / "anderswo.yaml"
    path.write_text(MUNICIPALITY, "utf-8")
    file = load_municipality(path, source)
    errors = check(source, Beside(municipalities=[file], schema=written(submission_schema(source))))
    assert [(error.path, error.line, error.message) for error in errors] == [
        (path, 1, "municipality 'musterstadt' is in anderswo.yaml"),
    ]
