"""The import wizard, by a person with a phone, and by the keyboard alone."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from sqlmodel import delete, select

from catalog.models import Maker, Product, Variant
from jobs.models import PhotoCheck
from tests.trade_ma.console.conftest import PHONE, Served, Visit, served
from tests.trade_ma.console.filling import fill
from tests.trade_ma.small_catalog import photo
from trade_ma.identity.permissions import Role

pytestmark = pytest.mark.browser

ROWS = (
    "Référence;Désignation;Coût public;Quantité;Photos\n"
    "TAP-9;Tapis Azilal;1 250,00;1;tapis.png\n"
    "TAP-10;Pouf;sur demande;2;\n"
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Served]:
    """A console of the test's own: its imports change the catalog."""
    with served(tmp_path / "office") as site:
        fill(site.app)
        with site.app.session() as session:
            # Its photos were measured in name only.
            session.exec(delete(PhotoCheck))
            session.commit()
        yield site


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """What a maker has on the phone."""
    (tmp_path / "catalogue.csv").write_text(ROWS, "utf-8")
    (tmp_path / "tapis.png").write_bytes(photo(9))
    return tmp_path


def wait(page: Page) -> None:
    """Until nobody is at work on the import: the page loads itself again."""
    expect(page.locator("progress")).to_have_count(0, timeout=30_000)


def prices(site: Served) -> dict[str, int]:
    with site.app.session() as session:
        found = session.exec(select(Variant).where(Variant.sku.startswith("TAP-")))
        return {one.sku: one.price_minor for one in found}


def test_an_artisan_with_an_arabic_phone_gets_a_french_file_in(
    visit: Visit, office: Served, files: Path
) -> None:
    visitor = visit(Role.MAKER, "ar", PHONE, on=office)
    page = visitor.go("/imports")
    found = {"list": (visitor.barriers(), visitor.sideways())}
    page.get_by_label("ملف منتوجاتك").set_input_files(files / "catalogue.csv")
    page.get_by_label("الصور").set_input_files(files / "tapis.png")
    page.get_by_role("button", name="أرسل الملف").click()
    found["columns"] = (visitor.barriers(), visitor.sideways())
    page.get_by_label("Coût public").select_option(label="الثمن")
    page.get_by_role("button", name="تحقق من الملف").click()
    wait(page)
    found["report"] = (visitor.barriers(), visitor.sideways())
    assert page.locator(".totals dd").all_inner_texts() == ["1", "0", "0", "1", "0"]
    mark = page.locator(".complaint.refuses mark")
    assert mark.inner_text() == "sur demande"
    assert "ليس ثمنا" in page.locator(".complaint.refuses").inner_text()
    assert "TAP-9" in page.locator(".photo-list").inner_text()
    assert prices(office) == {}
    page.get_by_role("button", name="أدخل الأسطر السليمة في الكتالوج").click()
    expect(page.get_by_text("ما العمل بعد ذلك")).to_be_visible(timeout=30_000)
    found["applied"] = (visitor.barriers(), visitor.sideways())
    assert prices(office) == {"TAP-9": 125_000}
    assert found == dict.fromkeys(found, ([], 0))
    assert visitor.complaints == []


def test_a_file_gets_in_by_the_keyboard_alone(visit: Visit, office: Served, files: Path) -> None:
    visitor = visit(Role.ADMIN, "fr", on=office)
    page = visitor.go("/imports")
    # The window that chooses a file is the system's own: its choice is made for us.
    reach(page, "#field-file")
    page.locator("*:focus").set_input_files(files / "catalogue.csv")
    reach(page, "#field-maker_id")
    page.keyboard.press("ArrowDown")
    reach(page, "main form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/imports/*")
    reach(page, "#column-C")
    page.keyboard.type("Prix")
    reach(page, "#columns-title ~ form button")
    page.keyboard.press("Enter")
    wait(page)
    reach(page, "form[action$=apply] button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Que faire ensuite")).to_be_visible(timeout=30_000)
    assert prices(office) == {"TAP-9": 125_000}
    with office.app.session() as session:
        maker = session.exec(select(Maker)).one()
        product = session.exec(select(Product).where(Product.code == "TAP-9")).one()
    assert (product.maker_id, maker.column_mapping) == (maker.id, {"Coût public": "price"})
    assert (visitor.barriers(), visitor.complaints) == ([], [])


