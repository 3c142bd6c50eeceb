"""Receipts: signed with a key that stays, found in a text and in a PDF, and worthless once a letter is changed."""

import stat

from bot.documents.receipt_keys import KEY_FILE, Keyring
from bot.documents.receipts import check, sign

SAID = {"schema": "antragslotse-receipt-1", "reference": "AL-0000-0000", "n": 1, "state": "prepared", "filed": False}


def test_what_we_signed_is_genuine_and_a_changed_letter_is_not(tmp_path):
    ring = Keyring.load(tmp_path)
    text = sign(SAID, ring.signing)
    assert sign(SAID, Keyring.load(tmp_path).signing) == text
    found = check(text.encode(), ring.key_set())
    assert (found.verdict, found.receipt) == ("genuine", SAID)
    head, body, signature = text.split(".")
    other = ("A" if body[10] != "A" else "B").join((body[:10], body[11:]))
    assert check(f"{head}.{other}.{signature}".encode(), ring.key_set()).verdict == "changed"
    assert check(b"%PDF-1.7 nothing", ring.key_set()).verdict == "no_receipt"


def test_a_new_key_signs_and_the_old_receipts_stay_good(tmp_path):
    old = Keyring.load(tmp_path)
    text = sign(SAID, old.signing).encode()
    new = Keyring.rotate(tmp_path)
    assert new.signing.kid != old.signing.kid
    assert check(text, new.key_set()).verdict == "genuine"
    assert check(sign(SAID, new.signing).encode(), old.key_set()).verdict == "unknown_key"
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert not any("d" in key for key in new.public()["keys"])
