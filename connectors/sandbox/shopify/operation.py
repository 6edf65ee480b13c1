"""A request's document, read once: the operation that it asks for, or what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    validate,
    visit,
)

from connectors.sandbox.shopify.schema import schema


@dataclass(frozen=True, slots=True)
class Operation:
    """A valid document, and the one of its operations that is to be run."""

    document: DocumentNode
    definition: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]

    @property
    def name(self) -> str:
        """Its name, or that of the first field it asks for."""
        if self.definition.name:
            return self.definition.name.value
        first = self.definition.selection_set.selections[0]
        return first.name.value if isinstance(first, FieldNode) else "anonymous"

    @property
    def is_mutation(self) -> bool:
        """Whether it changes anything."""
        return self.definition.operation is OperationType.MUTATION


def connections(operation: Operation) -> int:
    """How many connections a document asks for, those of its fragments too."""
    types = TypeInfo(schema())
    counter = _Connections(types)
    visit(operation.document, TypeInfoVisitor(types, counter))
    return counter.seen


class _Connections(Visitor):
    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types, self.seen = types, 0

    def enter_field(self, *_: object) -> None:
        """Count a field whose type is a connection."""
        told = get_named_type(self._types.get_type())
        self.seen += told is not None and told.name.endswith("Connection")


class Invalid(Exception):
    """A document that cannot be run, for `errors`."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors


@lru_cache(maxsize=256)
def read_operation(text: str, name: str | None = None) -> Operation:
    """The operation called `name` (the only one without) of a document.

    Raises:
        Invalid: it does not parse, breaks the schema, or has no such operation.
    """
    try:
        document = parse(text)
    except GraphQLError as error:
        raise Invalid([error]) from error
    if errors := validate(schema(), document):
        raise Invalid(errors)
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    wanted = [d for d in operations if not name or (d.name and d.name.value == name)]
    if len(wanted) != 1:
        raise Invalid([GraphQLError(f"No operation named {name!r}")])
    fragments = {
        d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)
    }
    return Operation(document, wanted[0], fragments)
