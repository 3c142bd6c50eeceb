"""What people and programs hold in hand: case ids, tokens, resume codes and references. Pure; randomness comes in.

Codes are read as people write them (Crockford's base32: o is 0, i and l are 1; case, spaces and dashes do not
count) and always handed on in one canonical form, because only that form is hashed and stored.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from bot.ports import CaseId

RandomBytes = Callable[[int], bytes]

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no I, L, O, U."""

_TOKEN: Final = re.compile(r"at_([A-Za-z0-9_-]{64})")
_CASE_BYTES: Final = 16
_TOKEN_SECRET_BYTES: Final = 32
_RESUME_LENGTH: Final = 16
_REFERENCE_LENGTH: Final = 8
_REFERENCE_MARK: Final = "AL"
_SEPARATORS: Final = re.compile(r"[\s\-‐‑‒–—_.]+")
_LOOKALIKES: Final = str.maketrans("OIL", "011")


def new_case(now: datetime, random_bytes: RandomBytes) -> CaseId:
    """16 time-ordered bytes in the layout of UUIDv7 (RFC 9562, section 5.7): 48 bits of milliseconds, 74 random."""
    milliseconds = int(now.timestamp() * 1000)
    random = int.from_bytes(random_bytes(10), "big")
    high, low = random >> 68, random & ((1 << 62) - 1)
    return (milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low).to_bytes(_CASE_BYTES, "big")


def new_token(case: CaseId, random_bytes: RandomBytes) -> str:
    """A bearer token: ``at_`` and base64url of the case and 32 random bytes."""
    return "at_" + base64.urlsafe_b64encode(case + random_bytes(_TOKEN_SECRET_BYTES)).decode()


def case_of_token(token: str) -> CaseId | None:
    """The case a token claims to open, None where it has not the shape of one. Proves nothing: check its hash."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    try:
        return base64.b64decode(match[1], altchars=b"-_", validate=True)[:_CASE_BYTES]
    except binascii.Error:
        return None


def new_resume_code(random_bytes: RandomBytes) -> str:
    """80 random bits as ``XXXX-XXXX-XXXX-XXXX``."""
    return _grouped(_symbols(int.from_bytes(random_bytes(10), "big"), _RESUME_LENGTH))


def read_resume_code(text: str) -> str | None:
    """The canonical form of a resume code as somebody typed it. None where it is none."""
    symbols = _read(text)
    return _grouped(symbols) if symbols is not None and len(symbols) == _RESUME_LENGTH else None


def new_reference(random_bytes: RandomBytes) -> str:
    """``AL-XXXX-XXXX``: 35 random bits and a check character. Names a case, opens none."""
    symbols = _symbols(int.from_bytes(random_bytes(5), "big"), _REFERENCE_LENGTH - 1)
    return _reference(symbols + ALPHABET[_times_two(_remainder(symbols))])


def read_reference(text: str) -> str | None:
    """The canonical form of a reference as somebody typed it, with or without ``AL``. None where it is none."""
    symbols = _read(text)
    if symbols is None:
        return None
    if len(symbols) == _REFERENCE_LENGTH + len(_REFERENCE_MARK) and symbols.startswith("A1"):  # "AL", read as a code
        symbols = symbols[len(_REFERENCE_MARK) :]
    if len(symbols) != _REFERENCE_LENGTH or _remainder(symbols) != 0:
        return None
    return _reference(symbols)


def _remainder(symbols: Iterable[str]) -> int:
    """Zero for a valid reference: a Reed-Solomon code with one check symbol over the field of 32 elements.

    Each place has another weight, a power of two in the field; so every single wrong character and every swap of any
    two different characters is found, which a checksum modulo 32 cannot do.
    """
    remainder = 0
    for symbol in symbols:
        remainder = _times_two(remainder) ^ ALPHABET.index(symbol)
    return remainder


def _times_two(element: int) -> int:
    """In GF(2^5) modulo x^5 + x^2 + 1, which is primitive: the powers of two run through all 31 elements but zero."""
    return element << 1 if element < 16 else (element << 1) ^ 0b100101


def _symbols(number: int, length: int) -> str:
    """The lowest ``5 * length`` bits."""
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))


def _read(text: str) -> str | None:
    plain = _SEPARATORS.sub("", text)
    if not plain.isascii():  # "ß" would become "SS"
        return None
    symbols = plain.upper().translate(_LOOKALIKES)
    return symbols if all(symbol in ALPHABET for symbol in symbols) else None


def _grouped(symbols: str) -> str:
    return "-".join(symbols[start : start + 4] for start in range(0, len(symbols), 4))


def _reference(symbols: str) -> str:
    return f"{_REFERENCE_MARK}-{_grouped(symbols)}"
