"""Amazon's vocabulary of JSON Schema, and its complaints as our issues: pure.

Source: developer-docs.amazon.com/sp-api/docs/product-type-definition-meta-schema. The other
keywords of the vocabulary (editable, hidden, enumNames, replacedBy, $lifecycle) inform and do not
constrain.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jsonschema import Draft201909Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from connectors.amazon.complaints import field_of
from connectors.protocol import Issue

Schema = Mapping[str, Any]


def validator(schema: Schema) -> Validator:
    """A validator of one product type's definition."""
    # The addresses in $schema and $id are names and are served nowhere.
    named = {"$schema", "$id", "$vocabulary"}
    checked: Validator = _Amazon({k: v for k, v in schema.items() if k not in named})
    return checked


def issues(checked: Validator, attributes: Mapping[str, Any], sku: str) -> tuple[Issue, ...]:
    """What the definition says against the attributes of one item."""
    return tuple(
        issue for error in checked.iter_errors(attributes) for issue in _issues(error, sku)
    )


def _issues(error: ValidationError, sku: str) -> Iterator[Issue]:
    path = [str(step) for step in error.absolute_path]
    if path:
        where = path[0]
        yield Issue(
            "INVALID_ATTRIBUTE", f"{where}: {_words(error)}", field=field_of(where), sku=sku
        )
        return
    for name in _missing(error):
        message = f"{name} is missing: this product type asks for it"
        yield Issue("MISSING_ATTRIBUTE", message, field=field_of(name), sku=sku)


def _missing(error: ValidationError) -> list[str]:
    """The attributes that an error of the whole item asks for; of a choice, the first."""
    if error.validator == "required":
        # jsonschema tells each missing property by an error of its own, in quotes.
        return [error.message.split("'")[1]]
    asked = [name for one in error.context or () for name in _missing(one)]
    return asked[:1] or [str(error.validator)]


def _words(error: ValidationError) -> str:
    value: Any = error.instance
    asked: Any = error.validator_value
    match error.validator:
        case "maxLength":
            return f"it has {len(value)} characters of {asked} at most"
        case "maxUtf8ByteLength":
            return f"it has {len(value.encode())} bytes of {asked} at most"
        case "enum":
            taken = ", ".join(map(str, asked[:8]))
            return f"{value!r} is not among what Amazon takes here: {taken}"
        case "required":
            return f"{error.message.split(' ')[0]} is missing"
        case _:
            return error.message if len(error.message) < _LONGEST else f"fails {error.validator}"


# A message of jsonschema quotes the value that it complains of, whole.
_LONGEST = 200


def _groups(items: Sequence[Any], schema: Schema) -> Counter[tuple[str, ...]]:
    """How many items share each combination of the selectors' values."""
    names = schema.get("selectors", ())
    return Counter(tuple(repr(item.get(name)) for name in names) for item in items)


def _max_unique_items(
    _: Validator, most: int, items: Any, schema: Schema
) -> Iterator[ValidationError]:
    if isinstance(items, list) and max(_groups(items, schema).values(), default=0) > most:
        yield ValidationError(f"more than {most} values for one market and language")


def _min_unique_items(
    _: Validator, least: int, items: Any, schema: Schema
) -> Iterator[ValidationError]:
    if isinstance(items, list) and min(_groups(items, schema).values(), default=0) < least:
        yield ValidationError(f"fewer than {least} values for one market and language")


def _max_bytes(_: Validator, most: int, text: Any, __: Schema) -> Iterator[ValidationError]:
    if isinstance(text, str) and len(text.encode()) > most:
        yield ValidationError(f"longer than {most} bytes")


def _min_bytes(_: Validator, least: int, text: Any, __: Schema) -> Iterator[ValidationError]:
    if isinstance(text, str) and len(text.encode()) < least:
        yield ValidationError(f"shorter than {least} bytes")


_Amazon = extend(  # type: ignore[no-untyped-call]  # its stub has no types
    Draft201909Validator,
    {
        "maxUniqueItems": _max_unique_items,
        "minUniqueItems": _min_unique_items,
        "maxUtf8ByteLength": _max_bytes,
        "minUtf8ByteLength": _min_bytes,
    },
)
