"""What a query costs, before and after it is run, and the bucket that pays for it.

Rules: an object costs 1 point, a scalar nothing, a connection 2 and its objects, as many as are
asked for (before) or came (after); a mutation 10, with all that hangs on its payload directly.
Source: shopify.engineering/rate-limiting-graphql-apis-calculating-query-complexity.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    InlineFragmentNode,
    IntValueNode,
    SelectionNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
)
from graphql.type import get_nullable_type

from connectors.clock import Clock
from connectors.sandbox.shopify.limits import (
    CONNECTION_COST,
    METAFIELD_COST,
    OBJECT_COST,
    VARIANT_FILE_COST,
)
from connectors.sandbox.shopify.operation import Operation
from connectors.sandbox.shopify.schema import schema
from connectors.shopify.limits import (
    BUCKET,
    FILE_COST,
    MUTATION_COST,
    RESTORE_RATE,
    VARIANT_COST,
)

_ASKED = object()  # stands for an answer that is not there yet


class Bucket:
    """Points that come back with time: Shopify's leaky bucket of one app in one shop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._points, self._at = BUCKET, clock.now()

    def available(self) -> float:
        """The points in it now."""
        now = self._clock.now()
        restored = (now - self._at).total_seconds() * RESTORE_RATE
        self._points, self._at = min(BUCKET, self._points + restored), now
        return self._points

    def take(self, points: float) -> bool:
        """Whether there were `points` to take."""
        if self.available() < points:
            return False
        self._points -= points
        return True

    def give_back(self, points: float) -> None:
        """Points taken for what was asked and did not come."""
        self._points = min(BUCKET, self._points + points)

    def status(self) -> dict[str, float]:
        """As extensions.cost.throttleStatus tells it."""
        return {
            "maximumAvailable": BUCKET,
            "currentlyAvailable": int(self.available()),
            "restoreRate": RESTORE_RATE,
        }


def requested_cost(operation: Operation, variables: Mapping[str, Any]) -> int:
    """The most that `operation` can cost: what the bucket must hold before it is run."""
    return _whole(operation, variables, _ASKED)


def actual_cost(
    operation: Operation, variables: Mapping[str, Any], data: Mapping[str, Any] | None
) -> int:
    """What `operation` cost, as it was answered by `data`."""
    return _whole(operation, variables, data)


def _whole(operation: Operation, variables: Mapping[str, Any], answer: Any) -> int:
    root = schema().get_root_type(operation.definition.operation)
    if root is None or answer is None:
        return 0
    weighing = _Weighing(operation, variables)
    return math.ceil(weighing.weigh(operation.definition.selection_set.selections, root, answer))


@dataclass(frozen=True, slots=True)
class _Weighing:
    operation: Operation
    variables: Mapping[str, Any]

    def weigh(
        self,
        selections: Iterable[SelectionNode],
        parent: GraphQLNamedType,
        answer: Any,
        size: int = 1,
    ) -> float:
        """The cost of `selections` on one object; `size` is that of the connection it is."""
        total, alternatives = 0.0, [0.0]
        for selection in selections:
            match selection:
                case FieldNode():
                    total += self._field(selection, parent, answer, size)
                case FragmentSpreadNode():
                    fragment = self.operation.fragments[selection.name.value]
                    on = schema().type_map[fragment.type_condition.name.value]
                    part = self.weigh(fragment.selection_set.selections, on, answer, size)
                    alternatives.append(part)
                case InlineFragmentNode():
                    condition = selection.type_condition
                    on = schema().type_map[condition.name.value] if condition else parent
                    part = self.weigh(selection.selection_set.selections, on, answer, size)
                    alternatives.append(part)
                case _:
                    pass
        return total + (max(alternatives) if is_abstract_type(parent) else sum(alternatives))

    def _field(self, node: FieldNode, parent: Any, answer: Any, size: int) -> float:
        definition = parent.fields.get(node.name.value)
        named = get_named_type(definition.type) if definition else None
        if named is None or is_leaf_type(named):
            return 0
        own = _own_cost(named, parent) + self._input_cost(node, parent)
        selections = node.selection_set.selections if node.selection_set else ()
        asked = self._number(node, "first") or self._number(node, "last") or 1
        if answer is _ASKED:
            times = 1
            if is_list_type(get_nullable_type(definition.type)):
                times = size if parent.name.endswith("Connection") else asked
            return times * (own + self.weigh(selections, named, _ASKED, asked))
        told = answer.get(node.alias.value if node.alias else node.name.value)
        items = told if isinstance(told, list) else [told]
        return sum(own + self.weigh(selections, named, item) for item in items if item is not None)

    def _number(self, node: FieldNode, name: str) -> int | None:
        for argument in node.arguments or ():
            if argument.name.value != name:
                continue
            match argument.value:
                case IntValueNode(value=value):
                    return int(value)
                case VariableNode(name=variable):
                    given = self.variables.get(variable.value)
                    return given if isinstance(given, int) else None
        return None

    def _input_cost(self, node: FieldNode, parent: GraphQLNamedType) -> float:
        if parent.name != "Mutation" or node.name.value != "productSet":
            return 0
        for argument in node.arguments or ():
            if argument.name.value == "input" and isinstance(argument.value, VariableNode):
                return _product_cost(self.variables.get(argument.value.name.value) or {})
        return 0


def _own_cost(named: GraphQLNamedType, parent: GraphQLNamedType) -> int:
    if parent.name == "Mutation":
        return MUTATION_COST
    if named.name.endswith("Connection"):
        return CONNECTION_COST
    if named.name.endswith(("PageInfo", "Edge")) or parent.name.endswith("Payload"):
        return 0
    return OBJECT_COST


def _product_cost(given: Mapping[str, Any]) -> float:
    variants = given.get("variants") or []
    return (
        FILE_COST * len(given.get("files") or [])
        + METAFIELD_COST * len(given.get("metafields") or [])
        + VARIANT_COST * len(variants)
        + VARIANT_FILE_COST * sum(1 for variant in variants if variant.get("file"))
        + METAFIELD_COST * sum(len(variant.get("metafields") or []) for variant in variants)
    )
