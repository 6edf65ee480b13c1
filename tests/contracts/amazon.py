"""Amazon's official description as a judge: Swagger 2.0 models, and the schemas of feeds."""

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jsonschema import Draft4Validator, Draft7Validator, FormatChecker

from tests.contracts.recorder import Exchange

METHODS = frozenset({"get", "put", "post", "patch", "delete"})
# The SDK adds these to queries and bodies, whatever the operation.
INJECTED = frozenset({"MarketplaceId", "MarketplaceIds", "marketplace_ids", "marketplaceIds"})
# A refusal says that the request was not in order: it is not judged again.
REFUSALS = frozenset({400, 401, 403, 404})
FEED_DOCUMENT = "JSON_LISTINGS_FEED"
REPORT = "JSON_LISTINGS_FEED processing report"
FORMATS = FormatChecker(formats=())


@FORMATS.checks("date-time", ValueError)
def _is_moment(text: object) -> bool:
    return not isinstance(text, str) or bool(datetime.fromisoformat(text))


@dataclass(frozen=True)
class Operation:
    """One operation of a model."""

    model: Mapping[str, Any]
    path: str
    method: str

    @property
    def id(self) -> str:
        return str(self._described["operationId"])

    @property
    def _described(self) -> Mapping[str, Any]:
        described: Mapping[str, Any] = self.model["paths"][self.path][self.method]
        return described

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        # Paths come decoded, and only a SKU may hold a slash.
        template = self.path.replace("{sku}", "(?:.+)")
        return re.compile(re.sub(r"\{\w+\}", "[^/]+", template))

    @cached_property
    def parameters(self) -> list[Mapping[str, Any]]:
        return list(self._described.get("parameters", []))

    @cached_property
    def body(self) -> Draft4Validator | None:
        schemas = [each["schema"] for each in self.parameters if each["in"] == "body"]
        return self._validator(schemas[0]) if schemas else None

    @cached_property
    def answers(self) -> dict[int, Draft4Validator | None]:
        """What may be answered: by status, the validator of a body where there is one."""
        return {
            int(status): self._validator(answer["schema"]) if "schema" in answer else None
            for status, answer in self._described["responses"].items()
        }

    def _validator(self, schema: Mapping[str, Any]) -> Draft4Validator:
        whole = {"allOf": [schema], "definitions": self.model["definitions"]}
        return Draft4Validator(whole, format_checker=FORMATS)


