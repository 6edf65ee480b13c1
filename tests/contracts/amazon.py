"""Amazon's official description as a judge."""

from pathlib import Path

from tests.contracts.recorder import Exchange


class AmazonJudge:
    """Not written yet."""

    def __init__(self, folder: Path) -> None:
        self.operations: frozenset[str] = frozenset()

    def operation(self, exchange: Exchange) -> str | None:
        return None

    def faults(self, exchange: Exchange) -> list[str]:
        return []
