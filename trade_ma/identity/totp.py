"""The second factor: codes of an authenticator app (RFC 6238), each good for once."""

from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import update
from sqlmodel import Session, col

from trade_ma.identity.models import User
from trade_ma.identity.tokens import same
from trade_ma.security import Sealer

ISSUER = "Trade.ma"
# Steps of 30 seconds that a phone's clock may be off. Source: RFC 6238, 5.2 allows one.
DRIFT = 1


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the authenticator app is given: `uri` as a QR code, or `secret` typed in."""

    secret: str
    uri: str


def enrol(session: Session, sealer: Sealer, user: User) -> Enrolment:
    """A new secret, asked for at sign-in only after `confirm`."""
    secret = pyotp.random_base32()
    user.sealed_totp = sealer.seal(secret)
    user.totp_confirmed_at = None
    session.add(user)
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.name, issuer_name=ISSUER)
    return Enrolment(secret, uri)


def confirm(session: Session, sealer: Sealer, user: User, code: str, now: datetime) -> bool:
    """Ask for codes from now on, where `code` shows that the app has the secret."""
    if not verify(session, sealer, user, code, now):
        return False
    user.totp_confirmed_at = now
    session.add(user)
    return True


def forget(session: Session, user: User) -> None:
    """Ask for no codes any more."""
    user.sealed_totp = user.totp_confirmed_at = None
    session.add(user)


def verify(session: Session, sealer: Sealer, user: User, code: str, now: datetime) -> bool:
    """Whether `code` is one of this moment that was not taken before."""
    if user.sealed_totp is None:
        return False
    totp = pyotp.TOTP(sealer.open(user.sealed_totp))
    this = totp.timecode(now)
    steps = range(this - DRIFT, this + DRIFT + 1)
    step = next((one for one in steps if same(totp.generate_otp(one), code.strip())), None)
    return step is not None and _take(session, user, step)


def _take(session: Session, user: User, step: int) -> bool:
    """Compare and set: of two who send one code at once, one gets in."""
    taken = session.execute(
        update(User)
        .where(col(User.id) == user.id, col(User.totp_step) < step)
        .values(totp_step=step)
        .returning(col(User.id))
    ).first()
    return taken is not None