class AmazonJudge:
    """Judges by the models in `folder`, and feed documents by the schemas in its feeds/.

    Addresses of documents are no operations; they are known from the answers that name them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._operations = [
            Operation(model, path, method)
            for model in map(_read, sorted(folder.glob("*.json")))
            for path, methods in model["paths"].items()
            for method in METHODS & methods.keys()
        ]
        self._uploads: set[str] = set()
        self._downloads: set[str] = set()
        self.operations = frozenset(
            {*(operation.id for operation in self._operations), FEED_DOCUMENT, REPORT}
        )

    def operation(self, exchange: Exchange) -> str | None:
        """The operation's id, or the kind of document that goes to or comes from an address."""
        if operation := self._find(exchange):
            return operation.id
        if exchange.method == "PUT" and exchange.path in self._uploads:
            return FEED_DOCUMENT
        if exchange.method == "GET" and exchange.path in self._downloads:
            return REPORT
        return None

    def faults(self, exchange: Exchange) -> list[str]:
        """What the description says against the request or the answer."""
        operation = self._find(exchange)
        if operation is None:
            return list(self._document_faults(exchange))
        faults = [*_request_faults(operation, exchange), *_answer_faults(operation, exchange)]
        if not faults:
            self._remember(operation.id, exchange)
        return faults

    def _find(self, exchange: Exchange) -> Operation | None:
        for operation in self._operations:
            if operation.method == exchange.method.lower() and operation.pattern.fullmatch(
                exchange.path
            ):
                return operation
        return None

    def _remember(self, operation_id: str, exchange: Exchange) -> None:
        places = {"createFeedDocument": self._uploads, "getFeedDocument": self._downloads}
        if operation_id in places and exchange.status < 300 and _was_heard(exchange):
            places[operation_id].add(urlsplit(json.loads(exchange.answer)["url"]).path)

    def _document_faults(self, exchange: Exchange) -> Iterator[str]:
        if exchange.status >= 300:
            return
        content, schema = exchange.body, self._feed_schema
        if exchange.method == "GET":
            content, schema = exchange.answer, self._report_schema
        if content.startswith(b"\x1f\x8b"):
            content = gzip.decompress(content)
        yield from _against(schema, content, "document")

    @cached_property
    def _feed_schema(self) -> Draft7Validator:
        return Draft7Validator(_read(self._folder / "feeds/listings-feed-schema-v2.json"))

    @cached_property
    def _report_schema(self) -> Draft7Validator:
        name = "feeds/listings-feed-processing-report-schema-v2.json"
        return Draft7Validator(_read(self._folder / name))


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def _request_faults(operation: Operation, exchange: Exchange) -> Iterator[str]:
    if exchange.status in REFUSALS:
        return
    if "x-amz-access-token" not in exchange.headers:
        yield "no access token"
    asked = parse_qs(exchange.query, keep_blank_values=True)
    described = {each["name"]: each for each in operation.parameters if each["in"] == "query"}
    for name in asked.keys() - described.keys() - INJECTED:
        yield f"query: {name} is not described"
    for name, parameter in described.items():
        if name in asked:
            yield from _parameter_faults(parameter, asked[name])
        elif parameter.get("required"):
            yield f"query: {name} is missing"
    if operation.body:
        yield from _against(operation.body, exchange.body, "request")


def _parameter_faults(parameter: Mapping[str, Any], values: list[str]) -> Iterator[str]:
    """Faults of one query parameter, given as often as it stands in the query."""
    repeatable = parameter.get("collectionFormat") == "multi"
    if len(values) > 1 and not repeatable:
        yield f"query: {parameter['name']} is given {len(values)} times"
        return
    value: Any = values[0]
    if parameter["type"] == "array":
        value = [_typed(part, parameter["items"]) for part in values[0].split(",")]
        value = values if repeatable else value
    else:
        value = _typed(value, parameter)
    schema = {name: rule for name, rule in parameter.items() if name not in {"in", "required"}}
    for error in Draft4Validator(schema, format_checker=FORMATS).iter_errors(value):
        yield f"query: {parameter['name']}: {error.message}"


def _typed(text: str, schema: Mapping[str, Any]) -> Any:
    """A query's text as the JSON value that it stands for, where it does."""
    if schema["type"] in {"integer", "number", "boolean"}:
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _answer_faults(operation: Operation, exchange: Exchange) -> Iterator[str]:
    if not _was_heard(exchange):
        return
    if exchange.status not in operation.answers:
        yield f"answer: status {exchange.status} is not described"
        return
    validator = operation.answers[exchange.status]
    if validator is not None:
        yield from _against(validator, exchange.answer, f"answer {exchange.status}")
    if "x-amzn-ratelimit-limit" not in exchange.answer_headers:
        yield "answer: no x-amzn-RateLimit-Limit"


def _was_heard(exchange: Exchange) -> bool:
    """Whether the marketplace answered: not a gateway's page, nor a connection that dropped."""
    told = exchange.answer_headers.get("content-length")
    dropped = told is not None and int(told) != len(exchange.answer)
    weather = exchange.status >= 500 or (exchange.status == 429 and not exchange.answer)
    return not dropped and not weather


def _against(validator: Any, content: bytes, what: str) -> Iterator[str]:
    try:
        value = json.loads(content)
    except ValueError:
        yield f"{what}: not JSON"
        return
    for error in validator.iter_errors(value):
        yield f"{what}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
