"""Shopify's official description as a judge: its Admin GraphQL schema of the version we speak.

A request's document is validated, its variables coerced, and the answer walked along what the
document asks for: nothing missing, nothing more, no null where there must be none, and values of
the shapes that their types have.
"""

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    build_client_schema,
    is_abstract_type,
    parse,
    validate,
)
from graphql.execution import get_variable_values

from tests.contracts.recorder import Exchange

_VERSION = "2026-10"
_ADDRESS = re.compile(r"/admin/api/[\w-]+/graphql\.json")
_UNREADABLE = "unreadable"
# What Shopify's documentation says of its scalars, as they stand in JSON.
_SHAPES = {
    "ID": re.compile(r"gid://shopify/\w+/\S+"),
    "DateTime": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
    "Decimal": re.compile(r"-?\d+\.\d+"),
    "Money": re.compile(r"-?\d+\.\d\d"),
    "UnsignedInt64": re.compile(r"\d+"),
    "URL": re.compile(r"https?://\S+"),
}
_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "Boolean": bool,
    "Float": (int, float),
    "Int": int,
    "String": str,
    "HTML": str,
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a request asks for: a document with one operation in it."""

    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]

    @property
    def root_fields(self) -> list[str]:
        """The fields it asks for at the root."""
        selections = self.operation.selection_set.selections
        return [node.name.value for node in selections if isinstance(node, FieldNode)]


class ShopifyJudge:
    """Judges by the introspection of Admin GraphQL. Loaded once, in about half a second."""

    def __init__(self, folder: Path) -> None:
        with gzip.open(folder / f"admin_{_VERSION}.json.gz") as file:
            introspection = json.load(file)["data"]
        self.schema: GraphQLSchema = build_client_schema(introspection, assume_valid=True)
        self._faults: dict[str, list[str]] = {}
        roots = self.schema.query_type, self.schema.mutation_type
        self.operations = frozenset(name for root in roots if root for name in root.fields)

    def operation(self, exchange: Exchange) -> str | None:
        """The first field that the request asks for at the root."""
        if exchange.method != "POST" or not _ADDRESS.fullmatch(exchange.path):
            return None
        try:
            asked = _asked(json.loads(exchange.body))
        except (ValueError, KeyError, LookupError, GraphQLError):
            return _UNREADABLE
        return asked.root_fields[0]

    def faults(self, exchange: Exchange) -> list[str]:
        """What is wrong with the document, its variables, or the answer."""
        if f"/{_VERSION}/" not in exchange.path:
            return [f"{exchange.path} is of another version than {_VERSION}"]
        body = json.loads(exchange.body)
        if found := self._of_document(body["query"]):
            return found
        asked, variables = _asked(body), body.get("variables") or {}
        return [*self._of_variables(asked, variables), *self._of_answer(asked, exchange)]

    def _of_document(self, text: str) -> list[str]:
        if text not in self._faults:
            self._faults[text] = [error.message for error in _errors(self.schema, text)]
        return self._faults[text]

    def _of_variables(self, asked: _Asked, variables: Mapping[str, Any]) -> Iterator[str]:
        definitions = asked.operation.variable_definitions or ()
        coerced = get_variable_values(self.schema, definitions, dict(variables))
        if isinstance(coerced, list):
            yield from (error.message for error in coerced)
        if "bulkOperationRunMutation" in asked.root_fields:
            yield from self._of_document(variables["mutation"])

    def _of_answer(self, asked: _Asked, exchange: Exchange) -> Iterator[str]:
        if exchange.status != 200 or not exchange.answer:
            return
        answer = json.loads(exchange.answer)
        if unknown := answer.keys() - {"data", "errors", "extensions"}:
            yield f"the answer has {sorted(unknown)}"
        if answer.get("data") is None:
            if not answer.get("errors"):
                yield "the answer has neither data nor errors"
            return
        root = self.schema.get_root_type(asked.operation.operation)
        selections = asked.operation.selection_set.selections
        yield from _Walk(self.schema, asked).of(root, selections, answer["data"], "")


@dataclass(frozen=True, slots=True)
class _Walk:
    schema: GraphQLSchema
    asked: _Asked

    def of(
        self, parent: Any, selections: Iterable[SelectionNode], told: Any, path: str
    ) -> Iterator[str]:
        """What is wrong with the object `told` of the type `parent`."""
        if not isinstance(told, dict):
            yield f"{path} is no object"
            return
        named = self.schema.get_type(told.get("__typename", parent.name))
        if named is None:
            yield f"{path} is of an unknown type {told['__typename']}"
            return
        wanted = dict(self._fields(named, selections))
        if more := told.keys() - wanted.keys():
            yield f"{path} has {sorted(more)}, which nobody asked for"
        for key, (node, type_) in wanted.items():
            if key in told:
                yield from self._value(type_, node, told[key], f"{path}.{key}")
            elif not is_abstract_type(named):
                yield f"{path} lacks {key}"

    def _fields(
        self, parent: Any, selections: Iterable[SelectionNode]
    ) -> Iterator[tuple[str, tuple[FieldNode, Any]]]:
        for selection in selections:
            match selection:
                case FieldNode(name=name):
                    key = selection.alias.value if selection.alias else name.value
                    definition = self.schema.get_field(parent, name.value)
                    if definition:
                        yield key, (selection, definition.type)
                case FragmentSpreadNode(name=name):
                    fragment = self.asked.fragments[name.value]
                    on = fragment.type_condition.name.value
                    yield from self._part(parent, on, fragment.selection_set.selections)
                case InlineFragmentNode(type_condition=condition):
                    on = condition.name.value if condition else parent.name
                    yield from self._part(parent, on, selection.selection_set.selections)
                case _:
                    pass

    def _part(
        self, parent: Any, on: str, selections: Iterable[SelectionNode]
    ) -> Iterator[tuple[str, tuple[FieldNode, Any]]]:
        condition: Any = self.schema.get_type(on)
        if condition is parent or is_abstract_type(parent):
            yield from self._fields(condition, selections)
        elif is_abstract_type(condition) and self.schema.is_sub_type(condition, parent):
            yield from self._fields(parent, selections)

    def _value(self, type_: Any, node: FieldNode, told: Any, path: str) -> Iterator[str]:
        if told is None:
            if isinstance(type_, GraphQLNonNull):
                yield f"{path} is null"
            return
        match type_.of_type if isinstance(type_, GraphQLNonNull) else type_:
            case GraphQLList(of_type=item_type):
                if not isinstance(told, list):
                    yield f"{path} is no list"
                    return
                for place, item in enumerate(told):
                    yield from self._value(item_type, node, item, f"{path}[{place}]")
            case GraphQLScalarType(name=name):
                if not _has_shape(name, told):
                    yield f"{path} is no {name}: {told!r}"
            case GraphQLEnumType(name=name, values=values):
                if told not in values:
                    yield f"{path} is no {name}: {told!r}"
            case named:
                selections = node.selection_set.selections if node.selection_set else ()
                yield from self.of(named, selections, told, path)


def _has_shape(scalar: str, told: Any) -> bool:
    if scalar in _SHAPES:
        return isinstance(told, str) and _SHAPES[scalar].fullmatch(told) is not None
    kind = _KINDS.get(scalar)
    return kind is None or (isinstance(told, kind) and isinstance(told, bool) == (kind is bool))


def _errors(schema: GraphQLSchema, text: str) -> list[GraphQLError]:
    try:
        return validate(schema, parse(text))
    except GraphQLError as error:
        return [error]


def _asked(body: Mapping[str, Any]) -> _Asked:
    document: DocumentNode = parse(body["query"])
    name = body.get("operationName")
    operations = [
        definition
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
        and (not name or (definition.name and definition.name.value == name))
    ]
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    return _Asked(operations[0], fragments)
