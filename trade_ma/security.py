"""Sealing what must not be read at rest: channel credentials, and raw orders."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from trade_ma.settings import Settings


class Sealer:
    """Seals and opens bytes with the installation's one Fernet key."""

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(key)

    def seal(self, text: str) -> bytes:
        """`text`, readable only with the key."""
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """What was sealed.

        Raises:
            ValueError: it was sealed with another key.
        """
        try:
            return self._fernet.decrypt(sealed).decode()
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


def sealer_for(settings: Settings) -> Sealer:
    """The sealer with the key from the environment, or from a 0600 file made on first use."""
    if settings.key is not None:
        return Sealer(settings.key.get_secret_value().encode())
    return Sealer(_key_file(settings.data_dir / "key"))


def _key_file(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Exclusive, so that two processes that start at once agree on one key.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        key = Fernet.generate_key()
        file.write(key)
    return key
