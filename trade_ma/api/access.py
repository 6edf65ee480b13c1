"""Who is asking, and whether they may: what every route declares.

A browser comes with the session's cookie, and repeats the session's CSRF token on every unsafe
request, in the header X-CSRF-Token or the form field csrf_token. A program comes with
`Authorization: Bearer`.
"""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from sqlmodel import Session

from trade_ma.api.problems import Problem, forbidden, unauthenticated
from trade_ma.identity import api_tokens, sessions
from trade_ma.identity.permissions import Permission
from trade_ma.identity.principal import Principal
from trade_ma.identity.sessions import Begun
from trade_ma.identity.tokens import same
from trade_ma.installation import App

COOKIE = "trade_ma_session"
CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf_token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def installation_of(request: Request) -> App:
    """The installation that is served."""
    app: App = request.app.state.installation
    return app


def session_of(request: Request) -> Session:
    """The session of this request; the route commits it."""
    session: Session = request.state.session
    return session


def principal_if_any(request: Request) -> Principal | None:
    """Who is asking; None for somebody unknown."""
    principal: Principal | None = request.state.principal
    return principal


def signed_in(request: Request) -> Principal:
    """Who is asking.

    Raises:
        Problem: 401 for somebody unknown.
    """
    principal = principal_if_any(request)
    if principal is None:
        raise unauthenticated()
    return principal


def require(permission: Permission) -> Any:
    """The principal, who may do that; 401 and 403 for others. For `Annotated[Principal, ...]`."""

    def permitted(request: Request) -> Principal:
        principal = signed_in(request)
        if not principal.may(permission):
            raise forbidden(f"{principal.name} may not do this: it needs {permission}.")
        return principal

    return Depends(permitted)


Installation = Annotated[App, Depends(installation_of)]
DbSession = Annotated[Session, Depends(session_of)]
SignedIn = Annotated[Principal, Depends(signed_in)]
Access = Annotated[Principal | None, Depends(principal_if_any)]


def identify(session: Session, request: Request) -> Principal | None:
    """Who sent `request`, by its token or its cookie; the CSRF token is not looked at.

    Raises:
        Problem: 401 where a token was sent and is none of ours, or is over.
    """
    now = datetime.now(UTC)
    if (header := request.headers.get("authorization")) is not None:
        scheme, _, token = header.partition(" ")
        found = api_tokens.find(session, token.strip(), now) if scheme.lower() == "bearer" else None
        if found is None:
            raise unauthenticated("The token is unknown, over or revoked.")
        return found
    token = request.cookies.get(COOKIE, "")
    return sessions.resume(session, token, now) if token else None


async def check_origin(request: Request, principal: Principal | None) -> None:
    """Refuse an unsafe request that another site made a browser send.

    Raises:
        Problem: 403, as csrf.
    """
    if request.method in SAFE or "authorization" in request.headers:
        return
    origin = request.headers.get("origin")
    if origin is not None and origin.partition("://")[2] != request.headers.get("host"):
        raise Problem(HTTPStatus.FORBIDDEN, "csrf", "The request comes from another site.")
    expected = principal.csrf_token if principal else None
    if expected is not None and not same(await _csrf_given(request), expected):
        told = f"Repeat the session's CSRF token in the header {CSRF_HEADER}."
        raise Problem(HTTPStatus.FORBIDDEN, "csrf", told)


async def _csrf_given(request: Request) -> str:
    header = request.headers.get(CSRF_HEADER)
    if header is not None or not request.headers.get("content-type", "").startswith(_FORMS):
        return header or ""
    return str((await request.form()).get(CSRF_FIELD, ""))


def give_cookie(request: Request, response: Response, begun: Begun) -> None:
    """Let the browser keep its session."""
    response.set_cookie(
        COOKIE,
        begun.token,
        expires=begun.expires_at,
        httponly=True,
        samesite="lax",
        secure=_secure(request),
        path="/",
    )


def take_cookie(request: Request, response: Response) -> None:
    """Let the browser forget its session."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=_secure(request))


def _secure(request: Request) -> bool:
    """Plain HTTP is for this machine alone: there a secure cookie would never come back."""
    return request.url.scheme == "https" or request.url.hostname not in LOOPBACK


def address_of(request: Request) -> str:
    """The address that the request came from, as the server or the proxy in front of it says."""
    return request.client.host if request.client else "unknown"
