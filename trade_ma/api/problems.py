"""What went wrong, as RFC 9457 problem details with codes that stay the same."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """What is wrong with one field; its value is not repeated, it may be a secret."""

    field: str = Field(examples=["body.password"])
    message: str = Field(examples=["Field required"])


class ProblemDetails(BaseModel):
    """A problem, RFC 9457. Programs go by `code`, people by `detail`."""

    type: str = Field(examples=["urn:trade-ma:problem:not-found"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    code: str = Field(examples=["not-found"])
    detail: str = Field(examples=["There is no user 7."])
    request_id: str = Field(examples=["b1946ac92492d2347c6235b4d2611184"])
    errors: list[FieldProblem] = []


class Problem(Exception):
    """A request that is not carried out. Nothing was written."""

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        detail: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})


def unauthenticated(detail: str = "Sign in, or send a token.") -> Problem:
    """Nobody known is asking."""
    return Problem(
        HTTPStatus.UNAUTHORIZED,
        "unauthenticated",
        detail,
        headers={"WWW-Authenticate": 'Bearer realm="trade-ma"'},
    )


def forbidden(detail: str) -> Problem:
    """Somebody known, who may not do this."""
    return Problem(HTTPStatus.FORBIDDEN, "forbidden", detail)


def not_found(detail: str) -> Problem:
    """No such thing, or none that is any of the principal's business."""
    return Problem(HTTPStatus.NOT_FOUND, "not-found", detail)


def conflict(code: str, detail: str) -> Problem:
    """It does not fit what is there."""
    return Problem(HTTPStatus.CONFLICT, code, detail)


def invalid(field: str, message: str) -> Problem:
    """A value that cannot be; `field` is such as body.name or query.cursor."""
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "invalid",
        message,
        errors=[FieldProblem(field=field, message=message)],
    )


def too_many(seconds: float, detail: str = "Too many requests.") -> Problem:
    """Asked too often; come back in `seconds`."""
    return Problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too-many-requests",
        detail,
        headers={"Retry-After": str(int(seconds) + 1)},
    )


def too_large(most: int) -> Problem:
    """A body of more than `most` bytes."""
    told = f"The body is larger than {most >> 20} MB."
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", told)


def answered(request: Request, problem: Problem) -> Response:
    """The answer that tells a problem: a page for pages, where the console has given one."""
    page = _error_page(request)
    if page is not None and not request.scope["path"].startswith("/api/"):
        return page(request, problem)
    return JSONResponse(
        ProblemDetails(
            type=f"urn:trade-ma:problem:{problem.code}",
            title=problem.status.phrase,
            status=problem.status,
            code=problem.code,
            detail=problem.detail,
            request_id=getattr(request.state, "request_id", ""),
            errors=problem.errors,
        ).model_dump(),
        status_code=problem.status,
        headers=problem.headers,
        media_type=MEDIA_TYPE,
    )


def _error_page(request: Request) -> Callable[[Request, Problem], Response] | None:
    # Before the application is reached, there is none in the scope.
    app = request.scope.get("app")
    return getattr(app.state, "error_page", None) if app else None


def tell_problems(app: FastAPI) -> None:
    """Answer every failure of `app` with problem details."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_validation)


def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - Starlette calls it for nothing else
    return answered(request, error)


def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette calls it for nothing else
    status = HTTPStatus(error.status_code)
    code = status.phrase.lower().replace(" ", "-")
    return answered(request, Problem(status, code, str(error.detail), headers=error.headers))


def _on_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    return answered(request, unprocessable(error.errors()))


def unprocessable(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """The problem of values that pydantic refuses, without the values themselves."""
    found = [
        FieldProblem(field=".".join(map(str, one["loc"])), message=str(one["msg"]))
        for one in errors
    ]
    told = "; ".join(f"{one.field}: {one.message}" for one in found)
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", told, errors=found)
