"""Names, addresses, and ways to reach somebody. Telephone numbers are those that are kept free for films."""

import pytest

from bot.answers.base import Address, Misshapen, PersonName, Value
from tests.answers.speaking import english, german, kind, told


@pytest.mark.parametrize(
    ("text", "given", "family"),
    [
        ("Erika Mustermann", "Erika", "Mustermann"),
        ("Mustermann, Erika", "Erika", "Mustermann"),
        ("Muster, Anna Maria", "Anna Maria", "Muster"),
        ("Erika von Muster", "Erika", "von Muster"),
        ("Anna Maria von und zu Muster", "Anna Maria", "von und zu Muster"),
        ("von Muster, Erika", "Erika", "von Muster"),
        ("Frau Dr. med. Erika Mustermann", "Erika", "Mustermann"),
        ("Dr. Mustermann, Erika", "Erika", "Mustermann"),
        ("Prof. Dr.-Ing. Erika Mustermann", "Erika", "Mustermann"),
        ("Ing Drescher", "Ing", "Drescher"),
        ("ich heiße Erika Mustermann", "Erika", "Mustermann"),
        ("My name is Erika Mustermann", "Erika", "Mustermann"),
        ("Erika O’Neill-Muster", "Erika", "O’Neill-Muster"),
        ("Şükrü Örnek", "Şükrü", "Örnek"),
        ("Мария Пример", "Мария", "Пример"),
    ],
)
def test_person_name(text, given, family):
    assert kind("person_name").read(text, german()) == Value(PersonName(given, family))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Anna Maria Muster", "? Muster, Anna Maria | Maria Muster, Anna"),
        ("Erika", "! name.family_missing"),
        (", Erika", "! name.family_missing"),
        ("Muster, Erika, Leipzig", "! name.commas"),
        ("Erika 2 Muster", "! name.characters"),
        ("<b>Erika</b> Muster", "! name.characters"),
        ("😀 😀", "! name.characters"),
        (f"Erika {'M' * 101}", "! name.too_long"),
    ],
)
def test_person_name_in_doubt(text, answer):
    assert told(kind("person_name"), text) == answer


def test_person_name_in_json():
    name = kind("person_name")
    assert name.accept({"given": " Erika ", "family": "Muster"}, german()) == Value(PersonName("Erika", "Muster"))
    assert name.accept({"given": "", "family": "Muster"}, german()).key == "name.family_missing"
    assert name.accept({"given": "E\ud800", "family": "Muster"}, german()).key == "text.unreadable"
    for raw in ("Erika Muster", {"given": "Erika"}, {"given": 1, "family": "x"}, {"given": "a", "family": "b", "x": 1}):
        assert isinstance(name.accept(raw, german()), Misshapen)


HOME = Address("Karl-Liebknecht-Straße", "12a", "04107", "Leipzig")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Karl-Liebknecht-Straße 12a, 04107 Leipzig", HOME),
        ("Karl-Liebknecht-Straße 12 a 04107 Leipzig", HOME),
        ("Karl-Liebknecht-Straße 12a\n04107 Leipzig\nDeutschland", HOME),
        ("04107 Leipzig, Karl-Liebknecht-Straße 12a", HOME),
        ("Karl-Liebknecht-Straße12a, D-04107 Leipzig", HOME),
        ("Straße des 17. Juni 135, 10623 Berlin", Address("Straße des 17. Juni", "135", "10623", "Berlin")),
        ("Hauptstr. 5 – 7, 01067 Dresden", Address("Hauptstr.", "5-7", "01067", "Dresden")),
        ("Q 7, 24, 68161 Mannheim", Address("Q 7", "24", "68161", "Mannheim")),
        ("Dorfstraße ohne Nummer, 04107 Leipzig", Address("Dorfstraße", "o. Nr.", "04107", "Leipzig")),
        (
            "Weg 5, Hinterhaus, 2. OG links, 04107 Leipzig",
            Address("Weg", "5 Hinterhaus 2. OG links", "04107", "Leipzig"),
        ),
        ("Weg 5 a HH, 04107 Leipzig", Address("Weg", "5a HH", "04107", "Leipzig")),
        ("Weg 3, 15230 Frankfurt (Oder)", Address("Weg", "3", "15230", "Frankfurt (Oder)")),
    ],
)
def test_address(text, address):
    assert kind("address").read(text, german()) == Value(address)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Karl-Liebknecht-Straße 12a, Leipzig", "! address.postal_code_missing"),
        ("Karl-Liebknecht-Straße, 04107 Leipzig", "! address.house_number_missing"),
        ("Karl-Liebknecht-Straße 12a, 04107", "! address.city_missing"),
        ("04107 Leipzig", "! address.street_missing"),
        ("12, 04107 Leipzig", "! address.street_missing"),
        ("Leipzig", "! address.postal_code_missing"),
        ("Weg 3, 00000 Leipzig", "! postal_code.impossible"),
        (f"{'W' * 120} 3, 04107 Leipzig", "! address.too_long"),
    ],
)
def test_an_address_says_what_is_missing(text, answer):
    assert told(kind("address"), text) == answer


