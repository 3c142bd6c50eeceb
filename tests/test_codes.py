"""Tokens, resume codes, references, case ids: made, read as people write them, and no slip goes unnoticed."""

import os
import uuid
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.codes import (
    ALPHABET,
    case_of_token,
    new_case,
    new_reference,
    new_resume_code,
    new_token,
    read_reference,
    read_resume_code,
)

NOW = datetime(2022, 3, 2, 9, 30, tzinfo=UTC)
BYTES = st.binary(min_size=48, max_size=48)
REFERENCES = BYTES.map(lambda raw: new_reference(lambda length: raw[:length]))
SEPARATORS = st.sampled_from(["", " ", "-", " - ", "–", "\n", "  ", "."])
PLACES = [3, 4, 5, 6, 8, 9, 10, 11]
"""Where the eight characters stand in ``AL-XXXX-XXXX``."""


@given(raw=BYTES)
def test_a_case_id_is_a_uuid_of_version_seven(raw):
    case = new_case(NOW, lambda length: raw[:length])
    read = uuid.UUID(bytes=case)
    assert (read.version, read.variant, len(case)) == (7, uuid.RFC_4122, 16)
    assert int.from_bytes(case[:6], "big") == int(NOW.timestamp() * 1000)


def test_case_ids_sort_by_time_and_differ():
    cases = [new_case(NOW + timedelta(milliseconds=n), os.urandom) for n in range(100)]
    assert cases == sorted(cases)
    assert len({new_case(NOW, os.urandom) for _ in range(1000)}) == 1000


@given(first=BYTES, second=BYTES)
def test_all_74_random_bits_reach_the_case_id(first, second):
    one, two = (new_case(NOW, lambda length, raw=raw: raw[:length]) for raw in (first, second))
    same_bits = int.from_bytes(first[:10], "big") ^ int.from_bytes(second[:10], "big")
    used = same_bits & ~(0b111111 << 62)
    assert (one == two) == (used == 0)


def test_a_token_names_its_case():
    case = new_case(NOW, os.urandom)
    token = new_token(case, os.urandom)
    assert token.startswith("at_") and len(token) == 67
    assert case_of_token(token) == case
    assert token != new_token(case, os.urandom)


@given(text=st.text())
def test_what_is_no_token_is_none(text):
    assert case_of_token(text) is None
    assert case_of_token("at_" + text) is None


@given(raw=BYTES)
def test_a_resume_code_reads_back(raw):
    code = new_resume_code(lambda length: raw[:length])
    assert read_resume_code(code) == code
    assert len(code) == 19 and all(symbol in ALPHABET + "-" for symbol in code)


@given(raw=BYTES, separator=SEPARATORS, upper=st.booleans(), look=st.booleans())
def test_a_resume_code_is_read_as_people_write_it(raw, separator, upper, look):
    code = new_resume_code(lambda length: raw[:length])
    typed = separator.join(code.split("-"))
    if look:
        typed = typed.replace("0", "O").replace("1", "I" if raw[-1] % 2 else "L")
    assert read_resume_code(f" {typed if upper else typed.lower()} ") == code


def test_what_is_no_resume_code_is_none():
    for text in (
        "",
        "1234-5678-9ABC-DEF",
        "1234-5678-9ABC-DEFGH",
        "U234-5678-9ABC-DEFG",
        "ß234-5678-9ABC-DEF",
        "?" * 16,
    ):
        assert read_resume_code(text) is None


@given(reference=REFERENCES)
def test_a_reference_reads_back_in_every_spelling(reference):
    bare = reference[3:]
    spellings = [reference, reference.lower(), bare, bare.replace("-", " "), reference.replace("-", "")]
    spellings += [reference.replace("0", "o").replace("1", "l"), f"  {reference.lower().replace('-', ' – ')} "]
    assert {read_reference(text) for text in spellings} == {reference}


@given(reference=REFERENCES)
def test_every_single_wrong_character_of_a_reference_is_noticed(reference):
    for place in PLACES:
        for wrong in ALPHABET:
            if wrong != reference[place]:
                assert read_reference(reference[:place] + wrong + reference[place + 1 :]) is None


@given(reference=REFERENCES)
def test_every_swap_of_two_characters_of_a_reference_is_noticed(reference):
    """Neighbours, and any two others as well."""
    for one in PLACES:
        for two in PLACES:
            symbols = list(reference)
            symbols[one], symbols[two] = symbols[two], symbols[one]
            assert (read_reference("".join(symbols)) is None) == (reference[one] != reference[two])


@given(text=st.text(max_size=14))
def test_reading_anything_gives_a_canonical_reference_or_none(text):
    found = read_reference(text)
    assert found is None or read_reference(found) == found


def test_one_in_thirty_two_random_codes_is_a_reference():
    import random

    chance = random.Random(1)
    typed = ("".join(chance.choices(ALPHABET, k=8)) for _ in range(20_000))
    hits = sum(read_reference(text) is not None for text in typed)
    assert 500 < hits < 750


@given(first=BYTES, second=BYTES)
def test_35_random_bits_reach_the_reference(first, second):
    one, two = (new_reference(lambda length, raw=raw: raw[:length]) for raw in (first, second))
    bits = (1 << 35) - 1
    same = int.from_bytes(first[:5], "big") & bits == int.from_bytes(second[:5], "big") & bits
    assert (one == two) == same
