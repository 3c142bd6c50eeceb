"""The keys that sign receipts: one file in the data folder, mode 0600, made at the first start.

``{keys: [...]}`` as JWK Set (RFC 7517): the first is private and signs; behind it the public halves of all that ever
did, for a receipt is checked years later. Written whole or not at all, and never over another process's first key.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from bot.keys import KeysUnusable

ALGORITHM: Final = "Ed25519"
KEY_FILE: Final = "receipt-keys.json"


class Keyring:
    """``signing``: the key that signs now. Its ``kid`` is its thumbprint (RFC 7638)."""

    def __init__(self, signing: OKPKey, older: list[OKPKey]) -> None:
        self.signing: Final = signing
        self.older: Final = older

    @classmethod
    def load(cls, folder: Path) -> Keyring:
        """The keys in ``folder``, made where there are none. Raises :class:`bot.keys.KeysUnusable`, ``OSError``."""
        path = folder / KEY_FILE
        if not path.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _place(path, cls(_new(), []).as_json(), os.link)
        return cls._read(path)

    @classmethod
    def rotate(cls, folder: Path) -> Keyring:
        """A new key signs from now on; receipts of the old ones stay good."""
        known = cls.load(folder)
        made = cls(_new(), [known.signing, *known.older])
        _place(folder / KEY_FILE, made.as_json(), os.replace)
        return made

    @classmethod
    def _read(cls, path: Path) -> Keyring:
        try:
            keys = [_key(each) for each in json.loads(path.read_text("utf-8"))["keys"]]
            signing, *older = keys
        except (ValueError, KeyError, TypeError, JoseError) as error:
            raise KeysUnusable(f"{path} holds no keys for receipts") from error
        if not signing.is_private:
            raise KeysUnusable(f"the first key in {path} cannot sign")
        return cls(signing, older)

    def public(self) -> dict[str, Any]:
        """The JWK Set that anybody may have, the signing key first."""
        return {"keys": [_public(key) for key in (self.signing, *self.older)]}

    def key_set(self) -> KeySet:
        return key_set(self.public())

    def as_json(self) -> str:
        private = {**self.signing.as_dict(private=True), "kid": self.signing.kid}
        return json.dumps({"keys": [private, *(_public(key) for key in self.older)]}, indent=1) + "\n"


def key_set(public: Mapping[str, Any]) -> KeySet:
    """Of a JWK Set as it was published. Raises ``ValueError``."""
    try:
        return KeySet([_key(each) for each in public["keys"]])
    except (KeyError, TypeError, JoseError) as error:
        raise ValueError("no JWK Set of receipt keys") from error


def _new() -> OKPKey:
    return _key(OKPKey.generate_key("Ed25519", private=True).as_dict(private=True))


def _key(found: Mapping[str, Any]) -> OKPKey:
    key = OKPKey.import_key({name: found[name] for name in ("kty", "crv", "x", "d") if name in found})
    return OKPKey.import_key(
        {**key.as_dict(private=key.is_private), "kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM}
    )


def _public(key: OKPKey) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": str(key.kid)}


def _place(path: Path, text: str, put: Any) -> None:
    """Durable with its name. ``put``: ``os.link`` gives way to a file that is there, ``os.replace`` does not."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        put(draft, path)
    except FileExistsError:
        pass  # another process was first: its key is ours too
    finally:
        Path(draft).unlink(missing_ok=True)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
