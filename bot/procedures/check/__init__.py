"""Every lint of a dialog, all mistakes at once, each with file and line. Nothing is ever repaired here.

Pure: what lies beside the dialog (municipalities, the lock of versions, the generated schema) is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.procedures.check import flow, law, names, sends, texts, versions
from bot.procedures.check.common import Reading
from bot.procedures.check.flow import CHANNELS, Policy
from bot.procedures.check.versions import Lock
from bot.procedures.errors import DialogError
from bot.procedures.source import MunicipalityFile, Source

Lint = Callable[[Reading], Iterable[DialogError]]

LINTS: Final[tuple[Lint, ...]] = (
    names.duplicate_ids,
    names.clashing_names,
    names.one_meaning,
    names.references,
    names.parameters,
    names.keys_are_lists,
    texts.placeholders,
    texts.lengths,
    texts.manners,
    texts.explanations,
    flow.idle_conditions,
    flow.ends,
    flow.repeats,
    flow.life_cycle,
    flow.defaults,
    sends.sections,
    sends.sent_twice,
    sends.row_identities,
    sends.schema_file,
    law.criteria,
    law.paragraphs,
    law.pure_rules,
    versions.folders,
)
"""Lints that need nothing but the dialog itself."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies around a dialog. ``schema``: text of the generated schema, None where there is no such file.

    ``channels``: which sensitive questions each configured channel may ask. ``lock``: versions that are published.
    """

    municipalities: Sequence[MunicipalityFile] = ()
    channels: Policy = field(default_factory=lambda: CHANNELS)
    lock: Lock | None = None
    schema: str | None = None


def check(source: Source, beside: Beside | None = None) -> list[DialogError]:
    """Every mistake of one version. Without ``beside`` only the dialog itself is looked at."""
    reading = Reading.of(source)
    found = [*reading.broken, *(error for lint in LINTS for error in lint(reading))]
    found += flow.sensitive(reading, CHANNELS if beside is None else beside.channels)
    if beside is not None:
        found += _beside(reading, beside)
    return sorted(set(found))


def _beside(reading: Reading, beside: Beside) -> Iterator[DialogError]:
    yield from versions.municipalities(reading.source, beside.municipalities)
    yield from sends.stale_schema(reading, beside.schema)
    yield from versions.unchanged(reading.source, beside.lock or {})
