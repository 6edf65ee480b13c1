"""Amazon's markets: marketplace ids, endpoints and languages.

Source: developer-docs.amazon.com/sp-api, "Marketplace IDs", "SP-API endpoints"; the languages are
those of each market's pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from connectors.amazon.fees import referral_fee
from connectors.protocol import Site

NORTH_AMERICA = "https://sellingpartnerapi-na.amazon.com"
EUROPE = "https://sellingpartnerapi-eu.amazon.com"
FAR_EAST = "https://sellingpartnerapi-fe.amazon.com"


@dataclass(frozen=True, slots=True)
class Market:
    """A site with what only Amazon needs: its region's endpoint, and its languages.

    `language_tags` are Amazon's own (en_US), the main one first.
    """

    site: Site
    endpoint: str
    language_tags: tuple[str, ...]

    def language_tag(self, locale: str) -> str:
        """Amazon's tag for a text in `locale` (BCP 47): the market's own where it has one.

        A language that the market does not read keeps its name: Amazon judges it.
        """
        language = locale.replace("-", "_").split("_")[0].lower()
        exact = locale.replace("-", "_").lower()
        for tag in self.language_tags:
            if tag.lower() == exact:
                return tag
        own = (tag for tag in self.language_tags if tag.split("_")[0] == language)
        return next(own, _HOME_TAGS.get(language, locale.replace("-", "_")))

    @property
    def is_imperial(self) -> bool:
        """Whether buyers there think in inches and pounds."""
        return self.site.country == "US"

    def reads(self, locale: str) -> bool:
        """Whether buyers there are served in the language of `locale`."""
        return self.language_tag(locale) in self.language_tags


_HOME_TAGS = {"ar": "ar_AE", "de": "de_DE", "en": "en_US", "es": "es_ES", "fr": "fr_FR"} | {
    "it": "it_IT",
    "ja": "ja_JP",
    "nl": "nl_NL",
    "pl": "pl_PL",
    "pt": "pt_BR",
    "sv": "sv_SE",
    "tr": "tr_TR",
}


def _market(
    code: str, name: str, currency: str, remote_id: str, endpoint: str, tags: str
) -> Market:
    languages = tuple(tags.split())
    locale = languages[0].replace("_", "-")
    # ISO 3166 has no UK.
    country = "GB" if code == "UK" else code
    site = Site(code, name, currency, locale, remote_id, country, (referral_fee(currency),))
    return Market(site, endpoint, languages)


MARKETS: Mapping[str, Market] = MappingProxyType(
    {
        market.site.code: market
        for market in (
            _market("US", "United States", "USD", "ATVPDKIKX0DER", NORTH_AMERICA, "en_US es_US"),
            _market("CA", "Canada", "CAD", "A2EUQ1WTGCTBG2", NORTH_AMERICA, "en_CA fr_CA"),
            _market("MX", "Mexico", "MXN", "A1AM78C64UM0Y8", NORTH_AMERICA, "es_MX"),
            _market("BR", "Brazil", "BRL", "A2Q3Y263D00KWC", NORTH_AMERICA, "pt_BR"),
            _market("UK", "United Kingdom", "GBP", "A1F83G8C2ARO7P", EUROPE, "en_GB"),
            _market("DE", "Germany", "EUR", "A1PA6795UKMFR9", EUROPE, "de_DE en_GB"),
            _market("FR", "France", "EUR", "A13V1IB3VIYZZH", EUROPE, "fr_FR"),
            _market("IT", "Italy", "EUR", "APJ6JRA9NG5V4", EUROPE, "it_IT"),
            _market("ES", "Spain", "EUR", "A1RKKUPIHCS9HS", EUROPE, "es_ES"),
            _market("NL", "Netherlands", "EUR", "A1805IZSGTT6HS", EUROPE, "nl_NL"),
            _market("BE", "Belgium", "EUR", "AMEN7PMS3EDWL", EUROPE, "fr_BE nl_BE"),
            _market("SE", "Sweden", "SEK", "A2NODRKZP88ZB9", EUROPE, "sv_SE"),
            _market("PL", "Poland", "PLN", "A1C3SOZRARQ6R3", EUROPE, "pl_PL"),
            _market("IE", "Ireland", "EUR", "A28R8C7NBKEWEA", EUROPE, "en_IE"),
            _market("TR", "Türkiye", "TRY", "A33AVAJ2PDY3EV", EUROPE, "tr_TR"),
            _market("AE", "United Arab Emirates", "AED", "A2VIGQ35RCS4UG", EUROPE, "en_AE ar_AE"),
            _market("SA", "Saudi Arabia", "SAR", "A17E79C6D8DWNP", EUROPE, "ar_AE en_AE"),
            _market("EG", "Egypt", "EGP", "ARBP9OOSHTCHU", EUROPE, "ar_AE en_AE"),
            _market("IN", "India", "INR", "A21TJRUUN4KGV", EUROPE, "en_IN hi_IN"),
            _market("ZA", "South Africa", "ZAR", "AE08WJ6YKNBMC", EUROPE, "en_ZA"),
            _market("JP", "Japan", "JPY", "A1VC38T7YXB528", FAR_EAST, "ja_JP en_US"),
            _market("AU", "Australia", "AUD", "A39IBJ37TRP1C6", FAR_EAST, "en_AU"),
            _market("SG", "Singapore", "SGD", "A19VAU5U5O7RUS", FAR_EAST, "en_SG"),
        )
    }
)
SITES = tuple(market.site for market in MARKETS.values())
