"""trade-ma rates, as an operator uses it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.sandbox.server import serve
from tests.catalog.pricing.sources.conftest import KEY, Bank, daily, quote
from tests.trade_ma.conftest import Practice
from trade_ma.workshop import workshop_of


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bank]:
    bank = Bank(document=daily({"USD": "1.15", "JPY": "1.7890"}))
    with serve(bank.app()) as address:
        monkeypatch.setenv("TRADE_MA_RATES_URL", address)
        yield bank


def used(practice: Practice, currency: str) -> dict[str, str]:
    told = practice.json("rates", "list")["rates"]
    [rate] = [one for one in told if one["currency"] == currency]
    return {name: rate[name] for name in ("mad_per_unit", "date", "source")}


def test_a_rate_set_by_hand_is_what_prices_are_made_of(bare: Practice) -> None:
    bare.run("rates", "set", "USD=9.4", "--date=2026-11-24", "--dry-run")
    assert used(bare, "USD")["mad_per_unit"] == "9.25"
    bare.run("rates", "set", "USD=9.4", "--date=2026-11-24")
    told = {"mad_per_unit": "9.4", "date": "2026-11-24", "source": "set by hand"}
    assert used(bare, "USD") == told
    assert str(workshop_of(bare.app).rates["USD"].mad_per_unit) == "9.4"


@pytest.mark.parametrize("words", ["USD=much", "USD=-1", "dollar=9", "USD"])
def test_what_is_no_rate_is_told(bare: Practice, words: str) -> None:
    assert "write" in bare.run("rates", "set", words, code=2).stderr


def test_a_slip_is_held_until_it_is_confirmed(bare: Practice) -> None:
    said = bare.run("rates", "set", "USD=925", "--date=2026-11-24").stdout
    assert "trade-ma rates confirm USD" in said
    assert used(bare, "USD")["mad_per_unit"] == "9.25"
    assert [one["mad_per_unit"] for one in bare.json("rates", "list")["held"]] == ["925"]
    bare.run("rates", "confirm", "usd", "--dry-run")
    bare.run("rates", "confirm", "usd")
    assert used(bare, "USD")["mad_per_unit"] == "925"
    assert "no rate of USD waits" in bare.run("rates", "confirm", "USD", code=2).stderr


def test_the_ecb_is_asked_without_a_key(bare: Practice, bank: Bank) -> None:
    bare.run("rates", "set", "EUR=10.58", "--date=2026-11-22")
    told = bare.json("rates", "fetch")
    assert [one["currency"] for one in told["kept"]] == ["USD"]
    assert [one["currency"] for one in told["held"]] == ["JPY"]
    assert used(bare, "USD") == {
        "mad_per_unit": "9.2",
        "date": "2026-11-22",
        "source": "European Central Bank, by the euro of 2026-11-22 (set by hand)",
    }
    assert len(bank.asked) == 1


def test_bank_al_maghrib_is_asked_with_its_key(
    bare: Practice, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = ("rates", "fetch", "--source=bank-al-maghrib")
    assert "TRADE_MA_RATES_KEY" in bare.run(*ask, code=2).stderr
    monkeypatch.setenv("TRADE_MA_RATES_KEY", "not-it")
    assert "refuses the key" in bare.json(*ask, code=1)["error"]
    monkeypatch.setenv("TRADE_MA_RATES_KEY", KEY)
    bank.every_day = [quote("USD", 9.3)]
    assert bare.json(*ask)["kept"] == [
        {
            "currency": "USD",
            "mad_per_unit": "9.3",
            "date": "2026-11-23",
            "source": "Bank Al-Maghrib",
        }
    ]


def test_a_file_is_kept_in_the_history(
    bare: Practice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ask = ("rates", "fetch", "--source=file")
    assert "TRADE_MA_RATES_FILE" in bare.run(*ask, code=2).stderr
    path = tmp_path / "ours.csv"
    path.write_text("currency,mad_per_unit,date,source\nUSD,9.5,2026-11-23,our bank\n")
    monkeypatch.setenv("TRADE_MA_RATES_FILE", str(path))
    bare.run(*ask)
    monkeypatch.delenv("TRADE_MA_RATES_FILE")
    assert used(bare, "USD")["source"] == "our bank"
