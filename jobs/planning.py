"""Plans of one channel: which listings may have changed, drafted and compared with the market."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from catalog import snapshots
from catalog.pricing.rates import Rate
from connectors.clock import Clock
from connectors.protocol import Issue
from jobs import listings
from jobs.drafts import Terms, draft
from jobs.listings import Stale
from jobs.models import Channel
from jobs.plan import Known, ListingPlan, compare
from jobs.terms import refresh, terms_of

# Products drafted at a time: bounds what a query names and what is read at once.
CHUNK = 400


@dataclass(frozen=True, slots=True)
class Undraftable:
    """A product of which no draft can be made for the channel, and why."""

    key: str
    title: str
    issue: Issue


def plans(
    session: Session, channel: Channel, rates: Mapping[str, Rate], clock: Clock
) -> Iterator[tuple[Stale, ListingPlan | Undraftable]]:
    """Every listing that may have changed with its plan, or with why it cannot be drafted.

    Reads no draft of a listing whose inputs stand as they did. Changes `channel` where its terms
    moved; commits nothing.
    """
    terms = terms_of(channel, rates)
    refresh(channel, terms)
    waiting = listings.stale(session, channel, clock.now())
    for start in range(0, len(waiting), CHUNK):
        yield from _planned(session, waiting[start : start + CHUNK], terms)


def _planned(
    session: Session, chunk: Sequence[Stale], terms: Terms
) -> Iterator[tuple[Stale, ListingPlan | Undraftable]]:
    known = listings.known(session, [item.listing_id for item in chunk if item.listing_id])
    by_product = {item.product_id: item for item in chunk}
    for snapshot in snapshots.load(session, list(by_product)):
        item = by_product[snapshot.product.id or 0]
        try:
            shown = draft(snapshot, terms)
        except LookupError as missing:
            issue = Issue("no_rate", str(missing), field="price")
            yield item, Undraftable(snapshot.product.code, snapshot.product.title, issue)
            continue
        yield item, compare(shown, known.get(item.listing_id or 0, Known()))
