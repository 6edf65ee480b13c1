"""Signing in, in one step or two, and out."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import Form
from starlette.responses import Response

from trade_ma.api.access import address_of, give_cookie, take_cookie
from trade_ma.console.addresses import own
from trade_ma.console.languages import marked
from trade_ma.console.visits import Anybody, SignedIn, Visit, page_router
from trade_ma.identity import sessions
from trade_ma.identity.signing_in import Credentials, Reason, Refused, sign_in

router = page_router()
TEMPLATE = "session/sign_in.html"

# How long somebody may look for their phone.
PATIENCE = timedelta(minutes=5)
WRONG = marked("The name or the password is not right.")
WRONG_CODE = marked("This code is not right, or was used before. Wait for the next one.")
LOCKED = marked("Too many tries. Wait some minutes before the next one.")


@router.get("/sign-in")
def form(visit: Anybody, next: str = "/") -> Response:  # noqa: A002 - the address says next
    """The first step; whoever is signed in goes on."""
    if visit.caller:
        return visit.to(own(next))
    return visit.page(TEMPLATE, next=own(next), errors={}, name="", pending="")


@router.post("/sign-in")
def enter(
    visit: Anybody,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    pending: Annotated[str, Form()] = "",
    code: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002 - the field's name in every form of ours
) -> Response:
    """Take the name and the password, or, in the second step, the code."""
    if pending:
        name, password = _first_step(visit, pending)
    given = Credentials(name, password, address_of(visit.request), code.replace(" ", ""))
    begun = sign_in(visit.session, visit.installation.sealer, given, datetime.now(UTC))
    if isinstance(begun, Refused):
        return _refused(visit, begun, given, own(next))
    if visit.caller and visit.caller.session_id is not None:
        sessions.end(visit.session, visit.caller.session_id)
    answer = visit.to(own(next))
    give_cookie(visit.request, answer, begun)
    return answer


@router.post("/sign-out")
def leave(visit: SignedIn) -> Response:
    """End this session."""
    if visit.principal.session_id is not None:
        sessions.end(visit.session, visit.principal.session_id)
    answer = visit.to("/sign-in", visit.say("You are signed out."))
    take_cookie(visit.request, answer)
    return answer


def _refused(visit: Visit, refused: Refused, given: Credentials, onward: str) -> Response:
    values: dict[str, Any] = {"next": onward, "name": given.name, "pending": ""}
    match refused.reason:
        case Reason.CODE_NEEDED:
            values["pending"] = _sealed(visit, given)
            return visit.page(TEMPLATE, errors={}, **values)
        case Reason.LOCKED:
            errors = {"name": visit.say(LOCKED)}
        case Reason.WRONG if given.code:
            values["pending"] = _sealed(visit, given)
            errors = {"code": visit.say(WRONG_CODE)}
        case Reason.WRONG:
            errors = {"name": visit.say(WRONG)}
    return visit.refused(TEMPLATE, errors, **values)


def _sealed(visit: Visit, given: Credentials) -> str:
    """The first step, for the second's form to bring back: readable by this installation alone."""
    until = datetime.now(UTC) + PATIENCE
    step: Mapping[str, str] = {
        "name": given.name,
        "password": given.password,
        "until": until.isoformat(),
    }
    return visit.installation.sealer.seal_json(step).decode()


def _first_step(visit: Visit, pending: str) -> tuple[str, str]:
    """Name and password of the first step; empty where it was too long ago, or is not ours."""
    try:
        step = visit.installation.sealer.open_json(pending.encode())
        if datetime.fromisoformat(step["until"]) > datetime.now(UTC):
            return step["name"], step["password"]
    except (ValueError, KeyError):
        pass
    return "", ""
