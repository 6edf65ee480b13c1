"""Etsy's OAuth 2: the page that sends a seller back with a code, and the tokens.

Source: developers.etsy.com, "Authentication"; the error words as quoted in the issues 370 and 519
of github.com/etsy/open-api.
"""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from connectors.clock import Clock
from connectors.sandbox.etsy.call import Json, Refusal
from connectors.sandbox.etsy.shop import USER_ID

ACCESS_SECONDS = 3600
REFRESH_SECONDS = 90 * 24 * 3600
CODE_SECONDS = 600
SCOPES = (
    "address_r", "address_w", "email_r", "listings_d", "listings_r", "listings_w", "profile_r",
    "profile_w", "shops_r", "shops_w", "transactions_r", "transactions_w",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Grant:
    """What a code or a token is good for, until when (epoch seconds)."""

    scopes: tuple[str, ...]
    until: float
    redirect_uri: str = ""
    challenge: str = ""


class Authority:
    """Gives out codes and tokens, and knows those that are good."""

    def __init__(self, clock: Clock, keystring: str) -> None:
        self._clock, self._keystring = clock, keystring
        self._codes: dict[str, _Grant] = {}
        self._access: dict[str, _Grant] = {}
        self._refresh: dict[str, _Grant] = {}

    def tokens(self, scopes: tuple[str, ...] = SCOPES) -> Json:
        """A new pair of tokens, as the token endpoint answers them."""
        # Etsy's tokens begin with the user's id, and etsyv3 reads it there.
        access, refresh = (f"{USER_ID}.{secrets.token_urlsafe(48)}" for _ in range(2))
        self._access[access] = _Grant(scopes, self._now() + ACCESS_SECONDS)
        self._refresh[refresh] = _Grant(scopes, self._now() + REFRESH_SECONDS)
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": ACCESS_SECONDS,
            "refresh_token": refresh,
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """The code for a seller who agrees. Raises Refusal 400 for a request that is not Etsy's."""
        if asked.get("client_id") != self._keystring:
            raise Refusal(400, "invalid_request", "unknown client_id")
        if asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256":
            raise Refusal(400, "invalid_request", "response_type code and PKCE S256 are required")
        if not asked.get("redirect_uri"):
            raise Refusal(400, "invalid_request", "redirect_uri is required")
        scopes = tuple(asked.get("scope", "").split())
        if not scopes or set(scopes) - set(SCOPES):
            raise Refusal(400, "invalid_scope", "unknown scope")
        code = secrets.token_urlsafe(32)
        self._codes[code] = _Grant(
            scopes,
            self._now() + CODE_SECONDS,
            asked["redirect_uri"],
            asked.get("code_challenge", ""),
        )
        return code

    def exchange(self, asked: dict[str, str]) -> Json:
        """The tokens for a code or for a refresh token, each of which is good once."""
        if asked.get("client_id") != self._keystring:
            raise Refusal(401, "invalid_client", "client_id is unknown")
        match asked.get("grant_type"):
            case "authorization_code":
                grant = self._spent(self._codes, asked.get("code", ""), "code is invalid")
                _check_code(grant, asked)
            case "refresh_token":
                token = asked.get("refresh_token", "")
                grant = self._spent(self._refresh, token, "refresh_token is revoked")
            case _:
                raise Refusal(400, "unsupported_grant_type", "grant_type is not supported")
        return self.tokens(grant.scopes)

    def check(self, header: str | None, scope: str | None) -> None:
        """Let a call pass. Raises Refusal 401 for a bad token, 403 for too narrow a one."""
        if header is None and scope is None:
            return
        grant = self._access.get((header or "").removeprefix("Bearer "))
        if grant is None:
            raise Refusal(401, "invalid_token", "access token is invalid")
        if grant.until <= self._now():
            raise expired()
        if scope is not None and scope not in grant.scopes:
            raise Refusal(403, "insufficient_scope", f"the token lacks the scope {scope}")

    def _spent(self, kept: dict[str, _Grant], name: str, complaint: str) -> _Grant:
        grant = kept.pop(name, None)
        if grant is None or grant.until <= self._now():
            raise Refusal(400, "invalid_grant", complaint)
        return grant

    def _now(self) -> float:
        return self._clock.now().timestamp()


def expired() -> Refusal:
    """The answer to a call whose token was good once."""
    return Refusal(401, "invalid_token", "access token is expired")


def _check_code(grant: _Grant, asked: dict[str, str]) -> None:
    digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
    challenge = urlsafe_b64encode(digest).decode().rstrip("=")
    if challenge != grant.challenge or asked.get("redirect_uri") != grant.redirect_uri:
        raise Refusal(400, "invalid_grant", "code_verifier or redirect_uri does not match")


def oauth_router(authority: Authority) -> APIRouter:
    """The page where a seller agrees (here: always), and the token endpoint."""
    router = APIRouter()

    @router.get("/oauth/connect")
    async def connect(request: Request) -> Response:
        asked = dict(request.query_params)
        try:
            told = {"code": authority.authorize(asked), "state": asked.get("state", "")}
        except Refusal as refusal:
            return JSONResponse(refusal.body, refusal.status)
        back = asked["redirect_uri"]
        return RedirectResponse(f"{back}{'&' if '?' in back else '?'}{urlencode(told)}", 302)

    @router.post("/v3/public/oauth/token")
    async def token(request: Request) -> Response:
        form = await request.form()
        asked = {name: value for name, value in form.items() if isinstance(value, str)}
        try:
            return JSONResponse(authority.exchange(asked))
        except Refusal as refusal:
            return JSONResponse(refusal.body, refusal.status)

    return router
