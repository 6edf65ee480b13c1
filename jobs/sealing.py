"""What use cases need of the installation's key."""

from typing import Protocol


class Seal(Protocol):
    """Makes text unreadable at rest, and readable again."""

    def seal(self, text: str) -> bytes:
        """`text`, readable only with the installation's key."""
        ...

    def open(self, sealed: bytes) -> str:
        """What was sealed. Raises ValueError where it was sealed with another key."""
        ...
