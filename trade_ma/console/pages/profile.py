"""One's own language, password and second step."""

from datetime import UTC, datetime
from typing import Annotated, Any

import segno
from fastapi import Form
from markupsafe import Markup
from starlette.responses import Response

from trade_ma.api.routers.auth import own_user
from trade_ma.console.languages import languages, marked
from trade_ma.console.new_passwords import wrong_with
from trade_ma.console.visits import SignedIn, Visit, page_router
from trade_ma.identity import passwords, totp, users
from trade_ma.identity.audit import audit
from trade_ma.identity.models import User
from trade_ma.identity.totp import Enrolment

router = page_router()
TEMPLATE = "profile/profile.html"

NOT_YOURS = marked("This is not your password.")
WRONG_CODE = marked("This code is not right, or was used before. Wait for the next one.")


@router.get("/profile")
def profile(visit: SignedIn) -> Response:
    """What one may set for oneself."""
    return visit.page(TEMPLATE, errors={}, **_values(own_user(visit.session, visit.principal)))


@router.post("/profile/password")
def change_password(
    visit: SignedIn,
    current: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Another password; one's other sessions are over."""
    user = own_user(visit.session, visit.principal)
    if not passwords.matches(current, user.password_hash):
        return _refused(visit, user, "current", visit.say(NOT_YOURS))
    if errors := wrong_with(visit, password, again, user.name):
        [(field, wrong)] = errors.items()
        return _refused(visit, user, field, wrong)
    users.set_password(visit.session, user, password, session_id=visit.principal.session_id)
    _record(visit, "user.password")
    return visit.to("/profile", visit.say("Your password was changed."))


@router.post("/profile/second-step")
def begin_second_step(visit: SignedIn, proof: Annotated[str, Form()] = "") -> Response:
    """A new key for the authenticator app, shown this once."""
    user = own_user(visit.session, visit.principal)
    if not passwords.matches(proof, user.password_hash):
        return _refused(visit, user, "proof", visit.say(NOT_YOURS))
    enrolment = totp.enrol(visit.session, visit.installation.sealer, user)
    _record(visit, "user.totp-enrol")
    return visit.page(TEMPLATE, errors={}, **_values(user, enrolment))


@router.post("/profile/second-step/confirm")
def confirm_second_step(visit: SignedIn, code: Annotated[str, Form()] = "") -> Response:
    """Ask for codes from now on, where the app has the key."""
    user = own_user(visit.session, visit.principal)
    sealer, plain = visit.installation.sealer, code.replace(" ", "")
    if not totp.confirm(visit.session, sealer, user, plain, datetime.now(UTC)):
        return _refused(visit, user, "code", visit.say(WRONG_CODE))
    _record(visit, "user.totp-confirm")
    return visit.to("/profile", visit.say("The second step is on."))


@router.post("/profile/second-step/off")
def forget_second_step(visit: SignedIn, proof: Annotated[str, Form()] = "") -> Response:
    """Ask for no codes any more."""
    user = own_user(visit.session, visit.principal)
    if not passwords.matches(proof, user.password_hash):
        return _refused(visit, user, "proof", visit.say(NOT_YOURS))
    totp.forget(visit.session, user)
    _record(visit, "user.totp-forget")
    return visit.to("/profile", visit.say("The second step is off."))


def _values(user: User, enrolment: Enrolment | None = None) -> dict[str, Any]:
    return {
        "language_options": [(one.code, one.name) for one in languages()],
        "shortest_password": passwords.SHORTEST,
        "second_step": _standing(user),
        "enrolment": enrolment,
        "qr_code": enrolment and _qr_code(enrolment.uri),
    }


def _qr_code(uri: str) -> Markup:
    """A picture for a phone to read, drawn here: no other server learns of the key."""
    drawn = segno.make(uri, micro=False).svg_inline(omitsize=True, light="#fff")
    return Markup(drawn)  # noqa: S704 - squares alone, and none of it is text


def _standing(user: User) -> str:
    if user.totp_confirmed_at is not None:
        return "on"
    return "off" if user.sealed_totp is None else "begun"


def _refused(visit: Visit, user: User, field: str, wrong: str) -> Response:
    return visit.refused(TEMPLATE, {field: wrong}, **_values(user))


def _record(visit: Visit, action: str) -> None:
    audit(
        visit.session,
        visit.principal,
        action,
        visit.principal.reference,
        request_id=visit.request.state.request_id,
    )
