"""Bank Al-Maghrib's rates, asked of a server that answers as its API does."""

import json
from datetime import date
from decimal import Decimal

import pytest
from starlette.responses import Response

from catalog.pricing.rates import Rate
from catalog.pricing.sources import SourceRejected, SourceUnavailable
from catalog.pricing.sources.bank_al_maghrib import BankAlMaghrib
from tests.catalog.pricing.sources.conftest import KEY, Bank, quote

MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 20)


def source(bank: Bank, on: date = MONDAY, key: str = KEY) -> BankAlMaghrib:
    return BankAlMaghrib(key, on, bank.address, sleep=bank.slept.append)


def test_a_quote_for_a_hundred_units_is_told_for_one(bank: Bank) -> None:
    bank.quotes[MONDAY] = [quote("USD", 9.3794), quote("JPY", 5.8475, 100)]
    assert source(bank).fetch() == [
        Rate("USD", Decimal("9.3794"), MONDAY, "Bank Al-Maghrib"),
        Rate("JPY", Decimal("0.058475"), MONDAY, "Bank Al-Maghrib"),
    ]
    assert bank.asked == ["2026-11-23T12:30:00"]


def test_before_noon_and_after_a_weekend_the_last_quoted_day_is_taken(bank: Bank) -> None:
    bank.quotes[FRIDAY] = [quote("USD", 9.3794, day="2026-11-20")]
    [rate] = source(bank).fetch()
    assert rate.date == FRIDAY
    assert bank.asked == ["2026-11-23T12:30:00", "2026-11-20T12:30:00"]


def test_a_week_without_quotes_is_told(bank: Bank) -> None:
    with pytest.raises(SourceUnavailable, match="no rates for the week before 2026-11-23"):
        source(bank).fetch()


def test_a_wrong_key_is_refused_at_once_and_never_shown(bank: Bank) -> None:
    wrong = source(bank, key="somebody-else's")
    with pytest.raises(SourceRejected, match="TRADE_MA_RATES_KEY") as refused:
        wrong.fetch()
    assert len(bank.asked) == 1
    assert "somebody" not in f"{refused.value} {wrong!r}"


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_busy_bank_is_asked_again_when_it_says(bank: Bank, status: int) -> None:
    bank.instead = [Response(status_code=status, headers={"Retry-After": "7"})]
    bank.quotes[MONDAY] = [quote("USD", 9.3794)]
    assert len(source(bank).fetch()) == 1
    assert bank.slept == [7.0]


def test_a_bank_that_asks_for_an_hour_is_left_alone(bank: Bank) -> None:
    bank.instead = [Response(status_code=429, headers={"Retry-After": "3600"})]
    with pytest.raises(SourceUnavailable, match="asked too often"):
        source(bank).fetch()
    assert bank.slept == []


def quoted(**values: object) -> str:
    return json.dumps([{**quote("USD", 9.3794), **values}])


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("", "no JSON"),
        ("<html>maintenance</html>", "no JSON"),
        ('{"message": "soon"}', "no list of rates"),
        ('["USD"]', "no rate"),
        (quoted(uniteDevise=0), "no rate"),
        (quoted(moyen=None), "no rate"),
        (quoted(moyen=0), "no rate"),
        (quoted(libDevise="US"), "no rate"),
        (quoted(libDevise=None), "no rate"),
        (quoted(date="soon"), "no rate"),
    ],
)
def test_an_answer_that_is_no_list_of_rates_is_told_and_not_used(
    bank: Bank, body: str, told: str
) -> None:
    bank.instead = [Response(body)]
    with pytest.raises(SourceUnavailable, match=told):
        source(bank).fetch()
