"""The way of a packer through the pages: from what waits to parcels that are on their way."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlmodel import select

from jobs.models import Order
from jobs.order_models import Parcel
from tests.trade_ma.conftest import Practice
from tests.trade_ma.console.conftest import PHONE, Served, Visit, Visitor
from tests.trade_ma.console.filling import PEOPLE
from tests.trade_ma.selling import goes_down, opened, sell
from trade_ma.identity.models import AuditEntry, User
from trade_ma.identity.permissions import Role

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(practice: Practice) -> Iterator[Served]:
    """A practice shop with two orders and a packer."""
    sell(practice, {"T-3": 3}, {"T-4": 1})
    with practice.app.session() as session:
        session.add(User(name=PEOPLE[Role.SHIPPER], role=Role.SHIPPER))
        session.commit()
    with opened(practice) as address:
        yield Served(address, practice.app)


def write(page: Page, tracking: str, **more: str) -> None:
    """Fill in a parcel and send it."""
    for name, value in {"carrier": "DHL", "tracking": tracking, **more}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("main form button").first.click()


def stored(shop: Served, read: Callable[[Any], Any]) -> Any:
    with shop.app.session() as session:
        return read(session)


@pytest.mark.parametrize(
    ("code", "told", "empty"),
    [("fr", "sont prévenus", "Tout est expédié"), ("ar", "وأُعلم المشتري", "شُحن كل شيء")],
)
def test_parcels_are_sent_one_after_another(
    visit: Visit, shop: Served, practice: Practice, code: str, told: str, empty: str
) -> None:
    visitor: Visitor = visit(Role.SHIPPER, code, PHONE, on=shop)
    page = visitor.go("/orders/to-ship")
    page.locator(".tiles .button").first.click()
    assert page.url.endswith("/orders/1/pack")
    assert (visitor.barriers(), visitor.sideways()) == ([], 0)
    write(page, "JD1")
    assert page.url.endswith("/orders/2/pack")
    assert told in page.locator("#flashes").inner_text()
    write(page, "JD2")
    assert page.url.endswith("/orders/to-ship")
    practice.run("orders", "pull")
    page.reload()
    assert page.locator(".empty-title").inner_text() == empty
    parcels = stored(shop, lambda session: session.exec(select(Parcel)).all())
    assert [(one.tracking_number, one.told_at is not None) for one in parcels] == [
        ("JD1", True),
        ("JD2", True),
    ]
    actions = stored(shop, lambda session: session.exec(select(AuditEntry.action)).all())
    assert actions.count("order.ship") == 2
    assert visitor.complaints == []


def test_a_packer_is_told_what_is_wrong_and_loses_nothing_that_was_written(
    visit: Visit, shop: Served, practice: Practice
) -> None:
    page = visit(Role.SHIPPER, "en", PHONE, on=shop).go("/orders/1/pack")
    page.evaluate("document.querySelectorAll('main form').forEach(form => form.noValidate = true)")
    write(page, "JD1", carrier="")
    assert "Write who carries the parcel" in page.locator("div.flash.error").inner_text()
    assert page.locator("[name=tracking]").input_value() == "JD1"
    goes_down(practice)
    write(page, "JD1")
    assert "does not answer now" in page.locator("#flashes").inner_text()


def test_the_slip_prints_without_the_menu(visit: Visit, shop: Served) -> None:
    page = visit(Role.SHIPPER, "en", on=shop).go("/orders/1/slip")
    page.emulate_media(media="print")
    seen = [page.locator(one).is_visible() for one in (".slip", ".postal", ".menu", ".foot")]
    assert seen == [True, True, False, False]


@pytest.mark.parametrize(
    ("code", "warning", "badge"),
    [
        ("fr", "Cette commande est signalée", "Signalée"),
        ("ar", "على هذا الطلب علامة", "عليه علامة"),
    ],
)
def test_a_flagged_order_is_packed_by_who_has_read_why(
    visit: Visit, shop: Served, code: str, warning: str, badge: str
) -> None:
    visitor: Visitor = visit(Role.SHIPPER, code, PHONE, on=shop)
    page = visitor.go("/orders/1")
    page.locator("[name=reason]").fill("Damaged, being remade")
    page.locator("form[action$='/flag'] button").click()
    assert (visitor.barriers(), visitor.sideways()) == ([], 0)
    page = visitor.go("/orders?flagged=flagged")
    assert page.locator("tbody .badge.bad").all_inner_texts() == [badge]
    assert (visitor.barriers(), visitor.sideways()) == ([], 0)
    page = visitor.go("/orders/1/pack")
    told = page.locator("main .flash.warning").inner_text()
    assert warning in told
    assert "Damaged, being remade" in told
    assert (visitor.barriers(), visitor.sideways()) == ([], 0)
    write(page, "JD1")
    assert page.url.endswith("/orders/2/pack")
    assert page.locator("main .flash.warning").count() == 0
    page = visitor.go("/orders/1")
    page.locator("form[action$='/unflag'] button").click()
    assert page.locator(".badge.bad").count() == 0
    actions = stored(shop, lambda session: session.exec(select(AuditEntry.action)).all())
    assert actions.count("order.flag") == actions.count("order.unflag") == 1
    assert visitor.complaints == []


def test_an_empty_reason_is_asked_for_again(visit: Visit, shop: Served) -> None:
    page = visit(Role.SHIPPER, "en", PHONE, on=shop).go("/orders/1")
    page.evaluate("document.querySelectorAll('main form').forEach(form => form.noValidate = true)")
    page.locator("form[action$='/flag'] button").click()
    assert "Write in a few words why" in page.locator("div.flash.error").inner_text()


def test_pieces_are_put_back_in_stock_where_nothing_will_be_sent(
    visit: Visit, shop: Served, practice: Practice
) -> None:
    visitor: Visitor = visit(Role.SHIPPER, "en", PHONE, on=shop)
    assert visitor.go("/orders/1").locator("[popovertarget=release]").count() == 0
    remote_id = stored(shop, lambda session: session.get_one(Order, 1).remote_id)
    practice.market.refund(remote_id, None, restock=False)
    practice.run("orders", "pull")
    page = visitor.go("/orders/1")
    page.locator("[popovertarget=release]").first.click()
    assert (visitor.barriers(), visitor.sideways()) == ([], 0)
    page.locator("#release form button").first.click()
    assert "3 pieces are back in stock." in page.locator("#flashes").inner_text()
    assert page.locator("[popovertarget=release]").count() == 0
    assert "3 released" in page.locator("main table").inner_text()
    assert visitor.complaints == []
