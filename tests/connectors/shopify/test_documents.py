import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, parse, validate

from connectors.shopify import documents

DOCUMENTS = {
    name: text
    for name, text in vars(documents).items()
    if isinstance(text, str) and ("query " in text or "mutation " in text) and name.isupper()
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_official_schema_accepts_every_document(official: GraphQLSchema, name: str) -> None:
    assert [error.message for error in validate(official, parse(DOCUMENTS[name]))] == []


def test_operations_have_names_of_their_own() -> None:
    names = [
        node.name.value
        for text in DOCUMENTS.values()
        for node in parse(text).definitions
        if isinstance(node, OperationDefinitionNode) and node.name
    ]
    assert len(names) == len(DOCUMENTS) == len(set(names))
