"""Signing in and out, one's own password and second factor, and invitations."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any, assert_never

from fastapi import Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from trade_ma.api.access import (
    Access,
    DbSession,
    Installation,
    SignedIn,
    address_of,
    give_cookie,
    take_cookie,
)
from trade_ma.api.problems import Problem, forbidden, invalid, too_many
from trade_ma.api.recording import Recorder
from trade_ma.api.subject import Text, subject
from trade_ma.identity import passwords, sessions, totp, users
from trade_ma.identity.audit import audit
from trade_ma.identity.models import User
from trade_ma.identity.permissions import Permission, Role
from trade_ma.identity.principal import Principal
from trade_ma.identity.signing_in import Credentials, Reason, Refused, sign_in

router = subject("auth")
PUBLIC: dict[str, Any] = {"security": []}

Name = Annotated[Text, Field(min_length=1, max_length=200, examples=["amina@coop.example"])]
Password = Annotated[Text, Field(max_length=passwords.LONGEST, examples=["seven red rugs of wool"])]
Code = Annotated[Text, Field(max_length=12, examples=["492039"], description="Of the second app.")]
Locale = Annotated[str, Field(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=12)]


class Me(BaseModel):
    """Who is asking, and what they may do."""

    name: str
    role: Role | None
    maker_id: int | None
    locale: str
    permissions: list[Permission]
    csrf_token: str | None = Field(description="For X-CSRF-Token; null for service tokens.")


class Login(BaseModel):
    """Credentials."""

    name: Name
    password: Password
    code: Code = ""


class PasswordChange(BaseModel):
    """Another password."""

    old: Password
    new: Password


class Proof(BaseModel):
    """One's own password once more."""

    password: Password


class Confirmation(BaseModel):
    """A code of the app that was enrolled."""

    code: Code


class TotpSecret(BaseModel):
    """What the authenticator app is given; shown once."""

    secret: str
    uri: str = Field(description="For a QR code.")


class Acceptance(BaseModel):
    """An invitation's token, and the password that is chosen."""

    token: Annotated[Text, Field(max_length=200)]
    password: Password


class SetUp(Acceptance):
    """The first admin."""

    name: Name
    locale: Locale = "fr"


def shown(principal: Principal) -> Me:
    """A principal as they see themselves."""
    return Me(
        name=principal.name,
        role=principal.role,
        maker_id=principal.maker_id,
        locale=principal.locale,
        permissions=sorted(principal.permissions),
        csrf_token=principal.csrf_token,
    )


@router.post("/login", summary="Sign in", openapi_extra=PUBLIC)
def login(
    body: Login,
    request: Request,
    response: Response,
    session: DbSession,
    installation: Installation,
    before: Access,
) -> Me:
    """Begin a session. A session that the browser had before is over.

    Codes of failures: credentials-rejected, totp-required (send `code` as well), and
    too-many-requests, with Retry-After.
    """
    given = Credentials(body.name, body.password, address_of(request), body.code)
    begun = sign_in(session, installation.sealer, given, datetime.now(UTC))
    if isinstance(begun, Refused):
        raise refusal(begun)
    if before is not None and before.session_id is not None:
        sessions.end(session, before.session_id)
    give_cookie(request, response, begun)
    return shown(begun.principal)


def refusal(refused: Refused) -> Problem:
    """Why somebody is not let in, as a problem."""
    match refused.reason:
        case Reason.LOCKED:
            return too_many(refused.wait, "Too many failures: wait, or ask an admin.")
        case Reason.CODE_NEEDED:
            told = "Send the code of the authenticator app as well."
            return Problem(HTTPStatus.UNAUTHORIZED, "totp-required", told)
        case Reason.WRONG:
            told = "The name, the password or the code is wrong."
            return Problem(HTTPStatus.UNAUTHORIZED, "credentials-rejected", told)
        case _:
            assert_never(refused.reason)


@router.post("/logout", status_code=204, summary="Sign out")
def logout(principal: SignedIn, request: Request, response: Response, session: DbSession) -> None:
    """End this session."""
    if principal.session_id is not None:
        sessions.end(session, principal.session_id)
    take_cookie(request, response)


@router.get("/me", summary="Who is asking")
def me(principal: SignedIn) -> Me:
    """The principal of this request, and what they may do."""
    return shown(principal)