def test_address_in_json():
    address = kind("address")
    raw = {"street": "Weg", "house_number": "12 a", "postal_code": "04107", "city": "Leipzig"}
    assert address.accept(raw, german()) == Value(Address("Weg", "12a", "04107", "Leipzig"))
    assert address.accept({**raw, "postal_code": "4107"}, german()).key == "postal_code.impossible"
    assert address.accept({**raw, "house_number": "zwölf"}, german()).key == "address.house_number_missing"
    for wrong in ("Weg 12a", {**raw, "city": None}, {"street": "Weg"}):
        assert isinstance(address.accept(wrong, german()), Misshapen)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("04109", "= 04109"),
        ("04109 Leipzig", "= 04109"),
        ("D-04109", "= 04109"),
        ("4109", "? 04109"),
        ("01000", "! postal_code.impossible"),
        ("99999", "! postal_code.impossible"),
        ("041090", "! postal_code.impossible"),
        ("Leipzig", "! postal_code.impossible"),
    ],
)
def test_postal_code(text, answer):
    assert told(kind("postal_code"), text) == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Leipzig", "= Leipzig"),
        ("Stadt Dresden", "= Dresden"),
        ("14713000", "= Leipzig"),
        ("147130000000", "= Leipzig"),
        ("14 7 13 000", "= Leipzig"),
        ("14625010", "= 14625010"),
        ("Leipzg", "? Leipzig"),
        ("99713000", "! municipality.unknown"),
        ("Hamburg", "! municipality.unknown"),
    ],
)
def test_municipality(text, answer):
    assert told(kind("municipality"), text) == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("erika@example.org", "= erika@example.org"),
        ("Erika.Muster+antrag@Example.ORG", "= Erika.Muster+antrag@example.org"),
        ("mailto:erika@example.org", "= erika@example.org"),
        ("Erika Muster <erika@example.org>", "= erika@example.org"),
        ("erika (at) example.org", "? erika@example.org"),
        ("erika at example dot org", "? erika@example.org"),
        ("erika@gmial.com", "? erika@gmail.com | erika@gmial.com"),
        ("erika@wbe.de", "? erika@web.de | erika@wbe.de"),
        ("müller@web.de", "? mueller@web.de | müller@web.de"),
        ("erika@mail.de", "= erika@mail.de"),
        ("erika@muster", "! email.impossible"),
        ("erika@@example.org", "! email.impossible"),
        ("erika muster@example.org", "! email.impossible"),
        (".erika@example.org", "! email.impossible"),
        ("erika..m@example.org", "! email.impossible"),
        ("erika@127.0.0.1", "! email.impossible"),
        ("<script>@example.org", "! email.impossible"),
        ("example.org", "! email.impossible"),
    ],
)
def test_email(text, answer):
    assert told(kind("email"), text) == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("030 23125000", "= 030 23125000"),
        ("(030) 23 12 50 00", "= 030 23125000"),
        ("030/23125-000", "= 030 23125000"),
        ("+49 30 23125000", "= 030 23125000"),
        ("+49 (0)30 23125000", "= 030 23125000"),
        ("0049 30 23125000", "= 030 23125000"),
        ("Tel.: 030 23125000", "= 030 23125000"),
        ("Handy 0171 3920000", "= 0171 3920000"),
        ("+44 20 7946 0958", "= +44 20 7946 0958"),
        ("23125000", "! phone.too_short"),
        ("030 1", "! phone.too_short"),
        ("030 231250002312500023125000", "! phone.impossible"),
        ("0800 BEISPIEL", "! phone.impossible"),
        ("ruft mich an", "! phone.impossible"),
    ],
)
def test_phone(text, answer):
    assert told(kind("phone"), text) == answer


def test_phone_is_stored_as_e164():
    phone = kind("phone")
    assert phone.read("030 23125000", english()) == Value("+493023125000")
    assert phone.accept("+493023125000", german()) == Value("+493023125000")
    assert phone.accept("030 23125000", german()).key == "phone.impossible"
    assert isinstance(phone.accept(493023125000, german()), Misshapen)
