"""Keys of the practice agency, made once on a machine: each set costs seconds, and tests need many sandboxes."""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path
from typing import Final

from bot.agency.sandbox.keys import has_safe, open_safe

KEPT: Final = Path(__file__).parents[2] / ".cache" / "sandbox-keys"


def furnish(sandbox: Path) -> Path:
    """``sandbox``, a folder of a sandbox, has keys from now on. They protect nothing."""
    if not has_safe(sandbox):
        sandbox.mkdir(mode=0o700, parents=True, exist_ok=True)
        for file in _kept().iterdir():
            shutil.copy2(file, sandbox / file.name)
    return sandbox


def _kept() -> Path:
    KEPT.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (KEPT.parent / "sandbox-keys.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not has_safe(KEPT):
            open_safe(KEPT)
    return KEPT
