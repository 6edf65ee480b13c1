"""Plans of one channel: which listings may have changed, drafted and compared with the market."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from catalog import snapshots
from catalog.chunks import chunks
from catalog.pricing.rates import Rate
from catalog.translation.memory import languages_known, translations
from connectors.clock import Clock
from connectors.protocol import Facet, Issue, Marketplace
from jobs import listings
from jobs.drafts import Background, Terms, draft
from jobs.listing_texts import TextTerms
from jobs.listings import Seen, Stale
from jobs.models import Channel, Listing
from jobs.plan import Known, ListingPlan, compare
from jobs.policies import TextRule
from jobs.pricing import shown_prices
from jobs.terms import refresh, terms_of

# Products drafted at a time: bounds what a query names and what is read at once.
CHUNK = 400


@dataclass(frozen=True, slots=True)
class Undraftable:
    """A product of which no draft can be made for the channel."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Planned:
    """A listing that may have changed: its plan, and what its drafting has to say of it."""

    stale: Stale
    plan: ListingPlan | Undraftable
    remarks: tuple[Issue, ...] = ()


def plans(
    session: Session,
    channel: Channel,
    market: Marketplace,
    rates: Mapping[str, Rate],
    clock: Clock,
    *,
    stock_alone: bool = False,
) -> Iterator[Planned]:
    """Every listing that may have changed with its plan, or with why it cannot be drafted.

    With `stock_alone` only listings that are there, and whose product's stock moved.

    Reads no draft of a listing whose inputs stand as they did. Changes `channel` where its terms
    moved; commits nothing.
    """
    terms = terms_of(channel, market, rates)
    refresh(channel, terms)
    now = clock.now()
    spoken = _translated_languages(session, terms.text)
    look_at = listings.moved if stock_alone else listings.stale
    for chunk in chunks(look_at(session, channel, now), CHUNK):
        yield from _planned(session, chunk, terms, spoken, now)


def _translated_languages(session: Session, terms: TextTerms) -> Sequence[str]:
    """The languages in which the channel may show translations, where there are any at all."""
    return () if terms.rule is TextRule.COMPOSED else languages_known(session, terms.languages())


def _planned(
    session: Session,
    chunk: Sequence[Stale],
    terms: Terms,
    spoken: Sequence[str],
    now: datetime,
) -> Iterator[Planned]:
    known = listings.known(session, [item.listing_id for item in chunk if item.listing_id])
    by_product = {item.product_id: item for item in chunk}
    translated = translations(session, list(by_product), spoken) if spoken else {}
    for snapshot in snapshots.load(session, list(by_product)):
        product = snapshot.product
        item = by_product[product.id or 0]
        before = known.get(item.listing_id or 0, Known())
        background = Background(
            {
                language: translated[item.product_id, language]
                for language in spoken
                if (item.product_id, language) in translated
            },
            shown_prices(before.facet(Facet.PRICE)),
        )
        try:
            drafted = draft(snapshot, terms, now, background)
        except LookupError as missing:
            issue = Issue("no_rate", str(missing), field="price")
            yield Planned(item, Undraftable(product.code, product.title), (issue,))
            continue
        plan = compare(drafted.draft, before)
        due = replace(item, seen=replace(item.seen, again=drafted.again))
        yield Planned(due, plan, drafted.remarks)


def units(
    session: Session,
    channel: Channel,
    market: Marketplace,
    rates: Mapping[str, Rate],
    clock: Clock,
    listed: Mapping[int, int],
) -> dict[str, int]:
    """How many of each SKU `channel` should show now, of products by id with their listings.

    The caller keeps them to some hundreds. What cannot be drafted is left out.
    """
    terms = terms_of(channel, market, rates)
    items = [Stale(product, listing, Seen(0, 0, 0)) for product, listing in listed.items()]
    found = _planned(session, items, terms, (), clock.now())
    return {
        offer.sku: offer.available
        for item in found
        if isinstance(item.plan, ListingPlan)
        for offer in item.plan.draft.offers
    }


def plan_of(
    session: Session,
    channel: Channel,
    market: Marketplace,
    rates: Mapping[str, Rate],
    clock: Clock,
    listing: Listing,
) -> Planned | None:
    """What a pass would send of one listing now, held or not; None of a product without variants.

    Writes nothing, and asks no marketplace.
    """
    terms = terms_of(channel, market, rates)
    item = Stale(listing.product_id, listing.id, Seen(0, 0, 0))
    spoken = _translated_languages(session, terms.text)
    return next(_planned(session, [item], terms, spoken, clock.now()), None)
