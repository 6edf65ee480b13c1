"""From a product to a draft: whose words, in which language, at what price, and what is said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from moneyed import Money

from catalog.models import Maker, Photo, Product, Variant
from catalog.pricing.policy import PricePolicy
from catalog.pricing.price import Shown
from catalog.pricing.rates import load_rates
from catalog.pricing.staleness import Staleness, StaleRates
from catalog.pricing.terms import PriceTerms
from catalog.snapshots import Snapshot
from catalog.translation.limits import TextLimits
from catalog.translation.memory import Translated
from catalog.translation.models import TextState
from jobs.drafts import Background, Drafted, Terms, draft
from jobs.listing_texts import TextTerms
from jobs.offers import UnitTerms, shown_units
from jobs.policies import LastUnit, TextRule

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
LIMITS = TextLimits(140, 5000, 13, 20, 5, 500)
RATES = load_rates()


def product(**values: Any) -> Product:
    told: dict[str, Any] = {
        "code": "BAB",
        "craft": "babouches",
        "language": "fr",
        "title": "Babouches de Fatima",
        "description": "Cousues à Fès.",
        "materials": ["cuir", "drap de la maison"],
        "region": "Fès",
    }
    return Product(id=1, maker_id=1, **{**told, **values})


def snapshot(*options: list[list[str]], **values: Any) -> Snapshot:
    """Babouches with a variant for each of `options`."""
    variants = tuple(
        Variant(id=n, product_id=1, sku=f"BAB-{n}", options=given, price_minor=92_500)
        for n, given in enumerate(options or ([],), start=1)
    )
    return Snapshot(
        product(**values),
        Maker(id=1, slug="bab-ftouh", name="Bab Ftouh", is_cooperative=False),
        variants,
        (Photo(product_id=1, name="a.jpg", sha256="a" * 64),),
        {variant.sku: 3 for variant in variants},
    )


def terms(
    *locales: str, currency: str = "USD", rule: TextRule = TextRule.REVIEWED, **policy: Any
) -> Terms:
    own = PricePolicy(**{"charm": "none", **policy})
    price = PriceTerms(currency, "", RATES, own, (), None, Staleness())
    return Terms(price, TextTerms(locales, LIMITS, rule), units=UnitTerms(buffer=1))


def titles(drafted: Drafted) -> dict[str, str]:
    return {text.locale: text.title for text in drafted.draft.texts}


def codes(drafted: Drafted) -> list[str]:
    return [remark.code for remark in drafted.remarks]


def said(state: TextState) -> Background:
    return Background(
        {"de": Translated("Fatimas Babuschen", "In Fes genäht.", state, state)},
    )


def test_each_locale_has_its_own_words_and_units_are_held_back() -> None:
    drafted = draft(snapshot(), terms("en-US", "fr-FR", "de-DE"), NOW)
    assert titles(drafted) == {
        "en-US": "Babouche Slippers, Leather, from Fez, Morocco",
        "fr-FR": "Babouches de Fatima",
        "de-DE": "Babuschen aus Leder, aus Fès, Marokko",
    }
    assert [text.materials for text in drafted.draft.texts] == [
        ("leather",),
        ("cuir", "drap de la maison"),
        ("Leder",),
    ]
    assert drafted.draft.photos[0].alt == "Babouche Slippers, Leather, from Fez, Morocco"
    assert [offer.available for offer in drafted.draft.offers] == [2]
    assert (drafted.remarks, drafted.again) == ((), None)


def test_the_makers_own_words_come_before_the_composed_ones() -> None:
    [text] = draft(snapshot(), terms("fr-FR"), NOW).draft.texts
    own, facts = text.description.split("\n\n", 1)
    assert (own, "Matière" in facts) == ("Cousues à Fès.", True)


@pytest.mark.parametrize(
    ("rule", "state", "title", "translated"),
    [
        (TextRule.COMPOSED, TextState.REVIEWED, "Babuschen aus Leder, aus Fès, Marokko", False),
        (TextRule.REVIEWED, TextState.MACHINE, "Babuschen aus Leder, aus Fès, Marokko", False),
        (TextRule.REVIEWED, TextState.REVIEWED, "Fatimas Babuschen", True),
        # What nobody has read may say more, but it is no title.
        (TextRule.MACHINE, TextState.MACHINE, "Babuschen aus Leder, aus Fès, Marokko", True),
        (TextRule.MACHINE, TextState.REVIEWED, "Fatimas Babuschen", True),
    ],
)
def test_the_channels_rule_says_which_translations_are_shown(
    rule: TextRule, state: TextState, title: str, translated: bool
) -> None:
    [text] = draft(snapshot(), terms("de-DE", rule=rule), NOW, said(state)).draft.texts
    assert (text.title, "In Fes genäht." in text.description) == (title, translated)


def test_a_language_that_the_vocabulary_lacks_reads_english_and_says_so() -> None:
    drafted = draft(snapshot(), terms("ja-JP", currency="JPY"), NOW)
    assert titles(drafted) == {"en": "Babouche Slippers, Leather, from Fez, Morocco"}
    assert [remark.message for remark in drafted.remarks] == [
        "Buyers read Japanese, and this is in English: review a translation for ja-JP"
    ]
    assert drafted.draft.offers[0].price == Money(15417, "JPY")


def test_a_reviewed_translation_is_enough_for_a_language_that_the_vocabulary_lacks() -> None:
    japanese = Translated(
        "革のバブーシュ", "フェズの手縫い。", TextState.REVIEWED, TextState.REVIEWED
    )
    drafted = draft(snapshot(), terms("ja-JP"), NOW, Background({"ja": japanese}))
    assert (titles(drafted), drafted.remarks) == ({"ja-JP": "革のバブーシュ"}, ())
    untold = replace(japanese, description="")
    [text] = draft(snapshot(), terms("ja-JP"), NOW, Background({"ja": untold})).draft.texts
    assert (text.locale, text.description) == ("ja-JP", "革のバブーシュ")


def test_without_a_craft_nothing_is_composed_and_the_makers_words_are_shown() -> None:
    drafted = draft(snapshot(craft=None), terms("de-DE"), NOW)
    assert (titles(drafted), codes(drafted)) == ({"fr": "Babouches de Fatima"}, ["other_language"])


def test_choices_are_named_in_the_buyers_language() -> None:
    sizes = [[["Pointure", size], ["Couleur", "rouge"]] for size in ("38", "39")]
    offers = draft(snapshot(*sizes), terms("en-US"), NOW).draft.offers
    assert [offer.options for offer in offers] == [
        (("Shoe size", "38"), ("Color", "Red")),
        (("Shoe size", "39"), ("Color", "Red")),
    ]


def test_two_choices_that_would_become_one_keep_their_makers_words() -> None:
    colours = [[["Couleur", word]] for word in ("rouge", "rouges")]
    offers = draft(snapshot(*colours), terms("en-US"), NOW).draft.offers
    assert [offer.options for offer in offers] == [
        (("Couleur", "rouge"),),
        (("Couleur", "rouges"),),
    ]


def test_a_policy_under_the_floor_is_raised_and_told() -> None:
    drafted = draft(snapshot(), terms("fr-FR", fixed={"BAB-1": Decimal(20)}), NOW)
    assert drafted.draft.offers[0].price == Money("100.00", "USD")
    assert [(r.code, r.field, r.sku) for r in drafted.remarks] == [
        ("price_raised", "price", "BAB-1")
    ]


def test_a_price_that_waits_for_its_day_says_when_to_look_again() -> None:
    shown = Shown(Money("150.00", "USD"), NOW - timedelta(days=1))
    waiting = draft(snapshot(), terms("fr-FR", min_days=7), NOW, Background(shown={"BAB-1": shown}))
    assert waiting.draft.offers[0].price == shown.price
    assert waiting.again == NOW + timedelta(days=6)


def test_old_rates_hold_what_is_shown_and_make_no_first_price() -> None:
    later, agreed = NOW + timedelta(days=30), terms("fr-FR")
    shown = Background(shown={"BAB-1": Shown(Money("90.00", "USD"), NOW)})
    held = draft(snapshot(), agreed, later, shown)
    assert held.draft.offers[0].price == Money("90.00", "USD")
    assert codes(held) == ["rates_stale", "price_under_floor"]
    with pytest.raises(StaleRates, match="USD"):
        draft(snapshot(), agreed, later)
    newer = {code: replace(rate, date=later.date()) for code, rate in RATES.items()}
    fresh = replace(agreed, price=replace(agreed.price, rates=newer))
    assert draft(snapshot(), fresh, later).draft.offers[0].price == Money("100.00", "USD")


def test_a_currency_without_a_rate_is_told() -> None:
    with pytest.raises(LookupError, match="KWD"):
        draft(snapshot(), terms("fr-FR", currency="KWD"), NOW)


@pytest.mark.parametrize(
    ("available", "buffer", "last_unit", "shown"),
    [
        (3, 1, LastUnit.SHOW, 2),
        (1, 1, LastUnit.SHOW, 0),
        (-2, 0, LastUnit.SHOW, 0),
        (1, 0, LastUnit.SHOW, 1),
        (1, 0, LastUnit.HIDE, 0),
        (2, 0, LastUnit.HIDE, 2),
        (2, 1, LastUnit.HIDE, 1),
        (-1, 0, LastUnit.HIDE, 0),
    ],
)
def test_units_are_shown_as_the_channel_decides(
    available: int, buffer: int, last_unit: LastUnit, shown: int
) -> None:
    assert shown_units(available, UnitTerms(buffer, last_unit)) == shown
