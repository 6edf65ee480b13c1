"""A channel is added step by step: which marketplace, then what it asks for."""

from collections.abc import Mapping
from typing import Annotated, Any

from starlette.responses import Response

from catalog.refusals import Missing, Refused
from connectors import registry
from connectors.protocol import Marketplace
from jobs import channel_care
from trade_ma.api.problems import not_found
from trade_ma.api.routers.channels import NewChannel, add, shown
from trade_ma.console.fields import Fields
from trade_ma.console.marketplace_words import STORIES, credentials, site_named
from trade_ma.console.quotes import quoted
from trade_ma.console.recording import record
from trade_ma.console.refusal_words import refusal_told
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.permissions import Permission

router = page_router()
Writer = Annotated[Visit, allowed(Permission.CHANNELS_WRITE)]
FORM = "channels/add.html"


@router.get("/add-channel")
def choose(visit: Writer) -> Response:
    """The first step: where."""
    markets = [registry.marketplace(code) for code in registry.codes()]
    told = [(one.code, one.name, _story(visit, one)) for one in markets]
    return visit.page("channels/choose.html", markets=told)


def _story(visit: Visit, market: Marketplace) -> str:
    return visit.say(STORIES[market.code]) if market.code in STORIES else ""


@router.get("/add-channel/{marketplace}")
def form(visit: Writer, marketplace: str, by: str = "") -> Response:
    """The second step: what the marketplace asks for, by consent in a browser or by hand."""
    return visit.page(FORM, errors={}, **_values(visit, _market(marketplace), by, {}))


def _market(code: str) -> Marketplace:
    try:
        return registry.marketplace(code)
    except LookupError as error:
        raise not_found(str(error)) from error


def _values(visit: Visit, market: Marketplace, by: str, given: Mapping[str, str]) -> dict[str, Any]:
    by_consent = market.consent is not None and by != "hand"
    names = market.consent.asks if market.consent and by_consent else market.credentials
    return {
        "market": market.code,
        "market_name": market.name,
        "story": _story(visit, market),
        "by_consent": by_consent,
        "has_consent": market.consent is not None,
        "credentials": credentials(visit, market.code, names),
        "sites": [
            (site.code, f"{site_named(visit, site)} ({site.currency})") for site in market.sites
        ],
        "given": {"code": market.code, "site": market.sites[0].code, "currency": "", **given},
    }


@router.post("/add-channel/{marketplace}")
def add_channel(visit: Writer, marketplace: str, fields: Fields) -> Response:
    """Add it; by consent it is connected next."""
    market = _market(marketplace)
    given = {name: value.strip() for name, value in fields.items()}
    by = given.get("by", "")
    values = _values(visit, market, by, given)
    names = [field.name for field in values["credentials"]]
    if errors := _wrong(visit, names, given):
        return visit.refused(FORM, errors, **values)
    base_url = given.get("base_url", "")
    try:
        body = NewChannel(
            code=given["code"],
            marketplace=market.code,
            site=given.get("site") or None,
            currency=given.get("currency") or None,
            credentials={name: given[name] for name in names},
            settings={"base_url": base_url} if base_url else {},
            by_consent=values["by_consent"],
        )
        channel = add(visit.session, visit.installation, body)
    except (LookupError, ValueError) as error:
        told = visit.say("Not added: %(why)s", why=_told(visit, error))
        return visit.refused(FORM, {"code": told}, **values)
    record(visit, "channel.add", f"channel:{channel.code}", after=shown(channel))
    return visit.to(f"/channels/{channel.code}", visit.say("Added. Check now whether it opens."))


def _wrong(visit: Visit, names: list[str], given: Mapping[str, str]) -> dict[str, str]:
    errors = {name: visit.say("This is needed.") for name in names if not given.get(name)}
    if not channel_care.CODE.fullmatch(given.get("code", "")):
        errors["code"] = visit.say("Write small letters, digits and hyphens, such as shopify-us.")
    return errors


def _told(visit: Visit, error: Exception) -> str:
    """Why; of what pydantic says the first line, for the others repeat what was typed."""
    if isinstance(error, Refused | Missing):
        return refusal_told(visit, error)
    return quoted(str(error).splitlines()[0])
