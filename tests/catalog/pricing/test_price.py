"""Prices: whole explained ones in four markets, and what holds a shown price."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from moneyed import Money

from catalog.pricing.fees import Fee
from catalog.pricing.policy import read_policy
from catalog.pricing.price import Cost, Hold, Priced, Shown, price
from catalog.pricing.rates import Rate
from catalog.pricing.staleness import Staleness, StaleRates
from catalog.pricing.steps import explain
from catalog.pricing.terms import PriceTerms, tax_for

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
RUG = Cost(Money(850, "MAD"), 2500, "AZILAL-1")
REFERRAL = Fee("Referral fee", Decimal(15), minimum=Money("0.30", "USD"))
LISTING = Fee("Listing fee", fixed=Money("0.20", "USD"))


def rates(**dirhams: str) -> dict[str, Rate]:
    figures = {"USD": "9.25", "EUR": "10.75", "MXN": "0.50", "JPY": "0.06"} | dirhams
    return {
        code: Rate(code, Decimal(figure), date(2026, 11, 20), "a bank")
        for code, figure in figures.items()
    }


def terms(
    currency: str = "USD",
    country: str = "US",
    fees: tuple[Fee, ...] = (),
    *,
    usd: str = "9.25",
    staleness: Staleness | None = None,
    **policy: object,
) -> PriceTerms:
    read = read_policy(policy)
    tax = tax_for(country, read)
    return PriceTerms(currency, country, rates(USD=usd), read, fees, tax, staleness or Staleness())


def shown(amount: str, days_ago: int = 0, currency: str = "USD") -> Shown:
    return Shown(Money(amount, currency), NOW - timedelta(days=days_ago))


def told(terms: PriceTerms) -> list[tuple[str, Money]]:
    return [(step.name, step.amount) for step in explain(RUG, terms, None, NOW).steps]


def amounts(currency: str, **steps: str) -> list[tuple[str, Money]]:
    return [
        ("base", Money(850, "MAD")),
        *((name, Money(amount, currency)) for name, amount in steps.items()),
    ]


def test_a_price_in_the_united_states_carries_its_fees_and_no_tax() -> None:
    own = [{"up_to_g": 5000, "mad": 400}]
    sold = terms("USD", "US", (REFERRAL, LISTING), margin=20, shipping_share=0.5, shipping=own)
    assert told(sold) == amounts(
        "USD",
        exchange="91.89",
        margin="126.88",
        shipping="148.50",
        fees="174.94",
        taxadded="174.94",
        floor="174.94",
        charmed="174.99",
        kept="174.99",
    )


def test_a_price_in_germany_includes_its_tax_and_the_fee_is_of_the_whole() -> None:
    assert told(terms("EUR", "DE", (REFERRAL,), margin=20)) == amounts(
        "EUR",
        exchange="79.07",
        margin="104.51",
        shipping="104.51",
        fees="127.22",
        taxadded="151.40",
        floor="151.40",
        charmed="151.90",
        kept="151.90",
    )


def test_a_price_in_mexico_includes_its_tax_in_whole_pesos() -> None:
    assert told(terms("MXN", "MX", (REFERRAL,), multiple=1.5)) == amounts(
        "MXN",
        exchange="1700.00",
        margin="2550.00",
        shipping="2550.00",
        fees="3087.17",
        taxadded="3581.11",
        floor="3581.11",
        charmed="3589.00",
        kept="3589.00",
    )


def test_a_price_in_japan_is_whole_yen_with_tax() -> None:
    assert told(terms("JPY", "JP", multiple=2)) == amounts(
        "JPY",
        exchange="14167",
        margin="28333",
        shipping="28333",
        fees="28333",
        taxadded="31167",
        floor="31167",
        charmed="31800",
        kept="31800",
    )


def test_a_fee_of_a_cheap_thing_is_its_minimum() -> None:
    cheap = Cost(Money("4.625", "MAD"))
    assert price(cheap, terms(fees=(REFERRAL,), charm="none"), None, NOW).price == Money(
        "0.80", "USD"
    )


def test_a_price_that_comes_out_even_is_not_rounded_up() -> None:
    # 92.50 at 9.25 is 10, and 20 % fee makes 12.50: not a cent more.
    fee = Fee("fee", Decimal(20))
    even = Cost(Money("92.50", "MAD"))
    assert price(even, terms(fees=(fee,), charm="none"), None, NOW).price == Money("12.50", "USD")


def test_a_price_in_its_own_currency_needs_no_rate_and_never_grows_stale() -> None:
    home = PriceTerms("MAD", "", {}, read_policy({}))
    late = NOW + timedelta(days=4000)
    assert price(RUG, home, None, late).price == Money("850.00", "MAD")


def test_an_unknown_weight_is_assumed_and_said() -> None:
    light = Cost(Money(850, "MAD"))
    steps = {s.name: s.why for s in explain(light, terms(shipping_share=1), None, NOW).steps}
    shipping = steps["shipping"]
    assert (shipping.weight_g, shipping.assumed, shipping.zone, shipping.parcel) == (  # type: ignore[union-attr] # the step named so is a Shipping
        3000,
        True,
        "north-america",
        Money(720, "MAD"),
    )


def test_a_floor_above_the_margin_raises_the_price_and_says_so() -> None:
    raised = price(RUG, terms(margin=5, floor=30, charm="none"), None, NOW)
    assert raised == Priced(
        Money("119.46", "USD"), Money("119.46", "USD"), Money("119.46", "USD"), raised=True
    )


def test_a_fixed_price_stands_as_it_is_unless_under_the_floor() -> None:
    def fixed(amount: str) -> Priced:
        return price(RUG, terms(fixed={"AZILAL-1": amount}), shown("100.99"), NOW)

    assert (fixed("100").price, fixed("100").raised) == (Money("100.00", "USD"), False)
    assert (fixed("90").price, fixed("90").raised) == (Money("91.90", "USD"), True)


def test_a_small_move_of_the_rate_keeps_the_shown_price() -> None:
    moved = price(RUG, terms(usd="9.33", multiple=2), shown("183.99"), NOW)
    assert (moved.price, moved.wanted, moved.held, moved.held_until) == (
        Money("183.99", "USD"),
        Money("182.99", "USD"),
        Hold.HYSTERESIS,
        None,
    )


def test_a_large_move_changes_it() -> None:
    moved = price(RUG, terms(usd="9.80", multiple=2), shown("183.99"), NOW)
    assert (moved.price, moved.held) == (Money("173.99", "USD"), None)


def test_a_price_changed_a_short_while_ago_stays_until_its_days_are_over() -> None:
    young = price(RUG, terms(usd="9.80", multiple=2, min_days=5), shown("183.99", 4), NOW)
    assert (young.price, young.held, young.held_until) == (
        Money("183.99", "USD"),
        Hold.MIN_DAYS,
        NOW + timedelta(days=1),
    )
    grown = price(RUG, terms(usd="9.80", multiple=2, min_days=5), shown("183.99", 5), NOW)
    assert (grown.price, grown.held, grown.held_until) == (Money("173.99", "USD"), None, None)


def test_nothing_holds_a_price_under_the_floor() -> None:
    under = price(RUG, terms(min_days=30, hysteresis=50), shown("91.50"), NOW)
    assert (under.price, under.held) == (Money("91.99", "USD"), None)


def test_what_is_shown_in_another_currency_holds_nothing() -> None:
    moved = price(RUG, terms(hysteresis=50), shown("92.50", currency="EUR"), NOW)
    assert (moved.price, moved.held) == (Money("91.99", "USD"), None)


def test_stale_rates_freeze_what_is_shown_even_under_the_floor() -> None:
    late = datetime(2026, 11, 28, tzinfo=UTC)
    frozen = price(RUG, terms(), shown("50.00"), late)
    assert (frozen.price, frozen.held, frozen.below_floor) == (
        Money("50.00", "USD"),
        Hold.STALE_RATES,
        True,
    )


def test_stale_rates_make_no_first_price() -> None:
    late = datetime(2026, 11, 28, tzinfo=UTC)
    with pytest.raises(StaleRates) as refused:
        price(RUG, terms(), None, late)
    assert str(refused.value) == (
        "the exchange rate of USD is 8 days old (2026-11-20, a bank):"
        " bring the rates up to date, and the next pass makes this price"
    )
    assert price(RUG, terms(staleness=Staleness(None, None)), None, late).price


def test_a_rate_of_the_last_day_allowed_still_serves() -> None:
    assert price(RUG, terms(), None, datetime(2026, 11, 27, tzinfo=UTC)).held is None


def test_a_currency_without_a_rate_is_named() -> None:
    with pytest.raises(LookupError, match="no exchange rate for CHF"):
        price(RUG, terms("CHF", "CH"), None, NOW)


def test_fees_tax_and_margin_that_take_everything_are_refused() -> None:
    with pytest.raises(ValueError, match="lower the margin"):
        terms("EUR", "DE", (REFERRAL,), margin=83)
