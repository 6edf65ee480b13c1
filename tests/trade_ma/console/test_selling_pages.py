"""A channel is added and connected by forms, a run is watched to its end, and practice is done."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlmodel import Session, select

from connectors.clock import SystemClock
from connectors.sandbox.etsy.market import EtsyMarket
from connectors.sandbox.server import serve
from connectors.sandbox.shopify import ShopifyMarket
from jobs.models import Channel
from tests.trade_ma.console.conftest import PHONE, Served, Visit, Visitor
from tests.trade_ma.console.filling import PEOPLE
from tests.trade_ma.small_catalog import PRODUCTS, fill
from trade_ma.identity.models import User
from trade_ma.identity.permissions import Role
from trade_ma.installation import open_app
from trade_ma.practice import practising
from trade_ma.settings import Settings
from trade_ma.site import site as site_of

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Served]:
    """A console with a practice market, over a small catalog without a channel."""
    app = open_app(Settings(data_dir=tmp_path, database_url=None))
    with app.session() as session:
        fill(app, session)
        _people(session)
        session.commit()
    with practising(app, ["shopify"]) as practice, serve(site_of(app, practice)) as address:
        yield Served(address, app)
    app.engine.dispose()


def _people(session: Session) -> None:
    for role, name in PEOPLE.items():
        session.add(User(name=name, role=role, maker_id=1 if role is Role.MAKER else None))


def add(visitor: Visitor, path: str, address: str, **fields: str) -> None:
    page = visitor.go(path)
    for name, value in fields.items():
        page.locator(f"#field-{name}").fill(value)
    page.locator("summary").click()
    page.locator("#field-base_url").fill(address)
    page.get_by_role("button", name="Add the channel").click()


def test_a_channel_is_added_by_form_and_a_run_is_watched_to_its_end(
    visit: Visit, shop: Served
) -> None:
    market = ShopifyMarket(SystemClock())
    visitor = visit(Role.MANAGER, on=shop)
    with serve(market.app()) as address:
        add(visitor, "/add-channel/shopify?by=hand", address, code="Shop!", **market.credentials)
        page = visitor.page
        expect(page.locator("#wrong-code")).to_contain_text("small letters")
        add(visitor, "/add-channel/shopify?by=hand", address, code="shop", **market.credentials)
        page.get_by_role("button", name="Check the account").click()
        expect(page.locator("#flashes")).to_contain_text("All is well")
        page.locator("#field-buffer").fill("1")
        page.get_by_role("button", name="Save").first.click()
        expect(page.locator("#field-buffer")).to_have_value("1")

        visitor.go("/plan")
        expect(page.locator("summary")).to_contain_text(f"New listings: {PRODUCTS}")
        page.get_by_role("button", name="Bring all up to date").click()
        expect(page.locator(".live .badge")).to_have_text("Done", timeout=30_000)
        visitor.go("/runs")
        expect(page.locator("tbody")).to_contain_text(f"{PRODUCTS} accepted")
    assert visitor.complaints == []


def test_an_owner_connects_a_shop_in_the_browser_and_no_answer_counts_twice(
    visit: Visit, shop: Served
) -> None:
    market = EtsyMarket(SystemClock())
    given = {name: market.credentials[name] for name in ("keystring", "shared_secret")}
    visitor = visit(Role.ADMIN, on=shop)
    page = visitor.page
    with serve(market.app()) as address:
        add(visitor, "/add-channel/etsy", address, code="etsy", **given)
        page.get_by_role("button", name="Connect", exact=True).click()
        answers: list[str] = []
        page.on("request", lambda asked: answers.append(asked.url))
        page.get_by_role("link", name="Go to Etsy").click()
        expect(page.locator("#flashes")).to_contain_text("etsy is connected.")
        [answer] = [one for one in answers if "/connected?" in one]
        page.goto(answer)
        expect(page.locator("#flashes")).to_contain_text("begin again")
        page.get_by_role("button", name="Check the account").click()
        expect(page.locator("#flashes")).to_contain_text("All is well")
    with shop.app.session() as session:
        assert session.exec(select(Channel.paused_reason)).one() is None


def test_a_maker_publishes_to_practice_looks_buys_and_ships_on_a_phone(
    visit: Visit, shop: Served
) -> None:
    visitor = visit(Role.MAKER, on=shop, size=PHONE)
    page = visitor.go("/practice")
    page.get_by_role("button", name="Publish my products to practice").click()
    page.get_by_role("link", name="See what is for sale").click(timeout=60_000)
    stall = page.locator(".card", has_text="Practice market Shopify")
    expect(stall).to_contain_text(f"{PRODUCTS} listings are for sale.")
    stall.get_by_role("link", name="See the page as a buyer would").click()
    expect(page.locator("article")).to_have_count(PRODUCTS)
    with page.expect_response(lambda answer: "/picture?" in answer.url) as picture:
        page.reload()
    assert picture.value.headers["content-type"].startswith("image/")

    visitor.go("/practice")
    page.get_by_role("button", name="Buy one of T-0").last.click()
    page.get_by_role("button", name="Ship order").click()
    expect(page.locator("#flashes")).to_contain_text("Shipped")
    assert (visitor.barriers(), visitor.sideways()) == ([], 0)
    with shop.app.session() as session:
        assert session.exec(select(Channel)).all() == []
