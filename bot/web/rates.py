"""How many requests are too many: token buckets in memory. Pure: time is handed in, in seconds of any steady clock.

A bucket that nobody touched until it was full again is the same as none; so the oldest are forgotten first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from bot import limits

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

KNOWN: Final = 50_000
"""So many keys are remembered of each kind."""
HOUR: Final = 3_600.0
_V4_SHIFT: Final = 32 - 24
_V6_SHIFT: Final = 128 - 48


class Buckets:
    """One bucket a key: ``burst`` tokens at once, ``rate`` new ones a second."""

    def __init__(self, burst: float, rate: float, known: int = KNOWN) -> None:
        self._burst = float(burst)
        self._rate = float(rate)
        self._known = known
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, key: Hashable, now: float) -> float:
        """Takes one token. Returns 0, or the seconds until there is one; then nothing is taken."""
        tokens = self._tokens(key, now)
        if tokens < 1.0:
            return (1.0 - tokens) / self._rate
        self._buckets[key] = (tokens - 1.0, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._known:
            self._buckets.popitem(last=False)
        return 0.0

    def give_back(self, key: Hashable, now: float) -> None:
        """A token that was taken for nothing."""
        self._buckets[key] = (min(self._burst, self._tokens(key, now) + 1.0), now)

    def _tokens(self, key: Hashable, now: float) -> float:
        tokens, at = self._buckets.get(key, (self._burst, now))
        return min(self._burst, tokens + max(0.0, now - at) * self._rate)

    def __len__(self) -> int:
        return len(self._buckets)


class Rates:
    """Every rate of the web. Each method returns 0 or the seconds to wait. A ``network`` of None is free of rates."""

    def __init__(self) -> None:
        self._process = Buckets(limits.PROCESS_BURST, limits.PROCESS_RATE)
        self._networks = Buckets(limits.NETWORK_BURST, limits.NETWORK_RATE)
        self._cases = Buckets(limits.CASE_BURST, limits.CASE_RATE)
        self._pieces = Buckets(limits.PIECE_BURST, limits.PIECE_RATE)
        self._openings = Buckets(limits.NEW_CASES_PER_HOUR, limits.NEW_CASES_PER_HOUR / HOUR)
        self._tries = Buckets(limits.RESUME_TRIES_PER_HOUR, limits.RESUME_TRIES_PER_HOUR / HOUR)

    def request(self, network: Hashable | None, now: float) -> float:
        """Any request. What its network may not do costs the process nothing."""
        if network is None:
            return 0.0
        return self._networks.take(network, now) or self._process.take("", now)

    def case(self, case: bytes, network: Hashable | None, now: float) -> float:
        """A request that acts on a case."""
        return self._cases.take(case, now) if network is not None else 0.0

    def piece(self, case: bytes, network: Hashable | None, now: float) -> float:
        """A piece or a picture of a case's file: many of them are ordinary, and none is a turn."""
        return self._pieces.take(case, now) if network is not None else 0.0

    def opening(self, network: Hashable | None, now: float) -> float:
        """A new case."""
        return self._openings.take(network, now) if network is not None else 0.0

    def try_code(self, network: Hashable | None, now: float) -> float:
        """A code to come back. Only wrong ones count: a right one is given back by :meth:`right_code`."""
        return self._tries.take(network, now) if network is not None else 0.0

    def right_code(self, network: Hashable | None, now: float) -> None:
        """The code that was tried opened its case."""
        if network is not None:
            self._tries.give_back(network, now)


class Networks:
    """Which network a request comes from, with so many ``proxies`` of our own in front. Remembers its work."""

    def __init__(self, proxies: int = 0, free: Iterable[Network] = ()) -> None:
        self._proxies = proxies
        self._free = tuple(free)
        self._seen: dict[str, Hashable | None] = {}

    def of(self, peer: str | None, forwarded: str | None) -> Hashable | None:
        """The /24 or /48 as a hashable key; None where no rates apply. ``forwarded``: ``X-Forwarded-For``.

        Each of our proxies adds the address it saw at the right. What stands further left was written by anybody.
        """
        address = (peer or "").partition("%")[0]
        if self._proxies and forwarded:
            hops = forwarded.split(",")
            address = hops[max(0, len(hops) - self._proxies)].strip()
        if address not in self._seen:
            if len(self._seen) >= KNOWN:
                self._seen.clear()
            self._seen[address] = self._key(address)
        return self._seen[address]

    def _key(self, text: str) -> Hashable | None:
        try:
            address = _plain(ip_address(_without_port(text)))
        except ValueError:
            return "unknown"
        if any(address in network for network in self._free):
            return None
        return network_of(address)


def network_of(address: Address) -> tuple[int, int]:
    """IP version and the number of the /24 (IPv4) or /48 (IPv6)."""
    shift = _V4_SHIFT if address.version == 4 else _V6_SHIFT
    return address.version, int(address) >> shift


def _without_port(text: str) -> str:
    """``192.0.2.1:80`` and ``[2001:db8::1]:80``, as some proxies write them."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


def _plain(address: Address) -> Address:
    """``::ffff:192.0.2.1`` is an IPv4 address."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
