"""A price policy as it is read from JSON, and refused in words."""

from decimal import Decimal

import pytest
from moneyed import Money

from catalog.pricing.fees import Fee
from catalog.pricing.policy import PricePolicy, TaxRule, read_policy
from catalog.pricing.price import Cost
from catalog.pricing.rates import load_rates
from catalog.pricing.shipping import TARIFFS, Tariff
from catalog.pricing.taxes import TAXES
from catalog.pricing.terms import PriceTerms, tax_for

EU = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"


def test_a_whole_policy_is_read() -> None:
    assert read_policy(
        {
            "margin": 22.5,
            "shipping_share": "0.5",
            "shipping": [{"up_to_g": 1000, "mad": 120}],
            "fees": [{"name": "card", "percent": 2.9, "fixed": "0.30 usd"}],
            "tax": "included",
            "tax_percent": 7,
            "floor": 5,
            "charm": ["0.99"],
            "hysteresis": 3,
            "min_days": 2,
            "country": "DE",
            "fixed": {"A.1": 89},
        }
    ) == PricePolicy(
        margin=Decimal("22.5"),
        shipping_share=Decimal("0.5"),
        tariff=Tariff("own", ((1000, Decimal(120)),), "this channel's policy"),
        fees=(Fee("card", Decimal("2.9"), Money("0.30", "USD"), source="this channel's policy"),),
        tax=TaxRule.INCLUDED,
        tax_percent=Decimal(7),
        floor=Decimal(5),
        charm=("0.99",),
        hysteresis=Decimal(3),
        min_days=2,
        country="DE",
        fixed={"A.1": Decimal(89)},
    )


def test_an_empty_policy_keeps_the_maker_whole_and_asks_no_more() -> None:
    assert read_policy({}) == PricePolicy()


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ({"margn": 5}, "price.margn: there is no such name"),
        ({"margin": 100}, "price.margin: Input should be less than 100"),
        ({"margin": True}, "price.margin: write a number"),
        ({"margin": 5, "multiple": 2}, "price: give a margin or a multiple, not both"),
        ({"min_days": -1}, "price.min_days: Input should be greater than or equal to 0"),
        (
            {"fees": [{"name": "card", "fixed": "0.30"}]},
            "price.fees.0.fixed: write an amount with its currency, such as '0.30 USD'",
        ),
        ({"fixed": {"A": 0}}, "price.fixed.A: Input should be greater than 0"),
        (
            {"shipping": [{"up_to_g": 2, "mad": 1}, {"up_to_g": 1, "mad": 1}]},
            "price.shipping: write the steps in rising order of up_to_g",
        ),
    ],
)
def test_nonsense_is_refused_in_words(policy: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=r"^price") as refused:
        read_policy(policy)
    assert words in str(refused.value).splitlines()


@pytest.mark.parametrize("ending", ["0.999", "x", "-1", "NaN"])
def test_an_ending_that_no_price_can_have_is_refused(ending: str) -> None:
    with pytest.raises(ValueError, match="is not how a price in USD can end"):
        PriceTerms("USD", "US", load_rates(), PricePolicy(charm=(ending,)))


def test_a_tax_that_nobody_knows_is_asked_for() -> None:
    assert tax_for("US", read_policy({})) is None
    assert tax_for("DE", read_policy({"tax": "excluded"})) is None
    with pytest.raises(ValueError, match=r"set price\.tax_percent"):
        tax_for("", read_policy({"tax": "included"}))


def test_every_member_of_the_union_has_a_tax_within_its_bounds() -> None:
    # Directive 2006/112/EC, article 97: 15 % or more; Hungary's 27 % is the highest.
    members = [TAXES[country] for country in EU.split()]
    assert [t.country for t in members if not (t.included and 15 <= t.percent <= 27)] == []


@pytest.mark.parametrize("zone", sorted(TARIFFS))
def test_a_heavier_parcel_never_costs_less(zone: str) -> None:
    prices = [TARIFFS[zone].price(weight) for weight in range(0, 95_000, 250)]
    assert prices == sorted(prices)


def test_an_unknown_weight_does_not_change_a_price_without_shipping() -> None:
    terms = PriceTerms("USD", "US", load_rates())
    assert terms.shipping(Cost(Money(1, "MAD")).weight_g) == 0
