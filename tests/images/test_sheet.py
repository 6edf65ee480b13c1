"""Contact sheets."""

from images.renditions import render
from images.sheet import SIDE, THUMBNAIL, Shown, html_sheet, png_sheet
from tests.images.pictures import corners, opened, picture, saved

SEEN = Shown(render(saved(picture(400, 400)), THUMBNAIL), "TAP-1: <tapis>.jpg")
UNSEEN = Shown(None, "TAP-2: vide.jpg", ("The file is empty",))


def test_a_page_holds_all_its_pictures_and_trusts_no_name() -> None:
    page = html_sheet([SEEN, UNSEEN], "Photos of <Tifawin>")
    assert page.count('src="data:image/jpeg;base64,') == 1
    assert "http" not in page
    assert "TAP-1: &lt;tapis&gt;.jpg" in page
    assert "<li>The file is empty</li>" in page
    assert "Photos of &lt;Tifawin&gt;" in page


def test_a_picture_has_five_in_a_row() -> None:
    sheet = opened(png_sheet([SEEN, UNSEEN, *[SEEN] * 5]))
    assert sheet.size == (5 * (SIDE + 12) + 12, 2 * (SIDE + 48) + 12)
    assert corners(sheet.crop((12, 12, 12 + SIDE, 12 + SIDE))) == ["red", "green", "black", "blue"]


def test_a_sheet_of_nothing_is_a_picture_all_the_same() -> None:
    assert opened(png_sheet([])).format == "PNG"
