"""Parcels: kept before they are told, told once, and never more than is left."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from connectors.errors import ConnectorError, OutcomeUnknown, Refused, Unavailable
from connectors.protocol import (
    Issue,
    OrderStatus,
    RemoteOrder,
    RemoteOrderLine,
    Shipment,
    UnreadableOrder,
)
from jobs import shipping
from jobs.order_models import Parcel
from jobs.parcels import pack
from jobs.push import Desk
from tests.conftest import NOON
from tests.jobs.conftest import Atelier
from tests.jobs.tellings import Telling, channel_of, later, line, opened, order, pull

REFUSED = Refused([Issue("carrier", "This carrier is not known")])


def packed(
    atelier: Atelier, tracking: str, units: Mapping[str, int] | None = None, carrier: str = "DHL"
) -> int:
    """Keep a parcel of the order, of now; its id."""
    with atelier.session() as session:
        parcel = pack(
            session,
            channel_of(atelier),
            "#1001",
            carrier=carrier,
            tracking_number=tracking,
            shipped_at=atelier.clock.now(),
            units=units,
        )
        session.commit()
        return parcel.id or 0


def tell(atelier: Atelier, connector: Telling, parcel_id: int) -> None:
    shipping.tell(Desk(atelier.session, atelier.clock), connector, parcel_id)


def tell_parcels(atelier: Atelier, connector: Telling, *, after_minutes: int = 6) -> list[str]:
    atelier.clock.sleep(60 * after_minutes)
    desk = Desk(atelier.session, atelier.clock)
    return shipping.tell_parcels(desk, connector, channel_of(atelier))


def told_at(atelier: Atelier) -> dict[str, datetime | None]:
    with atelier.session() as session:
        rows = session.exec(select(Parcel).order_by("id")).all()
    return {row.tracking_number: row.told_at for row in rows}


def test_a_parcel_is_kept_and_then_told(atelier: Atelier) -> None:
    connector = opened(atelier, order(line(3)))
    pull(atelier, connector)
    parcel_id, now = packed(atelier, "T1", {"CS-101": 2}), atelier.clock.now()
    assert told_at(atelier) == {"T1": None}
    tell(atelier, connector, parcel_id)
    assert connector.parcels == [Shipment("O1", {"1": 2}, "DHL", "T1", now)]
    assert told_at(atelier) == {"T1": now}
    assert tell_parcels(atelier, connector) == []
    assert len(connector.parcels) == 1


@pytest.mark.parametrize("trouble", [Unavailable("down"), OutcomeUnknown("no answer")])
def test_a_parcel_that_could_not_be_told_is_told_by_the_next_pass(
    atelier: Atelier, trouble: ConnectorError
) -> None:
    connector = opened(atelier, order())
    pull(atelier, connector)
    parcel_id = packed(atelier, "T1")
    connector.troubles = [trouble]
    with pytest.raises(type(trouble)):
        tell(atelier, connector, parcel_id)
    assert tell_parcels(atelier, connector) == []
    assert [parcel.tracking_number for parcel in connector.parcels] == ["T1"]
    assert told_at(atelier) == {"T1": atelier.clock.now()}


def test_a_parcel_just_kept_is_left_to_whoever_tells_it(atelier: Atelier) -> None:
    connector = opened(atelier, order())
    pull(atelier, connector)
    packed(atelier, "T1")
    assert tell_parcels(atelier, connector, after_minutes=1) == []
    assert connector.parcels == []


def test_an_interrupted_pass_leaves_parcels_to_the_next(atelier: Atelier) -> None:
    connector = opened(atelier, order())
    pull(atelier, connector)
    packed(atelier, "T1")
    atelier.clock.sleep(600)
    desk = Desk(atelier.session, atelier.clock, interrupted=lambda: True)
    shipping.tell_parcels(desk, connector, channel_of(atelier))
    assert connector.parcels == []


def test_a_refusal_is_told_in_words_and_stops_no_other(atelier: Atelier) -> None:
    connector = opened(atelier, order(line(3)))
    pull(atelier, connector)
    for tracking in ("T1", "T2"):
        packed(atelier, tracking, {"CS-101": 1})
    connector.troubles = [REFUSED]
    assert tell_parcels(atelier, connector) == [
        "parcel T1 of order #1001 is refused: This carrier is not known"
    ]
    assert told_at(atelier) == {"T1": None, "T2": atelier.clock.now()}


def test_a_parcel_refused_for_days_waits_for_a_person(atelier: Atelier) -> None:
    connector = opened(atelier, order())
    pull(atelier, connector)
    packed(atelier, "T1")
    minutes = shipping.TOLD_AGAIN_FOR // timedelta(minutes=1)
    assert tell_parcels(atelier, connector, after_minutes=minutes) == []
    assert connector.parcels == []


def test_a_refused_parcel_can_be_withdrawn_and_its_units_packed_again(atelier: Atelier) -> None:
    pull(atelier, opened(atelier, order()))
    parcel_id = packed(atelier, "T1")
    with atelier.session() as session:
        shipping.withdraw(session, parcel_id)
        session.commit()
    packed(atelier, "T2")
    assert list(told_at(atelier)) == ["T2"]


def test_a_parcel_not_told_yet_is_put_right_under_its_number(atelier: Atelier) -> None:
    connector = opened(atelier, order())
    pull(atelier, connector)
    first = packed(atelier, "T1", carrier="DHLL")
    assert packed(atelier, "T1", carrier="DHL") == first
    tell(atelier, connector, first)
    assert [parcel.carrier for parcel in connector.parcels] == ["DHL"]
    with pytest.raises(ValueError, match="parcel T1 of order #1001 is told already"):
        packed(atelier, "T1")


@pytest.mark.parametrize(
    ("told", "left"),
    [
        (line(5), 5),
        (line(5, cancelled=1), 4),
        (line(5, shipped=2), 3),
        (line(5, cancelled=1, shipped=1, returned=1), 3),
        (line(5, returned=2), 3),
    ],
)
def test_all_that_is_open_goes_into_one_parcel_and_no_unit_more(
    atelier: Atelier, told: RemoteOrderLine, left: int
) -> None:
    pull(atelier, opened(atelier, order(told)))
    with pytest.raises(ValueError, match=f"{left} of CS-101 can be shipped, not {left + 1}"):
        packed(atelier, "T1", {"CS-101": left + 1})
    packed(atelier, "T2")
    with atelier.session() as session:
        assert session.exec(select(Parcel)).one().lines == {"1": left}
    with pytest.raises(ValueError, match="nothing of this order is left to ship"):
        packed(atelier, "T3")


def test_a_parcel_counts_once_before_and_after_the_marketplace_counts_it(
    atelier: Atelier,
) -> None:
    connector = opened(atelier, order(line(3)))
    pull(atelier, connector)
    tell(atelier, connector, packed(atelier, "T1", {"CS-101": 1}))
    with pytest.raises(ValueError, match="2 of CS-101 can be shipped, not 3"):
        packed(atelier, "T2", {"CS-101": 3})
    pull(atelier, connector, later(order(), lines=(line(3, shipped=1),)))
    packed(atelier, "T2", {"CS-101": 2})


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (order(status=OrderStatus.PENDING), "it is not paid yet"),
        (order(on_hold=True), "its marketplace asks to wait"),
        (order(status=OrderStatus.CANCELLED), "it was cancelled"),
        (order(status=OrderStatus.REFUNDED), "it was refunded"),
        (UnreadableOrder("#1001", NOON, "no lines", "raw"), "no lines"),
    ],
)
def test_an_order_that_must_not_be_shipped_is_not(
    atelier: Atelier, told: RemoteOrder | UnreadableOrder, words: str
) -> None:
    pull(atelier, opened(atelier, told))
    with pytest.raises(ValueError, match=f"order #1001 cannot be shipped: {words}"):
        packed(atelier, "T1")


def test_what_is_not_there_is_not_found(atelier: Atelier) -> None:
    connector = opened(atelier)
    with pytest.raises(LookupError, match="us has no order '#1001': pull orders first"):
        packed(atelier, "T1")
    pull(atelier, connector, order())
    with pytest.raises(LookupError, match="CS-999 is not on this order"):
        packed(atelier, "T1", {"CS-999": 1})
