"""The gate: the scripts of a dialog show all of it. What nobody can reach is listed here with its reason."""

import pytest

from tests.support.coverage import Item, figures, wanted
from tests.support.house import library_of
from tests.support.plays import seen


def edges(*names: str) -> tuple[Item, ...]:
    return tuple(Item("edges", name) for name in names)


PARENTS: dict[str, tuple[Item, ...]] = {
    "the second question has the condition of the one before it": edges(
        "betreuung.anderer_ausfall > betreuung.ausfall_tage",
        "betreuung.ausfall_gruende > betreuung.begruendung",
        "betreuung.ausfall_gruende > betreuung.kinderkrankengeld",
        "betreuung.ausfall_gruende > betreuung.kkg_tage",
        "zeiten.anordnung > zeiten.anordnung_datum",
        "zeiten.anordnung_behoerde > zeiten.freie_tage",
    ),
    "its condition asks for an answer that is given only later, or not on this path": edges(
        "betreuung.alleinerziehend > betreuung.elternteil_tage",
        "betreuung.anderer_ausfall > betreuung.kkg_tage",
        "betreuung.ausfall_tage > betreuung.kkg_tage",
        "zeiten.grund > zeiten.anordnung_behoerde",
        "zeiten.grund > zeiten.anordnung_datum",
    ),
    "one answer excludes the other": edges(
        "zeiten.ausfall_taeglich > zeiten.teil_tage",
        "zeiten.grund_erklaerung > zeiten.anordnung",
        "zeiten.grund_erklaerung > zeiten.anordnung_behoerde",
        "zeiten.grund_erklaerung > zeiten.anordnung_datum",
    ),
    "an application is for oneself or for another person, never both and never neither": edges(
        "bisher.@again > absicherung",
        "bisher.@again > vertreter",
        "bisher.@row > absicherung",
        "bisher.@row > vertreter",
        "person.@row > vertretene_person",
        "person.@row > vertreter",
        "vertretene_person.@row > absicherung",
    ),
    "self-employed people and home workers have work, income and other aids, one kind of income each": edges(
        "einkommen.@row > heimlohn",
        "einkommen.@row > kontakt",
        "einrichtungen.@row > einkommen",
        "einrichtungen.@row > heimlohn",
        "einrichtungen.@row > hilfen",
        "heimlohn.@row > kontakt",
        "taetigkeit_angaben.@row > hilfen",
        "taetigkeit_angaben.@row > kontakt",
    ),
    "self-employed people always show what their insurance costs": edges(
        "nachweise.gewinn_nachweis > nachweise.entgelt_nachweis",
        "nachweise.gewinn_nachweis > nachweise.quarantaene_nachweis",
        "nachweise.gewinn_nachweis > nachweise.schliessung_nachweis",
        "nachweise.steuerbescheid > nachweise.entgelt_nachweis",
        "nachweise.steuerbescheid > nachweise.quarantaene_nachweis",
        "nachweise.steuerbescheid > nachweise.schliessung_nachweis",
    ),
    "there is at least one child, and each has a facility": (
        *edges(
            "einrichtungen > einkommen",
            "einrichtungen > heimlohn",
            "einrichtungen > hilfen",
            "einrichtungen > kontakt",
            "einrichtungen > taetigkeit_angaben",
        ),
        Item("questions passed", "einrichtung_name"),
        Item("questions passed", "einrichtung_ort"),
        Item("questions passed", "einrichtung_plz"),
    ),
    "all that it rests on must be answered; the rule can say so all the same": (
        Item("findings", "alter = unclear"),
        Item("findings", "frist = unclear"),
        Item("findings", "kein_ersatz_zu_hause = unclear"),
    ),
}

UNREACHABLE: dict[str, dict[str, tuple[Item, ...]]] = {"beispiel": {}, "elternentschaedigung": PARENTS}
"""Procedure to reason to items."""


@pytest.mark.parametrize("procedure", UNREACHABLE)
def test_the_scripts_show_the_whole_dialog(procedure, record_property):
    wants = wanted(library_of(procedure).newest(procedure))
    excused = {item for items in UNREACHABLE[procedure].values() for item in items}
    shown = seen(procedure)
    record_property("figures", f"{procedure}: {figures(wants - excused, shown)}")
    missing = sorted(wants - excused - shown)
    if missing:
        listed = "\n".join(f"  {item.figure}: {item.name}" for item in missing)
        pytest.fail(f"no script of {procedure} shows:\n{listed}", pytrace=False)


@pytest.mark.parametrize("procedure", UNREACHABLE)
def test_excuses_are_still_needed(procedure):
    wants = wanted(library_of(procedure).newest(procedure))
    excused = {item for items in UNREACHABLE[procedure].values() for item in items}
    assert excused <= wants, "the dialog has no such thing"
    assert not excused & seen(procedure), "a script reaches it after all"
