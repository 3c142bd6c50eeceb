import pytest

from bot.answers.base import Choice, Misshapen, Value
from bot.answers.yes_no import means_unsure, yes_or_no
from tests.answers.speaking import english, german, kind, told

LAND = kind(
    "one_of",
    options={"sachsen": "Sachsen", "anhalt": "Sachsen-Anhalt", "anderes": "ein anderes Bundesland"},
    also={"anderes": "woanders, Bayern"},
)
ROLE = kind(
    "one_of",
    options={
        "selbststaendig": "Ich bin selbstständig",
        "angestellt": "Ich bin angestellt",
        "arbeitgeber": "Wir sind der Arbeitgeber",
    },
    also={"selbststaendig": "freiberuflich, eigene Firma"},
)
COSTS = kind(
    "many_of",
    options={"miete": "Miete", "strom": "Strom und Wasser", "loehne": "Löhne, Gehälter", "anderes": "Sonstiges"},
)
SECTORS = {"90.01.1": "Theaterensembles", "90.01.2": "Ballettgruppen", "90.03": "Künstlerisches Schaffen"}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        *[
            (text, "= Ja")
            for text in ("ja", "Ja!", "jo", "JAAAA", "ja bitte", "ja, gerne", "klar", "👍", "👍🏽", "1", "yes")
        ],
        *[
            (text, "= Nein")
            for text in ("nein", "nee", "nö", "nein danke", "stimmt nicht", "👎", "2", "no", "leider nicht")
        ],
        ("ja wir haben ein Kind", "? Ja"),
        ("nein das Kind ist älter", "? Nein"),
        ("vielleicht", "! yes_no.not_understood"),
        ("ja oder nein", "! yes_no.not_understood"),
        ("ja, aber nur manchmal", "! yes_no.not_understood"),
        ("das Kind", "! yes_no.not_understood"),
    ],
)
def test_yes_no(text, answer):
    assert told(kind("yes_no"), text) == answer


def test_yes_and_no_are_the_first_and_the_second():
    assert told(kind("yes_no"), "eins") == "= Ja"
    assert told(kind("yes_no"), "the second", english()) == "= No"
    assert told(kind("yes_no"), "drei") == "! yes_no.not_understood"


def test_yes_no_in_english():
    assert told(kind("yes_no"), "yes please", english()) == "= Yes"
    assert told(kind("yes_no"), "nee", english()) == "= No"
    assert kind("yes_no").choices(english()) == (Choice(True, "Yes"), Choice(False, "No"))


def test_the_words_for_a_guess():
    assert yes_or_no("genau, danke") is True
    assert yes_or_no("nope") is False
    assert yes_or_no("3. Mai 2020") is None


@pytest.mark.parametrize(
    "text",
    [
        "weiß net",
        "weiss nich",
        "ka",
        "Keinen Plan",
        "no clue",
        "weiß nicht",
        "Weiss ich nicht.",
        "keine Ahnung!",
        "I don’t know",
        "not sure",
        "🤷",
    ],
)
def test_unsure(text):
    assert means_unsure(text)


@pytest.mark.parametrize("text", ["weiß net", "weiss nich", "ka", "Keinen Plan", "no clue"])
def test_unsure_as_people_write_it(text):
    assert means_unsure(text)


@pytest.mark.parametrize("text", ["nein", "ich weiß", "nicht", ""])
def test_not_unsure(text):
    assert not means_unsure(text)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Sachsen", "= Sachsen"),
        ("SACHSEN.", "= Sachsen"),
        ("2", "= Sachsen-Anhalt"),
        ("2.", "= Sachsen-Anhalt"),
        ("Nr. 3", "= ein anderes Bundesland"),
        ("anderes Bundesland", "= ein anderes Bundesland"),
        ("ein anderes", "= ein anderes Bundesland"),
        ("bayern", "= ein anderes Bundesland"),
        ("sachs", "? Sachsen | Sachsen-Anhalt"),
        ("sachsn", "? Sachsen | Sachsen-Anhalt"),
        ("bayrn", "? ein anderes Bundesland"),
        ("Bundesland", "? ein anderes Bundesland"),
        ("b", "? ein anderes Bundesland"),
        ("4", "! choice.no_such_number"),
        ("Frankreich", "! choice.unknown"),
        ("!?", "! choice.unknown"),
    ],
)
def test_one_of(text, answer):
    assert told(LAND, text) == answer


