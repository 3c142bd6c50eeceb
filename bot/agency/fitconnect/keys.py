"""Is this the key of an agency? Every member of a JWK is checked before anything is encrypted for it or believed.

Sources: OpenAPI 1.1.3 (schema JWK) and the documentation's section on keys. What cannot be checked is refused, in words
for an operator. Revocation is not checked (docs/adr/0026).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

Use = Literal["wrapKey", "verify"]
ALGORITHMS: Final[Mapping[Use, str]] = {"wrapKey": "RSA-OAEP-256", "verify": "PS512"}
LEAST_BITS: Final = 4096
LONGEST_CHAIN: Final = 6


class UnfitKey(Exception):
    """Why a key is not used, for an operator."""


class KeyRules:
    """What a connection demands of certificates. ``roots``: who may vouch; none: only ``self_signed`` keys can pass."""

    def __init__(self, *, self_signed: bool, roots: Sequence[x509.Certificate] = ()) -> None:
        self._self_signed = self_signed
        self._roots = tuple(roots)

    def fit(self, jwk: Mapping[str, Any], use: Use, *, kid: str, now: datetime, published: bool = False) -> RSAKey:
        """The public key, ready for joserfc. Raises :class:`UnfitKey`.

        ``published``: it comes from the service's own JWKS, where TLS vouches; a certificate is checked where there is.
        """
        _members(jwk, use, kid)
        numbers = {name: jwk[name] for name in ("kty", "n", "e")}
        try:
            key = RSAKey.import_key(numbers, {"kid": kid})
            public = key.public_key
        except (JoseError, ValueError, TypeError):
            raise UnfitKey("n and e are no RSA key") from None
        if public.key_size < LEAST_BITS:
            raise UnfitKey(f"{public.key_size} bits, {LEAST_BITS} are the least")
        if not (published and "x5c" not in jwk):
            chain = _chain(jwk.get("x5c"))
            _certified(chain[0], public)
            _valid(chain, now)
            if not published:
                self._vouched(chain, now)
        return key

    def _vouched(self, chain: Sequence[x509.Certificate], now: datetime) -> None:
        if len(chain) == 1 and chain[0].issuer == chain[0].subject:
            if not self._self_signed:
                raise UnfitKey("the certificate is self-signed, which this connection does not allow")
            _issued(chain[0], chain[0])
            return
        if self._self_signed and not self._roots:
            return  # TEST and sandbox: whoever issued it is not asked
        for issued, issuer in pairwise(chain):
            _authority(issuer)
            _issued(issued, issuer)
        if not any(_vouches(root, chain[-1], now) for root in self._roots):
            raise UnfitKey("no configured root vouches for the certificate")


def load_roots(path: str) -> list[x509.Certificate]:
    """The certificates of a PEM file; none for no path. Raises ``OSError`` and ``ValueError``, which stop the start."""
    return x509.load_pem_x509_certificates(Path(path).read_bytes()) if path else []


def _members(jwk: Mapping[str, Any], use: Use, kid: str) -> None:
    if jwk.get("kty") != "RSA":
        raise UnfitKey("kty is not RSA")
    if jwk.get("alg") != ALGORITHMS[use]:
        raise UnfitKey(f"alg is not {ALGORITHMS[use]}")
    if jwk.get("kid") != kid:
        raise UnfitKey("kid is not the one that was asked for")
    operations = jwk.get("key_ops")
    if not isinstance(operations, list) or use not in operations:
        raise UnfitKey(f"key_ops does not hold {use}")
    if use == "wrapKey" and operations != ["wrapKey"]:
        raise UnfitKey("key_ops holds more than wrapKey")
    if jwk.get("e") != "AQAB":
        raise UnfitKey("e is not 65537")
    if {"d", "p", "q", "dp", "dq", "qi"} & jwk.keys():
        raise UnfitKey("it holds private parts: whoever published it gave the key away")


def _chain(x5c: object) -> list[x509.Certificate]:
    if not isinstance(x5c, list) or not 0 < len(x5c) <= LONGEST_CHAIN:
        raise UnfitKey("x5c holds no certificate")
    try:
        return [x509.load_der_x509_certificate(base64.b64decode(each, validate=True)) for each in x5c]
    except (binascii.Error, ValueError, TypeError):
        raise UnfitKey("x5c cannot be read") from None


def _certified(certificate: x509.Certificate, public: RSAPublicKey) -> None:
    certified = certificate.public_key()
    if not isinstance(certified, RSAPublicKey) or certified.public_numbers() != public.public_numbers():
        raise UnfitKey("the certificate is for another key")


def _valid(chain: Sequence[x509.Certificate], now: datetime) -> None:
    for each in chain:
        if not each.not_valid_before_utc <= now <= each.not_valid_after_utc:
            raise UnfitKey("a certificate is not valid today")


def _issued(issued: x509.Certificate, issuer: x509.Certificate) -> None:
    try:
        issued.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        raise UnfitKey("the chain of certificates is broken") from None


def _authority(issuer: x509.Certificate) -> None:
    try:
        basic = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        raise UnfitKey("a certificate of the chain is no authority's") from None
    if not basic.ca:
        raise UnfitKey("a certificate of the chain is no authority's")


def _vouches(root: x509.Certificate, last: x509.Certificate, now: datetime) -> bool:
    if not root.not_valid_before_utc <= now <= root.not_valid_after_utc:
        return False
    if root == last:
        return True
    try:
        _authority(root)
        _issued(last, root)
    except UnfitKey:
        return False
    return True
