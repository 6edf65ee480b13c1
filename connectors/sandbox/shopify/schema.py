"""The executable schema: our SDL, Shopify's scalars, and the one way to resolve a field.

An object of the market has the name of its GraphQL type, and an attribute for each field: a value,
or a method of the call and the field's arguments. Names are in Python's own manner.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    get_directive_values,
)

IDEMPOTENCY_KEY = "@idempotent"


@cache
def schema() -> GraphQLSchema:
    """Our part of Admin API 2026-10. Built once."""
    text = resources.files(__package__).joinpath("schema.graphql").read_text("utf-8")
    built = build_schema(text, assume_valid=True)
    for name, (parse, serialize) in _SCALARS.items():
        scalar = built.type_map[name]
        if isinstance(scalar, GraphQLScalarType):
            scalar.coerce_input_value = parse
            scalar.coerce_output_value = serialize
    return built


def resolve(source: Any, info: GraphQLResolveInfo[Any], **args: Any) -> Any:
    """The value of a field: the attribute or key of its name, called where it can be.

    A mutation finds the key of its `@idempotent` directive among its arguments.
    """
    name = _snake(info.field_name)
    value = source[name] if isinstance(source, Mapping) else getattr(source, name)
    if not callable(value):
        return value
    if info.parent_type.name == "Mutation":
        args |= _idempotency(info)
    return value(info.context, args)


def type_name(value: Any, *_: Any) -> str:
    """The GraphQL type of an object of the market."""
    return type(value).__name__


def _idempotency(info: GraphQLResolveInfo[Any]) -> dict[str, str]:
    directive = info.schema.get_directive("idempotent")
    given = directive and get_directive_values(directive, info.field_nodes[0], info.variable_values)
    return {IDEMPOTENCY_KEY: given["key"]} if given else {}


@lru_cache(maxsize=1024)
def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def _decimal(value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise GraphQLError(f"{value!r} is no decimal number") from error


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise GraphQLError(f"{value!r} is no moment of ISO 8601") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _tell_decimal(value: Decimal) -> str:
    # Shopify drops the zeros at the end, but for the first decimal: 89.0, 12.5, 0.125.
    plain = f"{value.normalize():f}"
    return plain if "." in plain else plain + ".0"


def _tell_moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_SCALARS: Mapping[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "DateTime": (_moment, _tell_moment),
    "Decimal": (_decimal, _tell_decimal),
    "Money": (_decimal, lambda value: f"{value:.2f}"),
    "UnsignedInt64": (int, str),
}
