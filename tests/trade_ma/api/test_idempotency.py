"""A POST with an Idempotency-Key is done once."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import httpx
from sqlmodel import Session, select

from tests.trade_ma.api.conftest import House
from trade_ma.identity.models import ApiToken, AuditEntry, IdempotentRequest
from trade_ma.identity.permissions import Permission

TOKENS = "/api/v1/tokens"
BODY = {"name": "accounting", "scopes": ["orders:read"]}
KEY = {"Idempotency-Key": "k-1"}


def issued(house: House) -> list[str]:
    with house.installation.session() as session:
        return sorted(token.name for token in session.exec(select(ApiToken)))


def test_the_same_request_again_has_the_same_answer_and_is_done_once(
    house: House, admin: httpx.Client
) -> None:
    first, again = (admin.post(TOKENS, json=BODY, headers=KEY) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert issued(house) == ["accounting"]


def test_the_answer_is_kept_sealed(house: House, admin: httpx.Client) -> None:
    secret = admin.post(TOKENS, json=BODY, headers=KEY).json()["secret"]
    with house.installation.session() as session:
        kept = session.exec(select(IdempotentRequest)).one()
    assert kept.sealed_answer is not None
    assert secret.encode() not in kept.sealed_answer
    assert secret in house.installation.sealer.open(kept.sealed_answer)


def test_a_key_that_was_another_requests_is_refused(admin: httpx.Client) -> None:
    admin.post(TOKENS, json=BODY, headers=KEY)
    told = admin.post(TOKENS, json=BODY | {"name": "other"}, headers=KEY)
    assert (told.status_code, told.json()["code"]) == (422, "idempotency-key-reused")


def test_keys_of_two_principals_have_nothing_to_do_with_each_other(
    house: House, admin: httpx.Client
) -> None:
    admin.post(TOKENS, json=BODY, headers=KEY)
    program = house.program(*Permission)
    told = program.post(TOKENS, json=BODY | {"name": "other"}, headers=KEY)
    assert told.status_code == 201
    assert issued(house) == ["accounting", "other", "program"]


def at_work(began: datetime) -> IdempotentRequest:
    """The claim of a first request that has not ended."""
    sent = json.dumps(BODY, separators=(",", ":")).encode()
    return IdempotentRequest(
        principal="user:1",
        key="k-1",
        request_digest=hashlib.sha256(f"{TOKENS}?\n".encode() + sent).hexdigest(),
        expires_at=began + timedelta(minutes=10),
    )


def keep(house: House, row: IdempotentRequest) -> None:
    with Session(house.installation.engine) as session:
        session.add(row)
        session.commit()


def test_a_second_request_while_the_first_is_at_work_is_told_so(
    house: House, admin: httpx.Client
) -> None:
    keep(house, at_work(datetime.now(UTC)))
    told = admin.post(TOKENS, json=BODY, headers=KEY)
    assert (told.status_code, told.json()["code"]) == (409, "idempotency-in-progress")
    assert issued(house) == []


def test_a_first_request_that_was_killed_holds_its_key_only_for_a_while(
    house: House, admin: httpx.Client
) -> None:
    keep(house, at_work(datetime.now(UTC) - timedelta(hours=1)))
    assert admin.post(TOKENS, json=BODY, headers=KEY).status_code == 201


def test_a_request_that_fails_writes_nothing_and_leaves_its_key_free(
    house: House, admin: httpx.Client
) -> None:
    refused = admin.post(TOKENS, json={"name": "accounting", "scopes": []}, headers=KEY)
    assert refused.status_code == 422
    with house.installation.session() as session:
        assert session.exec(select(AuditEntry)).all() == []
    assert admin.post(TOKENS, json=BODY, headers=KEY).status_code == 201


def test_a_key_of_no_length_or_too_much_is_refused(admin: httpx.Client) -> None:
    told = [
        admin.post(TOKENS, json=BODY, headers={"Idempotency-Key": key}).status_code
        for key in ("", "x" * 201)
    ]
    assert told == [422, 422]
