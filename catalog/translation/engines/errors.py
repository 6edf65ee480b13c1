"""The errors that leave an engine, named by the reaction they call for.

A single text that cannot be translated is data (protocol.Untranslatable); what is raised is
trouble with the engine, and no other text need be tried.
"""

from datetime import datetime


class EngineError(Exception):
    """Trouble with a translation engine."""


class EngineUnavailable(EngineError):
    """The engine cannot answer now: try later. `retry_after` is in seconds, None if not said."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class EngineNotUsable(EngineError):
    """Waiting does not help: a person must install, choose or correct something first."""


class EngineRejectedKey(EngineNotUsable):
    """The engine does not know our key: a person must give another."""


class QuotaSpent(EngineError):
    """The account may translate no more `until` then, None where the engine did not say."""

    def __init__(self, message: str, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until
