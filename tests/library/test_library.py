"""What the house offers, and what it says where somebody asks for something else."""

from pathlib import Path

import pytest

from bot.library import Library, MunicipalityNeeded, UnknownMunicipality, UnknownProcedure
from bot.procedures.load import load_municipality, load_procedure, municipality_files

TINY = Path(__file__).parents[1] / "dialogs" / "tiny"


@pytest.fixture
def library() -> Library:
    municipal, plain = (load_procedure(TINY / name / "2026-01") for name in ("municipal", "choices"))
    return Library(
        [municipal, plain], [load_municipality(path, municipal) for path in municipality_files(municipal.folder)]
    )


def test_a_municipality_fills_what_has_no_default(library):
    values = library.parameters("municipal", "musterstadt")
    assert values["hoechstbetrag"] == "1000.00"
    assert None not in values.values()


def test_a_procedure_without_such_parameters_needs_no_municipality(library):
    assert library.parameters("choices", None) == {}


def test_a_case_never_opens_with_a_parameter_that_has_no_value(library):
    with pytest.raises(MunicipalityNeeded) as needed:
        library.parameters("municipal", None)
    assert str(needed.value) == "'municipal' needs a municipality; there is: musterstadt"


def test_an_unknown_municipality_is_named_and_a_similar_one_proposed(library):
    with pytest.raises(UnknownMunicipality) as unknown:
        library.parameters("municipal", "musterstad")
    assert str(unknown.value) == "'municipal' has no municipality 'musterstad'; did you mean 'musterstadt'?"
    with pytest.raises(UnknownMunicipality) as unknown:
        library.parameters("choices", "musterstadt")
    assert str(unknown.value) == "'choices' has no municipality 'musterstadt'; there is none"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("municipla", "there is no procedure 'municipla'; did you mean 'municipal'?"),
        ("nix", "there is no procedure 'nix'; there is: choices, municipal"),
    ],
)
def test_an_unknown_procedure_is_named_and_the_known_ones_told(library, asked, told):
    for ask in (library.newest, lambda procedure: library.parameters(procedure, None)):
        with pytest.raises(UnknownProcedure) as unknown:
            ask(asked)
        assert str(unknown.value) == told


def test_an_empty_house_says_so():
    with pytest.raises(UnknownProcedure, match="there is no procedure 'nix'; there is none"):
        Library([]).newest("nix")


def test_what_is_not_offered_is_a_lookup_error(library):
    with pytest.raises(LookupError):
        library.newest("nix")
