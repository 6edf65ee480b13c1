"""Amazon's stores as the sandbox serves them: every marketplace that the connector knows."""

from dataclasses import dataclass

from connectors.amazon.sites import MARKETS, Market

# What follows www.amazon. where it is not the country's code.
_DOMAINS = {
    "US": "com",
    "UK": "co.uk",
    "MX": "com.mx",
    "BR": "com.br",
    "BE": "com.be",
    "TR": "com.tr",
    "ZA": "co.za",
    "JP": "co.jp",
    "AU": "com.au",
}


@dataclass(frozen=True, slots=True)
class Store:
    """One country's Amazon. The first language is its default."""

    id: str
    country: str
    currency: str
    languages: tuple[str, ...]
    domain: str

    @property
    def name(self) -> str:
        """As Amazon calls it, such as Amazon.co.uk."""
        return f"Amazon.{self.domain}"


def _store(market: Market) -> Store:
    site = market.site
    return Store(
        site.remote_id,
        site.country,
        site.currency,
        market.language_tags,
        _DOMAINS.get(site.code, site.code.lower()),
    )


STORES = {store.id: store for store in map(_store, MARKETS.values())}
