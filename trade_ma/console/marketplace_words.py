"""What each marketplace asks for, in words, and where its owner finds it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors.protocol import Site
from trade_ma.console.languages import marked
from trade_ma.console.visits import Visit


@dataclass(frozen=True, slots=True)
class Credential:
    """A field of the form: `is_secret` ones are not shown while they are typed."""

    name: str
    label: str
    hint: str
    is_secret: bool


_SECRET = frozenset(
    {"client_secret", "shared_secret", "refresh_token", "lwa_client_secret", "access_token"}
)
_LABELS: Mapping[str, str] = {
    "shop": marked("Name of the shop"),
    "client_id": marked("Client ID of the app"),
    "client_secret": marked("Client secret of the app"),
    "keystring": marked("Keystring of the app"),
    "shared_secret": marked("Shared secret of the app"),
    "refresh_token": marked("Refresh token"),
    "seller_id": marked("Merchant token"),
    "lwa_app_id": marked("LWA client identifier"),
    "lwa_client_secret": marked("LWA client secret"),
    "application_id": marked("Application ID"),
}
_HINTS: Mapping[str, str] = {
    "shop": marked("As in the address of its admin pages: name.myshopify.com."),
    "client_id": marked("Shopify’s Dev Dashboard, your app, Settings."),
    "client_secret": marked("On the same page, under the client ID."),
    "keystring": marked("etsy.com/developers/your-apps, at your app."),
    "shared_secret": marked("On the same page, beside the keystring."),
    "seller_id": marked("Seller Central, Settings, Account info, Your merchant token."),
    "lwa_app_id": marked("Seller Central, Develop Apps, your app, LWA credentials: View."),
    "lwa_client_secret": marked("In the same place, under the client identifier."),
    "application_id": marked("Seller Central, Develop Apps: it begins with amzn1.sp.solution."),
}
_TOKEN_HINTS: Mapping[str, str] = {
    "amazon": marked("Seller Central, Develop Apps, your app, Authorize: it is shown once."),
    "etsy": marked("Leave this to the connection in the browser, where you can."),
}
STORIES: Mapping[str, str] = {
    "amazon": marked("One channel sells in one country. You need a professional seller account."),
    "etsy": marked("One channel is one shop. Its owner lets us in by one click, on Etsy’s page."),
    "shopify": marked("One channel is one shop. Its owner installs your app in the shop."),
}


SITES: Mapping[str, str] = {
    "The shop's own market": marked("The shop’s own market"),
}


def site_named(visit: Visit, site: Site) -> str:
    """A site as the visitor calls it: the country that it sells in, else its own name."""
    if site.country:
        return str(visit.language.locale.territories.get(site.country, site.name))
    return visit.say(SITES[site.name]) if site.name in SITES else site.name


def credentials(visit: Visit, marketplace: str, names: Sequence[str]) -> list[Credential]:
    """The fields of those names; one that we have no words for is called by its name."""
    return [
        Credential(
            name,
            visit.say(_LABELS[name]) if name in _LABELS else name,
            _hint(visit, marketplace, name),
            name in _SECRET,
        )
        for name in names
    ]


def _hint(visit: Visit, marketplace: str, name: str) -> str:
    hints = {**_HINTS, "refresh_token": _TOKEN_HINTS.get(marketplace, "")}
    return visit.say(hints[name]) if hints.get(name) else ""
