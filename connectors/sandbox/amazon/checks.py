"""What Amazon says of a submission at once: its attributes held against the product type.

Codes of issues, and how each is known:
  90220     required attribute missing     listings model, example of putListingsItem
  90000900  unknown or malformed attribute listings model, example of putListingsItem
  99022     too few values                 processing report schema, example
  4000001   value not allowed              amzn/selling-partner-api-models, issue 5219
Length and number beyond a limit are told by 4000001 too: their own codes are not published.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from jsonschema import Draft201909Validator, ValidationError
from jsonschema.validators import extend

from connectors.sandbox.amazon.attributes import ATTRIBUTES
from connectors.sandbox.amazon.listing import Json
from connectors.sandbox.amazon.product_types import IDENTITY, definition


def issue(code: str, message: str, *names: str, categories: tuple[str, ...] = ()) -> Json:
    """An issue of severity ERROR about the attributes `names`."""
    about = {"attributeNames": list(names)} if names else {}
    return {
        "code": code,
        "message": message,
        "severity": "ERROR",
        **about,
        "categories": list(categories),
    }


def issues_of(
    attributes: Mapping[str, Any], product_type: str, marketplace_id: str, requirements: str
) -> list[Json]:
    """What is wrong with `attributes` as a whole listing of that type in that store."""
    return _checked(attributes, _validator(product_type, marketplace_id, requirements, whole=True))


def issues_of_parts(
    attributes: Mapping[str, Any], product_type: str, marketplace_id: str
) -> list[Json]:
    """What is wrong with these attributes in themselves, whatever others there are."""
    return _checked(attributes, _validator(product_type, marketplace_id, "LISTING", whole=False))


def _checked(attributes: Mapping[str, Any], validator: Any) -> list[Json]:
    found = (issue for error in validator.iter_errors(attributes) for issue in _issues(error))
    # An attribute may break several rules of the schema in one way.
    once = {(issue["code"], issue["message"]): issue for issue in found}
    return sorted(once.values(), key=lambda issue: (issue["code"], issue["attributeNames"]))


def _issues(error: Any) -> Iterator[Json]:
    path = [step for step in error.absolute_path if isinstance(step, str)]
    name = path[0] if path else ""
    title = ATTRIBUTES[name].title if name in ATTRIBUTES else name
    match error.validator:
        case "required" if not path:
            for missing in _missing(error):
                message = f"'{missing}' is required but not supplied."
                yield issue("90220", message, missing, categories=("MISSING_ATTRIBUTE",))
        case "anyOf" if not path:
            # Of the ways to tell which product it is, the first is the one to ask for.
            message = f"'{IDENTITY[0]}' is required but not supplied."
            yield issue("90220", message, IDENTITY[0], categories=("MISSING_ATTRIBUTE",))
        case "additionalProperties" if not path:
            known = error.schema["properties"]
            for unknown in sorted(set(error.instance) - set(known)):
                message = "The attributes are invalid."
                yield issue("90000900", message, unknown, categories=("INVALID_ATTRIBUTE",))
        case "required" | "minItems" | "minUniqueItems":
            field = _missing(error)[0] if error.validator == "required" else "value"
            message = (
                f"The field '{field}' for the attribute '{title}' does not have enough values. "
                "The required minimum is '1' value(s)."
            )
            yield issue("99022", message, name, categories=("INVALID_ATTRIBUTE",))
        case "additionalProperties" | "type":
            message = "The attributes are invalid."
            yield issue("90000900", message, name, categories=("INVALID_ATTRIBUTE",))
        case _:
            message = f"The provided value for '{title}' is invalid. {_reason(error)}"
            yield issue("4000001", message.strip(), name, categories=("INVALID_ATTRIBUTE",))


def _missing(error: Any) -> list[str]:
    return [name for name in error.validator_value if name not in error.instance]


def _reason(error: Any) -> str:
    match error.validator:
        case "maxLength":
            return f"It is longer than {error.validator_value} characters."
        case "maxUtf8ByteLength":
            return f"It is longer than {error.validator_value} bytes."
        case "maxUniqueItems":
            return f"It has more than {error.validator_value} value(s)."
        case _:
            return ""


def _unique(entries: list[Json], schema: Mapping[str, Any]) -> int:
    """How many entries differ by their selectors."""
    names = schema.get("selectors", ())
    return len({tuple(repr(entry.get(name)) for name in names) for entry in entries})


def _entries(instance: Any) -> list[Json]:
    """The entries of an attribute, as far as it has the right shape: `type` tells of another."""
    entries = instance if isinstance(instance, list) else []
    return [each for each in entries if isinstance(each, dict)]


def _max_unique(
    _validator: Any, most: int, instance: Any, _schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    # The limit counts for each marketplace and language; one submission is for one marketplace.
    entries = _entries(instance)
    languages = len({entry.get("language_tag") for entry in entries}) or 1
    if len(entries) > most * languages:
        yield ValidationError(f"more than {most} entries")


def _min_unique(
    _validator: Any, least: int, instance: Any, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    if isinstance(instance, list) and _unique(_entries(instance), schema) < least:
        yield ValidationError(f"fewer than {least} entries")


def _max_bytes(
    _validator: Any, most: int, instance: Any, _schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    if isinstance(instance, str) and len(instance.encode()) > most:
        yield ValidationError(f"longer than {most} bytes")


_AmazonValidator = extend(  # type: ignore[no-untyped-call]  # jsonschema has no type for it
    Draft201909Validator,
    {
        "maxUniqueItems": _max_unique,
        "minUniqueItems": _min_unique,
        "maxUtf8ByteLength": _max_bytes,
    },
)


@cache
def _validator(product_type: str, marketplace_id: str, requirements: str, *, whole: bool) -> Any:
    schema = definition(product_type, marketplace_id, requirements, enforced=whole)
    # The meta-schema's address is a name, not a place: without it nothing is looked up.
    return _AmazonValidator({key: schema[key] for key in schema if key not in {"$schema", "$id"}})
