"""Prices of channels: their terms, why one is what it is, and what another rate would change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from moneyed import Money
from sqlalchemy import and_, true
from sqlmodel import Session, col, select

from catalog.models import Product, Variant
from catalog.pricing import fees
from catalog.pricing.policy import PricePolicy, read_policy
from catalog.pricing.price import Cost, Hold, Priced, Shown, price
from catalog.pricing.rates import Rate
from catalog.pricing.staleness import Staleness
from catalog.pricing.steps import Explained
from catalog.pricing.steps import explain as explain_price
from catalog.pricing.terms import PriceTerms, tax_for
from catalog.refusals import Why, first_why
from connectors import protocol
from connectors.protocol import Facet, Site
from jobs.models import Channel, Listing, ListingFacet
from jobs.plan import KnownFacet

# Listings whose prices are read at a time: bounds what a query names and what is held at once.
CHUNK = 400


def price_terms_of(
    channel: Channel,
    site: Site,
    rates: Mapping[str, Rate],
) -> PriceTerms:
    """What prices of `channel` are made with. On a practice market rates are never too old.

    Raises:
        ValueError: the channel's policy cannot be read, or fits neither currency nor country.
    """
    policy = read_policy(channel.policy.get("price", {}))
    return price_terms_under(policy, channel.currency, site, rates, staleness_of(channel))


def staleness_of(channel: Channel) -> Staleness:
    """How old the channel's rates may be."""
    # Another server than the marketplace's own is a sandbox: nobody is paid there.
    return Staleness(None, None) if "base_url" in channel.settings else Staleness()


def price_terms_under(
    policy: PricePolicy,
    currency: str,
    site: Site,
    rates: Mapping[str, Rate],
    staleness: Staleness | None = None,
) -> PriceTerms:
    """The same under a policy that need not be the channel's yet. Raises ValueError as well."""
    country = site.country or policy.country
    published = tuple(_fee(fee) for fee in site.fees)
    return PriceTerms(
        currency,
        country,
        rates,
        policy,
        published if policy.fees is None else policy.fees,
        tax_for(country, policy),
        staleness or Staleness(),
    )


def _fee(fee: protocol.Fee) -> fees.Fee:
    return fees.Fee(fee.name, fee.percent, fee.fixed, fee.minimum, fee.source)


def digest_inputs(terms: PriceTerms) -> dict[str, Any]:
    """All that prices under `terms` depend on beside the maker's, as plain JSON for a digest.

    A rate counts with its date: what stale rates kept back is looked at again once they are new.
    """
    return {
        "currency": terms.currency,
        "country": terms.country,
        "rates": {code: [str(r.mad_per_unit), str(r.date)] for code, r in terms.rates.items()},
        "policy": plain(asdict(terms.policy)),
        "fees": plain([asdict(fee) for fee in terms.fees]),
        "tax": str(terms.tax.percent) if terms.tax else None,
        "charm": list(terms.charm.endings),
        "tariff": plain(terms.tariff.steps) if terms.policy.shipping_share else None,
        "freeze_days": terms.staleness.freeze_days,
    }


def plain(value: Any) -> Any:
    """`value` in what JSON knows: money and numbers as exact texts, moments in ISO 8601."""
    match value:
        case None | bool() | int() | str():
            return value
        case Mapping():
            return {str(name): plain(part) for name, part in value.items()}
        case list() | tuple():
            return [plain(part) for part in value]
        case Money():
            return money_text(value)
        case _:
            return str(value)


def money_text(money: Money) -> str:
    """An amount as the price facet writes it: '89.00 USD'."""
    return f"{money.amount} {money.currency.code}"


def shown_prices(facet: ListingFacet | KnownFacet | None) -> dict[str, Shown]:
    """What the market shows by SKU, and since when, of the price facet of a listing."""
    if facet is None or facet.accepted is None or facet.accepted_at is None:
        return {}
    return {sku: Shown(_money(text), facet.accepted_at) for sku, text in facet.accepted.items()}


def _money(text: str) -> Money:
    amount, _, currency = text.partition(" ")
    return Money(Decimal(amount), currency)


