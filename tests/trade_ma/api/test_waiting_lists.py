"""What waits for a person comes in pages: adoptions, conflicts and alerts."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlmodel import Session, select

from catalog.models import Variant
from jobs.drift_models import Adoption, AdoptionState, Likeness
from jobs.models import Channel, Order, OrderLine
from jobs.order_models import Conflict, Settled
from tests.trade_ma.api.conftest import House
from tests.trade_ma.api.shelf import stocked

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def waiting(house: House) -> Iterator[Session]:
    """A session on the small catalog, committed at the end of what a test puts into it."""
    stocked(house)
    with house.installation.session() as session:
        yield session


def pages(client: httpx.Client, path: str, **asked: Any) -> list[list[dict[str, Any]]]:
    """Every page of a list, two items each."""
    found: list[list[dict[str, Any]]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = client.get(path, params={"limit": 2, **asked, **cursor})
        assert answer.status_code == 200, answer.text
        found.append(answer.json()["items"])
        if (following := answer.json()["next"]) is None:
            return found
        cursor = {"cursor": following}


def test_listings_to_adopt_come_as_found_or_the_likeliest_first(
    admin: httpx.Client, waiting: Session
) -> None:
    [shop] = waiting.exec(select(Channel)).all()
    for number, score in enumerate((20, 90, 50, 90, 10), start=1):
        adoption = Adoption(
            channel_id=shop.id or 0,
            remote_id=f"r-{number}",
            product_id=1,
            likeness=Likeness.LOOKS,
            score=score,
        )
        waiting.add(adoption)
    waiting.add(Adoption(channel_id=shop.id or 0, remote_id="x", state=AdoptionState.DECLINED))
    waiting.commit()

    def ids(**asked: Any) -> list[list[int]]:
        return [[one["id"] for one in some] for some in pages(admin, "/api/v1/adoptions", **asked)]

    assert ids() == [[1, 2], [3, 4], [5]]
    assert ids(sort="-score") == [[4, 2], [3, 1], [5]]
    assert (ids(channel="shop", state="declined"), ids(channel="none")) == ([[6]], [[]])
    [[first, _], *_] = pages(admin, "/api/v1/adoptions")
    assert (first["channel"], first["product"], first["score"]) == ("shop", "RUG", 20)


def test_conflicts_come_the_oldest_first(admin: httpx.Client, waiting: Session) -> None:
    [shop] = waiting.exec(select(Channel)).all()
    variant = waiting.exec(select(Variant).where(Variant.sku == "LAMP-1")).one()
    for number in range(1, 5):
        order = Order(channel_id=shop.id or 0, remote_id=f"o-{number}", updated_at=NOON)
        waiting.add(order)
        waiting.flush()
        line = OrderLine(
            order_id=order.id or 0,
            remote_id="1",
            variant_id=variant.id,
            quantity=1,
            unit_price_minor=100,
        )
        waiting.add(line)
        waiting.flush()
        conflict = Conflict(order_line_id=line.id or 0, variant_id=variant.id or 0, units=1)
        conflict.settled = Settled.STOCK if number == 2 else None
        waiting.add(conflict)
    waiting.commit()

    def orders(**asked: Any) -> list[list[str]]:
        found = pages(admin, "/api/v1/conflicts", **asked)
        return [[one["order"] for one in some] for some in found]

    assert orders() == [["o-1", "o-3"], ["o-4"]]
    assert orders(settled=True) == [["o-1", "o-2"], ["o-3", "o-4"]]


def test_alerts_come_by_kind_and_subject_and_a_page_says_who_is_told(
    admin: httpx.Client, waiting: Session
) -> None:
    for code in ("b", "a", "c"):
        paused = Channel(
            code=code,
            marketplace="etsy",
            site="world",
            account=code,
            currency="EUR",
            locales=["fr"],
            paused_reason="the shop is on holiday",
        )
        waiting.add(paused)
    waiting.commit()
    found = pages(admin, "/api/v1/alerts")
    assert [[(one["kind"], one["subject"]) for one in some] for some in found] == [
        [("channel_paused", "a"), ("channel_paused", "b")],
        [("channel_paused", "c")],
    ]
    answer = admin.get("/api/v1/alerts").json()
    assert (len(answer["items"]), answer["next"], answer["hooks"]) == (3, None, [])


@pytest.mark.parametrize("path", ["adoptions", "conflicts", "alerts"])
@pytest.mark.parametrize("asked", [{"cursor": "bm9uZQ"}, {"sort": "colour"}])
def test_a_cursor_or_an_order_that_is_none_is_refused(
    admin: httpx.Client, path: str, asked: dict[str, str]
) -> None:
    assert admin.get(f"/api/v1/{path}", params=asked).status_code == 422
