"""What a person does with texts, suggestions, prices and rates, in a browser and by keyboard."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import col, select

from catalog.models import Product
from catalog.pricing import history
from catalog.pricing.rates import Rate
from catalog.translation.models import Segment, TextState, Translation
from jobs.texts import register
from tests.trade_ma.console.conftest import Served, Visit, served
from tests.trade_ma.console.filling import fill
from trade_ma.console.highlights import Bit, Kind, highlighted
from trade_ma.identity.models import AuditEntry
from trade_ma.identity.permissions import Role

pytestmark = pytest.mark.browser
RUG = "Tapis azilal en laine rouge 200x300 cm"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Served]:
    """A filled console whose second rug has a German title that lost a figure."""
    with served(tmp_path) as site:
        fill(site.app)
        with site.app.session() as session:
            rug = session.exec(select(Product).where(Product.code == "P-1")).one()
            rug.title, rug.revision = RUG, rug.revision + 1
            session.flush()
            register(session)
            segment = session.exec(select(Segment).where(Segment.text == RUG)).one()
            problem = {"code": "number_lost", "message": "the source says 300", "holds": True}
            session.add(
                Translation(
                    segment_id=segment.id or 0,
                    language="de",
                    text="Azilal-Teppich, rote Wolle, 200x30 cm",
                    engine="x",
                    held=True,
                    problems=[problem],
                )
            )
            session.commit()
        yield site


def said(site: Served, source: str) -> Translation:
    with site.app.session() as session:
        query = select(Translation).join(Segment).where(Segment.text == source)
        found = session.exec(query.where(Translation.language == "de")).one()
        session.expunge(found)
    return found


def trail(site: Served) -> list[str]:
    with site.app.session() as session:
        return list(session.exec(select(AuditEntry.action).order_by(col(AuditEntry.id))))


def test_a_text_is_corrected_and_accepted_by_keyboard_and_the_next_one_follows(
    visit: Visit, shop: Served
) -> None:
    visitor = visit(Role.MAKER, "fr", on=shop)
    page = visitor.go("/texts?state=held")
    page.get_by_role("link", name=RUG).click()
    assert page.locator("mark.number").all_inner_texts() == ["200", "300", "200", "30"]
    assert "Un nombre du texte de l’artisan manque" in page.locator(".flash.warning").inner_text()
    page.get_by_role("button", name="Accepter").click()
    assert "écrivez les mêmes nombres" in page.locator("#wrong-translation").inner_text()
    assert visitor.barriers() == []
    page.locator("#field-translation").fill("Azilal-Teppich, rote Wolle, 200x300 cm")
    page.locator("#field-translation").press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/texts?state=held")
    kept = said(shop, RUG)
    assert (kept.state, kept.text) == (
        TextState.REVIEWED,
        "Azilal-Teppich, rote Wolle, 200x300 cm",
    )
    assert trail(shop) == ["text.accept"]


def test_a_text_that_changed_meanwhile_is_shown_as_it_stands_now(
    visit: Visit, shop: Served
) -> None:
    page = visit(Role.ADMIN, on=shop).go("/texts?state=machine")
    page.get_by_role("link", name="Tapis 0").click()
    with shop.app.session() as session:
        row = session.get_one(Translation, said(shop, "Tapis 0").id)
        row.text = "Der Teppich 0"
        session.commit()
    page.get_by_role("button", name="Reject").click()
    assert "Somebody changed this text" in page.locator("#wrong-translation").inner_text()
    assert page.locator("#field-translation").input_value() == "Der Teppich 0"
    page.get_by_role("button", name="Reject").click()
    page.wait_for_url("**/texts?state=machine")
    assert said(shop, "Tapis 0").state is TextState.REJECTED


def test_all_texts_of_a_product_are_accepted_after_one_question(visit: Visit, shop: Served) -> None:
    page = visit(Role.ADMIN, "ar", on=shop).go("/texts?product=P-0")
    page.get_by_role("button", name="اقبل كل ما لهذا المنتج").click()
    page.get_by_role("button", name="اقبل الكل").click()
    page.wait_for_url("**/texts?product=P-0")
    assert page.locator("#flashes").inner_text() == "قُبل نص واحد."
    assert said(shop, "Tapis 0").state is TextState.REVIEWED


def test_suggestions_are_refused_and_accepted(visit: Visit, shop: Served) -> None:
    page = visit(Role.MAKER, on=shop).go("/suggestions")
    card = page.locator(".card", has_text="azilal")
    card.get_by_role("button", name="Refuse red").click()
    card.get_by_role("button", name="Accept all of this product").click()
    assert "It was written into P-1." in page.locator("#flashes").inner_text()
    with shop.app.session() as session:
        rug = session.exec(select(Product).where(Product.code == "P-1")).one()
        assert (rug.materials, rug.colours) == (["wool"], [])


def test_a_price_is_explained_and_a_margin_tried(visit: Visit, shop: Served) -> None:
    page = visit(Role.MAKER, on=shop).go("/prices")
    page.get_by_label("SKU").fill("T-0")
    page.keyboard.press("Enter")
    etsy = page.locator(".card", has_text="etsy")
    assert etsy.locator("tbody tr").first.inner_text().startswith("The maker’s price")
    page.get_by_role("link", name="Try a margin or a rate").click()
    page.get_by_label("Channel").select_option("etsy")
    page.get_by_label("Margin, in percent").fill("much")
    page.get_by_role("button", name="See what would change").click()
    assert page.locator("#wrong-margin").inner_text() == "Write a number, such as 9.8."
    page.get_by_label("Margin, in percent").fill("20")
    page.get_by_role("button", name="See what would change").click()
    assert page.locator("#tried").inner_text() == "8 prices would change"


def test_a_rate_that_jumped_is_confirmed(visit: Visit, shop: Served) -> None:
    with shop.app.session() as session:
        rate = Rate("USD", Decimal("19.5"), date(2026, 11, 24), "a bank")
        history.keep(session, [rate], datetime.now(UTC), held=True)
        session.commit()
    visitor = visit(Role.MANAGER, on=shop)
    page = visitor.go("/prices/rates")
    page.get_by_role("button", name="This rate is right").click()
    assert visitor.barriers() == []
    page.get_by_role("button", name="Use it").click()
    assert page.locator("tbody tr", has_text="USD").inner_text().split()[1] == "19.5"
    assert trail(shop) == ["rates.confirm"]


def test_numbers_and_names_are_marked_and_nothing_is_lost() -> None:
    assert highlighted("Tapis Beni Ourain 200×300", ["beni ourain", ""]) == (
        Bit("Tapis ", Kind.PLAIN),
        Bit("Beni Ourain", Kind.TERM),
        Bit(" ", Kind.PLAIN),
        Bit("200", Kind.NUMBER),
        Bit("×", Kind.PLAIN),
        Bit("300", Kind.NUMBER),
    )
