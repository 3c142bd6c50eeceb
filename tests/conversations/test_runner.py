"""The runner itself: what it must refuse, find and write down."""

from pathlib import Path

import pytest

from tests.support.conversation import Failed, play
from tests.support.coverage import Coverage, figures, wanted
from tests.support.house import library_of
from tests.support.script import Line, ScriptError, read_script
from tests.support.words import compared, plain

HEADER = "today 2022-03-02 · language de\n"
HERE = Path(__file__)


def script(folder: Path, text: str) -> Path:
    path = folder / "beispiel" / "made.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEADER + text, "utf-8")
    return path


def expected(*texts: str) -> list[Line]:
    return [Line("...", "", HERE, 1) if text == "..." else Line("bot", text, HERE, 1) for text in texts]


# -- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a script begins with"),
        ("today 2.3.2022 · language de\n", "a script begins with"),
        (HEADER + "bott: hallo\n", ":2: not a line of a script: bott: hallo"),
        (HEADER + "...\nHallo\n", ":3: not a line of a script: Hallo"),
        (HEADER + "include: nowhere.inc\n", ":2: there is no nowhere.inc"),
        (HEADER + "given: nowhere.answers\n", ":2: neither 'question = words' nor a file"),
    ],
)
def test_what_is_no_script_is_refused_with_its_line(tmp_path, text, message):
    path = tmp_path / "made.txt"
    path.write_text(text, "utf-8")
    with pytest.raises(ScriptError) as found:
        read_script(path)
    assert message in str(found.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("you: ja\n", "made.txt:1: after header"),
        ("...\nyou: ja\n", "made.txt:3: after you: ja"),
        ("...\nplay: ja\nbot: Guten Abend!\n", "- Guten Abend!"),
        (
            "...\nplay: ja\ncase: rolle is open\n",
            "made.txt:4: case: rolle is open\n  but it is gone; asked is bundesland",
        ),
        ("...\nplay: ja | Sachsen\ncase: bundesland is gone\n", 'it is "sachsen"'),
        ('...\nplay: ja | Sachsen\ncase: bundesland is "anderes"\n', "it is 'sachsen'"),
        ("...\nplay: ja | Sachsen\ncase: bundesland is sachsen\n", 'it is "sachsen"'),
        ("...\ncase: Bundesland ist offen\n", "this is no claim that is known"),
        ("...\ncase: verdict is likely\n", "but it is 'open'"),
        ('...\nagency received: rolle = "angestellt"\n', "it received nothing"),
        ("...\ngo: rolle\n", "no answer is given, or none is taken, at bundesland"),
        ("...\ngiven: bundesland = hm\ngo: rolle\n", "no answer is given, or none is taken, at bundesland"),
        ("...\nact: jump\n", "no action jump"),
        ("...\nelsewhere: 0000-0000-0000-0000\n", "this code opens nothing"),
    ],
)
def test_what_does_not_come_true_is_found_with_its_line(tmp_path, text, message):
    with pytest.raises(Failed) as found:
        play(read_script(script(tmp_path, text)))
    assert message in str(found.value)


# -- what is compared ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "spoken", "same"),
    [
        (["a", "b"], ["a", "b"], True),
        (["a"], ["a", "b"], False),
        (["a", "b"], ["a"], False),
        ([], ["a"], False),
        ([], [], True),
        (["..."], ["a", "b"], True),
        (["...", "b"], ["a", "b"], True),
        (["...", "a"], ["a", "b"], False),
        (["a", "...", "d"], ["a", "b", "c", "d"], True),
        (["...", "a", "...", "b", "..."], ["x", "a", "a", "b", "y"], True),
        (["...", "b", "...", "a"], ["a", "b"], False),
    ],
)
def test_dots_stand_for_any_number_of_messages(wanted, spoken, same):
    assert compared(expected(*wanted), spoken, loose=False) is same


def test_after_go_and_play_only_what_is_listed_counts():
    assert compared([], ["a", "b"], loose=True)
    assert compared(expected("b"), ["a", "b"], loose=True)
    assert not compared(expected("c"), ["a", "b"], loose=True)


def test_what_chance_draws_is_compared_by_its_pattern():
    assert plain("Ihre Nummer: AL-4K7P-2M9Q.") == plain("Ihre Nummer: AL-....-.....")
    assert plain("Code: 0123-4567-89AB-CDEF") == "Code: …"
    assert plain("hier: /var/tmp/x/outbox/AL-4K7P-2M9Q-2.json.") == "hier: AL-…-2.json."


# -- what is written down ------------------------------------------------------------------------------------------


def test_accept_writes_what_was_said_and_keeps_everything_else(tmp_path):
    path = script(
        tmp_path,
        "...\n# Ein Satz.\nyou: ja\nbot: Falsch.\ncase: bundesland is open\nbot: Auch falsch.\nyou: Sachsen\n...\n"
        "bot: Wer stellt wohl den Antrag? [Ich bin selbstständig] [Ich bin angestellt]\nyou: angestellt\n",
    )
    play(read_script(path), accept=True)
    assert path.read_text("utf-8").splitlines() == [
        HEADER.strip(),
        "...",
        "# Ein Satz.",
        "you: ja",
        "bot: Abschnitt 1 von 5: Passt der Antrag?",
        "bot: Zuerst ein paar kurze Fragen.",
        "bot: In welchem Bundesland liegt die Einrichtung? [Sachsen] [anderes Bundesland]",
        "case: bundesland is open",
        "you: Sachsen",
        "...",
        "bot: Wer stellt den Antrag? [Ich bin selbstständig] [Ich bin angestellt]",
        "you: angestellt",
        "bot: Verstanden: Ich bin angestellt",
        "bot: Abschnitt 2 von 5: Kinder",
        "bot: Wie heißt das Kind mit Vornamen?",
    ]
    play(read_script(path))


def test_accept_also_writes_a_greeting_and_is_content_with_it(tmp_path):
    path = script(tmp_path, "case: @consent is open\n")
    play(read_script(path), accept=True)
    written = path.read_text("utf-8")
    assert written.splitlines()[1].startswith("bot: Guten Tag!")
    play(read_script(path), accept=True)
    assert path.read_text("utf-8") == written


# -- what is counted -----------------------------------------------------------------------------------------------


def test_a_short_talk_shows_little_of_a_dialog(tmp_path):
    coverage = Coverage()
    play(read_script(script(tmp_path, "...\nplay: ja | Sachsen\n")), [coverage.watch])
    wants = wanted(library_of("beispiel").newest("beispiel"))
    assert figures(wants, coverage.seen).startswith("questions asked 2/11 · questions passed 0/5 · options 1/10 · ")
    assert {item.name for item in coverage.seen & wants if item.figure == "findings"} == {"land = met"}
