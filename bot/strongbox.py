"""Seals evidence before it is stored: uploads piece by piece, and what became of them in one.

Laws: the store sees neither content nor a name or hash of it. Each piece opens only for its case, its file and the
byte where it begins; a piece that was not wholly written does not count. Who holds no data key reads nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
from collections import OrderedDict
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple
from weakref import WeakValueDictionary

from bot.keys import SEAL_BYTES, SealBroken, Secret, Vault, derived
from bot.ports import CaseId, EvidenceStore

_LENGTH_BYTES: Final = 4
_UPLOAD: Final = "upload-"
_DOCUMENT: Final = "document-"
_SCRATCH: Final = "out-"
_FILE: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ENDS_KNOWN: Final = 1_000
"""So many uploads go on without being read anew; more than one process receives at once."""


class OffsetMismatch(Exception):
    """The chunk does not begin where the upload ends. ``actual``: where it does, in bytes."""

    def __init__(self, actual: int) -> None:
        super().__init__(f"the upload is at byte {actual}")
        self.actual = actual


class _Frame(NamedTuple):
    """A sealed piece: ``begins`` in the plain file, ``at`` in the stored one where its length stands in front."""

    begins: int
    at: int
    sealed: bytes

    @property
    def plain_bytes(self) -> int:
        return len(self.sealed) - SEAL_BYTES

    @property
    def end(self) -> int:
        return self.at + _LENGTH_BYTES + len(self.sealed)


class _End(NamedTuple):
    """Where the sound part of an upload ends: ``stored`` with all that belongs to sealing, ``plain`` without."""

    stored: int = 0
    plain: int = 0


class Strongbox:
    """``key`` is always the case's data key; ``file`` the id of an upload; a name is what :meth:`keep` gave.

    All raise :class:`bot.ports.EvidenceDown`; whatever opens a seal raises :class:`bot.keys.SealBroken`.
    """

    def __init__(self, store: EvidenceStore, vault: Vault) -> None:
        self._store, self._vault = store, vault
        self._locks: WeakValueDictionary[tuple[CaseId, str], asyncio.Lock] = WeakValueDictionary()
        self._ends: OrderedDict[tuple[CaseId, str], _End] = OrderedDict()

    async def offset(self, case: CaseId, key: Secret, file: str) -> int:
        """How many plain bytes of an upload are here for good; 0 of one that nobody knows."""
        return (await self._end(case, key, upload_of(file))).plain

    async def receive(self, case: CaseId, key: Secret, file: str, offset: int, chunk: bytes) -> int:
        """The new offset; then the chunk is on the disk. Raises :class:`OffsetMismatch`."""
        name = upload_of(file)
        async with self._locks.setdefault((case, name), asyncio.Lock()):  # one chunk after the other
            end = await self._end(case, key, name)
            if offset != end.plain:
                raise OffsetMismatch(end.plain)
            if chunk:
                await self._write(case, key, name, end, chunk)
            return offset + len(chunk)

    async def _write(self, case: CaseId, key: Secret, name: str, end: _End, chunk: bytes) -> None:
        self._ends.pop((case, name), None)  # until it is written nobody knows where the upload ends
        sealed = await self._sealed(case, key, name, chunk, begins=end.plain)
        await self._store.append(case, name, end.stored, len(sealed).to_bytes(_LENGTH_BYTES, "big") + sealed)
        self._remember(case, name, _End(end.stored + _LENGTH_BYTES + len(sealed), end.plain + len(chunk)))

    async def received(self, case: CaseId, key: Secret, file: str) -> bytes:
        """The upload as far as it is here."""
        name = upload_of(file)
        frames = await self._frames(case, key, name)
        return await asyncio.to_thread(
            lambda: b"".join(self._vault.open_blob(key, case, name, frame.begins, frame.sealed) for frame in frames)
        )

    async def discard(self, case: CaseId, file: str) -> None:
        """The upload is gone, if it was there. No key is needed for that."""
        await self._store.drop(case, upload_of(file))

    async def keep(self, case: CaseId, key: Secret, data: bytes) -> str:
        """The name of ``data``: the same for the same bytes in the same case, and for nobody else."""
        digest = await asyncio.to_thread(lambda: hashlib.sha256(data).digest())
        name = _DOCUMENT + hmac.digest(derived(key, "evidence names").reveal(), digest, "sha256").hex()
        await self._store.put(case, name, await self._sealed(case, key, name, data, begins=0))
        return name

    async def read(self, case: CaseId, key: Secret, name: str) -> bytes:
        """What was kept under that name. Raises ``KeyError`` where there is none."""
        if not name.startswith(_DOCUMENT):
            raise KeyError(name)
        sealed = await self._store.get(case, name)
        return await asyncio.to_thread(self._vault.open_blob, key, case, name, 0, sealed)

    async def keep_scratch(self, case: CaseId, n: int, name: str, data: bytes) -> None:
        """Keeps what is encrypted already and belongs to submission ``n``. The same name again changes nothing."""
        await self._store.put(case, f"{scratch_of(n)}{name}", data)

    async def read_scratch(self, case: CaseId, n: int, name: str) -> bytes | None:
        try:
            return await self._store.get(case, f"{scratch_of(n)}{name}")
        except KeyError:
            return None

    async def empty_scratch(self, case: CaseId, n: int) -> None:
        """Submission ``n`` has arrived: nothing is sent again."""
        await self.forget(case, [name for name in await self.names(case) if name.startswith(scratch_of(n))])

    async def names(self, case: CaseId) -> list[str]:
        """Everything that lies here of a case: what was kept, and uploads (:func:`upload_of`)."""
        return await self._store.names(case)

    async def forget(self, case: CaseId, names: Collection[str]) -> None:
        """What lies under these names is gone."""
        for name in names:
            await self._store.drop(case, name)

    async def erase(self, case: CaseId) -> None:
        """All evidence of a case. No key is needed for that."""
        await self._store.erase(case)

    async def cases(self) -> list[CaseId]:
        """Every case of which anything lies here."""
        return await self._store.cases()

    async def _end(self, case: CaseId, key: Secret, name: str) -> _End:
        """Reads the upload only where it does not end any more where this process left it."""
        known = self._ends.get((case, name))
        if known is not None and await self._store.size(case, name) == known.stored:
            return known
        frames = await self._frames(case, key, name)
        end = _End(frames[-1].end, frames[-1].begins + frames[-1].plain_bytes) if frames else _End()
        self._remember(case, name, end)
        return end

    def _remember(self, case: CaseId, name: str, end: _End) -> None:
        self._ends[case, name] = end
        self._ends.move_to_end((case, name))
        if len(self._ends) > _ENDS_KNOWN:
            self._ends.popitem(last=False)

    async def _frames(self, case: CaseId, key: Secret, name: str) -> list[_Frame]:
        """The sound pieces of an upload. Only the last one can be torn: each was on the disk before the next."""
        try:
            frames = list(_whole_frames(await self._store.get(case, name)))
        except KeyError:
            return []
        if frames and not await self._opens(case, key, name, frames[-1]):
            del frames[-1]
        return frames

    async def _opens(self, case: CaseId, key: Secret, name: str, frame: _Frame) -> bool:
        try:
            await asyncio.to_thread(self._vault.open_blob, key, case, name, frame.begins, frame.sealed)
        except SealBroken:
            return False
        return True

    async def _sealed(self, case: CaseId, key: Secret, name: str, data: bytes, *, begins: int) -> bytes:
        return await asyncio.to_thread(self._vault.seal_blob, key, case, name, begins, data)


def upload_of(file: str) -> str:
    """The name under which an upload lies."""
    if not _FILE.fullmatch(file):
        raise ValueError("not an id of a file")
    return _UPLOAD + file


def scratch_of(n: int) -> str:
    """What the names of submission ``n``'s scratch begin with."""
    return f"{_SCRATCH}{n}-"


def _whole_frames(stored: bytes) -> Iterator[_Frame]:
    """Up to the first that is cut off, or whose length cannot be."""
    begins = at = 0
    while len(stored) >= (start := at + _LENGTH_BYTES):
        length = int.from_bytes(stored[at:start], "big")
        if length <= SEAL_BYTES or start + length > len(stored):
            return
        frame = _Frame(begins, at, stored[start : start + length])
        yield frame
        begins, at = begins + frame.plain_bytes, frame.end