def reach(page: Page, place: str) -> None:
    """Go on by Tab until the focus is there."""
    wanted = page.locator(place).first
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("it => it === document.activeElement"):
            return
    raise AssertionError(f"no Tab leads to {place}")


def test_the_file_comes_back_with_what_to_mend(visit: Visit, office: Served, files: Path) -> None:
    page = visit(Role.MAKER, "fr", on=office).go("/imports")
    page.locator("#field-file").set_input_files(files / "catalogue.csv")
    page.get_by_role("button", name="Envoyer le fichier").click()
    page.get_by_role("button", name="Vérifier le fichier").click()
    wait(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Votre fichier avec les erreurs").click()
    sheet = load_workbook(BytesIO(download.value.path().read_bytes())).active
    assert sheet
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0][:5] == ["Référence", "Désignation", "Coût public", "Quantité", "Photos"]
    assert [bool(row[5]) for row in rows] == [True, True, True]


def test_a_file_may_be_dropped(visit: Visit, office: Served) -> None:
    visitor = visit(Role.MAKER, "en", on=office)
    page = visitor.go("/imports")
    page.evaluate(
        """() => {
          const taken = new DataTransfer();
          taken.items.add(new File(["Référence;Titre;Prix\\nA;Tapis;1\\n"], "dropped.csv"));
          const ground = document.querySelector("[data-drop]");
          ground.dispatchEvent(new DragEvent("drop", {dataTransfer: taken, cancelable: true}));
        }"""
    )
    page.get_by_role("button", name="Send the file").click()
    expect(page.locator("h1")).to_contain_text("dropped.csv")
    assert visitor.complaints == []


def test_what_is_wrong_with_an_upload_is_told_at_its_field(visit: Visit, office: Served) -> None:
    page = visit(Role.MAKER, "fr", on=office).go("/imports")
    empty = {"name": "vide.csv", "mimeType": "text/csv", "buffer": b""}
    page.locator("#field-file").set_input_files(empty)  # type: ignore[arg-type]  # a file payload
    page.get_by_role("button", name="Envoyer le fichier").click()
    assert page.locator("#wrong-file").inner_text().startswith("Le fichier est vide.")


def test_headers_that_nobody_knows_are_asked_for(visit: Visit, office: Served) -> None:
    page = visit(Role.MAKER, "fr", on=office).go("/imports")
    file = {"name": "x.csv", "mimeType": "text/csv", "buffer": b"Truc;Machin\nA;Tapis\n"}
    page.locator("#field-file").set_input_files(file)  # type: ignore[arg-type]  # a file payload
    page.get_by_role("button", name="Envoyer le fichier").click()
    assert "Nous ne connaissons pas ces en-têtes" in page.locator(".flash.warning").inner_text()
    assert page.locator(".samples").all_inner_texts() == ["A", "Tapis"]


@pytest.mark.parametrize("code", ["fr", "ar"])
def test_real_files_get_as_far_as_their_report(
    visit: Visit, office: Served, shared: Path, code: str
) -> None:
    visitor = visit(Role.MAKER, code, PHONE, on=office)
    told = {}
    for file in sorted((shared / "data/cooperatives").glob("0[347]*.[cx][sl][vs]*")):
        if file.name.endswith(".json"):
            continue
        page = visitor.go("/imports")
        page.locator("#field-file").set_input_files(file)
        page.locator("main form button").first.click()
        page.locator("form[action$=check] button").click()
        wait(page)
        told[file.name] = (page.locator(".totals").count(), visitor.barriers(), visitor.sideways())
    assert len(told) > 2
    assert told == dict.fromkeys(told, (1, [], 0))
