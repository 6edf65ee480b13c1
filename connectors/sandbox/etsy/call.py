"""A request as an operation sees it, the refusals it may give, and Etsy's words for them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ValidationError
from pydantic_core import ErrorDetails

Model = TypeVar("Model", bound=BaseModel)
Json = dict[str, Any]


class Refusal(Exception):
    """Etsy's answer to a call that it does not carry out."""

    def __init__(
        self, status: int, error: str, description: str = "", **headers: str | int
    ) -> None:
        super().__init__(error)
        self.status, self.error, self.description = status, error, description
        self.headers = {name.replace("_", "-"): str(value) for name, value in headers.items()}

    @property
    def body(self) -> Json:
        """The answer's JSON: ErrorSchema, with OAuth's description where there is one."""
        told = {"error_description": self.description} if self.description else {}
        return {"error": self.error, **told}


def not_found(kind: str, name: str, wanted: object) -> Refusal:
    """The 404 for a resource that the shop does not have."""
    return Refusal(404, f"Could not find a {kind} with {name} = {wanted}")


def _split(given: object) -> object:
    """The members of a form's or query's array, repeated or separated by commas."""
    parts = [given] if isinstance(given, str) else given
    if not isinstance(parts, list):
        return parts
    return [word.strip() for part in parts for word in str(part).split(",") if word.strip()]


Words = Annotated[list[str], BeforeValidator(_split)]
Ids = Annotated[list[int], BeforeValidator(_split)]


@dataclass(frozen=True, slots=True)
class Call:
    """One request: its operation's official name, and what it brings."""

    operation: str
    path: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, list[str]] = field(default_factory=dict)
    fields: Mapping[str, list[str]] = field(default_factory=dict)
    upload: bytes | None = field(default=None, repr=False)
    body: bytes = field(default=b"", repr=False)

    def id(self, name: str) -> int:
        """A number of the path."""
        return int(self.path[name])

    def query(self, model: type[Model]) -> Model:
        """The query as `model`. Raises Refusal 400 for what it does not allow."""
        return _checked(model.model_validate, _single(self.parameters))

    def form(self, model: type[Model]) -> Model:
        """The form as `model`. Raises Refusal 400 for what it does not allow."""
        return _checked(model.model_validate, _single(self.fields))

    def json(self, model: type[Model]) -> Model:
        """The JSON body as `model`. Raises Refusal 400 for what it does not allow."""
        return _checked(model.model_validate_json, self.body or b"{}")


def _single(fields: Mapping[str, list[str]]) -> dict[str, str | list[str]]:
    # PHP clients write arrays as tags[]; Etsy's own examples do not.
    return {
        name.removesuffix("[]"): values[0] if len(values) == 1 else values
        for name, values in fields.items()
    }


def _checked(validate: Callable[[Any], Model], given: object) -> Model:
    try:
        return validate(given)
    except ValidationError as error:
        raise Refusal(400, phrase(error.errors())) from error


def phrase(errors: list[ErrorDetails]) -> str:
    """A validation's complaint in the words that sellers report from Etsy.

    Source: the texts quoted in the issues 168, 385, 409 and 430 of github.com/etsy/open-api.
    """
    missing = [_place(error) for error in errors if error["type"] == "missing"]
    if missing:
        return f"Missing input parameter: [{', '.join(missing)}]"
    first = errors[0]
    if first["type"] in {"enum", "literal_error"}:
        allowed = first["ctx"]["expected"].replace(" or ", ", ").replace("'", "")
        return f"Invalid value ({first['input']}) for enum({allowed})"
    wanted = re.fullmatch(r"(int|float|decimal|bool|string|list)_(type|parsing)", first["type"])
    if wanted:
        return f"Expected {wanted[1]} value for '{_place(first)}' (got {first['input']!r})."
    return (
        f"There was a problem with /{_place(first)} : {first['msg'].removeprefix('Value error, ')}"
    )


def _place(error: ErrorDetails) -> str:
    return "/".join(str(step) for step in error["loc"])
