"""The ECB's rates, asked of a server that answers its daily document."""

import gzip
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from starlette.responses import Response

from catalog.pricing.rates import Rate
from catalog.pricing.sources import SourceUnavailable
from catalog.pricing.sources.ecb import EuropeanCentralBank
from tests.catalog.pricing.sources.conftest import Bank, daily

EURO = Rate("EUR", Decimal("10.7729"), date(2026, 11, 20), "Bank Al-Maghrib")
SOURCE = "European Central Bank, by the euro of 2026-11-20 (Bank Al-Maghrib)"
BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE bomb [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<Cube time="2026-11-23"><Cube currency="USD" rate="&b;"/></Cube>"""
THIEF = b"""<?xml version="1.0"?>
<!DOCTYPE thief SYSTEM "file:///etc/hostname"><Cube time="2026-11-23"/>"""


def source(bank: Bank) -> EuropeanCentralBank:
    return EuropeanCentralBank(EURO, bank.address, sleep=bank.slept.append)


def test_rates_are_crossed_and_as_old_as_the_older_half(bank: Bank) -> None:
    assert source(bank).fetch() == [
        Rate("USD", Decimal("9.367739130"), date(2026, 11, 20), SOURCE),
        Rate("JPY", Decimal("0.06021743991"), date(2026, 11, 20), SOURCE),
    ]


def test_a_euro_newer_than_the_document_leaves_the_documents_day(bank: Bank) -> None:
    newer = replace(source(bank), euro=replace(EURO, date=date(2026, 11, 24)))
    assert {rate.date for rate in newer.fetch()} == {date(2026, 11, 23)}


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<html><body>down</body>",
        b"<Envelope/>",
        daily({}),
        daily({"USD": "N/A"}),
        daily({"USD": "0"}),
        daily({"USD": "1.15"}, day="today"),
        BOMB,
        THIEF,
    ],
)
def test_what_is_no_daily_document_is_told_and_not_used(bank: Bank, document: bytes) -> None:
    bank.document = document
    with pytest.raises(SourceUnavailable, match="no list of rates"):
        source(bank).fetch()
    assert bank.slept == []


def test_an_answer_that_swells_is_not_read_to_its_end(bank: Bank) -> None:
    swelling = gzip.compress(b" " * 50_000_000)
    bank.instead = [Response(swelling, headers={"Content-Encoding": "gzip"})]
    with pytest.raises(SourceUnavailable, match="more than any list"):
        source(bank).fetch()


def test_a_bank_that_stays_down_is_asked_three_times(bank: Bank) -> None:
    bank.instead = [Response(status_code=503) for _ in range(3)]
    with pytest.raises(SourceUnavailable, match="HTTP 503"):
        source(bank).fetch()
    assert (len(bank.asked), len(bank.slept)) == (3, 2)


def test_a_page_that_moved_away_is_told(bank: Bank) -> None:
    bank.instead = [Response(status_code=404)]
    with pytest.raises(SourceUnavailable, match="HTTP 404: is its address still right"):
        source(bank).fetch()


def test_a_bank_that_nobody_reaches_is_told() -> None:
    nobody = EuropeanCentralBank(EURO, "http://127.0.0.1:9", sleep=lambda _seconds: None)
    with pytest.raises(SourceUnavailable, match="cannot be reached: ConnectError"):
        nobody.fetch()
