"""Products in the console: looked for, made, changed, many at once, and photographed."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Page
from sqlmodel import col, select

from catalog.models import Maker, Product, Variant
from tests.trade_ma import small_catalog
from tests.trade_ma.console.conftest import PHONE, Served, Visit, served
from tests.trade_ma.console.filling import fill
from trade_ma.identity.models import AuditEntry
from trade_ma.identity.permissions import Role

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A console of these tests' own, which they may change."""
    with served(tmp_path_factory.mktemp("shop")) as shop:
        fill(shop.app)
        yield shop


@pytest.fixture(scope="module")
def theirs(shop: Served) -> int:
    """A product of another maker than the one who signs in."""
    with shop.app.session() as session:
        other = Maker(slug="dar", name="Dar Fakhar")
        session.add(other)
        session.flush()
        product = Product(maker_id=other.id or 0, code="D-1", title="Jarre")
        session.add(product)
        session.flush()
        session.add(Variant(product_id=product.id or 0, sku="D-1", price_minor=100))
        session.commit()
        return product.id or 0


def titles(page: Page) -> list[str]:
    return page.locator("tbody [data-label=Title] a").all_inner_texts()


def test_a_maker_finds_their_own_alone(visit: Visit, shop: Served, theirs: int) -> None:
    visitor = visit(Role.MAKER, on=shop)
    assert "Jarre" not in titles(visitor.go("/products"))
    refused = [
        visitor.page.goto(f"{visitor.address}/products/{theirs}{path}") for path in ("", "/photos")
    ]
    assert [answer.status for answer in refused if answer] == [404, 405]
    assert "Jarre" in titles(visit(Role.MANAGER, on=shop).go("/products"))


def test_the_list_is_narrowed_and_put_in_order(visit: Visit, shop: Served) -> None:
    page = visit(Role.MANAGER, on=shop).go("/products")
    page.get_by_label("What it lacks").select_option("words")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**lacks=words**")
    page.get_by_role("link", name="Title", exact=True).click()
    found = titles(page)
    assert found == sorted(found)
    assert found


def test_many_are_changed_after_it_was_shown_what_changes(visit: Visit, shop: Served) -> None:
    page = visit(Role.MANAGER, on=shop).go("/products?sort=title")
    for number in (2, 3):
        page.get_by_label(f"Choose Tapis {number}").check()
    page.get_by_text("Change the chosen ones together").click()
    page.get_by_label("Prices, in per cent").fill("10")
    page.get_by_role("button", name="Show what would change").click()
    shown = page.locator(".changes").all_inner_texts()
    assert [re.findall(r"[\d,]+\.\d\d|\d+,\d\d", one) for one in shown] == [
        ["850.00", "935.00"]
    ] * 2
    with shop.app.session() as session:
        assert session.exec(select(Variant.price_minor).where(Variant.sku == "T-2")).one() == 85_000
    page.get_by_role("button", name="Change 2 products").click()
    assert page.locator("#flashes").inner_text() == "2 products were changed."
    with shop.app.session() as session:
        prices = select(Variant.price_minor).where(col(Variant.sku).in_(["T-2", "T-3"]))
        assert session.exec(prices).all() == [93_500, 93_500]
        written = session.exec(select(AuditEntry).where(AuditEntry.action == "product.bulk")).all()
        assert sorted(one.object for one in written) == ["product:P-2", "product:P-3"]


def test_a_product_is_made_on_a_phone_and_photographed(visit: Visit, shop: Served) -> None:
    page = visit(Role.MAKER, "fr", PHONE, on=shop).go("/products/new")
    page.get_by_label("Titre").fill("Théière en maillechort")
    page.get_by_label("SKU").fill("TH-1")
    page.get_by_label("Prix").fill("450,50")
    page.get_by_label("Pièces présentes").fill("3")
    page.get_by_role("button", name="Créer le produit").click()
    assert page.locator("h1").inner_text() == "Théière en maillechort"
    files: list[FilePayload] = [
        {"name": f"{n}.png", "mimeType": "image/png", "buffer": small_catalog.photo(n)}
        for n in (11, 12)
    ]
    page.get_by_label("Ajouter des photos").set_input_files(files)
    page.get_by_role("button", name="Les ajouter").click()
    before = [one.get_attribute("src") for one in page.locator(".pictures img").all()]
    page.get_by_role("button", name="Avancer Photo 2").click()
    after = [one.get_attribute("src") for one in page.locator(".pictures img").all()]
    assert (len(before), after) == (2, before[::-1])
    assert page.locator(".figures dd").all_inner_texts() == ["450,50\xa0MAD", "3", "0", "3"]


def test_what_is_wrong_is_said_at_its_field_and_what_was_written_stays(
    visit: Visit, shop: Served
) -> None:
    page = visit(Role.MAKER, on=shop).go("/products/new")
    page.get_by_label("Title").fill("Plat")
    page.get_by_label("SKU").fill("T-1")
    page.get_by_label("Price").fill("cheap")
    page.get_by_role("button", name="Make the product").click()
    assert page.locator("#wrong-price").inner_text() == (
        "This is no price: write it like 850 or 850.50."
    )
    assert page.get_by_label("Title").input_value() == "Plat"


def test_who_read_an_older_state_overwrites_nothing(visit: Visit, shop: Served) -> None:
    page = visit(Role.MANAGER, on=shop).go("/products/5")
    with shop.app.session() as session:
        session.get_one(Product, 5).revision += 1
        session.commit()
    page.get_by_label("Title").fill("Mine")
    page.locator("#facts").get_by_role("button", name="Save").click()
    assert page.locator("h1").inner_text() == "Somebody was faster"
    with shop.app.session() as session:
        assert session.get_one(Product, 5).title == "Tapis 4"


def test_stock_is_counted_by_keyboard(visit: Visit, shop: Served) -> None:
    page = visit(Role.MAKER, on=shop).go("/products/7")
    page.get_by_label("Pieces that stand there").focus()
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    page.wait_for_selector("#flashes .flash")
    assert page.locator(".figures dd").all_inner_texts()[1:] == ["4", "0", "4"]
    page.get_by_text("Last movements of T-6").press("Enter")
    assert "Counted" in page.locator(".movements li").first.inner_text()
