"""Photos kept by the SHA-256 of their bytes, with what is derived from them beside.

originals/ab/abcdef...               as it was sent, GPS and all: never serve these
renditions/ab/abcdef...-RECIPE.jpg   made for marketplaces, free of metadata: may be served
"""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class PhotoStore:
    """A folder of photos; any number of processes may write to it at once."""

    folder: Path

    def add(self, content: bytes) -> str:
        """Keep `content`; its SHA-256. Adding it again changes nothing."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        if not path.exists():
            write(path, content)
        return sha256

    def open(self, sha256: str) -> bytes:
        """The bytes of an original.

        Raises:
            FileNotFoundError: it was never added.
        """
        return self.path(sha256).read_bytes()

    def path(self, sha256: str) -> Path:
        """Where an original is or would be.

        Raises:
            ValueError: that is no SHA-256.
        """
        return self._fanned("originals", sha256) / sha256

    @property
    def renditions(self) -> Path:
        """The folder of all renditions: without metadata, and so fit to be served to anybody."""
        return self.folder / "renditions"

    def rendition_path(self, sha256: str, recipe: str, suffix: str) -> Path:
        """Where what `recipe` makes of an original is or would be."""
        return self._fanned("renditions", sha256) / f"{sha256}-{recipe}.{suffix}"

    def _fanned(self, kind: str, sha256: str) -> Path:
        # The name becomes a path: nothing but a digest may pass.
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"no SHA-256 in hexadecimal: {sha256[:80]!r}")
        return self.folder / kind / sha256[:2]


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: readers see it complete, a crash leaves the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            # The name must not survive a power cut that the bytes did not.
            os.fsync(file.fileno())
        # mkstemp makes private files; a web server that serves renditions is another user.
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
