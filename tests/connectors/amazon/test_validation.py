"""What is surely wrong, told without a call."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from moneyed import Money

from connectors.amazon.mapper import Page
from connectors.amazon.sites import MARKETS
from connectors.amazon.validation import complaints
from connectors.protocol import Draft, Issue, Offer, Severity, Text

Change = Callable[[Draft], Draft]


def text(**changes: object) -> Change:
    return lambda draft: replace(draft, texts=(replace(draft.texts[0], **changes),))  # type: ignore[arg-type]


def offer(**changes: object) -> Change:
    return lambda draft: replace(draft, offers=(replace(draft.offers[0], **changes),))  # type: ignore[arg-type]


def options(*names: str) -> Change:
    pairs = tuple((name, "1") for name in names)
    return lambda draft: replace(
        draft, offers=tuple(Offer(f"S{n}", Money(1, "USD"), 1, pairs) for n in (1, 2))
    )


@pytest.fixture
def rug(rug: Draft) -> Draft:
    """The rug in English alone."""
    return replace(rug, texts=rug.texts[:1])


def told(draft: Draft, page: Page) -> list[tuple[str, str | None, Severity]]:
    return [(issue.code, issue.field, issue.severity) for issue in complaints(draft, page)]


def test_a_good_draft_has_no_issue(rug: Draft, slippers: Draft, page: Page) -> None:
    assert [*told(rug, page), *told(slippers, page)] == []


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        (text(title="w" * 201), "title_too_long", "title"),
        (text(description="w" * 2001), "description_too_long", "description"),
        (text(bullets=("w" * 501,)), "bullets_too_long", "bullets"),
        (offer(sku="S" * 41), "sku_too_long", "sku"),
        (offer(price=Money(89, "EUR")), "wrong_currency", "price"),
        (offer(price=Money(0, "USD")), "no_price", "price"),
        (options("Size", "Couleur", "Motif"), "too_many_options", "options"),
        (options("Motif", "Finition"), "too_many_options", "options"),
        (options(), "no_options", "options"),
        (lambda draft: replace(draft, lead_time_days=31), "lead_time_too_long", "lead_time_days"),
    ],
)
def test_what_amazon_would_refuse_is_an_error(
    change: Change, code: str, field: str, rug: Draft, page: Page
) -> None:
    assert told(change(rug), page) == [(code, field, Severity.ERROR)]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        (text(title="A rug {new}!"), "title_sign", "title"),
        (text(title="Rugs rugs, and RUGS"), "title_repeats", "title"),
        (text(locale="fr-FR"), "language", "title"),
        (lambda draft: replace(draft, photos=()), "no_photos", "photos"),
    ],
)
def test_what_amazon_would_complain_of_is_a_warning(
    change: Change, code: str, field: str, rug: Draft, page: Page
) -> None:
    assert told(change(rug), page) == [(code, field, Severity.WARNING)]


def test_photos_without_an_address_say_what_to_set(rug: Draft) -> None:
    page = Page(MARKETS["US"], lambda _photo, _rule: None)
    assert list(complaints(rug, page)) == [
        Issue(
            "no_photo_address",
            "Amazon fetches photos by their address: set TRADE_MA_MEDIA_URL to serve them",
            Severity.WARNING,
            "photos",
        )
    ]


def test_a_market_of_two_languages_is_content_with_one(rug: Draft) -> None:
    french = replace(rug, texts=(Text("fr", "Tapis", "Noué."),))
    page = Page(MARKETS["BE"], lambda photo, _rule: photo.sha256)
    euros = offer(price=Money(450, "EUR"))(french)
    assert told(euros, page) == []
