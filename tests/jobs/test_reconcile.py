"""Comparing with the world: nothing differs, or exactly what does, and what was done about it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from moneyed import Money
from sqlmodel import col, delete, select

from catalog.models import MovementKind, Product, StockMovement
from catalog.translation.models import TextState, Translation
from connectors.errors import CredentialsRejected, Unavailable
from connectors.memory import MemoryConnector, MemoryMarket
from connectors.protocol import OrderStatus, RemoteListing
from connectors.sandbox.faults import Fault, FaultKind
from jobs.drift_models import Difference, ReconcileReport
from jobs.models import Channel
from jobs.reconcile import reconcile
from jobs.reconcile_report import Reconciled
from tests.jobs.conftest import Atelier

Said = tuple[str, str, str, str, str]


def compared(atelier: Atelier, **options: object) -> Reconciled:
    """Compare the only channel."""
    with atelier.session() as session:
        channel = session.exec(select(Channel)).one()
        session.expunge(channel)
    return reconcile(atelier.workshop(), channel, **options)  # type: ignore[arg-type]


def said(result: Reconciled) -> list[Said]:
    assert result.trouble is None
    return [(f.kind, f.subject, f.ours, f.theirs, f.answer) for f in result.found]


def stored(atelier: Atelier) -> list[Said]:
    with atelier.session() as session:
        rows = session.exec(select(Difference).order_by(col(Difference.id)))
        return [(d.kind, d.subject, d.ours, d.theirs, d.answer) for d in rows]


@pytest.fixture
def market(atelier: Atelier) -> MemoryMarket:
    """A market that shows two rugs as they were accepted."""
    market = atelier.channel("us")
    atelier.product("BO-001", stock=3, price=925_00)
    atelier.product("BO-002", stock=5, price=925_00)
    atelier.sync()
    market.calls.clear()
    return market


def shown_of(market: MemoryMarket, sku: str) -> str:
    remote_id = market.find(sku)
    assert remote_id
    return remote_id


def test_nothing_differs_after_a_pass(atelier: Atelier, market: MemoryMarket) -> None:
    result = compared(atelier)
    assert (said(result), result.is_settled) == ([], True)
    assert (result.counts["listings_ours"], result.counts["listings_theirs"]) == (2, 2)
    assert dict(market.calls) == {"orders": 2, "listings": 1}
    with atelier.session() as session:
        report = session.exec(select(ReconcileReport)).one()
    assert report.finished_at
    assert report.counts["differences"] == 0


def test_figures_that_somebody_changed_there_are_set_right_by_the_next_pass(
    atelier: Atelier, market: MemoryMarket
) -> None:
    listing = market.listings[shown_of(market, "BO-001")]
    listing.prices["BO-001"] = Money("50.00", "USD")
    listing.stock["BO-001"] = 9
    assert said(compared(atelier)) == [
        ("price", "BO-001", "100.00 USD", "50.00 USD", "overwritten"),
        ("stock", "BO-001", "3", "9", "overwritten"),
    ]
    assert stored(atelier) == [
        ("price", "BO-001", "100.00 USD", "50.00 USD", "overwritten"),
        ("stock", "BO-001", "3", "9", "overwritten"),
    ]
    atelier.sync()
    assert dict(market.calls) == {"orders": 1, "price": 1, "stock": 1}
    assert (listing.prices["BO-001"], listing.stock["BO-001"]) == (Money("100.00", "USD"), 3)
    assert said(compared(atelier)) == []


def test_a_sale_that_was_not_sent_on_yet_is_no_drift(
    atelier: Atelier, market: MemoryMarket
) -> None:
    market.buy({"BO-001": 2}, "US")
    assert said(compared(atelier)) == []
    assert atelier.available("BO-001") == 1


def test_a_sale_while_the_listings_are_read_is_no_drift(
    atelier: Atelier, market: MemoryMarket, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = MemoryConnector.listings

    def sold_meanwhile(self: MemoryConnector) -> object:
        market.buy({"BO-001": 1}, "US")
        return read(self)

    monkeypatch.setattr(MemoryConnector, "listings", sold_meanwhile)
    assert said(compared(atelier)) == []


def test_a_figure_beyond_what_a_sale_explains_is_drift(
    atelier: Atelier, market: MemoryMarket
) -> None:
    market.buy({"BO-001": 1}, "US")
    market.listings[shown_of(market, "BO-001")].stock["BO-001"] = 1
    assert said(compared(atelier)) == [("stock", "BO-001", "3", "1", "overwritten")]


def test_units_can_be_accepted_into_the_ledger_and_are_moved_once(atelier: Atelier) -> None:
    market = atelier.channel("us", drift={"stock": "accept"}, buffer=1)
    atelier.product("BO-001", stock=3)
    atelier.sync()
    market.listings[shown_of(market, "BO-001")].stock["BO-001"] = 7
    assert said(compared(atelier)) == [("stock", "BO-001", "2", "7", "accepted")]
    assert (said(compared(atelier)), atelier.available("BO-001")) == ([], 8)
    with atelier.session() as session:
        moved = session.exec(select(StockMovement).order_by(col(StockMovement.id))).all()
    assert [one.kind for one in moved] == [MovementKind.COUNT, MovementKind.ADJUSTMENT]
    atelier.sync()
    assert dict(market.calls) == {"orders": 1}


def test_a_price_can_be_accepted_as_the_channels_fixed_one(atelier: Atelier) -> None:
    market = atelier.channel("us", drift={"price": "accept"})
    atelier.product("BO-001", price=925_00)
    atelier.sync()
    market.listings[shown_of(market, "BO-001")].prices["BO-001"] = Money("120.5", "USD")
    assert said(compared(atelier)) == [("price", "BO-001", "100.00 USD", "120.5 USD", "accepted")]
    atelier.sync()
    assert (said(compared(atelier)), "price" in market.calls) == ([], False)
    with atelier.session() as session:
        policy = session.exec(select(Channel)).one().policy
    assert policy["price"] == {"charm": "none", "fixed": {"BO-001": "120.50"}}


def test_a_price_in_another_currency_is_left_to_a_person(atelier: Atelier) -> None:
    market = atelier.channel("us", drift={"price": "accept"})
    atelier.product("BO-001", price=925_00)
    atelier.sync()
    market.listings[shown_of(market, "BO-001")].prices["BO-001"] = Money("100", "EUR")
    result = compared(atelier)
    assert said(result) == [("price", "BO-001", "100.00 USD", "100 EUR", "reported")]
    assert result.is_settled is False


def test_a_listing_that_somebody_ended_there_comes_back(
    atelier: Atelier, market: MemoryMarket
) -> None:
    listing = market.listings[shown_of(market, "BO-001")]
    listing.present = False
    assert said(compared(atelier)) == [
        ("presence", "BO-001", "for sale", "off the market", "overwritten")
    ]
    atelier.sync()
    assert (listing.present, said(compared(atelier))) == (True, [])


def test_a_listing_that_we_ended_and_somebody_brought_back_is_ended_again(
    atelier: Atelier, market: MemoryMarket
) -> None:
    atelier.edit("BO-001", withdrawn=True)
    atelier.sync()
    listing = market.listings[shown_of(market, "BO-001")]
    listing.present = True
    assert said(compared(atelier)) == [
        ("presence", "BO-001", "off the market", "for sale", "overwritten")
    ]
    atelier.sync()
    assert listing.present is False


def test_words_and_pictures_are_left_to_a_person(atelier: Atelier, market: MemoryMarket) -> None:
    listing = market.listings[shown_of(market, "BO-001")]
    text = replace(listing.draft.texts[0], title="Un tapis")
    listing.draft = replace(listing.draft, texts=(text,), photos=())
    result = compared(atelier)
    assert said(result) == [
        ("images", "BO-001", "1", "0", "reported"),
        ("text", "BO-001", "Tapis BO-001", "Un tapis", "reported"),
    ]
    assert result.is_settled is False


def test_words_can_be_accepted_in_the_makers_own_language(atelier: Atelier) -> None:
    market = atelier.channel("us", drift={"text": "accept", "images": "overwrite"})
    atelier.product("BO-001")
    atelier.edit("BO-001", description="Noué à la main.", craft="rug", materials=["wool"])
    atelier.sync()
    listing = market.listings[shown_of(market, "BO-001")]
    before = listing.draft.texts[0]
    assert before.description != "Noué à la main."
    described = before.description.replace("Noué à la main", "Tissé à Azilal")
    text = replace(before, title="Un tapis", description=described)
    listing.draft = replace(listing.draft, texts=(text,), photos=())
    assert [(kind, answer) for kind, *_, answer in said(compared(atelier))] == [
        ("images", "overwritten"),
        ("text", "accepted"),
    ]
    assert said(compared(atelier)) == []
    atelier.sync()
    with atelier.session() as session:
        product = session.exec(select(Product)).one()
    assert (product.title, product.description) == ("Un tapis", "Tissé à Azilal.")
    assert (listing.draft.texts[0].description, len(listing.draft.photos)) == (described, 1)
    assert said(compared(atelier)) == []


def test_a_listing_that_is_gone_is_looked_for_and_made_once(
    atelier: Atelier, market: MemoryMarket
) -> None:
    del market.listings[shown_of(market, "BO-001")]
    assert said(compared(atelier)) == [
        ("missing_listing", "BO-001", "for sale", "not there", "overwritten")
    ]
    atelier.sync()
    assert (market.calls["find"], market.calls["create"]) == (1, 1)
    assert (len(market.listings), said(compared(atelier))) == (2, [])


def test_a_listing_that_was_only_not_told_is_found_and_made_no_second_time(
    atelier: Atelier, market: MemoryMarket, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = MemoryConnector.listings

    def all_but_the_first(self: MemoryConnector) -> object:
        _, *others = read(self)
        return iter(others)

    with monkeypatch.context() as patch:
        patch.setattr(MemoryConnector, "listings", all_but_the_first)
        compared(atelier)
    atelier.sync()
    assert (market.calls["find"], market.calls["create"], len(market.listings)) == (1, 0, 2)


def test_a_listing_that_is_not_ours_is_told_and_left_alone(
    atelier: Atelier, market: MemoryMarket
) -> None:
    draft = market.listings[shown_of(market, "BO-001")].draft
    stranger = replace(draft, offers=(replace(draft.offers[0], sku="X-1"),))
    remote_id = market.create(stranger)
    assert said(compared(atelier)) == [
        ("unknown_listing", remote_id, "not there", "Tapis BO-001 (X-1)", "reported")
    ]
    assert remote_id in market.listings
    market.listings[remote_id].present = False
    assert said(compared(atelier)) == []


def test_a_facet_that_was_refused_is_not_compared(atelier: Atelier, market: MemoryMarket) -> None:
    atelier.edit("BO-001", title="Counterfeit")
    atelier.sync()
    listing = market.listings[shown_of(market, "BO-001")]
    listing.draft = replace(
        listing.draft, texts=(replace(listing.draft.texts[0], title="Un tapis"),)
    )
    assert said(compared(atelier)) == []


def test_an_order_that_no_pull_has_seen_is_fetched_and_named(
    atelier: Atelier, market: MemoryMarket
) -> None:
    order_id = market.buy({"BO-001": 1}, "US")
    order = market.orders.pop(order_id)
    atelier.clock.sleep(3600)
    market.buy({"BO-002": 1}, "US")
    atelier.sync()
    market.orders[order_id] = order
    result = compared(atelier)
    assert said(result) == [
        ("missing_order", order_id, "never heard of", "paid, 100.00 USD", "fetched")
    ]
    assert (atelier.available("BO-001"), result.is_settled) == (2, True)
    [day] = result.days
    assert (day.ours.orders, day.ours.total_minor) == (1, 100_00)
    assert (day.theirs.orders, day.theirs.total_minor) == (2, 200_00)
    [day] = compared(atelier).days
    assert day.agrees


def test_an_order_that_changed_unheard_is_brought_in(
    atelier: Atelier, market: MemoryMarket
) -> None:
    order_id = market.buy({"BO-001": 1}, "US")
    atelier.clock.sleep(86_400)
    market.buy({"BO-002": 1}, "US")
    atelier.sync()
    # Changed, and told as of a moment that no pull asks for any more.
    order = market.order(order_id)
    line = replace(order.lines[0], cancelled=1)
    market.orders[order_id] = replace(order, status=OrderStatus.CANCELLED, lines=(line,))
    assert said(compared(atelier)) == [
        ("order", order_id, "paid, 100.00 USD", "cancelled, 100.00 USD", "fetched")
    ]
    assert atelier.available("BO-001") == 3


def test_an_order_of_ours_that_the_market_does_not_tell_is_named(
    atelier: Atelier, market: MemoryMarket
) -> None:
    order_id = market.buy({"BO-001": 1}, "US")
    atelier.sync()
    atelier.clock.sleep(3600)
    del market.orders[order_id]
    market.listings[shown_of(market, "BO-001")].stock["BO-001"] = 2
    assert said(compared(atelier)) == [
        ("order", order_id, "paid, 100.00 USD", "not told", "reported")
    ]


def test_a_rehearsal_says_the_same_and_changes_nothing(
    atelier: Atelier, market: MemoryMarket
) -> None:
    market.listings[shown_of(market, "BO-001")].stock["BO-001"] = 9
    order_id = market.buy({"BO-002": 1}, "US")
    atelier.clock.sleep(3600)
    assert said(compared(atelier, dry_run=True)) == [
        ("missing_order", order_id, "never heard of", "paid, 100.00 USD", "fetched"),
        ("stock", "BO-001", "3", "9", "overwritten"),
        ("stock", "BO-002", "5", "4", "overwritten"),
    ]
    assert (stored(atelier), atelier.available("BO-002")) == ([], 5)
    atelier.sync()
    # Only what was sold is sent: the rehearsal forgot nothing.
    assert market.calls["stock"] == 1


def test_figures_that_the_ledger_does_not_bear_out_are_named(
    atelier: Atelier, market: MemoryMarket
) -> None:
    market.buy({"BO-001": 2}, "US")
    atelier.sync()
    # Past all that is told again: an order that is puts its own ledger right.
    atelier.clock.sleep(30 * 24 * 3600)
    market.buy({"BO-002": 1}, "US")
    atelier.sync()
    with atelier.session() as session:
        first = col(StockMovement.quantity) == -2
        session.exec(delete(StockMovement).where(first))
        session.commit()
    assert said(compared(atelier)) == [
        ("ledger", "BO-001", "2 sold", "nothing", "reported"),
    ]


def test_what_was_accepted_only_while_the_market_was_read_is_no_drift(
    atelier: Atelier, market: MemoryMarket, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = MemoryConnector.listings

    def repriced_meanwhile(self: MemoryConnector) -> object:
        told = list(read(self))
        if not market.calls["price"]:
            atelier.clock.sleep(1)
            atelier.edit("BO-001", price_minor=200_00)
            atelier.sync()
        return iter(told)

    monkeypatch.setattr(MemoryConnector, "listings", repriced_meanwhile)
    assert said(compared(atelier)) == []
    assert market.calls["price"] == 1


def test_a_pass_at_work_is_waited_for_and_told(atelier: Atelier, market: MemoryMarket) -> None:
    del market
    shop = atelier.workshop()
    assert shop.locks.take("account us")
    with atelier.session() as session:
        channel = session.exec(select(Channel)).one()
        session.expunge(channel)
    told = reconcile(shop, channel).trouble
    assert told == "Unavailable: a pass is at work on account us: try later"


def test_trouble_with_the_market_is_told_and_what_was_settled_stays(
    atelier: Atelier, market: MemoryMarket
) -> None:
    market.faults.arm(Fault(kind=FaultKind.ERROR, operation="listings", times=99))
    result = compared(atelier)
    assert (result.trouble, result.is_settled) == ("Unavailable: out of order", False)
    with atelier.session() as session:
        assert session.exec(select(ReconcileReport)).one().finished_at is None


def test_a_channel_that_does_not_know_us_is_paused(
    atelier: Atelier, market: MemoryMarket, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(_self: object, _since: object) -> object:
        raise CredentialsRejected("the token is gone")

    del market
    monkeypatch.setattr(MemoryConnector, "orders", unknown)
    assert compared(atelier).trouble == "the token is gone"
    assert compared(atelier).trouble == "paused: the token is gone"


def test_words_in_another_language_become_a_reviewed_translation(atelier: Atelier) -> None:
    market = atelier.channel("us", drift={"text": "accept"})
    with atelier.session() as session:
        session.exec(select(Channel)).one().locales = ["en"]
        session.commit()
    atelier.product("BO-001")
    words = "Noué à la main par nos tisseuses. Lavé à l'eau claire."
    atelier.edit("BO-001", description=words, craft="rug", materials=["wool"])
    atelier.sync()
    listing = market.listings[shown_of(market, "BO-001")]
    composed = listing.draft.texts[0]
    theirs = "Knotted by hand by our weavers. Washed in clear water."
    described = f"{theirs}\n\n{composed.description}"
    text = replace(composed, title="Wool rug BO-001 of ours", description=described)
    listing.draft = replace(listing.draft, texts=(text,))
    assert [(kind, answer) for kind, *_, answer in said(compared(atelier))] == [
        ("text", "accepted")
    ]
    atelier.sync()
    shown = listing.draft.texts[0]
    assert (shown.title, shown.description) == ("Wool rug BO-001 of ours", described)
    with atelier.session() as session:
        states = {one.text: one.state for one in session.exec(select(Translation))}
    assert states == dict.fromkeys(
        (
            "Wool rug BO-001 of ours",
            "Knotted by hand by our weavers.",
            "Washed in clear water.",
        ),
        TextState.REVIEWED,
    )
    assert said(compared(atelier)) == []


@pytest.mark.parametrize(
    "theirs",
    [
        "One sentence alone.",  # of two
        "Knotted by hand by our weavers. Washed 40 times in clear water.",  # an invented figure
    ],
)
def test_words_that_cannot_be_a_translation_are_left_to_a_person(
    atelier: Atelier, theirs: str
) -> None:
    market = atelier.channel("us", drift={"text": "accept"})
    with atelier.session() as session:
        session.exec(select(Channel)).one().locales = ["en"]
        session.commit()
    atelier.product("BO-001")
    words = "Noué à la main par nos tisseuses. Lavé à l'eau claire."
    atelier.edit("BO-001", description=words, craft="rug")
    atelier.sync()
    listing = market.listings[shown_of(market, "BO-001")]
    composed = listing.draft.texts[0]
    text = replace(composed, description=f"{theirs}\n\n{composed.description}")
    listing.draft = replace(listing.draft, texts=(text,))
    assert [answer for *_, answer in said(compared(atelier))] == ["reported"]
    with atelier.session() as session:
        assert session.exec(select(Translation)).all() == []


def test_a_comparison_that_breaks_off_keeps_what_it_had_settled(
    atelier: Atelier, market: MemoryMarket, monkeypatch: pytest.MonkeyPatch
) -> None:
    for sku in ("BO-001", "BO-002"):
        market.listings[shown_of(market, sku)].prices[sku] = Money("1", "USD")
    read = MemoryConnector.listings

    def breaking_off(self: MemoryConnector) -> Iterator[RemoteListing]:
        yield next(iter(read(self)))
        raise Unavailable("gone")

    monkeypatch.setattr("jobs.comparing_listings.BATCH", 1)
    with monkeypatch.context() as patch:
        patch.setattr(MemoryConnector, "listings", breaking_off)
        assert compared(atelier).trouble == "Unavailable: gone"
    assert said(compared(atelier)) == [("price", "BO-002", "100.00 USD", "1 USD", "overwritten")]
    assert [subject for _, subject, *_ in stored(atelier)] == ["BO-001", "BO-002"]
    atelier.sync()
    assert (market.calls["price"], said(compared(atelier))) == (2, [])


def test_a_mistake_of_the_program_harms_its_own_channel_alone(
    atelier: Atelier, market: MemoryMarket, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_self: object) -> object:
        raise ZeroDivisionError

    del market
    monkeypatch.setattr(MemoryConnector, "listings", broken)
    assert compared(atelier).trouble == "a mistake of this program (ZeroDivisionError): see the log"
