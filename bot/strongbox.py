"""Seals evidence before it is stored: uploads piece by piece, and what became of them in one.

Laws: the store sees neither content nor a name or hash of it. Each piece opens only for its case, its file and the
byte where it begins; a piece that was not wholly written does not count. Who holds no data key reads nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple
from weakref import WeakValueDictionary

from bot.keys import SEAL_BYTES, SealBroken, Secret, Vault, derived
from bot.ports import CaseId, EvidenceStore

_LENGTH_BYTES: Final = 4
_UPLOAD: Final = "upload-"
_DOCUMENT: Final = "document-"
_FILE: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


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


class Strongbox:
    """``key`` is always the case's data key; ``file`` the id of an upload; a name is what :meth:`keep` gave.

    All raise :class:`bot.ports.EvidenceDown`; whatever opens a seal raises :class:`bot.keys.SealBroken`.
    """

    def __init__(self, store: EvidenceStore, vault: Vault) -> None:
        self._store, self._vault = store, vault
        self._locks: WeakValueDictionary[tuple[CaseId, str], asyncio.Lock] = WeakValueDictionary()

    async def offset(self, case: CaseId, key: Secret, file: str) -> int:
        """How many plain bytes of an upload are here for good; 0 of one that nobody knows."""
        frames = await self._frames(case, key, _upload(file))
        return _plain_end(frames)

    async def receive(self, case: CaseId, key: Secret, file: str, offset: int, chunk: bytes) -> int:
        """The new offset; then the chunk is on the disk. Raises :class:`OffsetMismatch`."""
        name = _upload(file)
        async with self._locks.setdefault((case, name), asyncio.Lock()):  # one chunk after the other
            frames = await self._frames(case, key, name)
            if offset != (actual := _plain_end(frames)):
                raise OffsetMismatch(actual)
            if chunk:
                sealed = await self._sealed(case, key, name, chunk, begins=offset)
                framed = len(sealed).to_bytes(_LENGTH_BYTES, "big") + sealed
                await self._store.append(case, name, frames[-1].end if frames else 0, framed)
            return offset + len(chunk)

    async def received(self, case: CaseId, key: Secret, file: str) -> bytes:
        """The upload as far as it is here."""
        name = _upload(file)
        frames = await self._frames(case, key, name)
        return await asyncio.to_thread(
            lambda: b"".join(self._vault.open_blob(key, case, name, frame.begins, frame.sealed) for frame in frames)
        )

    async def discard(self, case: CaseId, file: str) -> None:
        """The upload is gone, if it was there. No key is needed for that."""
        await self._store.drop(case, _upload(file))

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

    async def forget(self, case: CaseId, keep_names: Collection[str]) -> None:
        """Drop what is not listed. ``keep_names``: names of what was kept, and ids of uploads that may go on."""
        kept = {name if name.startswith(_DOCUMENT) else _upload(name) for name in keep_names}
        for name in await self._store.names(case):
            if name not in kept:
                await self._store.drop(case, name)

    async def erase(self, case: CaseId) -> None:
        """All evidence of a case. No key is needed for that."""
        await self._store.erase(case)

    async def cases(self) -> list[CaseId]:
        """Every case of which anything lies here."""
        return await self._store.cases()

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


def _upload(file: str) -> str:
    if not _FILE.fullmatch(file):
        raise ValueError("not an id of a file")
    return _UPLOAD + file


def _plain_end(frames: list[_Frame]) -> int:
    return frames[-1].begins + frames[-1].plain_bytes if frames else 0


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