def test_a_typing_error_is_asked_back_with_one_candidate():
    land = kind("one_of", options={"sachsen": "Sachsen", "anderes": "ein anderes Bundesland"})
    assert told(land, "sachsn") == "? Sachsen"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("selbstständig", "= Ich bin selbstständig"),
        ("bin selbststaendig", "= Ich bin selbstständig"),
        ("freiberuflich", "= Ich bin selbstständig"),
        ("selbständig", "? Ich bin selbstständig"),
        ("angstellt", "? Ich bin angestellt"),
        ("arbeitgeber", "= Wir sind der Arbeitgeber"),
        ("nicht angestellt", "! choice.unknown"),
    ],
)
def test_one_of_in_sentences(text, answer):
    assert told(ROLE, text) == answer


CHILD = kind(
    "one_of",
    options={
        "eigenes": "Es ist mein Kind, oder ich habe das Sorgerecht",
        "in_pflege": "Es ist mein Kind, lebt aber bei Pflegeeltern",
        "anderes": "ein anderes Kind",
    },
    also={"eigenes": "Tochter, Sohn, Mutter", "anderes": "Enkel, Kind von Freunden, keine Ahnung"},
)
OWN, FOSTERED, OTHER = (choice.label for choice in CHILD.choices(german()))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Tochter", f"= {OWN}"),
        ("meine Tochter", f"= {OWN}"),
        ("Sie ist meine Tochter.", f"= {OWN}"),
        ("das ist unser Sohn", f"= {OWN}"),
        ("ich bin die Mutter", f"= {OWN}"),
        ("ein Enkel", f"= {OTHER}"),
        ("die Tochter von Eva", f"? {OWN}"),
        ("die Tochter meines Enkel", "! choice.unknown"),
        ("nicht meine Tochter", "! choice.unknown"),
        ("meine", "! choice.unknown"),
        ("Kind von Freunden", f"= {OTHER}"),
    ],
)
def test_listed_words_with_small_words_around_them(text, answer):
    assert told(CHILD, text) == answer


def test_what_several_labels_hold_is_asked_back_though_one_begins_so():
    assert told(CHILD, "es ist mein Kind") == f"? {OWN} | {FOSTERED}"
    assert told(CHILD, "mein Kind") == f"? {OWN} | {FOSTERED}"
    assert told(CHILD, "Kind") == f"? {OTHER} | {OWN} | {FOSTERED}"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("zwei", "= Sachsen-Anhalt"),
        ("die zweite", "= Sachsen-Anhalt"),
        ("Nummer drei", "= ein anderes Bundesland"),
        ("the first one", "= Sachsen"),
        ("second", "= Sachsen-Anhalt"),
        ("vier", "! choice.no_such_number"),
        ("eine", "? ein anderes Bundesland"),
        ("null", "! choice.unknown"),
        ("anderthalb", "! choice.unknown"),
    ],
)
def test_places_in_words(text, answer):
    assert told(LAND, text) == answer


def test_a_number_that_is_also_a_label_is_asked_back():
    children = kind("one_of", options={"keins": "kein Kind", "eins": "ein Kind", "zwei": "zwei Kinder"})
    assert told(children, "zwei") == "= zwei Kinder", "its id"
    children = kind("one_of", options={"a": "kein Kind", "b": "ein Kind", "c": "zwei Kinder"})
    assert told(children, "zwei") == "? ein Kind | zwei Kinder"


def test_a_typing_error_is_not_taken_for_a_part_of_other_words():
    state = kind(
        "one_of",
        options={"sachsen": "Sachsen", "anderes": "ein anderes Bundesland"},
        also={"anderes": "nicht Sachsen, Sachsen-Anhalt, Baden-Württemberg"},
    )
    assert told(state, "saschen") == "? Sachsen"
    assert told(state, "Sachsen Anhatl") == "? ein anderes Bundesland"
    assert told(state, "Würtemberg") == "? ein anderes Bundesland", "where nothing else is alike, a part is enough"


def test_other_words_are_translated_and_the_german_ones_still_understood():
    context = english(place="p.rolle")
    assert told(ROLE, "freelancer", context) == "= Ich bin selbstständig"
    assert told(ROLE, "I'm a sole trader", context) == "= Ich bin selbstständig"
    assert told(ROLE, "freiberuflich", context) == "= Ich bin selbstständig"
    assert told(ROLE, "freelancer") == "! choice.unknown"


def test_labels_are_translated_and_german_words_still_understood():
    context = english(place="p.rolle")
    assert told(ROLE, "employed", context) == "= I am employed"
    assert told(ROLE, "angestellt", context) == "= I am employed"
    assert ROLE.choices(context)[1] == Choice("angestellt", "I am employed")