@router.post("/password", status_code=204, summary="Change one's own password")
def change_password(
    body: PasswordChange, session: DbSession, principal: SignedIn, record: Recorder
) -> None:
    """Another password; one's other sessions are over."""
    user = own_user(session, principal)
    prove(user, body.old, "body.old")
    try:
        users.set_password(session, user, body.new, session_id=principal.session_id)
    except ValueError as error:
        raise invalid("body.new", str(error)) from error
    record("user.password", f"user:{user.id}")


@router.post("/totp", summary="Enrol an authenticator app")
def enrol_totp(
    body: Proof,
    session: DbSession,
    principal: SignedIn,
    installation: Installation,
    record: Recorder,
) -> TotpSecret:
    """A new secret, shown once. Codes are asked for after its confirmation."""
    user = own_user(session, principal)
    prove(user, body.password, "body.password")
    enrolment = totp.enrol(session, installation.sealer, user)
    record("user.totp-enrol", f"user:{user.id}")
    return TotpSecret(secret=enrolment.secret, uri=enrolment.uri)


@router.post("/totp/confirm", status_code=204, summary="Confirm the authenticator app")
def confirm_totp(
    body: Confirmation,
    session: DbSession,
    principal: SignedIn,
    installation: Installation,
    record: Recorder,
) -> None:
    """Show that the app has the secret: codes are asked for from now on."""
    user = own_user(session, principal)
    if not totp.confirm(session, installation.sealer, user, body.code, datetime.now(UTC)):
        raise invalid("body.code", "This is not the code of this moment.")
    record("user.totp-confirm", f"user:{user.id}")


@router.post("/totp/forget", status_code=204, summary="Give up the second factor")
def forget_totp(body: Proof, session: DbSession, principal: SignedIn, record: Recorder) -> None:
    """Ask for no codes any more."""
    user = own_user(session, principal)
    prove(user, body.password, "body.password")
    totp.forget(session, user)
    record("user.totp-forget", f"user:{user.id}")


@router.post("/set-up", status_code=201, summary="Make the first admin", openapi_extra=PUBLIC)
def set_up(body: SetUp, request: Request, response: Response, session: DbSession) -> Me:
    """Make the first admin with the link that `trade-ma serve` printed, and sign them in."""
    try:
        user = users.set_up(
            session,
            body.token,
            name=body.name,
            password=body.password,
            locale=body.locale,
            now=datetime.now(UTC),
        )
    except (LookupError, ValueError) as error:
        raise not_accepted(error) from error
    return let_in(request, response, session, user)


@router.post("/invitation", status_code=201, summary="Accept", openapi_extra=PUBLIC)
def accept(body: Acceptance, request: Request, response: Response, session: DbSession) -> Me:
    """Choose a password with an invitation's link, used once, and sign in."""
    try:
        user = users.accept(session, body.token, body.password, datetime.now(UTC))
    except (LookupError, ValueError) as error:
        raise not_accepted(error) from error
    return let_in(request, response, session, user)


def not_accepted(error: LookupError | ValueError) -> Problem:
    """Why a link, or the password chosen with it, is not accepted."""
    if isinstance(error, LookupError):
        return Problem(HTTPStatus.GONE, "link-over", str(error.args[0]))
    return invalid("body", str(error))


def let_in(request: Request, response: Response, session: Session, user: User) -> Me:
    """Sign in a user who has just chosen a password."""
    begun = sessions.begin(session, user, datetime.now(UTC))
    audit(
        session,
        begun.principal,
        "user.accept",
        begun.principal.reference,
        request_id=request.state.request_id,
    )
    give_cookie(request, response, begun)
    return shown(begun.principal)


def own_user(session: Session, principal: Principal) -> User:
    """The user who is asking.

    Raises:
        Problem: 403 for a program.
    """
    if principal.user_id is None:
        raise forbidden("A service token is no user: this is done by people.")
    return session.get_one(User, principal.user_id)


def prove(user: User, password: str, field: str) -> None:
    """Let somebody who found a browser signed in go no further.

    Raises:
        Problem: 422 where it is not the user's password.
    """
    if not passwords.matches(password, user.password_hash):
        raise invalid(field, "This is not your password.")
