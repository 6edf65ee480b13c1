"""The pictures of docs/console.md, taken of the demo's shop when SCREENSHOTS=yes asks for them."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, col, select

from catalog.models import Product
from catalog.pricing import history
from catalog.translation.models import Segment, TextState, Translation
from connectors.clock import VirtualClock
from connectors.sandbox.server import serve
from jobs.drift_models import Answer, Difference, DifferenceKind, ReconcileReport
from jobs.models import Channel, Listing
from jobs.rates import current
from jobs.sync import Silent
from jobs.texts import register
from tests.trade_ma.console.conftest import Served, Visit
from tests.trade_ma.console.filling import PEOPLE
from trade_ma.demo.aftermath import compared, ship_everything
from trade_ma.demo.markets import media_of, opened
from trade_ma.demo.photos import draw_all
from trade_ma.demo.run import DATA, Demo
from trade_ma.demo.scenario import Stall, baskets
from trade_ma.identity.models import User
from trade_ma.identity.permissions import Role
from trade_ma.installation import App, open_app
from trade_ma.settings import Settings
from trade_ma.site import site
from trade_ma.workshop import workshop_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        os.environ.get("SCREENSHOTS") != "yes", reason="takes pictures only when asked"
    ),
]

PICTURES = Path(__file__).parents[3] / "docs" / "screenshots"
WIDE, PHONE = (1280, 860), (390, 844)
STALLS = (Stall("amazon-de", "amazon", "DE"), Stall("etsy", "etsy"), Stall("shopify", "shopify"))
DAYS, DAY = 20, 86_400.0
# Orders that nobody has packed yet, and how long ago their buyers began to come.
OPEN, LAST_SALES = 3, timedelta(minutes=30)
SHOWN = "TIF-003"
# What a machine said, and a person should read.
SAID = {
    "Signes libres de l'Azilal : chaque tisseuse y écrit son année.": (
        "Freie Zeichen des Azilal: Jede Weberin schreibt darin ihr Jahr nieder."
    ),
    "Tapis Azilal multicolore": "Mehrfarbiger Azilal-Teppich",
}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Served]:
    """The demo's cooperatives after weeks of sales, with an order or two still to be packed."""
    clock = VirtualClock(datetime.now(UTC) - timedelta(days=DAYS))
    began = clock.now()
    with media_of(tmp_path / DATA) as media, opened(STALLS, clock) as markets:
        demo = Demo(tmp_path, media, markets, clock, Silent())
        app = open_app(Settings.model_construct(data_dir=tmp_path / DATA, media_url=media))
        with app.session() as session:
            # The rates that we ship are younger than the first of these sales.
            known = [replace(one, date=began.date()) for one in current(session).values()]
            history.keep(session, known, began)
            session.commit()
        draw_all(tmp_path / "photos", lambda: None)
        demo.import_files(app, tmp_path / "photos")
        demo._accept_suggestions(app)
        demo._open_stalls(app)
        demo._sync(app)
        sell(demo, app)
        list(compared(workshop_of(app, clock=clock), demo._channels(app)))
        with app.session() as session:
            session.add(User(name=PEOPLE[Role.ADMIN], role=Role.ADMIN))
            say(session)
            differ(session)
            session.commit()
        with serve(site(app)) as address:
            yield Served(address, app)
        app.engine.dispose()


def sell(demo: Demo, app: App) -> None:
    """A basket every other day, each sent; and today those that are still to be packed."""
    by_code = {market.stall.channel: market for market in demo.markets}
    chosen = baskets({code: market.for_sale() for code, market in by_code.items()})
    for basket in chosen[:-OPEN]:
        by_code[basket.channel].buy(basket.lines)
        demo._sync(app)
        ship_everything(workshop_of(app, clock=demo.clock), demo._channels(app))
        demo.clock.sleep(2 * DAY)
    demo.clock.sleep((datetime.now(UTC) - demo.clock.now() - LAST_SALES).total_seconds())
    for basket in chosen[-OPEN:]:
        by_code[basket.channel].buy(basket.lines)
    demo._sync(app)


def differ(session: Session) -> None:
    """Somebody changed a price in the marketplace's own pages, and it was put right."""
    report = session.exec(select(ReconcileReport.id).order_by(col(ReconcileReport.id))).first()
    session.add(
        Difference(
            report_id=report or 0,
            kind=DifferenceKind.PRICE,
            subject=SHOWN,
            ours="EUR 829.90",
            theirs="EUR 799.00",
            answer=Answer.OVERWRITTEN,
        )
    )


def say(session: Session) -> None:
    """Machine's words that wait for a person."""
    register(session)
    for text, said in SAID.items():
        for segment in session.exec(select(Segment).where(Segment.text == text)):
            session.add(
                Translation(
                    segment_id=segment.id or 0,
                    language="de",
                    text=said,
                    engine="demo",
                    state=TextState.MACHINE,
                )
            )


def test_the_main_pages_are_pictured(visit: Visit, shop: Served) -> None:
    PICTURES.mkdir(exist_ok=True)
    visitor = visit(Role.ADMIN, "en", WIDE, on=shop)
    pages = {
        "home": "/",
        "products": "/products",
        "listing": f"/listings/{listing(shop.app)}",
        "to-ship": "/orders/to-ship",
        "reconcile": "/reconcile/1",
        "statistics": "/statistics",
    }
    for name, path in pages.items():
        take(visitor.go(path), name)
    page = visitor.go("/texts?state=machine")
    page.locator("main a[href^='/texts/']").first.click()
    take(page, "text")
    take(checked(visitor.go("/imports")), "import")
    take(visit(Role.ADMIN, "ar", PHONE, on=shop).go("/"), "home-ar")
    assert visitor.complaints == []


def listing(app: App) -> int:
    """The listing of a rug on Etsy."""
    with app.session() as session:
        found = session.exec(
            select(Listing.id)
            .join(Product, col(Product.id) == col(Listing.product_id))
            .join(Channel, col(Channel.id) == col(Listing.channel_id))
            .where(Product.code == SHOWN, Channel.code == "etsy")
        )
        return found.one() or 0


def checked(page: Page) -> Page:
    """A cooperative's file is sent and checked."""
    with as_file(files("trade_ma.demo") / "data" / "tifawin-tapis.csv") as file:
        page.locator("#field-file").set_input_files(file)
        page.get_by_role("button", name="Send the file").click()
    page.get_by_role("button", name="Check the file").click()
    expect(page.locator(".totals")).to_be_visible(timeout=60_000)
    return page


def take(page: Page, name: str) -> None:
    """A JPEG of what the window shows."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.jpg", type="jpeg", quality=72)