def test_a_label_that_looks_like_a_number_is_meant_first():
    swapped = kind("one_of", options={"a": "2", "b": "1", "c": "3 oder mehr"})
    assert swapped.read("2", german()) == Value("a")
    assert swapped.read("3", german()) == Value("c")


def test_list_from_a_table():
    sector = kind("one_of", list="wz2008")
    context = german(options=SECTORS)
    assert told(sector, "90.01.1", context) == "= Theaterensembles (90.01.1)"
    assert told(sector, "Theater", context) == "= Theaterensembles (90.01.1)"
    assert told(sector, "90.01", context) == "? Theaterensembles (90.01.1) | Ballettgruppen (90.01.2)"
    assert told(sector, "Balettgruppe", context) == "? Ballettgruppen (90.01.2)"
    assert len(sector.choices(context)) == 3
    many = german(options={str(code): f"Branche {code}" for code in range(1000, 1040)})
    assert sector.choices(many) == ()
    assert told(sector, "2", many) != "= Branche 1001 (1001)", "what is not shown has no numbers"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1, 3", "= Miete, Löhne, Gehälter"),
        ("1 3", "= Miete, Löhne, Gehälter"),
        ("3+1", "= Miete, Löhne, Gehälter"),
        ("Miete und Strom und Wasser", "= Miete, Strom und Wasser"),
        ("strom", "= Strom und Wasser"),
        ("Löhne, Gehälter & Miete", "= Miete, Löhne, Gehälter"),
        ("alle", "= Miete, Strom und Wasser, Löhne, Gehälter, Sonstiges"),
        ("keine", "= keine"),
        ("Miete bis Löhne, Gehälter", "= Miete, Strom und Wasser, Löhne, Gehälter"),
        ("von Strom - Sonstiges", "= Strom und Wasser, Löhne, Gehälter, Sonstiges"),
        ("Sonstiges bis Miete", "! choice.unknown"),
        ("Miete, miete", "= Miete"),
        ("miette und strom", "? Miete, Strom und Wasser"),
        ("1 und 9", "! choice.no_such_number"),
        ("Miete, Auto", "! choice.unknown"),
        (",,,", "! choice.unknown"),
    ],
)
def test_many_of(text, answer):
    assert told(COSTS, text) == answer


def test_an_option_called_none_is_chosen_not_left_out():
    own = kind("many_of", options={"a": "Miete", "b": "Keine davon"})
    assert own.read("keine davon", german()) == Value(("b",))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1", "= Kind Anna"),
        ("2", "= Kind Ben"),
        ("Kind Anna", "= Kind Anna"),
        ("Anna und Ben", "= Kind Anna, Kind Ben"),
        ("beide", "= Kind Anna, Kind Ben"),
        ("Ana", "? Kind Anna"),
        ("3", "! choice.no_such_number"),
        ("keine", "! choice.none_chosen"),
    ],
)
def test_rows_of(text, answer):
    """After a removal the numbers have gaps; people count what they see."""
    assert told(kind("rows_of", of="kinder"), text, german(rows={1: "Kind Anna", 3: "Kind Ben"})) == answer


def test_rows_with_the_same_title():
    rows = kind("rows_of", of="kinder")
    context = german(rows={1: "Kind Anna", 2: "Kind Anna"})
    assert [choice.label for choice in rows.choices(context)] == ["Kind Anna (1)", "Kind Anna (2)"]
    assert told(rows, "Kind Anna", context) == "? Kind Anna (1) | Kind Anna (2)"


def test_a_row_that_is_gone():
    rows = kind("rows_of", of="kinder")
    assert rows.accept([2], german(rows={1: "Anna"})).key == "choice.gone"
    assert rows.check((2,), german(rows={1: "Anna"})).key == "choice.gone"


def test_json():
    assert LAND.accept("sachsen", german()) == Value("sachsen")
    assert COSTS.accept(["strom", "miete"], german()) == Value(("miete", "strom"))
    assert LAND.accept("bayern", german()).key == "choice.gone"
    assert kind("yes_no").accept(True, german()) == Value(True)


@pytest.mark.parametrize(
    ("the_kind", "raw"),
    [
        (LAND, 1),
        (LAND, ["sachsen"]),
        (COSTS, "miete"),
        (COSTS, [1]),
        (kind("yes_no"), "true"),
        (kind("yes_no"), 1),
        (kind("rows_of", of="kinder"), ["1"]),
        (kind("rows_of", of="kinder"), [True]),
    ],
)
def test_json_of_another_shape(the_kind, raw):
    assert isinstance(the_kind.accept(raw, german(rows={1: "Anna"})), Misshapen)
