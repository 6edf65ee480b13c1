"""What rests on the database's own ways, on each that we support: locks, keysets, claims."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlmodel import Session, col, select

from tests.trade_ma.api.conftest import House, housed
from trade_ma.api.paging import Paging, page
from trade_ma.identity.models import AuditEntry
from trade_ma.identity.permissions import Role

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
AT_ONCE = 4


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    with housed(tmp_path, url) as house:
        yield house


def codes(call: Callable[[int], httpx.Response]) -> list[int]:
    """How so many calls at once are answered."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(answer.status_code for answer in pool.map(call, range(AT_ONCE)))


def test_of_those_who_change_what_they_saw_at_once_one_does(any_house: House) -> None:
    admin = any_house.signed_in(Role.ADMIN)
    path = f"/api/v1/users/{any_house.add(Role.VIEWER).id}"
    seen = {"If-Match": admin.get(path).headers["ETag"]}
    locales = ("ar", "en", "de", "es")
    told = codes(lambda n: admin.patch(path, json={"locale": locales[n]}, headers=seen))
    assert told == [200, 412, 412, 412]


def test_of_those_who_use_one_link_at_once_one_gets_in(any_house: House) -> None:
    admin = any_house.signed_in(Role.ADMIN)
    made = admin.post("/api/v1/users", json={"name": "brahim", "role": "viewer"}).json()
    body = {"token": made["invitation"]["token"], "password": "seven red rugs of wool"}
    told = codes(lambda _: any_house.client().post("/api/v1/auth/invitation", json=body))
    assert told == [201, 410, 410, 410]


def test_the_same_post_at_once_is_done_once(any_house: House) -> None:
    admin = any_house.signed_in(Role.ADMIN)
    body = {"name": "shop", "scopes": ["orders:read"]}
    key = {"Idempotency-Key": "k-1"}
    told = codes(lambda _: admin.post("/api/v1/tokens", json=body, headers=key))
    assert set(told) <= {201, 409}
    assert 201 in told
    listed = admin.get("/api/v1/tokens").json()["items"]
    assert [token["name"] for token in listed] == ["shop"]


def fill(session: Session) -> None:
    """Seven entries, some of the same moment."""
    for number in range(7):
        entry = AuditEntry(
            principal="user:1",
            principal_name="amina",
            action="x",
            object=str(number),
            at=NOON + timedelta(microseconds=number // 3),
        )
        session.add(entry)
    session.commit()


@pytest.mark.parametrize("sort", ["at", "-at"])
def test_a_list_by_moments_goes_on_where_the_page_before_ended(any_house: House, sort: str) -> None:
    with any_house.installation.session() as session:
        fill(session)
        found: list[str] = []
        cursor = None
        while True:
            told = page(
                session,
                select(AuditEntry),
                Paging(2, cursor, sort),
                {"at": col(AuditEntry.at)},
                col(AuditEntry.id),
                lambda entry: entry.object,
            )
            found += told.items
            if (cursor := told.next) is None:
                break
    order = [str(number) for number in range(7)]
    assert found == (order if sort == "at" else order[::-1])
