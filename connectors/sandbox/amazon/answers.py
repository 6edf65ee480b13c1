"""How Amazon says no, and the shape of its moments."""

import json
from datetime import UTC, datetime
from typing import Any

from fastapi import Request
from starlette.responses import JSONResponse, Response


class Refusal(Exception):
    """A request that Amazon answers with an error."""

    def __init__(self, status: int, code: str, message: str, details: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.error = {"code": code, "message": message, "details": details}

    def answer(self, path: str) -> Response:
        """The answer, in the shape of the API at `path`."""
        # The restrictions model alone says that its list of errors stands bare.
        bare = path.endswith("/restrictions")
        body: Any = [self.error] if bare else {"errors": [self.error]}
        return JSONResponse(body, self.status)


def invalid(message: str) -> Refusal:
    """A parameter or a body that cannot be understood."""
    return Refusal(400, "InvalidInput", message)


def not_found(message: str) -> Refusal:
    """Something that is not there."""
    return Refusal(404, "NOT_FOUND", message)


def csv(request: Request, name: str) -> list[str]:
    """The values of a list parameter, comma-separated or repeated."""
    return [
        value for part in request.query_params.getlist(name) for value in part.split(",") if value
    ]


async def body_of(request: Request) -> dict[str, Any]:
    """The body as a JSON object. Raises Refusal for anything else."""
    try:
        body = json.loads(await request.body())
    except ValueError as error:
        raise invalid("Request body is not valid JSON.") from error
    if not isinstance(body, dict):
        raise invalid("Request body is not a JSON object.")
    return body


def moment(when: datetime) -> str:
    """ISO 8601 in UTC, to the millisecond."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_moment(text: str, name: str) -> datetime:
    """A moment that somebody sent. Raises Refusal for what is no ISO 8601 moment."""
    try:
        when = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise invalid(f"Invalid value '{text}' provided for '{name}'.") from error
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def page_start(token: str | None) -> int:
    """Where a page begins. Raises Refusal for a token that we did not give."""
    if token is None:
        return 0
    try:
        return int(token)
    except ValueError as error:
        raise invalid("Invalid pagination token.") from error


def page_size(request: Request, name: str, default: int, most: int) -> int:
    """How many items a page may have. Raises Refusal beyond what the API allows."""
    text = request.query_params.get(name, str(default))
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise invalid(f"Invalid value '{text}' provided for '{name}': 1 to {most}.")
    return int(text)
