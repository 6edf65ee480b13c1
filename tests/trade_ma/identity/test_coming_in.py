"""Sessions, tokens, links, codes and lock-outs, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine
from sqlmodel import Session, select

from trade_ma.identity import api_tokens, passwords, sessions, totp, users
from trade_ma.identity.models import LoginAttempt, User, UserSession
from trade_ma.identity.permissions import Permission, Role
from trade_ma.identity.principal import of_command_line, of_user
from trade_ma.identity.sessions import IDLE, LONGEST, SEEN_EVERY, Begun
from trade_ma.identity.signing_in import (
    MOST_OF_ACCOUNT,
    MOST_OF_ADDRESS,
    WINDOW,
    Credentials,
    Reason,
    Refused,
    sign_in,
)
from trade_ma.security import Sealer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PASSWORD = "seven red rugs of wool"
SEALER = Sealer(Fernet.generate_key())
MINUTE = timedelta(minutes=1)


@pytest.fixture
def rows(engine: Engine) -> Iterator[Session]:
    """A session on an empty database of each kind."""
    with Session(engine) as session:
        yield session


@pytest.fixture
def amina(rows: Session) -> User:
    user = users.add(rows, name="Amina", role=Role.ADMIN)
    user.password_hash = passwords.hashed(PASSWORD)
    rows.commit()
    return user


def test_a_session_goes_on_while_it_is_used_and_not_for_ever(rows: Session, amina: User) -> None:
    begun = sessions.begin(rows, amina, NOON)
    ends = []
    now = NOON
    for _ in range(8):
        now += IDLE - MINUTE
        if sessions.resume(rows, begun.token, now) is None:
            break
        sessions.touch(rows, begun.principal.session_id or 0, now)
        ends.append(rows.exec(select(UserSession.expires_at)).one() - NOON)
    assert ends == [*(n * (IDLE - MINUTE) + IDLE for n in range(1, 4)), LONGEST]


def test_a_session_that_was_just_seen_is_not_written_again(rows: Session, amina: User) -> None:
    number = sessions.begin(rows, amina, NOON).principal.session_id or 0
    told = [sessions.touch(rows, number, NOON + wait) for wait in (SEEN_EVERY / 2, SEEN_EVERY)]
    assert told == [False, True]


def test_an_idle_session_is_over_and_swept_at_the_next_sign_in(rows: Session, amina: User) -> None:
    begun = sessions.begin(rows, amina, NOON)
    assert sessions.resume(rows, begun.token, NOON + IDLE) is None
    sessions.begin(rows, amina, NOON + IDLE)
    assert len(rows.exec(select(UserSession)).all()) == 1


def test_neither_a_sessions_token_nor_a_programs_is_kept(rows: Session, amina: User) -> None:
    begun = sessions.begin(rows, amina, NOON)
    issued = api_tokens.issue(rows, of_command_line(), name="shop", scopes=[Permission.ORDERS_READ])
    kept = f"{rows.exec(select(UserSession)).all()} {issued.token}"
    assert [begun.token in kept, issued.secret in kept] == [False, False]


def test_a_token_is_good_until_it_is_over_or_revoked(rows: Session) -> None:
    by, scopes = of_command_line(), [Permission.ORDERS_READ]
    issued = api_tokens.issue(rows, by, name="shop", scopes=scopes, expires_at=NOON)
    lasting = api_tokens.issue(rows, by, name="books", scopes=scopes)
    before = api_tokens.find(rows, issued.secret, NOON - MINUTE)
    assert (before and before.permissions) == frozenset(scopes)
    assert api_tokens.find(rows, issued.secret, NOON) is None
    api_tokens.revoke(rows, lasting.token, NOON)
    assert api_tokens.find(rows, lasting.secret, NOON) is None


def test_nobody_issues_a_token_beyond_what_is_theirs(rows: Session) -> None:
    viewer = users.add(rows, name="v", role=Role.VIEWER)
    by = of_user(viewer, rows.get_one(UserSession, begun_for(rows, viewer)))
    with pytest.raises(ValueError, match="users:admin"):
        api_tokens.issue(rows, by, name="x", scopes=[Permission.USERS_ADMIN])


def begun_for(rows: Session, user: User) -> int:
    return sessions.begin(rows, user, NOON).principal.session_id or 0


def test_a_link_counts_once_and_a_new_one_ends_it(rows: Session, amina: User) -> None:
    first, second = (users.invite(rows, amina, NOON) for _ in range(2))
    with pytest.raises(LookupError, match="ask for a new one"):
        users.accept(rows, first.token, "eleven blue bowls", NOON)
    with pytest.raises(LookupError):
        users.accept(rows, second.token, "eleven blue bowls", second.expires_at)
    assert users.accept(rows, second.token, "eleven blue bowls", NOON).name == "amina"
    with pytest.raises(LookupError):
        users.accept(rows, second.token, "eleven blue bowls", NOON)


def test_a_code_counts_once_and_a_step_of_drift_is_forgiven(rows: Session, amina: User) -> None:
    app = pyotp.TOTP(totp.enrol(rows, SEALER, amina).secret)
    steps = (0, 0, -30, 30, 90)
    codes = [app.at(NOON + timedelta(seconds=seconds)) for seconds in steps]
    told = [totp.verify(rows, SEALER, amina, code, NOON) for code in codes]
    # Once, not twice, none from before the last, one ahead, none from far ahead.
    assert told == [True, False, False, True, False]


def given(password: str, address: str = "10.0.0.1") -> Credentials:
    return Credentials("amina", password, address)


def fail(rows: Session, account: str, address: str, times: int) -> None:
    """Failures that were, without the time that a hash takes."""
    for _ in range(times):
        rows.add(LoginAttempt(account=account, address=address, at=NOON))
    rows.commit()


def test_a_locked_account_opens_when_its_time_is_over(rows: Session, amina: User) -> None:
    del amina
    fail(rows, "amina", "10.0.0.9", MOST_OF_ACCOUNT)
    right = given(PASSWORD)
    locked = sign_in(rows, SEALER, right, NOON + MINUTE)
    assert locked == Refused(Reason.LOCKED, (WINDOW - MINUTE).total_seconds())
    assert isinstance(sign_in(rows, SEALER, right, NOON + WINDOW), Begun)


def test_an_address_that_tries_many_names_is_locked_out_and_others_are_not(
    rows: Session, amina: User
) -> None:
    del amina
    for number in range(MOST_OF_ADDRESS):
        fail(rows, f"user{number}", "10.0.0.1", 1)
    told = sign_in(rows, SEALER, given(PASSWORD), NOON)
    assert isinstance(told, Refused)
    assert told.reason is Reason.LOCKED
    elsewhere = sign_in(rows, SEALER, given(PASSWORD, address="10.0.0.2"), NOON)
    assert isinstance(elsewhere, Begun)


def test_a_failure_is_counted_though_the_request_is_undone(rows: Session, amina: User) -> None:
    del amina
    assert sign_in(rows, SEALER, given("wrong"), NOON) == Refused(Reason.WRONG)
    rows.rollback()
    assert len(rows.exec(select(LoginAttempt)).all()) == 1
    assert isinstance(sign_in(rows, SEALER, given(PASSWORD), NOON), Begun)
    rows.commit()
    assert rows.exec(select(LoginAttempt)).all() == []
