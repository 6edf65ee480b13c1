"""The audit entry of a request: written with the request's own id, in its own transaction."""

from typing import Annotated, Any, Protocol

from fastapi import Depends, Request
from pydantic import BaseModel

from trade_ma.api.access import session_of, signed_in
from trade_ma.identity.audit import audit


class Record(Protocol):
    """Writes down what was done: the action, the object, and it before and after."""

    def __call__(
        self,
        action: str,
        obj: str,
        *,
        before: BaseModel | None = None,
        after: BaseModel | None = None,
    ) -> None:
        """Write it down."""
        ...


def _recorder(request: Request) -> Record:
    def record(
        action: str,
        obj: str,
        *,
        before: BaseModel | None = None,
        after: BaseModel | None = None,
    ) -> None:
        audit(
            session_of(request),
            signed_in(request),
            action,
            obj,
            before=_json(before),
            after=_json(after),
            request_id=request.state.request_id,
        )

    return record


def _json(shown: BaseModel | None) -> dict[str, Any] | None:
    return None if shown is None else shown.model_dump(mode="json")


Recorder = Annotated[Record, Depends(_recorder)]
