"""A new user's whole way through the pages: from an empty database to a parcel that is shipped.

Only the address that the installation prints is typed; all else is reached by what pages show.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from connectors.amazon import receipts
from connectors.clock import SystemClock
from connectors.sandbox.amazon import AmazonMarket
from connectors.sandbox.amazon.feed_desk import Pace
from connectors.sandbox.control import ServedMarket
from connectors.sandbox.etsy.market import EtsyMarket
from connectors.sandbox.server import serve
from connectors.sandbox.shopify import ShopifyMarket
from tests.trade_ma.console.conftest import Served, Visit
from trade_ma.cli.serve import set_up_path
from trade_ma.demo.drawing import draw
from trade_ma.demo.markets import media_of
from trade_ma.demo.photos import sketches
from trade_ma.installation import open_app
from trade_ma.settings import Settings
from trade_ma.site import site as site_of

pytestmark = pytest.mark.browser

# Two lines above the header, the header, and of the demo's rows these: two cushions that every
# marketplace takes, and a rug for prayer whose price is no number.
ABOVE, SKUS, REFUSED = 3, ("TIF-012", "TIF-013"), "TIF-014"
PHOTOS = ("coussin-01.jpg", "coussin-02.jpg")
PASSWORD = "seven looms and a kettle"
AT_ONCE = Pace(*[timedelta()] * 4)
# What a marketplace judges is asked for by another pass.
PASSES = 6
SLOW = 60_000


@dataclass(frozen=True, slots=True)
class Stall:
    """A marketplace at its loopback address."""

    market: ServedMarket
    address: str

    def for_sale(self) -> set[str]:
        """The SKUs that a buyer sees."""
        shown = [one for one in self.market.shown() if one.present]
        # Whoever sent the file named the maker, and buyers read no placeholder.
        assert not any("Default" in one.description for one in shown)
        return {offer.sku for one in shown for offer in one.offers}


@pytest.fixture(autouse=True)
def judged_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits before Amazon is asked what it decided."""
    monkeypatch.setattr(receipts, "FIRST_LOOK_AFTER", timedelta())


@pytest.fixture
def stalls() -> Iterator[Mapping[str, Stall]]:
    """Amazon, Etsy and Shopify as they run on this machine, empty."""
    clock = SystemClock()
    markets: Mapping[str, ServedMarket] = {
        "amazon": AmazonMarket(clock, pace=AT_ONCE),
        "etsy": EtsyMarket(clock),
        "shopify": ShopifyMarket(clock),
    }
    with ExitStack() as stack:
        yield {
            code: Stall(one, stack.enter_context(serve(one.app()))) for code, one in markets.items()
        }


@pytest.fixture
def empty(data_dir: Path) -> Iterator[Served]:
    """A console over an empty database, whose pictures marketplaces can fetch."""
    with media_of(data_dir) as media:
        app = open_app(Settings(data_dir=data_dir, database_url=None, media_url=media))
        with serve(site_of(app)) as address:
            yield Served(address, app)
        app.engine.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a cooperative has on its computer: the demo's file in part, and photos."""
    text = (files("trade_ma.demo") / "data" / "tifawin-tapis.csv").read_bytes().decode("cp1252")
    lines = text.splitlines()
    rows = [one for one in lines if one.startswith((*SKUS, REFUSED))]
    (tmp_path / "tapis.csv").write_text("\n".join([*lines[:ABOVE], *rows]), "cp1252")
    for sketch in sketches():
        if sketch.file in PHOTOS:
            for name, content in draw(sketch).items():
                (tmp_path / name).write_bytes(content)
    return tmp_path


def test_a_new_user_goes_from_an_empty_database_to_a_parcel_on_its_way(
    visit: Visit, empty: Served, stalls: Mapping[str, Stall], folder: Path
) -> None:
    visitor = visit(on=empty)
    page = visitor.go(set_up_path(empty.app) or "")
    set_up(page)
    bring_in(page, folder)
    for code, stall in stalls.items():
        add_channel(page, code, stall)
    go_on_sale(page, stalls)
    assert [stall.for_sale() for stall in stalls.values()] == [set(SKUS)] * len(stalls)
    order = sold(page, stalls["etsy"])
    ship(page)
    # It arrives, which it could not had Etsy not been told of the parcel.
    stalls["etsy"].market.deliver(order)
    told_of(page)
    assert visitor.complaints == []


def set_up(page: Page) -> None:
    """The first account, and what its home asks for."""
    page.get_by_label("E-mail address or name").fill("amina")
    page.locator("#field-password").fill(PASSWORD)
    page.locator("#field-again").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    assert page.locator("#beginnings li").all_inner_texts() == [
        "Send a file of your products",
        "Add a channel",
        "See what would be sent, and send it",
    ]


