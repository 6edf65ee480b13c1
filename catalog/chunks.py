"""Long lists in parts that one query may name, or one transaction hold."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def chunks(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """`items` in their order, `size` of them at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
