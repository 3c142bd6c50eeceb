"""Finds Chromium, or installs it where that is allowed: on Debian and Ubuntu, as root."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium", "fonts-liberation")
SECONDS = 400
LOCK = Path(tempfile.gettempdir()) / "antragslotse-chromium.lock"


def chromium() -> str | None:
    """The browser's path; None where there is none."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def ensure() -> str | None:
    """The browser's path, installed once if need be, by whoever comes first of the processes that test."""
    found = chromium()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        with LOCK.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if chromium() is None:
                _apt("update")
                _apt("install", "-y", "--no-install-recommends", *PACKAGES)
        found = chromium()
    return found


def _apt(*words: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-q", *words], env=environment, timeout=SECONDS, check=False, stdout=sys.stderr)


if __name__ == "__main__":
    sys.exit(0 if ensure() else "no Chromium, and it cannot be installed here: apt install chromium fonts-liberation")
