"""The verbs of photos, as a catalog manager uses them."""

import io
from pathlib import Path

from PIL import Image
from sqlmodel import select

from catalog.models import Photo
from tests.trade_ma.conftest import Practice
from tests.trade_ma.small_catalog import PRODUCTS


def test_renditions_are_made_once_and_a_rehearsal_makes_none(practice: Practice) -> None:
    told = practice.json("images", "render", "--dry-run")
    assert (told["photos"], told["made"], told["kept"]) == (PRODUCTS, PRODUCTS, 0)
    assert practice.json("images", "render")["made"] == PRODUCTS
    again = practice.json("images", "render", "--channel", "shopify-us")
    assert (again["made"], again["kept"]) == (0, PRODUCTS)


def test_a_photo_that_cannot_be_used_is_named_and_tells_by_the_exit_code(
    practice: Practice,
) -> None:
    with practice.app.session() as session:
        photo = session.exec(select(Photo).where(Photo.name == "3.png")).one()
        photo.sha256 = practice.app.photos.add(b"no photo")
        session.commit()
    told = practice.json("images", "render", code=1)
    assert (told["made"], told["refused"]) == (PRODUCTS - 1, 1)
    [bad] = [one for one in told["reports"] if any(i["refused"] for i in one["issues"])]
    assert (bad["product"], bad["photo"], bad["issues"][0]["code"]) == (
        "P-3",
        "3.png",
        "not_a_photo",
    )
    printed = practice.run("images", "render", code=1).stdout
    assert "P-3, 3.png: The file is not a picture" in printed


def test_without_a_channel_no_marketplace_wants_anything(bare: Practice) -> None:
    assert "trade-ma channels add" in bare.run("images", "render", code=2).stderr


def test_a_sheet_is_a_page_or_a_picture(bare: Practice, tmp_path: Path) -> None:
    page, picture = tmp_path / "sheet.html", tmp_path / "sheet.png"
    assert bare.json("images", "sheet", str(page), "--dry-run")["photos"] == PRODUCTS
    assert not page.exists()
    bare.run("images", "sheet", str(page))
    assert page.read_text("utf-8").count("<figure>") == PRODUCTS
    bare.run("images", "sheet", str(picture))
    assert Image.open(io.BytesIO(picture.read_bytes())).format == "PNG"
    assert "an .html or a .png file" in bare.run("images", "sheet", "sheet.doc", code=2).stderr
