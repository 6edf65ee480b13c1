"""The console's own files, at addresses that change with what they say: kept by browsers for good.

htmx and its extension for server-sent events are vendored as published (0BSD: see the licences
beside them).
"""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

# A year, the longest that caches promise. Source: RFC 8246 (immutable), RFC 9111.
_FOR_GOOD = "public, max-age=31536000, immutable"


class Assets(StaticFiles):
    """Files that never change at their address."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, to be kept."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = _FOR_GOOD
        return response


@cache
def folder() -> Path:
    """Where the files are."""
    with as_file(files("trade_ma.console") / "static") as path:
        return path


@cache
def address() -> str:
    """The path of them all: under one digest, so that the style sheet finds its pictures."""
    content = hashlib.sha256()
    for piece in _pieces(folder()):
        content.update(piece)
    return f"/static/{content.hexdigest()[:16]}"


def _pieces(place: Path) -> Iterator[bytes]:
    for file in sorted(place.iterdir()):
        yield file.name.encode()
        yield file.read_bytes()


def asset(name: str) -> str:
    """The address of one of them.

    Raises:
        LookupError: there is no such file.
    """
    if not (folder() / name).is_file():
        raise LookupError(f"the console has no file {name!r}")
    return f"{address()}/{name}"
