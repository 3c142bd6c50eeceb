"""Keys: a random data key per case, wrapped by a master key; blind hashes by an index key.

Laws: secrets never show in a repr or an exception. Master keys are listed newest first: the newest wraps, all
unwrap, and the *last* one stays in the list for ever, because the index key is derived from it. Losing the master
keys loses every case; destroying a wrapped data key erases its case.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.failpoints import hit
from bot.ports import CaseId

RandomBytes = Callable[[int], bytes]

MASTER_KEYS_VARIABLE: Final = "ANTRAGSLOTSE_MASTER_KEYS"
KEY_FILE: Final = "master.keys"

SEAL_BYTES: Final = 29
"""By how much what is sealed is longer: format, nonce, tag."""

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_KEY_ID_BYTES: Final = 4
_FORMAT: Final = b"\x01"
"""First byte of everything sealed, so that another cipher can follow one day."""


class KeysUnusable(Exception):
    """No master keys that this product may start with. The message names the place, never the contents."""


class SealBroken(Exception):
    """What was to be opened is damaged, was moved from elsewhere, or belongs to another key."""


class MasterMissing(SealBroken):
    """A data key is wrapped by a master key that is not in the list."""


class Secret:
    """Bytes that never show. ``reveal`` is the one way to them."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = value

    def reveal(self) -> bytes:
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._value, other._value)

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")


class Vault:
    """Seals what is stored. ``masters``: newest first, 32 bytes each; ``random_bytes``: ``os.urandom`` in production.

    AES-256-GCM with random nonces of 96 bits; a data key seals some thousand turns, far below the bound of 2^32.
    """

    def __init__(self, masters: Sequence[Secret], random_bytes: RandomBytes) -> None:
        if not masters:
            raise KeysUnusable("there is no master key")
        self._random = random_bytes
        self._wrappers = {_key_id(master): derived(master, "wrap").reveal() for master in reversed(masters)}
        self._newest = _key_id(masters[0])
        self._index = HMAC(derived(masters[-1], "index").reveal(), SHA256())

    def new_key(self, case: CaseId) -> tuple[Secret, bytes]:
        """A random data key for ``case``, and the same wrapped for the store."""
        data_key = Secret(self._random(_KEY_BYTES))
        return data_key, self.wrap(case, data_key)

    def wrap(self, case: CaseId, data_key: Secret) -> bytes:
        """65 bytes: format, id of the newest master key, nonce, sealed key; bound to ``case``."""
        sealed = self._seal(self._wrappers[self._newest], case, data_key.reveal())
        return _FORMAT + self._newest + sealed

    def unwrap(self, case: CaseId, wrapped: bytes) -> Secret:
        """Raises :class:`MasterMissing`, or :class:`SealBroken` where the key is another case's or damaged."""
        start = len(_FORMAT) + _KEY_ID_BYTES
        wrapper = self._wrappers.get(wrapped[len(_FORMAT) : start])
        if wrapped[: len(_FORMAT)] != _FORMAT:
            raise SealBroken("unknown format of a wrapped key")
        if wrapper is None:
            raise MasterMissing("a data key is wrapped by a master key that is not listed")
        return Secret(_opened(wrapper, case, wrapped[start:]))

    def rewrap(self, case: CaseId, wrapped: bytes) -> bytes:
        """The same data key under the newest master key; unchanged where it already is."""
        if wrapped[len(_FORMAT) : len(_FORMAT) + _KEY_ID_BYTES] == self._newest:
            return wrapped
        return self.wrap(case, self.unwrap(case, wrapped))

    def seal(self, data_key: Secret, case: CaseId, number: int, plaintext: bytes) -> bytes:
        """``plaintext`` sealed for one place, ``case`` and turn ``number``: moved elsewhere it does not open."""
        return _FORMAT + self._seal(data_key.reveal(), _place(case, number), plaintext)

    def open(self, data_key: Secret, case: CaseId, number: int, sealed: bytes) -> bytes:
        """What :meth:`seal` was given. Raises :class:`SealBroken`."""
        if sealed[: len(_FORMAT)] != _FORMAT:
            raise SealBroken("unknown format of a sealed text")
        return _opened(data_key.reveal(), _place(case, number), sealed[len(_FORMAT) :])

    def seal_blob(self, data_key: Secret, case: CaseId, name: str, number: int, plaintext: bytes) -> bytes:
        """Piece ``number`` of the file ``name`` of ``case``, sealed under the file's own key for that one place."""
        return _FORMAT + self._seal(_blob_key(data_key, name), _place(case, number) + name.encode(), plaintext)

    def open_blob(self, data_key: Secret, case: CaseId, name: str, number: int, sealed: bytes) -> bytes:
        """What :meth:`seal_blob` was given. Raises :class:`SealBroken`."""
        if sealed[: len(_FORMAT)] != _FORMAT:
            raise SealBroken("unknown format of a sealed file")
        place = _place(case, number) + name.encode()
        return _opened(_blob_key(data_key, name), place, sealed[len(_FORMAT) :])

    def door_hash(self, channel: str, address: str) -> bytes:
        """32 bytes by which the case behind ``address`` in ``channel`` is found, and which tell nobody the address."""
        return self._blind("door", channel, address)

    def credential_hash(self, secret: str) -> bytes:
        """32 bytes: what is stored of a token, a resume code (canonical form) or a hop link."""
        return self._blind("credential", secret)

    def index_hash(self, field: str, value: str) -> bytes:
        """32 bytes by which staff find a case by the exact ``value`` of ``field``."""
        return self._blind("index", field, value)

    def _blind(self, *parts: str) -> bytes:
        texts = (part.encode() for part in parts)
        # lengths in front, so that ("ab", "c") and ("a", "bc") differ
        message = b"".join(len(text).to_bytes(4, "big") + text for text in texts)
        mac = self._index.copy()
        mac.update(message)
        return mac.finalize()

    def _seal(self, key: bytes, place: bytes, plaintext: bytes) -> bytes:
        nonce = self._random(_NONCE_BYTES)
        return nonce + AESGCM(key).encrypt(nonce, plaintext, place)


