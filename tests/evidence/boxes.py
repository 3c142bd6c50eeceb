"""The stores of evidence that must all do the same, and how a scene is played on each."""

import asyncio
from contextlib import suppress

import pytest

from bot.evidence.folder import Folder
from bot.evidence.memory import MemoryEvidence

STORES = {"memory": lambda _: MemoryEvidence(), "folder": lambda path: Folder(path / "data" / "evidence")}
"""How each is made over an empty folder. Another store joins the contract by a line here."""

ONE, OTHER = bytes(range(16)), bytes(range(1, 17))
"""Two cases."""


def played(store, scene):
    """What ``scene`` returns, played on that store."""

    async def whole():
        try:
            return await scene(store)
        finally:
            with suppress(AttributeError):
                await store.close()

    return asyncio.run(whole())


def each_store(scene):
    """Turns an async scene into a test that plays it on every store."""

    @pytest.mark.parametrize("make", STORES.values(), ids=STORES.keys())
    def test(make, tmp_path):
        played(make(tmp_path), scene)

    test.__doc__ = scene.__doc__
    test.__name__ = scene.__name__
    return test
