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

import fsspec
from fsspec.implementations.local import LocalFileSystem

_SHA256 = re.compile(r"[0-9a-f]{64}")
_RENDITION = re.compile(r"[0-9a-f]{64}-[0-9a-f]{16}\.[a-z]{3,4}")


@dataclass(frozen=True, slots=True)
class PhotoStore:
    """Photos below a folder or an address that fsspec knows, such as s3://bucket/prefix.

    Any number of processes may write to it at once: a name stands for its content, and appears
    only when that is complete.
    """

    place: Path | str

    def add(self, content: bytes) -> str:
        """Keep `content`; its SHA-256. Adding it again changes nothing."""
        sha256 = hashlib.sha256(content).hexdigest()
        name = original_name(sha256)
        files, root = self._opened()
        if not files.exists(f"{root}/{name}"):
            self._write(name, content)
        return sha256

    def open(self, sha256: str) -> bytes:
        """The bytes of an original.

        Raises:
            FileNotFoundError: it was never added.
            ValueError: that is no SHA-256.
        """
        return self._read(original_name(sha256))

    def forget(self, sha256: str) -> None:
        """Take an original out of the store; what was rendered from it stays.

        Raises:
            FileNotFoundError: it was never added.
        """
        files, root = self._opened()
        files.rm_file(f"{root}/{original_name(sha256)}")

    def rendition(self, name: str) -> bytes | None:
        """The rendition of that name; None where it was not made yet."""
        try:
            return self._read(_below_renditions(name))
        except FileNotFoundError:
            return None

    def has_rendition(self, name: str) -> bool:
        """Whether the rendition of that name is made."""
        files, root = self._opened()
        return bool(files.exists(f"{root}/{_below_renditions(name)}"))

    def keep_rendition(self, name: str, content: bytes) -> None:
        """Keep a rendition under its name."""
        self._write(_below_renditions(name), content)

    def _read(self, name: str) -> bytes:
        files, root = self._opened()
        content: bytes = files.cat_file(f"{root}/{name}")
        return content

    def _write(self, name: str, content: bytes) -> None:
        files, root = self._opened()
        if isinstance(files, LocalFileSystem):
            write(Path(root) / name, content)
        else:
            # An object store shows an object when all of it is there.
            files.pipe_file(f"{root}/{name}", content)

    def _opened(self) -> tuple[fsspec.AbstractFileSystem, str]:
        files, root = fsspec.url_to_fs(str(self.place))
        return files, root.rstrip("/")


def original_name(sha256: str) -> str:
    """Where an original is or would be, below the store's place.

    Raises:
        ValueError: that is no SHA-256.
    """
    # The name becomes a path: nothing but a digest may pass.
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"no SHA-256 in hexadecimal: {sha256[:80]!r}")
    return f"originals/{sha256[:2]}/{sha256}"


def _below_renditions(name: str) -> str:
    folder, _, file = name.rpartition("/")
    if not _RENDITION.fullmatch(file) or folder != file[:2]:
        raise ValueError(f"no name of a rendition: {name[:80]!r}")
    return f"renditions/{name}"


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
