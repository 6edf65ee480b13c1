"""Idempotency-Key on POST: the same request sent again has the same answer, and is done once.

The key is claimed in a transaction of its own; the answer is kept in the transaction of the work.
A request that fails writes nothing, so its key is free again.
"""

import hashlib
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select
from starlette.concurrency import run_in_threadpool

from trade_ma.api.access import installation_of
from trade_ma.api.problems import Problem, conflict, invalid
from trade_ma.identity.models import IdempotentRequest
from trade_ma.identity.principal import Principal
from trade_ma.installation import App

HEADER = "Idempotency-Key"
LONGEST_KEY = 200
# How long an answer is kept, and how long a request without one is believed to be at work.
KEPT = timedelta(hours=24)
AT_WORK = timedelta(minutes=10)

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass(frozen=True, slots=True)
class Keyed:
    """A request that came with a key."""

    principal: str
    key: str
    digest: str


async def once(
    request: Request, session: Session, principal: Principal | None, handle: Handler
) -> Response:
    """The answer of `handle`, committed; or the one that was given to the same request before.

    Raises:
        Problem: 409 while the first is at work, 422 where the key was another request's.
    """
    keyed = await _keyed(request, principal)
    if keyed is None:
        response = await handle(request)
        await run_in_threadpool(session.commit)
        return response
    installation = installation_of(request)
    if (before := await run_in_threadpool(_claim, installation, keyed)) is not None:
        return before
    try:
        response = await handle(request)
        await run_in_threadpool(_keep, installation, session, keyed, response)
    except BaseException:
        await run_in_threadpool(session.rollback)
        await run_in_threadpool(_free, installation, keyed)
        raise
    return response


async def _keyed(request: Request, principal: Principal | None) -> Keyed | None:
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST" or principal is None:
        return None
    if not 0 < len(key) <= LONGEST_KEY:
        raise invalid(f"header.{HEADER}", f"between 1 and {LONGEST_KEY} characters")
    asked = f"{request.url.path}?{request.url.query}\n".encode() + await request.body()
    return Keyed(principal.reference, key, hashlib.sha256(asked).hexdigest())


def _claim(installation: App, keyed: Keyed) -> Response | None:
    """None where the key is ours now, or the answer that was given under it."""
    now = datetime.now(UTC)
    with installation.session() as session:
        session.execute(delete(IdempotentRequest).where(col(IdempotentRequest.expires_at) <= now))
        session.add(
            IdempotentRequest(
                principal=keyed.principal,
                key=keyed.key,
                request_digest=keyed.digest,
                expires_at=now + AT_WORK,
            )
        )
        try:
            session.commit()
        except IntegrityError:
            session.rollback()
            return _answer(installation, _row(session, keyed), keyed)
    return None


def _row(session: Session, keyed: Keyed) -> IdempotentRequest | None:
    return session.exec(
        select(IdempotentRequest).where(
            IdempotentRequest.principal == keyed.principal, IdempotentRequest.key == keyed.key
        )
    ).first()


def _answer(installation: App, row: IdempotentRequest | None, keyed: Keyed) -> Response:
    if row is not None and row.request_digest != keyed.digest:
        told = "This Idempotency-Key was another request's: use a new one."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "idempotency-key-reused", told)
    if row is None or row.sealed_answer is None:
        raise conflict("idempotency-in-progress", "The first request of this key is at work.")
    kept: dict[str, str] = json.loads(installation.sealer.open(row.sealed_answer))
    return Response(
        kept["body"],
        status_code=row.status or HTTPStatus.OK,
        media_type=kept["media_type"],
        headers={"Idempotent-Replayed": "true"},
    )


def _keep(installation: App, session: Session, keyed: Keyed, response: Response) -> None:
    """Keep the answer and commit the work, both or neither."""
    row = _row(session, keyed)
    # A file that is made while it is sent cannot be kept, and no POST here answers with one.
    if row is not None and not isinstance(response, StreamingResponse):
        body = bytes(response.body).decode()
        kept = {"body": body, "media_type": response.headers.get("content-type", "")}
        row.status = response.status_code
        row.sealed_answer = installation.sealer.seal(json.dumps(kept))
        row.expires_at = datetime.now(UTC) + KEPT
        session.add(row)
    session.commit()


def _free(installation: App, keyed: Keyed) -> None:
    with installation.session() as session:
        session.execute(
            delete(IdempotentRequest).where(
                col(IdempotentRequest.principal) == keyed.principal,
                col(IdempotentRequest.key) == keyed.key,
                col(IdempotentRequest.sealed_answer).is_(None),
            )
        )
        session.commit()
