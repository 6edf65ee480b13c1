"""What is done about a difference, by the channel's policy. The caller commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from connectors.protocol import Facet
from jobs import listings
from jobs.accepting import accept_prices, accept_stock, accept_words, whole_price
from jobs.drift import Drift, accepted_texts, nearest
from jobs.drift_models import Answer, DifferenceKind
from jobs.models import Channel
from jobs.policies import DriftPolicy, DriftRule


@dataclass(frozen=True, slots=True)
class Answering:
    """Where differences of one channel are answered. `source` names this comparison, once."""

    session: Session
    channel: Channel
    policy: DriftPolicy
    source: str
    now: datetime


def rule_for(policy: DriftPolicy, drift: Drift) -> DriftRule:
    """What the policy says of a difference; what we do not know is always left to a person."""
    match drift.kind:
        case DifferenceKind.PRICE:
            return policy.price
        case DifferenceKind.STOCK:
            return policy.stock
        case DifferenceKind.TEXT:
            return policy.text
        case DifferenceKind.IMAGES:
            return policy.images
        case DifferenceKind.PRESENCE | DifferenceKind.MISSING_LISTING:
            return policy.presence
        case _:
            return DriftRule.REPORT


def answer(desk: Answering, drifts: Sequence[Drift], available: Mapping[str, int]) -> Answer | None:
    """Answer differences of one kind on one listing; None where they have been settled meanwhile.

    `available` are our units by SKU, for differences of stock.
    """
    first = drifts[0]
    if _moved_on(desk.session, first):
        return None
    match rule_for(desk.policy, first):
        case DriftRule.OVERWRITE:
            _overwrite(desk, drifts)
            return Answer.OVERWRITTEN
        case DriftRule.ACCEPT if _accept(desk, drifts, available):
            return Answer.ACCEPTED
        case _:
            return Answer.REPORTED


def _moved_on(session: Session, drift: Drift) -> bool:
    """Whether another pass has changed what we believe since the comparison."""
    believed = drift.believed
    now = listings.known(session, [believed.listing_id]).get(believed.listing_id)
    before = believed.known
    return (
        now is None
        or (now.remote and now.remote.id) != (before.remote and before.remote.id)
        or any(now.facet(facet) != before.facet(facet) for facet in drift.facets)
    )


def _overwrite(desk: Answering, drifts: Sequence[Drift]) -> None:
    first = drifts[0]
    listing_id, shown = first.believed.listing_id, first.shown
    if shown is None:
        listings.relist(desk.session, listing_id, desk.now)
        return
    facets = frozenset[Facet]().union(*(drift.facets for drift in drifts))
    units = {offer.sku: offer.available for offer in shown.offers if offer.available is not None}
    listings.resend(desk.session, listing_id, facets, units)
    if facets & {Facet.PRESENCE, Facet.MEDIA}:
        # What the connector remembers of pictures and variants may be gone: it sends them anew.
        afresh = Facet.MEDIA in facets
        listings.locate(desk.session, listing_id, shown.remote.parts, afresh=afresh)


def _accept(desk: Answering, drifts: Sequence[Drift], available: Mapping[str, int]) -> bool:
    session, first = desk.session, drifts[0]
    believed, shown = first.believed, first.shown
    match first.kind:
        case DifferenceKind.STOCK:
            units = {drift.subject: int(drift.theirs) for drift in drifts}
            accept_stock(session, units, available, source=desk.source)
            _acknowledge(desk, first, Facet.STOCK, units)
            return True
        case DifferenceKind.PRICE:
            prices = {drift.subject: drift.theirs for drift in drifts}
            if not accept_prices(session, desk.channel, prices):
                return False
            whole = {sku: whole_price(text) for sku, text in prices.items()}
            _acknowledge(desk, first, Facet.PRICE, whole)
            return True
        case DifferenceKind.TEXT if shown is not None:
            ours = nearest(accepted_texts(believed), shown)
            place = (session, desk.channel, believed.product_id)
            if not accept_words(*place, ours, shown, desk.now):
                return False
            listings.resend(session, believed.listing_id, first.facets)
            return True
        case _:
            return False


def _acknowledge(desk: Answering, drift: Drift, facet: Facet, theirs: Mapping[str, object]) -> None:
    """Count what is shown there as accepted, so that nothing needs to be sent for it."""
    value = {**(drift.believed.accepted(facet) or {}), **theirs}
    listings.acknowledge(desk.session, drift.believed.listing_id, facet, value, desk.now)
