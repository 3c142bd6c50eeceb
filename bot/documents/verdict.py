"""What ``antragslotse verify-receipt`` says: read from files, in plain German and English, one fact a line.

Only what was signed is shown, and only where the signature holds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from joserfc.jwk import KeySet

from bot.documents.receipt_keys import KEY_FILE, Keyring, key_set
from bot.documents.receipts import check
from bot.keys import KeysUnusable
from bot.ports import Checked

_WORDS: Final = {
    "genuine": "echt / genuine: this receipt is as we signed it",
    "changed": "verändert / changed: the signature does not fit, do not rely on it",
    "unknown_key": "fremd / foreign: signed by nobody whose key is known here",
    "no_receipt": "keine Bestätigung / no receipt: nothing signed was found in this file",
}


class Verdict(NamedTuple):
    """``fits``: is the file that was handed in beside it among those that were sent? None: none was handed in."""

    checked: Checked
    fits: bool | None = None

    @property
    def good(self) -> bool:
        return self.checked.verdict == "genuine" and self.fits is not False


def verdict(file: Path, keys: KeySet, against: Path | None = None) -> Verdict:
    """Raises ``OSError``."""
    checked = check(file.read_bytes(), keys)
    if against is None or checked.receipt is None:
        return Verdict(checked)
    digest = hashlib.sha256(against.read_bytes()).hexdigest()
    return Verdict(checked, any(each["sha256"] == digest for each in checked.receipt["files"]))


def told(found: Verdict) -> str:
    return "\n".join(_lines(found))


def _lines(found: Verdict) -> Iterator[str]:
    yield _WORDS[found.checked.verdict]
    if found.checked.receipt is not None:
        yield from _facts(found.checked.receipt)
    if found.fits is not None:
        yield f"beigelegte Datei / file beside it: {'gehört dazu / was sent' if found.fits else 'fremd / was not sent'}"


def _facts(receipt: Any) -> Iterator[str]:
    if receipt["sandbox"] or receipt["demo_date"] is not None:
        yield "ÜBUNG, keine Behörde hat es / PRACTICE, no agency has it"
    yield f"Nummer / number: {receipt['reference']} ({receipt['kind']} {receipt['n']})"
    yield f"Stand / state: {receipt['state']} {receipt['as_of']}"
    yield f"eingereicht / filed: {'ja / yes' if receipt['filed'] else 'nein / no'}"
    yield f"Fragebogen / dialog: {receipt['procedure']['id']} {receipt['procedure']['version']}"
    for file in receipt["files"]:
        yield f"Datei / file: {file['name']} sha256 {file['sha256']}"


def keys_of_house(data: Path) -> KeySet:
    """Empty where it never signed anything; nothing is made. Raises :class:`bot.keys.KeysUnusable`, ``OSError``."""
    return Keyring.load(data).key_set() if (data / KEY_FILE).exists() else KeySet([])


def keys_of_file(path: Path) -> KeySet:
    """A JWK Set as it is published. Raises :class:`bot.keys.KeysUnusable`, ``OSError``."""
    try:
        return key_set(json.loads(path.read_text("utf-8")))
    except ValueError as error:
        raise KeysUnusable(f"{path} holds no public keys") from error
