"""What Etsy would refuse is told in words, before any call."""

from dataclasses import replace

import pytest
from moneyed import Money

from catalog.vocabulary.terms import VOCABULARY, Kind
from connectors.etsy.issues import issue_of, speaks_of_credentials
from connectors.etsy.rules import clean_materials, clean_tags, refusals
from connectors.etsy.taxonomy import categories, find_node
from connectors.protocol import Draft, Issue, Severity, Text


@pytest.fixture
def rug(rug: Draft) -> Draft:
    """The rug in the languages that Etsy shows."""
    return replace(rug, texts=tuple(text for text in rug.texts if text.locale[:2] != "ar"))


def codes(draft: Draft) -> list[tuple[str, str | None]]:
    return [(issue.code, issue.field) for issue in refusals(draft, "USD")]


def titled(draft: Draft, title: str) -> Draft:
    return replace(draft, texts=(replace(draft.texts[0], title=title),))


def test_what_is_right_is_not_complained_of(rug: Draft, babouches: Draft) -> None:
    assert (codes(rug), codes(babouches)) == ([], [])


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("x" * 141, "title_too_long"),
        ("Rug 50$", "title_signs"),
        ("Rug ✨", "title_signs"),
        ("Rug & runner & mat", "title_sign_repeated"),
    ],
)
def test_a_title_that_etsy_refuses(rug: Draft, title: str, code: str) -> None:
    assert codes(titled(rug, title)) == [(code, "title")]


@pytest.mark.parametrize(
    "title", ["x" * 140, "Tapis « Béni » — 100% laine", "Zellige™ ±2 mm", "زربية"]
)
def test_a_title_that_etsy_takes(rug: Draft, title: str) -> None:
    assert codes(titled(rug, title)) == []


def test_a_title_in_a_language_that_etsy_does_not_show_is_not_judged(rug: Draft) -> None:
    arabic = Text("ar", "زربية ✨ " * 40, ".")
    told = codes(replace(rug, texts=(rug.texts[0], arabic)))
    assert told == [("language_left_out", "texts")]


def test_a_piece_without_category_photo_or_price_is_refused(rug: Draft) -> None:
    free = replace(rug.offers[0], price=Money("0", "USD"))
    bare = replace(rug, craft=None, photos=(), offers=(free,))
    assert codes(bare) == [("no_category", "craft"), ("no_price", "price"), ("no_photo", "photos")]


def test_a_price_in_another_currency_than_the_shops_is_refused(rug: Draft) -> None:
    assert refusals(rug, "EUR") == [
        Issue(
            "wrong_currency",
            "This shop sells in EUR, and the price is in USD",
            field="price",
            sku="BO-001",
        )
    ]


def test_variants_that_cannot_be_told_apart_or_differ_too_much_are_refused(
    babouches: Draft,
) -> None:
    alike = tuple(replace(offer, options=(("Size", "38"),)) for offer in babouches.offers)
    assert codes(replace(babouches, offers=alike)) == [("same_options", "options")]
    three = tuple(
        replace(offer, options=(*offer.options, ("Sole", "leather"))) for offer in babouches.offers
    )
    assert codes(replace(babouches, offers=three)) == [("too_many_options", "options")]


def test_tags_that_are_left_out_are_a_warning(rug: Draft) -> None:
    many = tuple(f"tag {number}" for number in range(15))
    [issue] = refusals(replace(rug, texts=(replace(rug.texts[0], tags=many),)), "USD")
    assert (issue.code, issue.severity) == ("tags_left_out", Severity.WARNING)
    assert issue.message.startswith("2 tags in en-US are left out")


def test_tags_are_cleaned_and_each_comes_once() -> None:
    tags = ("Rug", "rug", "wool, undyed", "a tag of more than twenty letters", "l'art", "", "100%")
    assert clean_tags(tags) == ("Rug", "wool undyed", "l'art", "100")


def test_materials_are_letters_digits_and_spaces() -> None:
    assert clean_materials(["wool (undyed)", "wool undyed", "100% cotton", "✨"]) == (
        "wool undyed",
        "100 cotton",
    )


@pytest.mark.parametrize(
    ("error", "field"),
    [
        ("There was a problem with /title : cannot be more than 140 characters", "title"),
        ("There was a problem with /images : cannot be less than 1 items", "photos"),
        ("Missing input parameter: [description]", "description"),
        ("Expected float value for 'price' (got 'x').", "price"),
        ("There was a problem with /products/0/offerings/0/quantity : no", "available"),
        ("One offering must have quantity greater than 0", "available"),
        ("The image file is larger than 10485760 bytes", "photos"),
        ("Could not find a Listing with listing_id = 7", None),
    ],
)
def test_etsys_complaint_names_the_part_of_the_draft(error: str, field: str | None) -> None:
    assert issue_of(400, error) == Issue("etsy_400", f"Etsy refuses it: {error}", field=field)


def test_a_403_about_a_listing_is_not_about_who_we_are() -> None:
    assert speaks_of_credentials("insufficient_scope")
    assert not speaks_of_credentials("User 1 does not own Listing 2")


def test_every_craft_of_the_vocabulary_has_a_category() -> None:
    assert set(categories()) == set(VOCABULARY[Kind.CRAFT])


NODES = [
    {
        "id": 1,
        "name": "Home & Living",
        "children": [{"id": 2, "name": "Floor & Rugs", "children": [{"id": 3, "name": "Rugs"}]}],
    }
]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (("Home & Living", "floor & rugs", "Rugs"), 3),
        (("Home & Living", "Floor & Rugs", "Doormats"), 2),
        (("Home & Living", "Rugs"), 1),
        (("Jewelry", "Rings"), None),
    ],
)
def test_a_category_is_found_by_its_path_or_above_it(
    path: tuple[str, ...], found: int | None
) -> None:
    assert find_node(NODES, path) == found


def test_a_language_that_etsy_has_not_is_a_warning_and_stops_nothing(rug: Draft) -> None:
    arabic = replace(rug.texts[0], locale="ar", title="زربية بني وراين")
    assert refusals(replace(rug, texts=(*rug.texts, arabic)), "USD") == [
        Issue(
            "language_left_out",
            "The text in ar is not shown: Etsy has no such language",
            Severity.WARNING,
            field="texts",
        )
    ]