def derived(key: Secret, purpose: str) -> Secret:
    """A key for one ``purpose`` (such as one file of evidence), by HKDF-SHA-256 (RFC 5869)."""
    info = f"antragslotse 1 {purpose}".encode()
    return Secret(HKDF(SHA256(), _KEY_BYTES, salt=None, info=info).derive(key.reveal()))


def load_masters(environment: Mapping[str, str], folder: Path, random_bytes: RandomBytes) -> list[Secret]:
    """The master keys, newest first: from the environment, else from the key file in ``folder``.

    Where neither exists the file is made. Raises :class:`KeysUnusable`.
    """
    if text := environment.get(MASTER_KEYS_VARIABLE, "").strip():
        return _read_keys(text.split(","), MASTER_KEYS_VARIABLE)
    path = folder / KEY_FILE
    if not path.exists():
        _make_key_file(path, Secret(random_bytes(_KEY_BYTES)))
    return _read_key_file(path)


def written(key: Secret) -> str:
    """A master key as it stands in the environment or the key file: 43 characters base64url."""
    return base64.urlsafe_b64encode(key.reveal()).decode().rstrip("=")


def _read_key_file(path: Path) -> list[Secret]:
    if path.stat().st_mode & 0o077:
        raise KeysUnusable(f"{path.name} can be read by others; run: chmod 600 {path.name}")
    lines = (line.strip() for line in path.read_text("ascii", errors="replace").splitlines())
    return _read_keys([line for line in lines if line and not line.startswith("#")], path.name)


def _read_keys(texts: Sequence[str], where: str) -> list[Secret]:
    keys = [_read_key(text.strip(), f"{where}, key {place}") for place, text in enumerate(texts, 1)]
    if not keys:
        raise KeysUnusable(f"{where} holds no key")
    if len(set(keys)) < len(keys):
        raise KeysUnusable(f"{where} holds a key twice")
    return keys


def _read_key(text: str, where: str) -> Secret:
    try:
        value = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        # the cause quotes nothing, yet it is cut off: this is about a key
        raise KeysUnusable(f"{where} is not base64url") from None
    if len(value) != _KEY_BYTES:
        raise KeysUnusable(f"{where} has {len(value)} bytes instead of {_KEY_BYTES}")
    return Secret(value)


def _make_key_file(path: Path, key: Secret) -> None:
    """Complete or not at all, durable, and the first of several starting processes wins."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(
                "# Master keys, newest first. Without this file every stored case is lost.\n" + written(key) + "\n"
            )
            file.flush()
            os.fsync(file.fileno())
        hit("keys.before_link")
        _link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _link(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _key_id(master: Secret) -> bytes:
    return hashlib.sha256(derived(master, "id").reveal()).digest()[:_KEY_ID_BYTES]


def _blob_key(data_key: Secret, name: str) -> bytes:
    return derived(data_key, f"evidence {name}").reveal()


def _place(case: CaseId, number: int) -> bytes:
    return case + number.to_bytes(8, "big")


def _opened(key: bytes, place: bytes, sealed: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place)
    except (InvalidTag, ValueError):
        raise SealBroken("a seal is broken") from None
