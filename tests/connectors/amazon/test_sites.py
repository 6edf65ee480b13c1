"""Amazon's markets, as the SDK knows them too."""

from decimal import Decimal

import pytest
from moneyed import Money
from sp_api.base import Marketplaces

from connectors.amazon.sites import MARKETS, SITES


def test_ids_and_endpoints_are_those_of_the_sdk() -> None:
    ours = {market.site.remote_id: market.endpoint for market in MARKETS.values()}
    assert ours == {one.marketplace_id: one.endpoint for one in Marketplaces}


def test_a_site_tells_its_currency_and_its_main_language() -> None:
    told = {site.code: (site.currency, site.locale) for site in SITES}
    assert {code: told[code] for code in ("US", "FR", "BE", "JP", "SA", "ZA")} == {
        "US": ("USD", "en-US"),
        "FR": ("EUR", "fr-FR"),
        "BE": ("EUR", "fr-BE"),
        "JP": ("JPY", "ja-JP"),
        "SA": ("SAR", "ar-AE"),
        "ZA": ("ZAR", "en-ZA"),
    }


def test_a_site_tells_its_country_and_what_amazon_keeps() -> None:
    told = {site.code: site for site in SITES}
    [fee] = told["JP"].fees
    assert (fee.percent, fee.minimum) == (Decimal(15), Money(30, "JPY"))
    assert told["UK"].country == "GB"
    assert all(fee.source for site in SITES for fee in site.fees)
    assert all(len(site.country) == 2 for site in SITES)


@pytest.mark.parametrize(
    ("site", "locale", "tag"),
    [
        ("US", "en", "en_US"),
        ("UK", "en-US", "en_GB"),
        ("DE", "en-GB", "en_GB"),
        ("CA", "fr", "fr_CA"),
        ("FR", "ar", "ar_AE"),
        ("FR", "zgh", "zgh"),
    ],
)
def test_a_text_carries_the_markets_own_tag_for_its_language(
    site: str, locale: str, tag: str
) -> None:
    assert MARKETS[site].language_tag(locale) == tag
