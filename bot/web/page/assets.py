"""Static files: read once at the start, named by their content, compressed in memory. What was named never changes.

An address is ``/static/<hash>/<name>``; the hash is that of all files together, so that modules may import one another.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from aiohttp import web

FOLDER: Final = Path(__file__).parents[1] / "static"
FOREVER: Final = "public, max-age=31536000, immutable"

TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
"""What is served. Everything else in the folder is for developers."""


_IMPORT: Final = re.compile(r'^(?:import|export)\b[^"();]*"\./([\w-]+\.js)";', re.MULTILINE)


class Asset(NamedTuple):
    """One file. ``packed``: gzip, of the same content."""

    media_type: str
    etag: str
    plain: bytes
    packed: bytes


class Assets:
    """The manifest: names to files, and to their addresses."""

    def __init__(self, files: Mapping[str, Asset]) -> None:
        self.files: Final = dict(files)
        together = hashlib.sha256("".join(f"{name}={files[name].etag}" for name in sorted(files)).encode())
        self.version: Final = together.hexdigest()[:12]

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Assets:
        """Every file of ``folder`` that browsers may have."""
        paths = sorted(path for path in folder.rglob("*") if path.suffix in TYPES and path.is_file())
        return cls({path.relative_to(folder).as_posix(): _asset(path) for path in paths})

    def address(self, name: str) -> str:
        """Where ``name`` is found. Raises ``KeyError`` for what is not there."""
        self.files[name]
        return f"/static/{self.version}/{name}"

    def modules(self, name: str) -> list[str]:
        """What the script ``name`` imports at once, and what that imports: a browser may fetch all of it together."""
        found: dict[str, None] = {}
        todo = [name]
        while todo:
            source = self.files[todo.pop()].plain.decode()
            todo += [each for each in _IMPORT.findall(source) if each in self.files and each not in found]
            found |= dict.fromkeys(todo)
        return list(found)

    async def serve(self, request: web.Request) -> web.Response:
        """``GET /static/{version}/{name}``. An old version is gone: its page loads anew."""
        asset = self.files.get(request.match_info["name"])
        if asset is None or request.match_info["version"] != self.version:
            raise web.HTTPNotFound
        headers = {
            "Cache-Control": FOREVER,
            "Content-Type": asset.media_type,
            "ETag": f'"{asset.etag}"',
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if any(tag.value == asset.etag for tag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=asset.packed, headers=headers | {"Content-Encoding": "gzip"})
        return web.Response(body=asset.plain, headers=headers)


def _asset(path: Path) -> Asset:
    plain = path.read_bytes()
    etag = hashlib.sha256(plain).hexdigest()[:24]
    return Asset(TYPES[path.suffix], etag, plain, gzip.compress(plain, 9, mtime=0))
