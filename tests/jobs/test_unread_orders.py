"""Orders that nobody could read: kept, read again, and in nobody's way."""

from datetime import timedelta

from connectors.protocol import RemoteOrder, UnreadableOrder
from jobs.models import OrderStage
from jobs.orders import read_again
from jobs.push import Desk
from tests.conftest import NOON
from tests.jobs.conftest import Atelier
from tests.jobs.tellings import Telling, channel_of, kept, later, opened, order, pull

ODD = UnreadableOrder("O1", NOON, "no lines", "raw of O1")


def test_an_order_heals_from_what_was_kept_once_it_can_be_read(atelier: Atelier) -> None:
    connector = opened(atelier, ODD)
    assert pull(atelier, connector).tally == {"orders_unreadable": 1}
    connector.readable["raw of O1"] = order()
    connector.told = []
    assert pull(atelier, connector).tally == {"orders_healed": 1}
    row = kept(atelier)
    assert (row.unreadable, row.sealed_raw, row.stage) == (None, None, OrderStage.TO_SHIP)
    assert atelier.available("CS-101") == 8


def test_the_same_again_is_no_news(atelier: Atelier) -> None:
    connector = opened(atelier, ODD)
    pull(atelier, connector)
    sealed = kept(atelier).sealed_raw
    assert pull(atelier, connector).tally == {}
    assert kept(atelier).sealed_raw == sealed


def test_a_healed_order_may_have_changed_before_the_moment_that_was_guessed(
    atelier: Atelier,
) -> None:
    guessed = UnreadableOrder("O1", NOON + timedelta(seconds=30), "no moment", "raw of O1")
    connector = opened(atelier, guessed)
    pull(atelier, connector)
    connector.readable["raw of O1"] = order()
    connector.told = []
    assert pull(atelier, connector).tally == {"orders_healed": 1}


def test_a_late_page_does_not_throw_away_what_is_kept(atelier: Atelier) -> None:
    first = order()
    newer = UnreadableOrder("O1", NOON + timedelta(seconds=30), "a new kind of line", "raw of O1")
    connector = opened(atelier)
    for told in (first, newer, first):
        pull(atelier, connector, told)
    row = kept(atelier)
    assert (row.unreadable, row.sealed_raw is None) == ("a new kind of line", False)
    pull(atelier, connector, later(later(first), updated_at=NOON + timedelta(seconds=40)))
    assert kept(atelier).unreadable is None


def test_what_is_sealed_with_a_lost_key_is_in_nobodys_way(atelier: Atelier) -> None:
    connector = opened(atelier, ODD)
    pull(atelier, connector)
    other = Atelier(atelier.engine, atelier.clock, markets=atelier.markets)
    connector.told = []
    assert pull(other, connector).tally == {}
    assert kept(atelier).unreadable == "no lines"


def test_what_its_connector_stumbles_over_is_in_nobodys_way(atelier: Atelier) -> None:
    opened(atelier)

    class Stumbling(Telling):
        def reread(self, raw: str) -> RemoteOrder | UnreadableOrder:
            raise KeyError(raw)

    connector = Stumbling(atelier)
    for told in (ODD, order(id="O2")):
        desk = pull(atelier, connector, told)
    assert desk.tally == {"orders_new": 1}


def test_a_rehearsal_heals_nothing(atelier: Atelier) -> None:
    connector = opened(atelier, ODD)
    pull(atelier, connector)
    connector.readable["raw of O1"] = order()
    desk = Desk(atelier.session, atelier.clock)
    read_again(desk, connector, channel_of(atelier), atelier.sealer, keep=False)
    assert (desk.tally, kept(atelier).unreadable) == ({"orders_healed": 1}, "no lines")
