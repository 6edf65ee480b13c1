"""What holds of every price, whatever the policy: recomputed from the final price alone."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st
from moneyed import Money

from catalog.pricing.charm import CHARMS, charm_of, charm_with
from catalog.pricing.fees import Fee
from catalog.pricing.policy import PricePolicy
from catalog.pricing.price import Cost, Hold, Shown, price
from catalog.pricing.rates import Rate
from catalog.pricing.shipping import Tariff
from catalog.pricing.taxes import Tax
from catalog.pricing.terms import PriceTerms

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINOR = {"JPY": 0, "USD": 2, "KWD": 3}
TARIFF = Tariff("own", ((1000, Decimal(120)), (20_000, Decimal("951.35"))), "a carrier")


def decimals(low: str, high: str, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(Decimal(low), Decimal(high), places=places, allow_nan=False)


def rate_of(currency: str, dirhams: Decimal) -> Rate:
    return Rate(currency, dirhams, date(2026, 11, 23), "a bank")


@st.composite
def fees(draw: st.DrawFn, currency: str) -> Fee:
    """A fee in the channel's currency or in another."""
    money = st.builds(Money, decimals("0", "30", 2), st.sampled_from([currency, "EUR", "MAD"]))
    return Fee(
        "fee",
        draw(decimals("0", "15", 2)),
        draw(st.none() | money),
        draw(st.none() | money),
    )


@st.composite
def all_terms(draw: st.DrawFn) -> PriceTerms:
    currency = draw(st.sampled_from(sorted(MINOR)))
    percent = draw(st.none() | decimals("0", "27", 1))
    tax = Tax("XX", percent, True, NOW.date(), "", "") if percent is not None else None
    policy = PricePolicy(
        margin=draw(decimals("0", "40", 1)),
        multiple=draw(decimals("0.5", "3", 2)),
        shipping_share=draw(decimals("0", "1", 2)),
        tariff=TARIFF,
        floor=draw(decimals("0", "50", 1)),
        charm=draw(st.sampled_from(["auto", "none"])),
        hysteresis=draw(decimals("0", "10", 1)),
    )
    rates = {code: rate_of(code, draw(decimals("0.0100", "40", 4))) for code in (currency, "EUR")}
    charged = draw(st.lists(fees(currency), max_size=3))
    return PriceTerms(currency, "XX", rates, policy, tuple(charged), tax)


costs = st.builds(
    Cost,
    st.builds(Money, decimals("0.01", "200000", 2), st.just("MAD")),
    st.none() | st.integers(0, 70_000),
)


def dirhams(money: Money | None, terms: PriceTerms) -> Fraction:
    if money is None:
        return Fraction(0)
    code = money.currency.code
    unit = Fraction(1) if code == "MAD" else Fraction(terms.rates[code].mad_per_unit)
    return Fraction(money.amount) * unit


