"""All that the shop holds, by id, and the call that asks for it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, Protocol, TypeVar

from connectors.clock import Clock
from connectors.sandbox.faults import FaultKind, Faults
from connectors.sandbox.shopify.pages import Connection, SortKey, page, with_fault
from connectors.sandbox.shopify.uploads import Uploads


class Node(Protocol):
    """Anything with an id such as gid://shopify/Product/1001."""

    id: str


SomeNode = TypeVar("SomeNode", bound=Node)


class Store:
    """The shop's objects, each under its id, and the files it was sent."""

    def __init__(self, clock: Clock) -> None:
        self.uploads = Uploads()
        # Objects by another unique name than their id.
        self.names: dict[tuple[str, ...], Any] = {}
        # What was asked under an idempotency key, and what was answered.
        self.answers: dict[str, tuple[str, Mapping[str, Any] | None]] = {}
        # What happened since subscribers were told, by topic.
        self.events: list[tuple[str, dict[str, Any]]] = []
        self._clock = clock
        self._nodes: dict[str, dict[str, Any]] = defaultdict(dict)
        self._numbers = count(1001)

    def now(self) -> datetime:
        """The present second: Shopify's moments have no smaller part."""
        return self._clock.now().replace(microsecond=0)

    def new_id(self, kind: str) -> str:
        """An id that was never used before, greater than those before it."""
        return f"gid://shopify/{kind}/{next(self._numbers)}"

    def add(self, node: SomeNode) -> SomeNode:
        """Keep an object under its id."""
        self._nodes[type(node).__name__][node.id] = node
        return node

    def remove(self, node: Node) -> None:
        """Forget an object."""
        self._nodes[type(node).__name__].pop(node.id, None)

    def find(self, kind: type[SomeNode], gid: str | None) -> SomeNode | None:
        """The object of that kind and id."""
        found: SomeNode | None = self._nodes[kind.__name__].get(gid or "")
        return found

    def node(self, gid: str) -> Any:
        """The object of that id, of whatever kind."""
        kind = gid.removeprefix("gid://shopify/").partition("/")[0]
        return self._nodes[kind].get(gid) if kind in self._nodes else None

    def happened(self, topic: str, node: Node, **more: Any) -> None:
        """Note something to tell subscribers of: to what it happened, and what else to say."""
        told = {"id": number(node.id), "admin_graphql_api_id": node.id, **more}
        self.events.append((topic, told))

    def all(self, kind: type[SomeNode]) -> Iterator[SomeNode]:
        """Every object of that kind, in the order of their making."""
        yield from list(self._nodes[kind.__name__].values())


@dataclass(frozen=True, slots=True)
class Call:
    """A request being carried out: on what, under which address, and by what name."""

    store: Store
    base_url: str
    operation: str
    faults: Faults

    @property
    def now(self) -> datetime:
        """The present second."""
        return self.store.now()

    def root_page(
        self, items: Sequence[Any], args: Mapping[str, Any], key: SortKey | None = None
    ) -> Connection:
        """A page of a list at the root, which faults may repeat, shuffle or cut."""
        found = page(items, args, key)
        kinds = FaultKind.DUPLICATE_PAGE, FaultKind.SHUFFLED, FaultKind.MISSED_ITEM
        fault = self.faults.strike(self.operation, *kinds)
        return with_fault(found, fault.kind, args.get("after")) if fault else found


def number(gid: str) -> int:
    """The number at the end of an id."""
    return int(gid.rsplit("/", 1)[-1])


def error(code: str | None, message: str, *field: str | int) -> dict[str, Any]:
    """A user error of a mutation, with the path to the input it is about."""
    path = [str(part) for part in field] or None
    return {"code": code, "message": message, "field": path}
