"""Keys: what is sealed opens only where it belongs, secrets never show, keys rotate, a key file is made safely."""

import os
import pickle
import traceback
from functools import partial
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import failpoints
from bot.keys import (
    KEY_FILE,
    MASTER_KEYS_VARIABLE,
    KeysUnusable,
    MasterMissing,
    SealBroken,
    Secret,
    Vault,
    derived,
    load_masters,
    written,
)

OLD, NEW = Secret(bytes(range(32))), Secret(bytes(range(32, 64)))
CASE, OTHER_CASE = bytes(15) + b"\x01", bytes(15) + b"\x02"


def counted():
    """Random bytes that are none: the same in each run, and never twice the same."""
    numbers = count(1)
    return lambda length: next(numbers).to_bytes(length, "big")


@pytest.fixture
def vault():
    return Vault([OLD], counted())


# Sealing


@given(plaintext=st.binary(), number=st.integers(1, 2**63))
def test_what_is_sealed_is_opened(plaintext, number):
    vault = Vault([OLD], os.urandom)
    data_key, wrapped = vault.new_key(CASE)
    sealed = vault.seal(data_key, CASE, number, plaintext)
    assert vault.open(vault.unwrap(CASE, wrapped), CASE, number, sealed) == plaintext


def test_a_seal_opens_only_in_its_place(vault):
    data_key, _ = vault.new_key(CASE)
    sealed = vault.seal(data_key, CASE, 7, b"private")
    for case, number in ((OTHER_CASE, 7), (CASE, 8)):
        with pytest.raises(SealBroken):
            vault.open(data_key, case, number, sealed)
    with pytest.raises(SealBroken):
        vault.open(vault.new_key(CASE)[0], CASE, 7, sealed)


def test_every_flipped_bit_and_every_cut_is_noticed(vault):
    data_key, wrapped = vault.new_key(CASE)
    sealed = vault.seal(data_key, CASE, 1, b"private")
    opened = partial(vault.open, data_key, CASE, 1)
    for whole, open_it in ((sealed, opened), (wrapped, partial(vault.unwrap, CASE))):
        for place in range(len(whole) * 8):
            flipped = bytearray(whole)
            flipped[place // 8] ^= 1 << place % 8
            with pytest.raises(SealBroken):
                open_it(bytes(flipped))
        for length in range(len(whole)):
            with pytest.raises(SealBroken):
                open_it(whole[:length])


def test_a_wrapped_key_opens_only_for_its_case(vault):
    _, wrapped = vault.new_key(CASE)
    with pytest.raises(SealBroken):
        vault.unwrap(OTHER_CASE, wrapped)


def test_sealing_twice_gives_two_texts():
    vault = Vault([OLD], os.urandom)
    data_key, wrapped = vault.new_key(CASE)
    assert vault.seal(data_key, CASE, 1, b"x") != vault.seal(data_key, CASE, 1, b"x")
    assert vault.new_key(CASE)[1] != wrapped


# Rotation


def test_a_new_master_key_opens_what_the_old_one_wrapped():
    data_key, wrapped = Vault([OLD], os.urandom).new_key(CASE)
    both = Vault([NEW, OLD], os.urandom)
    assert both.unwrap(CASE, wrapped) == data_key
    rewrapped = both.rewrap(CASE, wrapped)
    assert rewrapped != wrapped
    assert both.unwrap(CASE, rewrapped) == data_key == Vault([NEW], os.urandom).unwrap(CASE, rewrapped)
    assert both.rewrap(CASE, rewrapped) == rewrapped


def test_a_master_key_that_is_not_listed_is_said():
    _, wrapped = Vault([OLD], os.urandom).new_key(CASE)
    with pytest.raises(MasterMissing):
        Vault([NEW], os.urandom).unwrap(CASE, wrapped)


def test_blind_hashes_survive_rotation():
    before, after = Vault([OLD], os.urandom), Vault([NEW, OLD], os.urandom)
    assert before.door_hash("web", "x") == after.door_hash("web", "x")
    assert before.door_hash("web", "x") != Vault([NEW], os.urandom).door_hash("web", "x")


def test_a_vault_without_keys_is_refused():
    with pytest.raises(KeysUnusable):
        Vault([], os.urandom)


# Blind hashes and derived keys


def test_blind_hashes_keep_their_fields_apart(vault):
    hashes = [
        vault.door_hash("ab", "c"),
        vault.door_hash("a", "bc"),
        vault.index_hash("ab", "c"),
        vault.credential_hash("abc"),
        vault.credential_hash("ab"),
        vault.door_hash("", "abc"),
    ]
    assert len(set(hashes)) == len(hashes)
    assert {len(hash) for hash in hashes} == {32}
    assert vault.door_hash("ab", "c") == hashes[0]


def test_every_purpose_has_a_key_of_its_own():
    keys = {derived(OLD, "evidence a"), derived(OLD, "evidence b"), derived(NEW, "evidence a"), OLD}
    assert len(keys) == 4
    assert derived(OLD, "evidence a") == derived(OLD, "evidence a")


# Secrets


def test_a_secret_never_shows():
    secret = Secret(b"hunter2 hunter2")
    assert "hunter2" not in f"{secret} {secret!r} {[secret]} {secret.__class__.__slots__}"
    assert not hasattr(secret, "__dict__")
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_secrets_are_equal_by_value():
    assert Secret(b"a") == Secret(b"a") != Secret(b"b")
    assert Secret(b"a") != b"a"


def test_errors_quote_nothing(vault, tmp_path):
    data_key, _ = vault.new_key(CASE)
    told = []
    for wrong in (
        lambda: vault.open(data_key, CASE, 1, b"\x01secret word that was stored"),
        lambda: load_masters({MASTER_KEYS_VARIABLE: "secret word"}, tmp_path, os.urandom),
        lambda: load_masters({MASTER_KEYS_VARIABLE: "secretword"}, tmp_path, os.urandom),
    ):
        with pytest.raises((SealBroken, KeysUnusable)) as refused:
            wrong()
        assert refused.value.__cause__ is None
        assert refused.value.__suppress_context__ or refused.value.__context__ is None
        told.append("".join(traceback.format_exception_only(refused.value)))
    assert "secret" not in "".join(told)


# Where master keys come from


def test_master_keys_come_from_the_environment_newest_first(tmp_path):
    text = f" {written(NEW)} , {written(OLD)}= "
    assert load_masters({MASTER_KEYS_VARIABLE: text}, tmp_path, os.urandom) == [NEW, OLD]
    assert list(tmp_path.iterdir()) == []


def test_a_key_file_is_made_on_the_first_start_and_found_on_the_second(tmp_path):
    first = load_masters({}, tmp_path, os.urandom)
    assert first == load_masters({MASTER_KEYS_VARIABLE: " "}, tmp_path, os.urandom)
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]
    assert len(first[0].reveal()) == 32


