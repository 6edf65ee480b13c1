import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_client_schema,
    print_ast,
)

from connectors.sandbox.shopify.schema import schema
from connectors.shopify.documents import API_VERSION


@pytest.fixture(scope="module")
def official(shared: Path) -> GraphQLSchema:
    with gzip.open(shared / "contracts" / "shopify" / f"admin_{API_VERSION}.json.gz") as file:
        return build_client_schema(json.load(file)["data"], assume_valid=True)


def test_our_schema_says_nothing_that_shopifys_does_not(official: GraphQLSchema) -> None:
    assert sorted(_statements(schema()) - _statements(official)) == []


def test_what_shopify_demands_the_sandbox_demands(official: GraphQLSchema) -> None:
    ours = _statements(schema())
    known = {statement.partition("(")[0].partition(":")[0] for statement in ours}
    demanded = {
        statement
        for statement in _statements(official)
        if statement.partition("(")[0] in known and statement.endswith("!)")
    }
    assert sorted(demanded - ours) == []


def _statements(of: GraphQLSchema) -> set[str]:
    """Everything that a schema says, a line for each."""
    directive = of.get_directive("idempotent")
    said = {f"@idempotent({a})" for a in _inputs(directive.args if directive else {})}
    for name, type_ in of.type_map.items():
        match type_:
            case GraphQLObjectType() | GraphQLInterfaceType():
                said |= {f"{name} implements {i.name}" for i in type_.interfaces}
                for field, definition in type_.fields.items():
                    said.add(f"{name}.{field}: {definition.type}")
                    said |= {f"{name}.{field}({a})" for a in _inputs(definition.args)}
            case GraphQLInputObjectType():
                said |= {f"{name}({field})" for field in _inputs(type_.fields)}
                said.add(f"{name} one of: {type_.is_one_of}")
            case GraphQLEnumType():
                said |= {f"{name} {value}" for value in type_.values}
            case _:
                said.add(f"scalar {name}")
    return {statement for statement in said if "__" not in statement}


def _inputs(fields: Mapping[str, Any]) -> Iterator[str]:
    for name, field in fields.items():
        default = field.default
        literal = default.literal if default else None
        told = print_ast(literal) if literal else default and default.value
        yield f"{name}: {field.type}" if default is None else f"{name}: {field.type} = {told}"