def menu(page: Page, name: str) -> None:
    """Follow the menu."""
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
    expect(page.locator("h1")).to_have_text(name)


def bring_in(page: Page, folder: Path) -> None:
    """The file with its photos: sent, checked, read, and taken in."""
    page.locator("#beginnings").get_by_role("link", name="Send a file").click()
    page.locator("#field-file").set_input_files(folder / "tapis.csv")
    page.locator("#field-photos").set_input_files([folder / name for name in PHOTOS])
    page.get_by_label("Name of the artisan or cooperative").fill("Coopérative Tifawin")
    page.get_by_role("button", name="Send the file").click()
    page.get_by_role("button", name="Check the file").click()
    report = page.locator(".totals dd")
    expect(report).to_have_text(["2", "0", "0", "1", "0"], timeout=SLOW)
    expect(page.locator(".complaint.refuses mark")).to_have_text("sur demande")
    page.get_by_role("button", name="Take the good rows into the catalog").click()
    expect(page.get_by_text("What to do next")).to_be_visible(timeout=SLOW)
    page.get_by_role("link", name="Look at your products").click()
    expect(page.locator("main")).to_contain_text("Coussin indigo")


def add_channel(page: Page, code: str, stall: Stall) -> None:
    """One more account to sell on: Etsy lets us in by its owner's consent, others by hand."""
    menu(page, "Channels")
    page.get_by_role("link", name="Add a channel").click()
    page.locator(f".card a[href$='/{code}']").click()
    by_consent = code == "etsy"
    if not by_consent:
        page.get_by_role("link", name="Enter all credentials by hand instead").click()
    page.locator("#field-code").fill(code)
    for name, value in stall.market.credentials.items():
        if page.locator(f"#field-{name}").count():
            page.locator(f"#field-{name}").fill(value)
    page.get_by_text("Another server").click()
    page.locator("#field-base_url").fill(stall.address)
    page.get_by_role("button", name="Add the channel").click()
    if by_consent:
        page.get_by_role("button", name="Connect", exact=True).click()
        page.get_by_role("link", name="Go to Etsy").click()
        expect(page.locator("#flashes")).to_contain_text("etsy is connected.")
    page.get_by_role("button", name="Check the account").click()
    expect(page.locator("#flashes")).to_contain_text("All is well")


def go_on_sale(page: Page, stalls: Mapping[str, Stall]) -> None:
    """Look at the plan, start passes until all is judged, and find the listings live."""
    menu(page, "Home")
    page.get_by_role("link", name="See what would be sent, and send it").click()
    expect(page.get_by_text("New listings: 2")).to_have_count(len(stalls))
    bring_up_to_date(page)
    for _ in range(PASSES):
        menu(page, "Listings")
        live = page.locator("tbody .badge", has_text="On sale").count()
        if live == len(SKUS) * len(stalls):
            return
        menu(page, "Runs")
        bring_up_to_date(page)
    raise AssertionError(page.locator("main").inner_text())


def bring_up_to_date(page: Page) -> None:
    """A pass over all channels, watched to its end."""
    page.get_by_role("button", name="Bring all up to date").click()
    expect(page.locator("#flashes")).to_contain_text("It has begun")
    expect(page.locator(".live")).to_contain_text(["Done"] * 3, timeout=SLOW)


def sold(page: Page, stall: Stall) -> str:
    """Somebody far away buys a cushion, and the next pass brings the order in; its id there."""
    order = stall.market.buy({SKUS[0]: 1}, "US")
    menu(page, "Runs")
    bring_up_to_date(page)
    return order


def ship(page: Page) -> None:
    """Pack what is to be shipped, and write down its tracking number."""
    menu(page, "Orders")
    page.get_by_role("link", name="1 order is to be shipped: pack it").click()
    page.get_by_role("link", name="Pack order").click()
    expect(page.locator("address.postal")).to_contain_text("US")
    page.locator("[name=carrier]").fill("DHL")
    page.locator("[name=tracking]").fill("JD014600003")
    page.get_by_role("button", name="It is on its way").click()
    expect(page.locator("#flashes")).to_contain_text("the buyer are told")
    menu(page, "Runs")
    bring_up_to_date(page)


def told_of(page: Page) -> None:
    """The order is shipped, and the sale stands in the figures."""
    menu(page, "Orders")
    expect(page.locator("tbody .badge")).to_have_text("Shipped")
    menu(page, "Statistics")
    expect(page.locator("main")).to_contain_text("etsy")
    menu(page, "Home")
    expect(page.locator("main")).to_contain_text("1 order has no exchange rate of its day yet")
