"""Rates in use, their history, and those held for a person, on both databases."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from catalog.pricing import history
from catalog.pricing.rates import Rate, load_rates
from catalog.pricing.sources import SourceUnavailable
from jobs import rates
from jobs.models import Channel
from tests.conftest import NOON

DAY = date(2026, 11, 23)
DOLLAR = Rate("USD", Decimal("9.123456789012345678"), DAY, "Bank Al-Maghrib")
DINAR = Rate("KWD", Decimal("30.1"), DAY, "Bank Al-Maghrib")


@dataclass
class Told:
    """A source that tells these rates, or that is down."""

    rates: Sequence[Rate]
    name: str = "told"

    def fetch(self) -> Sequence[Rate]:
        if not self.rates:
            raise SourceUnavailable("down")
        return self.rates


def fetch(engine: Engine, *told: Rate, dry_run: bool = False) -> rates.Taken:
    return rates.fetch(lambda: Session(engine), Told(told), NOON, dry_run=dry_run)


def current(engine: Engine, file: Path | None = None) -> dict[str, Rate]:
    with Session(engine) as session:
        return dict(rates.current(session, file))


def test_without_a_history_the_shipped_rates_are_in_use(engine: Engine) -> None:
    assert current(engine) == load_rates()


def test_a_fetched_rate_is_in_use_digit_for_digit(engine: Engine) -> None:
    assert fetch(engine, DOLLAR, DINAR) == rates.Taken((DOLLAR, DINAR), ())
    assert current(engine) == {**load_rates(), "USD": DOLLAR, "KWD": DINAR}


def test_a_rehearsal_keeps_nothing(engine: Engine) -> None:
    fetch(engine, DOLLAR, dry_run=True)
    assert current(engine) == load_rates()


def test_the_newest_day_counts_and_of_one_day_the_rate_heard_last(engine: Engine) -> None:
    day_before = replace(DOLLAR, date=DAY - timedelta(days=1), mad_per_unit=Decimal("9.2"))
    by_hand = replace(DOLLAR, source=rates.BY_HAND, mad_per_unit=Decimal("9.3"))
    with Session(engine) as session:
        history.keep(session, [by_hand], NOON + timedelta(hours=1))
        history.keep(session, [DOLLAR, day_before], NOON)
        assert history.latest(session) == {"USD": by_hand}
        assert history.latest(session, day_before.date) == {"USD": day_before}
        assert history.latest(session, date(2026, 1, 1)) == {}


def test_what_a_source_says_again_of_a_day_takes_the_place_of_the_first(engine: Engine) -> None:
    mended = replace(DOLLAR, mad_per_unit=Decimal("9.2"))
    fetch(engine, DOLLAR)
    fetch(engine, mended)
    assert current(engine)["USD"] == mended


def test_a_rate_that_moved_too_far_waits_for_a_person(engine: Engine) -> None:
    fetch(engine, DOLLAR)
    slip = replace(DOLLAR, mad_per_unit=Decimal("912.3"), date=DAY + timedelta(days=1))
    assert fetch(engine, slip, DINAR) == rates.Taken((DINAR,), (slip,))
    assert current(engine)["USD"] == DOLLAR
    with Session(engine) as session:
        assert history.waiting(session) == {"USD": slip}
        assert history.release(session, "USD") == slip
        session.commit()
    assert current(engine)["USD"] == slip
    assert fetch(engine, slip).held == ()


def test_a_held_rate_is_forgotten_when_a_believable_one_follows(engine: Engine) -> None:
    fetch(engine, replace(DOLLAR, mad_per_unit=Decimal("912.3")))
    fetch(engine, replace(DOLLAR, date=DAY + timedelta(days=1)))
    with Session(engine) as session:
        assert history.waiting(session) == {}
        with pytest.raises(LookupError, match="no rate of USD waits"):
            history.release(session, "USD")


def test_a_source_that_is_down_changes_nothing(engine: Engine) -> None:
    fetch(engine, DOLLAR)
    with pytest.raises(SourceUnavailable):
        fetch(engine)
    assert current(engine)["USD"] == DOLLAR


def test_a_file_goes_before_the_history_and_no_practice_figure_beside_it(
    engine: Engine, tmp_path: Path
) -> None:
    fetch(engine, DOLLAR, DINAR)
    path = tmp_path / "rates.csv"
    path.write_text("currency,mad_per_unit,date,source\nUSD,9.5,2026-11-01,our bank\n")
    ours = Rate("USD", Decimal("9.5"), date(2026, 11, 1), "our bank")
    assert current(engine, path) == {"MAD": load_rates()["MAD"], "USD": ours, "KWD": DINAR}


@given(st.decimals("0.0001", "1000", places=4), st.decimals("0.0001", "1000", places=4))
def test_a_rate_is_kept_if_and_only_if_it_is_within_a_fifth(old: Decimal, new: Decimal) -> None:
    known, rate = replace(DOLLAR, mad_per_unit=old), replace(DOLLAR, mad_per_unit=new)
    believed = old * Decimal("0.8") <= new <= old * Decimal("1.2")
    assert bool(rates.judged([rate], {"USD": known}).kept) is believed


def test_a_channel_that_sells_by_an_old_rate_is_warned_of_and_a_practice_is_not() -> None:
    shipped = load_rates()
    told: dict[str, Any] = {"site": "us", "account": "a", "marketplace": "amazon"}
    channels = [
        Channel(code="us", currency="USD", **told),
        Channel(code="ma", currency="MAD", **told),
        Channel(code="practice", currency="USD", settings={"base_url": "http://x"}, **told),
    ]
    dated = shipped["USD"].date
    assert list(rates.old(channels, shipped, dated + timedelta(days=3))) == []
    assert list(rates.old(channels, shipped, dated + timedelta(days=4))) == [
        (
            "us: its rate of USD is 4 days old, and after 7 its prices stand still: "
            "trade-ma rates fetch brings a new one"
        )
    ]
