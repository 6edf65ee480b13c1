"""One request: one principal, one session, one transaction.

Every route of the API and the console is of the class `Unit`. Endpoints never commit: what they
wrote, its audit entries and the answer kept for an Idempotency-Key stand or fall together.
"""

import logging
import traceback
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from trade_ma.api import idempotency
from trade_ma.api.access import check_origin, identify, installation_of
from trade_ma.api.problems import Problem, answered, conflict
from trade_ma.identity import api_tokens, sessions
from trade_ma.identity.principal import Principal

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

logger = logging.getLogger(__name__)


class Unit(APIRoute):
    """A route whose whole work is one transaction, committed after a good answer is made."""

    def get_route_handler(self) -> Handler:
        """The route's handler, in a transaction."""
        handle = super().get_route_handler()

        async def in_one_transaction(request: Request) -> Response:
            session = installation_of(request).session()
            request.state.session = session
            try:
                return await _carried_out(request, session, handle)
            except (Problem, HTTPException, RequestValidationError):
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, the answer is a problem
                return answered(request, _unexpected(request, error))
            finally:
                await run_in_threadpool(session.close)

        return in_one_transaction


async def _carried_out(request: Request, session: Session, handle: Handler) -> Response:
    principal = await run_in_threadpool(_known, session, request)
    request.state.principal = principal
    if principal is not None:
        request.app.state.rates.check(principal.reference)
    await check_origin(request, principal)
    return await idempotency.once(request, session, principal, handle)


def _known(session: Session, request: Request) -> Principal | None:
    principal = identify(session, request)
    if principal is not None and _touched(session, principal):
        session.commit()
    return principal


def _touched(session: Session, principal: Principal) -> bool:
    now = datetime.now(UTC)
    if principal.session_id is not None:
        return sessions.touch(session, principal.session_id, now)
    return api_tokens.touch(session, int(principal.reference.partition(":")[2]), now)


def _unexpected(request: Request, error: Exception) -> Problem:
    """A problem, and a line in the log, without the error's own words: they may hold anything."""
    match error:
        case IntegrityError():
            return conflict("conflict", "Somebody else wrote the same at the same moment.")
        case OperationalError():
            logger.warning("the database is busy: %s", type(error.orig).__name__)
            return Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "busy",
                "The database is busy. Try again in a moment.",
                headers={"Retry-After": "5"},
            )
        case _:
            logger.error(
                "%s %s %s: %s\n%s",
                request.state.request_id,
                request.method,
                request.scope["path"],
                type(error).__name__,
                "".join(traceback.format_tb(error.__traceback__)),
            )
            told = "Something went wrong here. Tell the request id to who runs this installation."
            return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", told)
