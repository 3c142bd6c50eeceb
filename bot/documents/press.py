"""Prints with Typst: tagged PDF/UA-1 that are PDF/A too, offline, beside the event loop.

Laws: data are texts and never markup; only fonts that come with Typst; the same data give the same bytes, whenever.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson
import typst

from bot.documents.printable import Printer

LAYOUT: Final = Path(__file__).with_name("layout")
AT_ONCE: Final = 2
"""A page takes milliseconds; more at once would only starve the turns."""


class TypstPress:
    """See :class:`bot.ports.Press`."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(AT_ONCE)

    async def copy(self, record: Mapping[str, Any]) -> bytes:
        """PDF/UA-1 and PDF/A-2a."""
        async with self._room:
            return await asyncio.to_thread(printed, record)


def printed(record: Mapping[str, Any]) -> bytes:
    """The copy of a submission. ``record``: :func:`bot.core.record.record`."""
    return pressed("copy.typ", prepared(record), standards=["ua-1", "a-2a"], at=record["ordered_at"])


def prepared(data: Mapping[str, Any]) -> dict[str, Any]:
    """Every text printable, and ``unprintable``: whether one was not."""
    printer = Printer(data)
    made: dict[str, Any] = printer.printable(dict(data))
    return made | {"unprintable": printer.changed}


def pressed(layout: str, data: Mapping[str, Any], *, standards: list[Any], at: str, **more: str) -> bytes:
    """One document. ``at``: RFC 3339, the only time in it; ``more``: further texts that the layout reads."""
    inputs = {"data": orjson.dumps(data).decode(), **more}
    pdf = typst.compile(
        LAYOUT / layout,
        root=LAYOUT,
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=standards,
        ignore_system_fonts=True,
        timestamp=int(datetime.fromisoformat(at).timestamp()),
    )
    assert isinstance(pdf, bytes)
    return pdf
