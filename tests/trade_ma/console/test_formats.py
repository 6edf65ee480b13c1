"""Dates, numbers and money in each language, as Morocco writes them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from babel import Locale

from tests.conftest import NOON
from trade_ma.console.formats import count_to, filters
from trade_ma.console.languages import language


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "fr",
            {
                "money": "12\u202f345,60\xa0MAD",
                "whole": "12\u202f346\xa0MAD",
                "yen": "1\u202f250\xa0JPY",
                "day": "24 novembre 2026",
                "moment": "24 nov. 2026, 13:05",
                "ago": "il y a 5\xa0min",
                "number": "12\u202f345",
                "percent": "12\xa0%",
            },
        ),
        (
            "ar",
            {
                "money": "\u200f12.345,60\xa0د.م.\u200f",
                "whole": "\u200f12.346\xa0د.م.\u200f",
                "yen": "\u200f1.250\xa0JP¥",
                "day": "24 نونبر 2026",
                "moment": "24 نونبر 2026, 13:05",
                "ago": "قبل 5 دقائق",
                "number": "12.345",
                "percent": "12%",
            },
        ),
        (
            "en",
            {
                "money": "12,345.60\xa0MAD",
                "whole": "12,346\xa0MAD",
                "yen": "1,250\xa0JP¥",
                "day": "24 November 2026",
                "moment": "24 Nov 2026, 13:05",
                "ago": "5 min ago",
                "number": "12,345",
                "percent": "12%",
            },
        ),
    ],
)
def test_values_are_written_as_the_reader_writes_them(code: str, expected: dict[str, str]) -> None:
    write = filters(language(code).locale)
    assert {
        "money": write["money"](1_234_560, "MAD"),
        "whole": write["money"](1_234_560, "MAD", whole=True),
        "yen": write["money"](1250, "JPY"),
        "day": write["day"](date(2026, 11, 24)),
        "moment": write["moment"](datetime(2026, 11, 24, 12, 5, tzinfo=UTC)),
        "ago": write["ago"](NOON - timedelta(minutes=5), now=NOON),
        "number": write["number"](12345),
        "percent": write["percent"](Decimal("0.125")),
    } == expected


@pytest.mark.parametrize(("count", "written"), [(999, "999"), (1_000, "1,000+")])
def test_a_count_that_came_to_its_end_may_be_of_more(count: int, written: str) -> None:
    assert count_to(count, 1_000, locale=Locale("en")) == written