def cost_of(variant: Variant) -> Cost:
    """What a price of `variant` starts from."""
    return Cost(variant.price, variant.weight_g, variant.sku)


def variant_of(session: Session, sku: str, maker_id: int | None = None) -> Variant:
    """The variant of that SKU, of one maker or of any.

    Raises:
        LookupError: there is none.
    """
    variants = select(Variant).where(Variant.sku == sku)
    if maker_id is not None:
        theirs = select(Product.id).where(Product.maker_id == maker_id)
        variants = variants.where(col(Variant.product_id).in_(theirs))
    variant = session.exec(variants).first()
    if variant is None:
        raise LookupError(f"no product has the SKU {sku!r}")
    return variant


def explain(
    session: Session, channel: Channel, sku: str, terms: PriceTerms, now: datetime
) -> Explained:
    """The price of `sku` on `channel`, and how it came about. Writes nothing.

    Raises:
        LookupError: there is no such SKU, or no rate that serves.
    """
    variant = variant_of(session, sku)
    facet = session.exec(
        select(ListingFacet)
        .join(Listing)
        .where(
            col(Listing.channel_id) == channel.id,
            col(Listing.product_id) == variant.product_id,
            col(ListingFacet.facet) == Facet.PRICE,
        )
    ).first()
    return explain_price(cost_of(variant), terms, shown_prices(facet).get(sku), now)


@dataclass(frozen=True, slots=True)
class Repriced:
    """A SKU whose price would be another. `shown` is None where the market shows none yet.

    `trouble` says why there is none; then `new` is None.
    """

    sku: str
    shown: Money | None
    new: Money | None
    raised: bool = False
    trouble: Why | None = None


@dataclass(frozen=True, slots=True)
class Steady:
    """A SKU that stays as it is shown, and what holds it, if anything does."""

    sku: str
    held: Hold | None


def simulate(
    session: Session,
    channel: Channel,
    terms: PriceTerms,
    now: datetime,
    maker_id: int | None = None,
) -> Iterator[Repriced | Steady]:
    """What would become of every price on `channel` under `terms`, or of one maker's.

    Writes nothing. Looks at the SKUs of the channel's listings, some hundred at a time.
    """
    after = 0
    while listings := _listings(session, channel, after, maker_id):
        after = listings[-1][0]
        yield from _simulated(session, listings, terms, now)


def _listings(
    session: Session, channel: Channel, after: int, maker_id: int | None
) -> Sequence[tuple[int, int, ListingFacet | None]]:
    theirs = select(Product.id).where(Product.maker_id == maker_id)
    rows = session.exec(
        select(Listing.id, Listing.product_id, ListingFacet)
        .join(
            ListingFacet,
            and_(
                col(ListingFacet.listing_id) == col(Listing.id),
                col(ListingFacet.facet) == Facet.PRICE,
            ),
            isouter=True,
        )
        .where(col(Listing.channel_id) == channel.id, col(Listing.id) > after)
        .where(true() if maker_id is None else col(Listing.product_id).in_(theirs))
        .order_by(col(Listing.id))
        .limit(CHUNK)
    )
    return [(listing or 0, product, facet) for listing, product, facet in rows]


def _simulated(
    session: Session,
    listings: Sequence[tuple[int, int, ListingFacet | None]],
    terms: PriceTerms,
    now: datetime,
) -> Iterator[Repriced | Steady]:
    shown = {product: shown_prices(facet) for _, product, facet in listings}
    variants = session.exec(
        select(Variant)
        .where(col(Variant.product_id).in_(shown))
        .order_by(col(Variant.product_id), col(Variant.position), col(Variant.id))
    )
    for variant in variants:
        yield _change(cost_of(variant), terms, shown[variant.product_id].get(variant.sku), now)


def _change(cost: Cost, terms: PriceTerms, shown: Shown | None, now: datetime) -> Repriced | Steady:
    before = shown.price if shown else None
    try:
        priced: Priced = price(cost, terms, shown, now)
    except LookupError as missing:
        return Repriced(cost.sku, before, None, trouble=first_why(missing))
    if priced.price == before:
        return Steady(cost.sku, priced.held)
    return Repriced(cost.sku, before, priced.price, priced.raised)
