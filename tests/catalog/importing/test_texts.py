import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.importing.photos import parse_photos, photo_file
from catalog.importing.problems import Misread
from catalog.importing.texts import Cleaned, clean, tidy


def test_markup_leaves_its_text_and_scripts_leave_nothing() -> None:
    body = "<p>Sabra cushion. <b>Handmade</b> in Morocco.</p><ul><li>Zip</li></ul>"
    assert clean(body) == Cleaned("Sabra cushion. Handmade in Morocco.\nZip")
    unsafe = "<script>alert(1)</script>Beau tajine"
    assert clean(unsafe) == Cleaned("Beau tajine", ("unsafe_text.markup",))
    escaped = "&lt;script&gt;alert(1)&lt;/script&gt; Beau"
    assert clean(escaped).text == "Beau"


def test_a_text_with_a_smaller_sign_is_no_markup() -> None:
    assert clean("poids < 3 kg & léger") == Cleaned("poids < 3 kg & léger")


def test_broken_letters_are_repaired_or_refused() -> None:
    assert clean("TapÃ®s berbÃ¨re") == Cleaned("Tapîs berbère", ("mojibake.repaired",))
    with pytest.raises(Misread, match=r"mojibake\.lost"):
        clean("Tapis berb\ufffdre")


def test_a_formula_stays_text_and_is_told() -> None:
    assert clean('=HYPERLINK("x")') == Cleaned('=HYPERLINK("x")', ("unsafe_text.formula",))
    assert clean("- Coussin brodé").reasons == ()


@given(st.text())
def test_no_tag_survives(text: str) -> None:
    try:
        cleaned = clean(tidy(text)).text
    except Misread:
        return
    assert not re.search("<[a-zA-Z/!]", cleaned)


@given(st.text())
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


def test_photos_are_parted_and_named_once() -> None:
    assert parse_photos("a.jpg, b.jpg|a.jpg\nsub/c.png") == ("a.jpg", "b.jpg", "sub/c.png")
    assert photo_file("https://cdn.example.com/x/c.jpg?v=1") == "c.jpg"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "C:\\Users\\x.jpg",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://127.0.0.1:8080/x.jpg",
        "http://[::1]/x.jpg",
        "http://2130706433/x.jpg",
        "https://localhost/x.jpg",
        "https://user:secret@example.com/x.jpg",
        "https://printer.local/x.jpg",
    ],
)
def test_a_name_that_leads_out_of_the_folder_is_refused(name: str) -> None:
    with pytest.raises(Misread, match="unsafe_photo_path"):
        parse_photos(name)
