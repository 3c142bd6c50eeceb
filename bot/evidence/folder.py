"""Evidence in a folder: ``<2 hex>/<case>/<name>``, sealed before it comes here, for its owner's eyes only.

Laws: what ``put`` and ``append`` returned from survives a loss of power. A file is there whole or not at all, but for
the end of one that is appended to. Errors never name a case. Several processes may use one folder.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from bot.evidence import names
from bot.failpoints import hit
from bot.ports import CaseId, EvidenceDown

P = ParamSpec("P")
T = TypeVar("T")

_THREADS: Final = 4
_FOLDER_MODE: Final = 0o700
_FILE_MODE: Final = 0o600
_DRAFT: Final = "."
"""First character of a file that is not yet whole. No name of evidence begins like that."""
_DRAFT_SECONDS: Final = 3_600
"""Older drafts belong to nobody: their process has died."""
_SHELF: Final = re.compile("[0-9a-f]{2}")
_CASE: Final = re.compile("[0-9a-f]{32}")

_RETRY_AFTER: Final = {errno.ENOSPC: 60.0, errno.EDQUOT: 60.0, errno.EIO: 60.0, errno.EMFILE: 5.0, errno.ENFILE: 5.0}
_FOR_A_PERSON: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.ELOOP})
_USUAL_RETRY: Final = 10.0


class Folder:
    """See :class:`bot.ports.EvidenceStore`. ``root`` is made when something is put into it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._threads = ThreadPoolExecutor(_THREADS, "evidence")

    async def append(self, case: CaseId, name: str, at: int, frame: bytes) -> None:
        await self._apart(self._append, self._path(case, name), at, frame)

    async def put(self, case: CaseId, name: str, data: bytes) -> None:
        await self._apart(self._put, self._path(case, name), data)

    async def get(self, case: CaseId, name: str) -> bytes:
        return await self._apart(_read, self._path(case, name))

    async def size(self, case: CaseId, name: str) -> int:
        return await self._apart(_size, self._path(case, name))

    async def drop(self, case: CaseId, name: str) -> None:
        await self._apart(_unlink, self._path(case, name))

    async def names(self, case: CaseId) -> list[str]:
        return await self._apart(_listed, self._folder(case))

    async def cases(self) -> list[CaseId]:
        """Removes on its way what died unfinished more than an hour ago."""
        return await self._apart(self._cases)

    async def erase(self, case: CaseId) -> None:
        await self._apart(_remove, self._folder(case))

    async def free(self) -> float:
        return await self._apart(_free, self._root)

    async def close(self) -> None:
        """Waits for what is being written; then nothing is taken any more."""
        await asyncio.to_thread(self._threads.shutdown)

    async def _apart(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """In a thread, with errors of the disk in the words of the house."""
        try:
            future = self._threads.submit(work, *arguments, **named)
        except RuntimeError:
            raise EvidenceDown("the folder of evidence is closed") from None
        try:
            return await asyncio.wrap_future(future)
        except OSError as error:
            raise _down(error) from None

    def _folder(self, case: CaseId) -> Path:
        # the last byte is random, the first ones are the time
        names.check(case)
        return self._root / case[-1:].hex() / case.hex()

    def _path(self, case: CaseId, name: str) -> Path:
        names.check(case, name)
        return self._folder(case) / name

    def _append(self, path: Path, at: int, frame: bytes) -> None:
        is_new = not path.exists()
        if at == 0:
            self._make_folders(path.parent)
        elif is_new:
            raise _shorter()
        with _opened(path, os.O_RDWR | (os.O_CREAT if at == 0 else 0)) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.fstat(file).st_size < at:
                raise _shorter()
            os.ftruncate(file, at)
            _write(file, frame, at)
            hit("evidence.frame_written")
            os.fsync(file)
        if is_new:
            _sync_folder(path.parent)

    def _put(self, path: Path, data: bytes) -> None:
        self._make_folders(path.parent)
        if not path.exists():
            draft = path.with_name(f"{_DRAFT}{path.name}.{secrets.token_hex(4)}")
            try:
                with _opened(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as file:
                    _write(file, data, 0)
                    os.fsync(file)
                hit("evidence.before_rename")
                draft.rename(path)
            except OSError:
                with suppress(OSError):
                    draft.unlink(missing_ok=True)
                raise
            hit("evidence.after_rename")
        # also where it was there: whoever put it may have died before this
        _sync_folder(path.parent)

    def _make_folders(self, folder: Path) -> None:
        """Each for good before anything is put into it."""
        for each in (self._root, folder.parent, folder):
            if not each.is_dir():
                each.mkdir(_FOLDER_MODE, parents=each == self._root, exist_ok=True)
                _sync_folder(each.parent)

    def _cases(self) -> list[CaseId]:
        folders = [
            folder
            for shelf in _folders(self._root) if _SHELF.fullmatch(shelf.name)
            for folder in _folders(shelf) if _CASE.fullmatch(folder.name)
        ]  # fmt: skip
        for folder in folders:
            _remove_old_drafts(folder)
        return sorted(bytes.fromhex(folder.name) for folder in folders)


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    file = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, _FILE_MODE)
    try:
        yield file
    finally:
        os.close(file)


def _write(file: int, data: bytes, at: int) -> None:
    rest = memoryview(data)
    while rest:
        written = os.pwrite(file, rest, at)
        rest, at = rest[written:], at + written


def _read(path: Path) -> bytes:
    try:
        with _opened(path, os.O_RDONLY) as number, os.fdopen(number, "rb", closefd=False) as file:
            return file.read()
    except FileNotFoundError:
        raise KeyError(path.name) from None


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except FileNotFoundError:
        return 0


def _unlink(path: Path) -> None:
    with suppress(FileNotFoundError):
        path.unlink()
        _sync_folder(path.parent)


def _listed(folder: Path) -> list[str]:
    with suppress(FileNotFoundError):
        return sorted(path.name for path in folder.iterdir() if not path.name.startswith(_DRAFT))
    return []


def _folders(folder: Path) -> list[Path]:
    with suppress(FileNotFoundError):
        return [path for path in folder.iterdir() if stat.S_ISDIR(path.lstat().st_mode)]
    return []


def _remove(folder: Path) -> None:
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)
        _sync_folder(folder.parent)


def _remove_old_drafts(folder: Path) -> None:
    with suppress(FileNotFoundError):
        for path in folder.glob(f"{_DRAFT}*"):
            if path.lstat().st_mtime < time.time() - _DRAFT_SECONDS:
                path.unlink()


def _free(root: Path) -> float:
    while not root.exists():
        root = root.parent
    usage = shutil.disk_usage(root)
    return usage.free / usage.total


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _shorter() -> EvidenceDown:
    """Somebody else cut it off meanwhile: look again."""
    return EvidenceDown("evidence is shorter than it was", 1.0)


def _down(error: OSError) -> EvidenceDown:
    """With the system's words for it, without the path: that names a case."""
    retry_after = None if error.errno in _FOR_A_PERSON else _RETRY_AFTER.get(error.errno or 0, _USUAL_RETRY)
    return EvidenceDown(f"the folder of evidence: {error.strerror or type(error).__name__}", retry_after)
