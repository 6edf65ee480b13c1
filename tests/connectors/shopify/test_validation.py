from dataclasses import replace

from moneyed import Money

from connectors.protocol import Draft, Photo, Severity, Text
from connectors.shopify.validation import validate


def codes(draft: Draft) -> set[tuple[str, str | None, str | None]]:
    return {(issue.code, issue.field, issue.sku) for issue in validate(draft, "USD")}


def test_a_good_draft_has_no_issue(rug: Draft, slippers: Draft) -> None:
    assert [*validate(rug, "USD"), *validate(slippers, "USD")] == []


def test_every_limit_of_a_text_is_told(rug: Draft) -> None:
    text = Text("en", "x" * 256, "y" * 131_073, tags=("z" * 256, *(f"t{n}" for n in range(250))))
    assert codes(replace(rug, texts=(text,))) == {
        ("title_too_long", "title", None),
        ("description_too_long", "description", None),
        ("too_many_tags", "tags", None),
        ("tag_too_long", "tags", None),
    }
    assert codes(replace(rug, texts=(Text("en", " ", ""),))) == {("missing_title", "title", None)}


def test_the_longest_title_is_no_issue(rug: Draft) -> None:
    assert codes(replace(rug, texts=(Text("en", "x" * 255, "y"),))) == set()


def test_variants_must_be_told_apart(slippers: Draft) -> None:
    first, second = slippers.offers
    same = replace(second, options=first.options)
    assert codes(replace(slippers, offers=(first, same))) == {
        ("same_options", "options", "BAB-38"),
        ("same_options", "options", "BAB-39"),
    }
    twin = replace(second, sku="BAB-38")
    assert codes(replace(slippers, offers=(first, twin))) == {("same_sku", "sku", "BAB-38")}
    bare = replace(second, options=())
    assert codes(replace(slippers, offers=(first, bare))) == {("mixed_options", "options", None)}


def test_four_options_and_251_variants_are_too_many(slippers: Draft) -> None:
    offers = tuple(
        replace(
            slippers.offers[0],
            sku=f"S{n}",
            options=(("a", str(n)), ("b", "1"), ("c", "1"), ("d", "x" * 256 if n == 7 else "1")),
        )
        for n in range(251)
    )
    assert codes(replace(slippers, offers=offers)) == {
        ("too_many_variants", "options", None),
        ("too_many_options", "options", None),
        ("option_too_long", "options", "S7"),
    }


def test_prices_are_in_the_shops_currency_and_not_negative(rug: Draft) -> None:
    dirhams = replace(rug.offers[0], price=Money(-1, "MAD"))
    assert codes(replace(rug, offers=(dirhams,))) == {
        ("wrong_currency", "price", "TIF-1"),
        ("bad_price", "price", "TIF-1"),
    }
    gift = replace(rug, offers=(replace(rug.offers[0], price=Money(0, "USD")),))
    assert [issue.severity for issue in validate(gift, "USD")] == [Severity.WARNING]


def test_photos_and_customs_codes_have_limits(rug: Draft) -> None:
    crowded = replace(rug, photos=tuple(Photo(f"{n:064}") for n in range(251)), hs_code="57.01")
    assert codes(crowded) == {
        ("too_many_photos", "photos", None),
        ("bad_hs_code", "hs_code", None),
    }