def left_for_the_maker(shown: Money, cost: Cost, terms: PriceTerms) -> Fraction:
    """Of a price, what is left without tax, fees and the share of shipping: in dirhams."""
    gross = dirhams(shown, terms)
    rate = terms.tax.percent if terms.tax else 0
    net = gross / (1 + Fraction(rate) / 100)
    charged = sum(
        max(
            gross * Fraction(fee.percent) / 100 + dirhams(fee.fixed, terms),
            dirhams(fee.minimum, terms),
        )
        for fee in terms.fees
    )
    weight = 3000 if cost.weight_g is None else cost.weight_g
    parcel = Fraction(120) if weight <= 1000 else Fraction("951.35") * max(1, -(-weight // 20_000))
    return net - charged - Fraction(terms.policy.shipping_share) * parcel


def enough(cost: Cost, terms: PriceTerms) -> Fraction:
    return Fraction(cost.price.amount) * (1 + Fraction(terms.policy.floor) / 100)


def cent_less(money: Money, terms: PriceTerms) -> Money:
    return Money(money.amount - Decimal(1).scaleb(-MINOR[terms.currency]), terms.currency)


@given(all_terms(), costs)
def test_no_price_is_under_the_floor_and_the_floor_is_no_unit_too_high(
    terms: PriceTerms, cost: Cost
) -> None:
    priced = price(cost, terms, None, NOW)
    assert left_for_the_maker(priced.price, cost, terms) >= enough(cost, terms)
    assert left_for_the_maker(priced.floor, cost, terms) >= enough(cost, terms)
    assert left_for_the_maker(cent_less(priced.floor, terms), cost, terms) < enough(cost, terms)


@given(all_terms(), costs, decimals("0.01", "100000", 2))
def test_a_shown_price_stays_only_where_it_is_not_under_the_floor(
    terms: PriceTerms, cost: Cost, amount: Decimal
) -> None:
    before = Money(amount.quantize(Decimal(1).scaleb(-MINOR[terms.currency])), terms.currency)
    priced = price(cost, terms, Shown(before, NOW), NOW)
    assert left_for_the_maker(priced.price, cost, terms) >= enough(cost, terms)


@given(all_terms(), costs, decimals("0", "5000", 2))
def test_a_dearer_thing_never_costs_less(terms: PriceTerms, cost: Cost, more: Decimal) -> None:
    dearer = Cost(Money(cost.price.amount + more, "MAD"), cost.weight_g)
    assert price(dearer, terms, None, NOW).price >= price(cost, terms, None, NOW).price


@given(all_terms(), costs, decimals("-1", "1", 3))
def test_a_rate_that_moves_within_the_hysteresis_changes_nothing_above_the_floor(
    terms: PriceTerms, cost: Cost, move: Decimal
) -> None:
    assume(terms.policy.hysteresis)
    shown = price(cost, terms, None, NOW).price
    most = 1 + terms.policy.hysteresis / 100
    factor = 1 + abs(move) * (most - 1)
    before = terms.rates[terms.currency].mad_per_unit
    # All that is not in the channel's currency moves with it, as when the dirham itself moves.
    after = (before * factor if move > 0 else before / factor).quantize(Decimal("1e-12"))
    assume(before / most < after < before * most)
    rates = {**terms.rates, terms.currency: rate_of(terms.currency, after)}
    moved = PriceTerms(terms.currency, "XX", rates, terms.policy, terms.fees, terms.tax)
    priced = price(cost, moved, Shown(shown, NOW), NOW)
    if shown >= priced.floor:
        assert priced.price == shown
        assert priced.held in (None, Hold.HYSTERESIS)
    else:
        assert priced.price >= priced.floor


@given(all_terms(), costs)
def test_prices_are_whole_minor_units_of_their_currency(terms: PriceTerms, cost: Cost) -> None:
    priced = price(cost, terms, None, NOW)
    for money in (priced.price, priced.floor):
        assert -money.amount.as_tuple().exponent == MINOR[terms.currency]  # type: ignore[operator] # finite


@given(all_terms(), costs, st.integers(1, 60), st.integers(0, 60))
def test_a_price_held_by_its_days_is_free_after_them(
    terms: PriceTerms, cost: Cost, days: int, age: int
) -> None:
    policy = PricePolicy(
        multiple=terms.policy.multiple, min_days=days, charm="none", hysteresis=Decimal(0)
    )
    plain = PriceTerms(terms.currency, "XX", terms.rates, policy)
    dearer = Money(price(cost, plain, None, NOW).price.amount * 3, terms.currency)
    since = NOW - timedelta(days=age)
    priced = price(cost, plain, Shown(dearer, since), NOW)
    held = age < days
    assert (priced.held, priced.held_until) == (
        (Hold.MIN_DAYS, since + timedelta(days=days)) if held else (None, None)
    )
    assert (priced.price == dearer) is held


@given(st.sampled_from(sorted(CHARMS)), st.integers(1, 10**8))
def test_a_well_rounded_price_is_the_next_one_up_and_itself_well_rounded(
    currency: str, minor: int
) -> None:
    charm = charm_of(currency)
    up = charm.at_least(minor)
    assert up >= minor
    assert charm.at_least(up) == up
    assert charm.below(up) < minor
    assert charm.at_least(charm.below(up) + 1) == up


@given(st.integers(1, 10**7))
def test_prices_end_as_their_policy_says(minor: int) -> None:
    assert str(charm_with(["0.95", "0.45"], "USD").at_least(minor))[-2:] in {"95", "45"}
    assert charm_with(["980"], "JPY").at_least(minor) % 1000 == 980
    assert charm_with(["0.950"], "KWD").at_least(minor) % 1000 == 950
    assert charm_with(["9"], "SEK").at_least(minor) % 1000 == 900
