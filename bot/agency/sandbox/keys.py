"""The sandbox's keys: three RSA pairs of 4096 bit with self-made certificates, made once and kept in its folder.

JWKs as FIT-Connect wants them (OpenAPI 1.1.3): ``alg``, ``key_ops``, ``x5c``, ``kid``; the private halves leave this
folder never. Files are written under another name first, so that a crash leaves no half key.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from joserfc.jwk import RSAKey

from bot.agency.sandbox.access import Access, Offer

_VALID: Final = timedelta(days=3650)
_BITS: Final = 4096
_PURPOSES: Final = {
    "encryption": ("RSA-OAEP-256", "wrapKey"),
    "destination": ("PS512", "verify"),
    "service": ("PS512", "verify"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """``public``: the JWK as published; ``private``: for joserfc, without ``key_ops``."""

    public: dict[str, Any]
    private: RSAKey = field(repr=False)

    @property
    def kid(self) -> str:
        return str(self.public["kid"])


@dataclass(frozen=True, slots=True)
class Safe:
    """Everything secret of one sandbox."""

    encryption: Pair
    destination: Pair
    service: Pair
    destination_id: str
    client_id: str
    client_secret: str = field(repr=False)
    token_secret: str = field(repr=False)

    def access(self, offer: Offer) -> Access:
        """A sender's way in for one of the services offered."""
        return Access(
            client_id=self.client_id,
            client_secret=self.client_secret,
            destination=self.destination_id,
            service_identifier=offer.identifier,
            service_name=offer.name,
            region=offer.region,
        )


def has_safe(folder: Path) -> bool:
    """Are all keys there?"""
    return all((folder / name).exists() for name in ("access.json", *(f"{purpose}.pem" for purpose in _PURPOSES)))


def open_safe(folder: Path) -> Safe:
    """Read the keys below ``folder``, or make them at the first start (some seconds).

    OSError: the folder cannot be used. ValueError: a file in it is damaged.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    with ThreadPoolExecutor(len(_PURPOSES)) as threads:  # each new key takes a second or more
        pairs = dict(zip(_PURPOSES, threads.map(lambda purpose: _pair(folder, purpose), _PURPOSES), strict=True))
    names = _names(folder / "access.json")
    return Safe(
        encryption=pairs["encryption"],
        destination=pairs["destination"],
        service=pairs["service"],
        destination_id=names["destination_id"],
        client_id=names["client_id"],
        client_secret=names["client_secret"],
        token_secret=names["token_secret"],
    )


def _names(path: Path) -> dict[str, str]:
    if not path.exists():
        made = {
            "destination_id": str(uuid.uuid4()),
            "client_id": f"sandbox-{uuid.uuid4()}",
            "client_secret": secrets.token_urlsafe(32),
            "token_secret": secrets.token_urlsafe(48),
        }
        _write(path, json.dumps(made).encode())
    found = json.loads(path.read_bytes())
    return {str(name): str(value) for name, value in found.items()}


def _pair(folder: Path, purpose: str) -> Pair:
    path = folder / f"{purpose}.pem"
    if not path.exists():
        _write(path, _made(purpose))
    pem = path.read_bytes()
    key = serialization.load_pem_private_key(pem, None)
    certificate = x509.load_pem_x509_certificate(pem)
    return Pair(_public(certificate, purpose), RSAKey.import_key(_private_pem(key)))


def _made(purpose: str) -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Sandbox ({purpose})")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _VALID)
        .sign(key, hashes.SHA512())
    )
    return _private_pem(key) + certificate.public_bytes(serialization.Encoding.PEM)


def _private_pem(key: Any) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    pem: bytes = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    return pem


def _public(certificate: x509.Certificate, purpose: str) -> dict[str, Any]:
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise TypeError(f"{purpose}.pem holds no RSA key")
    numbers = key.public_numbers()
    algorithm, operation = _PURPOSES[purpose]
    der = certificate.public_bytes(serialization.Encoding.DER)
    return {
        "kty": "RSA",
        "alg": algorithm,
        "key_ops": [operation],
        "kid": certificate.fingerprint(hashes.SHA256()).hex()[:32],
        "n": _b64(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8)),
        "e": _b64(numbers.e.to_bytes(3)),
        "x5c": [base64.b64encode(der).decode()],
    }


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all. Where another process was first, its file stays."""
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_bytes(data)
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