def test_a_key_is_put_in_front_in_the_file(tmp_path):
    (old,) = load_masters({}, tmp_path, os.urandom)
    path = tmp_path / KEY_FILE
    path.write_text(f"{written(NEW)}\n{path.read_text()}")
    assert load_masters({}, tmp_path, os.urandom) == [NEW, old]


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o644, 0o602])
def test_a_key_file_that_others_can_touch_is_refused(tmp_path, mode):
    load_masters({}, tmp_path, os.urandom)
    (tmp_path / KEY_FILE).chmod(mode)
    with pytest.raises(KeysUnusable, match="chmod 600"):
        load_masters({}, tmp_path, os.urandom)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("c2hvcnQ", "5 bytes instead of 32"),
        ("!" * 43, "not base64url"),
        ("a", "not base64url"),
        ("ü" * 43, "not base64url"),
        (f"{written(OLD)},{written(OLD)}", "twice"),
        (f"{written(OLD)},", "key 2"),
    ],
)
def test_unusable_keys_are_refused_with_the_place(tmp_path, text, why):
    with pytest.raises(KeysUnusable, match=f"{MASTER_KEYS_VARIABLE}.*{why}"):
        load_masters({MASTER_KEYS_VARIABLE: text}, tmp_path, os.urandom)


def test_an_empty_key_file_is_refused_and_not_replaced(tmp_path):
    load_masters({}, tmp_path, os.urandom)
    (tmp_path / KEY_FILE).write_text("# nothing\n")
    with pytest.raises(KeysUnusable, match="holds no key"):
        load_masters({}, tmp_path, os.urandom)


def test_a_start_that_dies_while_the_key_file_is_made_leaves_no_half_file(tmp_path):
    with failpoints.armed(failpoints.abort_at("keys.before_link")), pytest.raises(failpoints.Abort):
        load_masters({}, tmp_path, os.urandom)
    assert list(tmp_path.iterdir()) == []
    assert len(load_masters({}, tmp_path, os.urandom)) == 1


def test_of_two_first_starts_one_makes_the_key_for_both(tmp_path):
    others = []

    def start_another(point):
        if point == "keys.before_link" and not others:
            others.append(None)
            # another process would have another draft
            (tmp_path / "other").mkdir()
            others[:] = load_masters({}, tmp_path / "other", os.urandom)
            (tmp_path / "other" / KEY_FILE).rename(tmp_path / KEY_FILE)

    with failpoints.armed(start_another):
        assert load_masters({}, tmp_path, os.urandom) == others
