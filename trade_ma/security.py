"""Sealing what must not be read at rest: credentials, raw orders, buyers, second factors."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from trade_ma.settings import Settings


class Sealer:
    """Seals with the first of the installation's Fernet keys, and opens with any of them.

    There is one key, but while another takes its place. `changed` is asked before each use for
    the keys as they are now, None where they are still the same.
    """

    def __init__(
        self, *keys: bytes, changed: Callable[[], Sequence[bytes] | None] = lambda: None
    ) -> None:
        self._changed = changed
        self._use(keys)

    def seal(self, text: str) -> bytes:
        """`text`, readable only with the key."""
        self._follow()
        return self._all.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """What was sealed.

        Raises:
            ValueError: it was sealed with another key.
        """
        self._follow()
        try:
            return self._all.decrypt(sealed).decode()
        except InvalidToken:
            message = "sealed with another key: restore the key file, or enter it again"
            raise ValueError(message) from None

    def seal_json(self, values: Mapping[str, str]) -> bytes:
        """A mapping of texts, sealed."""
        return self.seal(json.dumps(dict(values)))

    def open_json(self, sealed: bytes) -> dict[str, str]:
        """The mapping that was sealed; empty where nothing was."""
        opened: dict[str, str] = json.loads(self.open(sealed)) if sealed else {}
        return opened

    def is_newest(self, sealed: bytes) -> bool:
        """Whether it was sealed with the first key."""
        self._follow()
        try:
            self._first.decrypt(sealed)
        except InvalidToken:
            return False
        return True

    def _follow(self) -> None:
        keys = self._changed()
        if keys is not None:
            self._use(keys)

    def _use(self, keys: Sequence[bytes]) -> None:
        fernets = [Fernet(key) for key in keys]
        self._first, self._all = fernets[0], MultiFernet(fernets)


@dataclass
class KeyFile:
    """The keys in a 0600 file, one a line, the one that seals first."""

    path: Path
    _stamp: tuple[int, int] | None = None

    def made(self) -> "KeyFile":
        """The file, with a new key where there was none."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # Exclusive, so that two processes that start at once agree on one key.
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return self
        with os.fdopen(handle, "wb") as file:
            file.write(Fernet.generate_key())
        return self

    def read(self) -> list[bytes]:
        """The keys."""
        return self.path.read_bytes().split()

    def write(self, keys: Sequence[bytes]) -> None:
        """Other keys, in one step: a crash leaves the old file or the new one."""
        fresh = self.path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(b"\n".join(keys))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)

    def changed(self) -> list[bytes] | None:
        """The keys, where the file is another than at the last look: a rotation is under way."""
        found = self.path.stat()
        stamp = (found.st_ino, found.st_mtime_ns)
        if stamp == self._stamp:
            return None
        self._stamp = stamp
        return self.read()


def key_file(settings: Settings) -> KeyFile:
    """The file that the key is in where the environment has none."""
    return KeyFile(settings.data_dir / "key")


def sealer_for(settings: Settings) -> Sealer:
    """The sealer with the keys from the environment, or from a 0600 file made on first use."""
    if keys := settings.sealing_keys:
        return Sealer(*keys)
    file = key_file(settings).made()
    return Sealer(*file.read(), changed=file.changed)
