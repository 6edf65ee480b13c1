"""Connections: pages of a list with cursors, and the search syntax of their `query`."""

import base64
import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graphql import GraphQLError

from connectors.sandbox.faults import FaultKind
from connectors.shopify.limits import LIST_SIZE

SortKey = Callable[[Any], Sequence[float | str]]


@dataclass(frozen=True, slots=True)
class Connection:
    """One page. A cursor holds the sort key of its item, as Shopify's do."""

    nodes: list[Any]
    cursors: list[str]
    page_info: Mapping[str, Any]

    @property
    def edges(self) -> list[dict[str, Any]]:
        """The nodes with their cursors."""
        return [
            {"cursor": cursor, "node": node}
            for cursor, node in zip(self.cursors, self.nodes, strict=True)
        ]


def page(items: Sequence[Any], args: Mapping[str, Any], key: SortKey | None = None) -> Connection:
    """The page of `items` that `args` (first, after, last, before, reverse) ask for.

    Without `key` the items keep their order.

    Raises:
        GraphQLError: neither `first` nor `last` was given, or too many were asked for.
    """
    size = _size(args)
    keyed = [(list(key(item)) if key else [place], item) for place, item in enumerate(items)]
    keyed.sort(key=lambda pair: pair[0], reverse=bool(args.get("reverse")))
    found = _between(keyed, args)
    chosen = found[-size:] if args.get("first") is None else found[:size]
    cursors = [_cursor(position) for position, _ in chosen]
    earlier, later = len(chosen) < len(found), len(found) < len(keyed)
    forward = args.get("first") is not None
    return Connection(
        nodes=[item for _, item in chosen],
        cursors=cursors,
        page_info={
            "has_next_page": earlier if forward else later,
            "has_previous_page": later if forward else earlier,
            "start_cursor": cursors[0] if cursors else None,
            "end_cursor": cursors[-1] if cursors else None,
        },
    )


def with_fault(connection: Connection, kind: FaultKind, after: str | None) -> Connection:
    """The page as it comes on a bad day: in another order, short of an item, or a second time."""
    edges = connection.edges
    match kind:
        case FaultKind.SHUFFLED:
            return _with_edges(connection, random.sample(edges, len(edges)))
        case FaultKind.MISSED_ITEM:
            half = len(edges) // 2
            return _with_edges(connection, edges[:half] + edges[half + 1 :])
        case _:
            again = {"has_next_page": True, "end_cursor": after or _cursor([])}
            info = {**connection.page_info, **again}
            return Connection(connection.nodes, connection.cursors, info)


def _with_edges(connection: Connection, edges: Sequence[Mapping[str, Any]]) -> Connection:
    nodes, cursors = [edge["node"] for edge in edges], [edge["cursor"] for edge in edges]
    return Connection(nodes, cursors, connection.page_info)


def matches(query: str | None, fields: Mapping[str, Any]) -> bool:
    """Whether an item with these searchable `fields` satisfies `query`.

    Terms are `field:value` and `field:>=value`, with `-` in front for not; all must hold, of those
    between two ORs. A field that is not searchable is ignored.
    Source: shopify.dev/docs/api/usage/search-syntax.
    """
    return any(_all_hold(terms, fields) for terms in _OR.split(query or ""))


def _all_hold(terms: str, fields: Mapping[str, Any]) -> bool:
    for negated, name, comparison, value in _TERM.findall(terms):
        if name not in fields:
            continue
        if _holds(fields[name], comparison, value.strip("\"'")) == bool(negated):
            return False
    return True


_OR = re.compile(r"\sOR\s")
_TERM = re.compile(r"(-?)(\w+):(>=|<=|>|<)?(\"[^\"]*\"|'[^']*'|\S+)")


def _holds(found: Any, comparison: str, wanted: str) -> bool:
    if isinstance(found, datetime):
        return _compare(found, comparison, datetime.fromisoformat(wanted))
    if isinstance(found, int | float):
        return _compare(found, comparison, float(wanted.rsplit("/", 1)[-1]))
    if isinstance(found, list | set | tuple):
        return any(_holds(one, comparison, wanted) for one in found)
    return _compare(str(found or "").lower(), comparison, wanted.lower())


def _compare(found: Any, comparison: str, wanted: Any) -> bool:
    match comparison:
        case ">=":
            return bool(found >= wanted)
        case "<=":
            return bool(found <= wanted)
        case ">":
            return bool(found > wanted)
        case "<":
            return bool(found < wanted)
        case _:
            return bool(found == wanted)


def _size(args: Mapping[str, Any]) -> int:
    size = args.get("first") if args.get("first") is not None else args.get("last")
    if size is None:
        message = "you must provide one of first or last"
        raise GraphQLError(message, extensions={"code": "BAD_REQUEST"})
    if not 0 < size <= LIST_SIZE:
        message = f"first or last must be between 1 and {LIST_SIZE}, and was {size}"
        raise GraphQLError(message, extensions={"code": "BAD_REQUEST"})
    return int(size)


def _between(
    keyed: list[tuple[list[Any], Any]], args: Mapping[str, Any]
) -> list[tuple[list[Any], Any]]:
    after, before = _position(args.get("after")), _position(args.get("before"))
    sign = -1 if args.get("reverse") else 1
    return [
        (position, item)
        for position, item in keyed
        if (not after or _sign(position, after) == sign)
        and (not before or _sign(position, before) == -sign)
    ]


def _sign(one: list[Any], other: list[Any]) -> int:
    return (one > other) - (one < other)


def _cursor(position: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode()


def _position(cursor: str | None) -> list[Any]:
    if cursor is None:
        return []
    try:
        return list(json.loads(base64.urlsafe_b64decode(cursor)))
    except ValueError as error:
        message = f"Invalid cursor: {cursor}"
        raise GraphQLError(message, extensions={"code": "BAD_REQUEST"}) from error
