"""The verbs of prices and policies, as a catalog manager uses them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.trade_ma.conftest import Practice


@pytest.fixture
def priced(practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Practice:
    """A practice with a rate of today."""
    rates = tmp_path / "rates.csv"
    today = datetime.now(UTC).date()
    lines = ("currency,mad_per_unit,date,source", f"MAD,1,{today},", f"USD,9.25,{today},a bank")
    rates.write_text("\n".join(lines))
    monkeypatch.setenv("TRADE_MA_RATES_FILE", str(rates))
    practice.run("channels", "policy", "shopify-us", '--set=price.fees="none"')
    return practice


def test_a_price_is_explained_in_a_table_and_as_json(priced: Practice) -> None:
    told = priced.json("price", "explain", "T-0", "--channel", "shopify-us")
    assert (told["price"], told["floor"], told["held"]) == ("91.99 USD", "91.90 USD", None)
    assert [step["step"] for step in told["steps"]] == [
        "base",
        "exchange",
        "margin",
        "shipping",
        "fees",
        "taxadded",
        "floor",
        "charmed",
        "kept",
    ]
    table = priced.run("price", "explain", "T-0", "--channel", "shopify-us").stdout
    assert "1 USD = 9.25 MAD on" in table
    assert "never under 91.90 USD" in table


def test_a_rate_set_by_hand_is_the_one_that_explains(practice: Practice) -> None:
    practice.run("rates", "set", "USD=9.50")
    told = practice.json("price", "explain", "T-0", "--channel", "shopify-us")
    [exchange] = [step for step in told["steps"] if step["step"] == "exchange"]
    [rate] = exchange["rates"]
    assert (rate["mad_per_unit"], rate["source"]) == ("9.50", "set by hand")


@pytest.mark.parametrize(
    "verb", [("status",), ("rates", "list"), ("price", "explain", "T-0", "--channel=shopify-us")]
)
def test_a_rates_file_that_cannot_be_read_is_told_in_words(
    practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: tuple[str, ...]
) -> None:
    monkeypatch.setenv("TRADE_MA_RATES_FILE", str(tmp_path / "gone.csv"))
    assert "the exchange rates cannot be read" in practice.run(*verb, code=2).stderr


def test_explaining_an_unknown_sku_says_so(priced: Practice) -> None:
    result = priced.run("price", "explain", "X-9", "--channel", "shopify-us", code=2)
    assert "no product has the SKU 'X-9'" in result.stderr


def test_another_rate_shows_what_would_change_and_changes_nothing(priced: Practice) -> None:
    priced.run("sync")
    told = priced.json("price", "simulate", "--rate=USD=8")
    [channel] = told["channels"]
    assert channel["changes"][0] == {
        "sku": "T-0",
        "shown": "91.99 USD",
        "new": "106.99 USD",
        "reason": "beyond the hysteresis",
    }
    assert "8 would change" in priced.run("price", "simulate", "--rate=USD=8").stdout
    assert priced.json("plan") == {"channels": {"shopify-us": []}}


@pytest.mark.parametrize("rate", ["USD=0", "USD=x", "MAD=2"])
def test_what_is_no_rate_is_refused(priced: Practice, rate: str) -> None:
    assert (
        "write --rate USD=9.8" in priced.run("price", "simulate", f"--rate={rate}", code=2).stderr
    )


def test_a_policy_is_set_shown_and_unset(practice: Practice) -> None:
    set_ = ("--set=price.margin=20", "--set=price.fixed.T.1=89", "--set=text=machine")
    rehearsed = practice.json("channels", "policy", "shopify-us", *set_, "--dry-run")
    assert practice.json("channels", "policy", "shopify-us")["policy"] == {"buffer": 0}
    practice.run("channels", "policy", "shopify-us", *set_)
    told = practice.json("channels", "policy", "shopify-us")
    assert told["policy"] == rehearsed["policy"]
    assert told["policy"] == {
        "buffer": 0,
        "price": {"margin": 20, "fixed": {"T.1": 89}},
        "text": "machine",
    }
    unset = ("--unset=price.fixed.T.1", "--unset=text")
    told = practice.json("channels", "policy", "shopify-us", *unset)
    assert told["policy"] == {"buffer": 0, "price": {"margin": 20, "fixed": {}}}
    assert "price.margin = 20" in practice.run("channels", "policy", "shopify-us").stdout


def test_a_whole_policy_comes_from_a_file(practice: Practice, tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    file.write_text(json.dumps({"buffer": 1, "price": {"multiple": 2.5}}))
    told = practice.json("channels", "policy", "shopify-us", f"--from={file}")
    assert told["policy"] == {"buffer": 1, "price": {"multiple": 2.5}}


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--set=buffer=-1", "policy.buffer"),
        ("--set=price.margin=200", "price.margin"),
        ("--set=price.tax=included", "set price.tax_percent"),
        ('--set=price.charm=["0.999"]', "is not how a price in USD can end"),
        ("--set=buffer.x=1", "nothing stands in it"),
        ("--unset=text", "the policy sets no text"),
    ],
)
def test_a_policy_that_is_none_is_refused_and_nothing_changes(
    practice: Practice, option: str, words: str
) -> None:
    assert words in practice.run("channels", "policy", "shopify-us", option, code=2).stderr
    assert practice.json("channels", "policy", "shopify-us")["policy"] == {"buffer": 0}
