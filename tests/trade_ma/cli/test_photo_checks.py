"""What artisans are told of their photos."""

import pytest
from sqlmodel import select

from catalog.models import Photo
from tests.images.crafts import cushion
from tests.images.pictures import saved
from tests.trade_ma.conftest import Practice
from tests.trade_ma.small_catalog import PRODUCTS


def replace_photo(practice: Practice, name: str, content: bytes) -> str:
    """The photo of that name gets other bytes."""
    sha256 = practice.app.photos.add(content)
    with practice.app.session() as session:
        session.exec(select(Photo).where(Photo.name == name)).one().sha256 = sha256
        session.commit()
    return sha256


def test_advice_is_no_failure(practice: Practice) -> None:
    sha256 = replace_photo(practice, "3.png", saved(cushion(1, 600)))
    assert practice.json("images", "check", "P-3", "--language", "en") == {
        "photos": 1,
        "told_of": 1,
        "unreadable": 0,
        "reports": [
            {
                "product": "P-3",
                "photo": "3.png",
                "sha256": sha256,
                "findings": [
                    {
                        "code": "small",
                        "severity": "advice",
                        "details": {"pixels": 600, "wanted": 800, "market": "Shopify"},
                        "message": "The photo is small: 600 pixels, Shopify would like 800. Send"
                        " the original from the phone, not a copy that came by a messenger.",
                    }
                ],
            }
        ],
    }


def test_without_a_channel_no_marketplace_is_asked(bare: Practice) -> None:
    replace_photo(bare, "3.png", saved(cushion(1, 600)))
    told = bare.json("images", "check", "P-3")
    assert (told["photos"], told["reports"]) == (1, [])


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "reprenez-la le jour"), ("ar", "أعد التصوير في النهار"), ("en", "again by day")],
)
def test_advice_is_given_in_the_language_that_is_asked_for(
    practice: Practice, language: str, words: str
) -> None:
    printed = practice.run("images", "check", "P-0", "--language", language).stdout
    assert words in printed
    assert "P-0, 0.png" in printed


def test_without_the_option_the_environment_says_the_language(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "ar_MA.UTF-8")
    assert "أعد التصوير" in practice.run("images", "check", "P-0").stdout


def test_a_photo_that_cannot_be_read_fails(practice: Practice) -> None:
    replace_photo(practice, "3.png", b"no photo")
    told = practice.json("images", "check", "--maker", "tifawin", code=1)
    assert (told["photos"], told["unreadable"]) == (PRODUCTS, 1)
    [bad] = [one for one in told["reports"] if one["product"] == "P-3"]
    assert [finding["code"] for finding in bad["findings"]] == ["not_a_photo"]


@pytest.mark.parametrize(
    "wrong", [["P-99"], ["--maker", "nobody"], ["--channel", "nowhere"]], ids=lambda one: one[-1]
)
def test_what_is_unknown_is_named(practice: Practice, wrong: list[str]) -> None:
    assert wrong[-1] in practice.run("images", "check", *wrong, code=2).stderr
