"""What a hook that tells of alerts is, whichever way it tells."""

from collections.abc import Sequence
from typing import Protocol

from jobs.alert_news import News


class HookFailed(Exception):
    """The news were not taken: try again at the next tick. The words hold no secret."""


class Hook(Protocol):
    """A way to tell an operator."""

    @property
    def name(self) -> str:
        """As alerts remember it: never another once it was used."""
        ...

    def tell(self, news: Sequence[News]) -> None:
        """Tell all of the news at once. Raises HookFailed."""
        ...
