"""Etsy's official description as a judge: every request and every answer, by its OAS 3.0 schema.

Stricter than the description in one thing: a field or parameter that it does not name is a fault,
in requests because Etsy ignores what it does not know, in answers because ours would drift.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from jsonschema import Draft202012Validator, FormatChecker

from tests.contracts.recorder import Exchange

Schema = dict[str, Any]
Fields = Mapping[str, list[str]]

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
JSON = "application/json"
# What Etsy's gateway may refuse of every operation, whether it is described there or not.
GATEWAY = {401, 403, 429}
# The one object that may say more than is described: OAuth's refusals add error_description.
OPEN = "ErrorSchema"
SERVER_ERROR = 500

FORMATS = FormatChecker(())
FORMATS.checks("ISO 3166-1 alpha-2")(
    lambda text: not isinstance(text, str) or bool(re.fullmatch("[A-Z]{2}", text))
)
FORMATS.checks("email")(lambda text: not isinstance(text, str) or "@" in text)

# What the description's schemas say and JSON Schema says alike.
KEPT = {"type", "enum", "required", "minimum", "maximum"}


class Description:
    """Etsy's OAS 3.0.2 document, its schemas translated to JSON Schema 2020-12."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._schemas = document["components"]["schemas"]
        self._recursive: dict[str, Schema] = {}

    def validator(self, schema: Schema) -> Draft202012Validator:
        """A validator of `schema`, everything that it refers to written out in it."""
        translated = self._translated(schema, ())
        return Draft202012Validator(translated | {"$defs": self._recursive}, format_checker=FORMATS)

    def _translated(self, schema: Schema, path: tuple[str, ...]) -> Schema:
        if "$ref" in schema:
            return self._referred(schema["$ref"].rpartition("/")[2], path)
        # A oneOf with one member is how this document writes a reference with a description.
        if len(schema.get("oneOf", ())) == 1:
            target = self._translated(schema["oneOf"][0], path)
            nullable = {"anyOf": [target, {"type": "null"}]}
            return nullable if schema.get("nullable") else target
        return self._plain(schema, path)

    def _referred(self, name: str, path: tuple[str, ...]) -> Schema:
        if name in path:
            return {"$ref": f"#/$defs/{name}"}
        target = self._translated(self._schemas[name], (*path, name))
        if f'"#/$defs/{name}"' in json.dumps(target):
            self._recursive[name] = target
        return target if name != OPEN else target | {"additionalProperties": True}

    def _plain(self, schema: Schema, path: tuple[str, ...]) -> Schema:
        plain = {key: value for key, value in schema.items() if key in KEPT}
        if schema.get("format") in FORMATS.checkers:
            plain["format"] = schema["format"]
        if schema.get("nullable") and "type" in plain:
            plain["type"] = [plain["type"], "null"]
            if "enum" in plain:
                plain["enum"] = [*plain["enum"], None]
        if "items" in schema:
            plain["items"] = self._translated(schema["items"], path)
        if schema.get("properties"):
            plain["properties"] = {
                name: self._translated(one, path) for name, one in schema["properties"].items()
            }
            plain["additionalProperties"] = False
        return plain


@dataclass(frozen=True, slots=True)
class Described:
    """One operation of the description, its schemas ready to judge by."""

    name: str
    method: str
    path: re.Pattern[str]
    parameters: Schema
    body_kinds: frozenset[str]
    body: Schema
    check_parameters: Draft202012Validator
    check_body: Draft202012Validator | None
    check_answers: Mapping[int, Draft202012Validator | None]


class EtsyJudge:
    """Judges exchanges by Etsy's description in `folder`."""

    def __init__(self, folder: Path) -> None:
        document = json.loads((folder / "oas3.json").read_text("utf-8"))
        description = Description(document)
        self._gateway = description.validator({"$ref": f"#/components/schemas/{OPEN}"})
        self._described = [
            _described(description, path, method, spec)
            for path, methods in document["paths"].items()
            for method, spec in methods.items()
            if "operationId" in spec
        ]
        # Fixed words come before ids: /listings/active is no listing.
        self._described.sort(key=lambda one: one.path.groups)
        self.operations = frozenset(one.name for one in self._described)

    def operation(self, exchange: Exchange) -> str | None:
        """The operation's official name; None for OAuth and for the sandbox's own addresses."""
        found = self._find(exchange)
        return found and found[0].name

    def faults(self, exchange: Exchange) -> list[str]:
        """What the description says against the request or the answer."""
        found = self._find(exchange)
        if found is None:
            return ["is not described"]
        operation, path = found
        return [
            *_parameter_faults(operation, exchange, path),
            *_body_faults(operation, exchange),
            *self._answer_faults(operation, exchange),
        ]

    def _find(self, exchange: Exchange) -> tuple[Described, Fields] | None:
        for one in self._described:
            if one.method == exchange.method and (match := one.path.fullmatch(exchange.path)):
                return one, {name: [value] for name, value in match.groupdict().items()}
        return None

    def _answer_faults(self, operation: Described, exchange: Exchange) -> Iterator[str]:
        promised = exchange.answer_headers.get("content-length", str(len(exchange.answer)))
        kind = exchange.answer_headers.get("content-type", "")
        if promised != str(len(exchange.answer)):
            return  # The connection broke: nobody heard this answer.
        if exchange.status >= SERVER_ERROR and not kind.startswith(JSON):
            return  # A page of the machinery before Etsy, which no API describes.
        if exchange.status in operation.check_answers:
            validator = operation.check_answers[exchange.status]
        elif exchange.status in GATEWAY:
            validator = self._gateway
        else:
            yield f"answers with status {exchange.status}, which is not described"
            return
        if validator is None:
            if exchange.answer:
                yield f"answers content with status {exchange.status}"
        elif not kind.startswith(JSON):
            yield f"answers {kind or 'without a content type'}, not JSON"
        else:
            yield from _complaints("answer", validator, json.loads(exchange.answer))


def _described(
    description: Description, path: str, method: str, spec: Mapping[str, Any]
) -> Described:
    declared = spec.get("parameters", [])
    parameters: Schema = {
        "type": "object",
        "properties": {one["name"]: one["schema"] for one in declared},
        "required": [one["name"] for one in declared if one.get("required")],
    }
    bodies = spec.get("requestBody", {}).get("content", {})
    body: Schema = next((one["schema"] for one in bodies.values()), {})
    return Described(
        spec["operationId"],
        method.upper(),
        re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)),
        parameters,
        frozenset(bodies),
        body,
        description.validator(parameters),
        description.validator(body) if bodies else None,
        {int(status): _answer(description, one) for status, one in spec["responses"].items()},
    )


def _answer(description: Description, spec: Mapping[str, Any]) -> Draft202012Validator | None:
    content = spec.get("content", {}).get(JSON)
    return description.validator(content["schema"]) if content else None


def _parameter_faults(operation: Described, exchange: Exchange, path: Fields) -> Iterator[str]:
    query = parse_qs(exchange.query, keep_blank_values=True, strict_parsing=bool(exchange.query))
    given = _coerced(operation.parameters, {**query, **path})
    yield from _complaints("request", operation.check_parameters, given)


def _body_faults(operation: Described, exchange: Exchange) -> Iterator[str]:
    if operation.check_body is None:
        if exchange.body:
            yield "request: has a body, and none is described"
        return
    header = exchange.headers.get("content-type", "")
    kind = header.partition(";")[0]
    if kind not in operation.body_kinds:
        yield f"request: is {kind or 'untyped'}, not {' or '.join(operation.body_kinds)}"
    elif kind == JSON:
        yield from _complaints("request", operation.check_body, json.loads(exchange.body))
    else:
        fields = _fields(header, exchange.body)
        yield from _complaints("request", operation.check_body, _coerced(operation.body, fields))


def _fields(header: str, body: bytes) -> Fields:
    if header.startswith(FORM):
        return parse_qs(body.decode(), keep_blank_values=True, strict_parsing=bool(body))
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + header.encode() + b"\n\n" + body
    )
    fields: dict[str, list[str]] = {}
    for part in message.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        fields.setdefault(name, []).append("" if part.get_filename() else part.get_content())
    return fields


def _coerced(schema: Schema, fields: Fields) -> dict[str, Any]:
    """The fields as their schema's types; what cannot be one stays text, for the schema to say."""
    known = schema.get("properties", {})
    return {name: _value(known.get(name, {}), values) for name, values in fields.items()}


def _value(schema: Schema, values: list[str]) -> Any:
    if schema.get("type") == "array":
        # Etsy takes both: tags=a&tags=b, and tags=a,b.
        words = [word for value in values for word in value.split(",") if word]
        return [_scalar(schema["items"], word) for word in words]
    return _scalar(schema, values[0]) if len(values) == 1 else values


def _scalar(schema: Schema, text: str) -> Any:
    match schema.get("type"):
        case "integer" if re.fullmatch(r"-?\d+", text):
            return int(text)
        case "number" if re.fullmatch(r"-?\d+(\.\d+)?", text):
            return float(text)
        case "boolean" if text in {"true", "false"}:
            return text == "true"
        case _:
            return text


def _complaints(side: str, validator: Draft202012Validator, value: Any) -> Iterator[str]:
    for error in validator.iter_errors(value):
        # The value itself is not told: it may be a buyer's address.
        yield f"{side} {error.json_path}: breaks {error.validator} {error.validator_value!r:.200}"
