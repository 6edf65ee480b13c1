"""Listings in the database: which may have changed, what we know of them, what came of a push."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, insert, or_, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from catalog.chunks import chunks
from catalog.models import Product, Variant
from connectors.protocol import (
    Accepted,
    Claimed,
    Deferred,
    Facet,
    Issue,
    Outcome,
    Pending,
    Receipt,
    Rejected,
    Remote,
    Severity,
    digest,
)
from jobs.listing_states import state_of
from jobs.models import (
    Channel,
    Listing,
    ListingFacet,
    ListingIssue,
    ListingState,
    Origin,
)
from jobs.plan import Known, KnownFacet

# Listings that one statement names.
DOUBTED_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Seen:
    """The revisions that a draft was made from, and when it is due again though none moves on."""

    product: int
    stock: int
    policy: int
    again: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stale:
    """A listing that may have changed since it was last compared; no id for a new one."""

    product_id: int
    listing_id: int | None
    seen: Seen


def stale(session: Session, channel: Channel, now: datetime) -> list[Stale]:
    """Every product whose listing on `channel` may differ from its draft: one query.

    What is deferred to a later moment is left out until then, and what is held until it is
    approved.
    """
    policy = channel.policy_revision
    rows = session.exec(
        select(Product.id, Listing.id, Product.revision, Product.stock_revision)
        .select_from(Product)
        .join(
            Listing,
            and_(
                col(Listing.product_id) == col(Product.id),
                col(Listing.channel_id) == channel.id,
            ),
            isouter=True,
        )
        .where(
            or_(
                col(Listing.id).is_(None),
                col(Listing.seen_product) != col(Product.revision),
                col(Listing.seen_stock) != col(Product.stock_revision),
                col(Listing.seen_policy) != policy,
                col(Listing.look_again_at) <= now,
            ),
            or_(col(Listing.deferred_until).is_(None), col(Listing.deferred_until) <= now),
            col(Listing.held_at).is_(None),
        )
        .order_by(col(Product.id))
    )
    return [Stale(p, li, Seen(rev, stock, policy)) for p, li, rev, stock in rows if p is not None]


def moved(session: Session, channel: Channel, now: datetime) -> list[Stale]:
    """The listings there whose product's stock moved since they were last compared: one query."""
    rows = session.exec(
        select(Product.id, Listing.id, Product.revision, Product.stock_revision)
        .join(Listing, col(Listing.product_id) == col(Product.id))
        .where(
            Listing.channel_id == channel.id,
            col(Listing.remote_id).is_not(None),
            col(Listing.seen_stock) != col(Product.stock_revision),
            or_(col(Listing.deferred_until).is_(None), col(Listing.deferred_until) <= now),
        )
        .order_by(col(Product.id))
    )
    seen = channel.policy_revision
    return [Stale(p, li, Seen(rev, stock, seen)) for p, li, rev, stock in rows if p is not None]


def channels_behind(session: Session) -> list[str]:
    """The codes of the channels with listings whose product's stock moved: one query."""
    return list(
        session.exec(
            select(Channel.code)
            .join(Listing, col(Listing.channel_id) == col(Channel.id))
            .join(Product, col(Product.id) == col(Listing.product_id))
            .where(
                col(Listing.remote_id).is_not(None),
                col(Listing.seen_stock) != col(Product.stock_revision),
            )
            .distinct()
            .order_by(col(Channel.code))
        )
    )


def known(session: Session, listing_ids: Sequence[int]) -> dict[int, Known]:
    """What we know of those listings on their marketplaces."""
    facets: dict[int, dict[Facet, KnownFacet]] = {}
    for row in session.exec(
        select(ListingFacet).where(col(ListingFacet.listing_id).in_(listing_ids))
    ):
        facets.setdefault(row.listing_id, {})[row.facet] = KnownFacet(
            row.accepted_digest,
            row.accepted,
            row.refused_digest,
            row.pending_digest,
            row.accepted_at,
        )
    listings = session.exec(select(Listing).where(col(Listing.id).in_(listing_ids)))
    return {
        listing.id: Known(
            Remote(listing.remote_id, listing.remote_parts) if listing.remote_id else None,
            listing.in_flight_since is not None and listing.remote_id is None,
            facets.get(listing.id, {}),
        )
        for listing in listings
        if listing.id is not None
    }


def begin(session: Session, channel: Channel, product_ids: Iterable[int]) -> dict[int, int]:
    """Listings for products that have none on `channel` yet; their ids by product."""
    new = [Listing(channel_id=channel.id or 0, product_id=product) for product in product_ids]
    session.add_all(new)
    session.flush()
    return {listing.product_id: listing.id for listing in new if listing.id is not None}


def mark_in_flight(session: Session, listing_ids: Sequence[int], now: datetime) -> None:
    """Store the intention to create, before the call that creates."""
    for listing in session.exec(select(Listing).where(col(Listing.id).in_(listing_ids))):
        listing.in_flight_since = now
        if listing.state is ListingState.WAITING:
            listing.state = ListingState.IN_FLIGHT


def doubt(session: Session, listing_ids: Sequence[int], facets: Collection[Facet]) -> None:
    """Forget that these facets were accepted: others are being sent, and may get there unheard.

    Until an answer is recorded they are to be sent again, whatever the draft asks for by then.
    """
    for chunk in chunks(listing_ids, DOUBTED_AT_ONCE):
        session.execute(
            update(ListingFacet)
            .where(
                col(ListingFacet.listing_id).in_(chunk),
                col(ListingFacet.facet).in_(sorted(facets)),
            )
            .values(accepted_digest=None)
            .execution_options(synchronize_session=False)
        )


def mark_seen(session: Session, seen: Mapping[int, Seen]) -> None:
    """These listings were compared at these revisions, and nothing of them is left to send."""
    for listing in session.exec(select(Listing).where(col(Listing.id).in_(seen))):
        revisions = seen[listing.id or 0]
        listing.seen_product = revisions.product
        listing.seen_stock = revisions.stock
        listing.seen_policy = revisions.policy
        listing.deferred_until = None
        listing.look_again_at = revisions.again


def record(
    session: Session,
    listing_id: int,
    outcome: Outcome,
    values: Mapping[Facet, Mapping[str, object]],
    now: datetime,
) -> None:
    """Write what came of a push. `values` are the facets as the draft had them."""
    listing = session.get_one(Listing, listing_id)
    rows = _Facets(session, listing_id)
    _note(session, listing, rows, outcome, values, now)
    rows.tell(listing)


def _note(
    session: Session,
    listing: Listing,
    rows: "_Facets",
    outcome: Outcome,
    values: Mapping[Facet, Mapping[str, object]],
    now: datetime,
) -> None:
    listing_id = listing.id or 0
    match outcome:
        case Claimed(remote=remote):
            _remember(listing, remote)
        case Accepted(facets=facets, remote=remote, issues=issues):
            _remember(listing, remote)
            _accept(rows, {f: values[f] for f in facets}, now)
            complain(session, listing_id, facets, issues, now)
        case Pending(receipt=receipt, remote=remote):
            if remote:
                _remember(listing, remote)
            _await(rows, receipt, values)
        case Rejected(facets=facets, issues=issues):
            # The marketplace answered: nothing is in flight any more.
            listing.in_flight_since = None
            _refuse(rows, {f: values[f] for f in blamed(facets, issues)})
            complain(session, listing_id, facets, issues, now)
        case Deferred(facets=facets, until=until):
            listing.in_flight_since = None
            listing.deferred_until = until
            # What was taken and then put off has to be compared, and sent, again.
            listing.seen_product = 0
            for facet in facets:
                _settle(rows.row(facet))


def _remember(listing: Listing, remote: Remote) -> None:
    listing.remote_id = remote.id
    listing.remote_parts = dict(remote.parts)
    listing.in_flight_since = None


def resend(
    session: Session,
    listing_id: int,
    facets: Iterable[Facet],
    shown: Mapping[str, int] | None = None,
) -> None:
    """Forget that the marketplace accepted these facets: the next pass sends ours again.

    `shown` are the units that it shows now by SKU, so that a pass knows whether it will show
    fewer. What was accepted of a price stays known, because the next price depends on it.
    """
    rows = _Facets(session, listing_id)
    for facet in facets:
        row = rows.row(facet)
        row.accepted_digest = row.refused_digest = None
        if facet is Facet.STOCK and shown:
            row.accepted = {**(row.accepted or {}), **shown}
    listing = session.get_one(Listing, listing_id)
    rows.tell(listing)
    _look_again(listing)


# No draft has this digest.
_DOUBTED = "moved by an order"


def doubt_stock(session: Session, channel: Channel, variant_ids: Collection[int]) -> None:
    """Have the stock and presence that `channel` accepted of these variants' products sent again.

    An order moved the market's own figure, and may have ended the listing; whether they are ours
    still, nobody knows. What is judged now was sent before that, so its acceptance will not do.
    """
    rows = session.exec(
        select(ListingFacet)
        .join(Listing, col(Listing.id) == col(ListingFacet.listing_id))
        .join(Variant, col(Variant.product_id) == col(Listing.product_id))
        .where(
            Listing.channel_id == channel.id,
            col(ListingFacet.facet).in_([Facet.STOCK, Facet.PRESENCE]),
            col(Variant.id).in_(variant_ids),
        )
        .distinct()
    )
    for row in rows:
        # An order that came and went moved nothing of ours: no revision tells of it.
        session.get_one(Listing, row.listing_id).seen_stock = 0
        row.accepted_digest = row.accepted_digest and _DOUBTED
        if row.pending is not None:
            row.pending = dict.fromkeys(row.pending)
            row.pending_digest = digest(row.pending)


def relist(session: Session, listing_id: int, now: datetime) -> None:
    """Forget a listing that the marketplace tells of no more.

    It is left as a create that was begun: the connector looks for it by SKU before it makes
    another.
    """
    listing = session.get_one(Listing, listing_id)
    listing.remote_id, listing.remote_parts, listing.in_flight_since = None, {}, now
    listing.state = state_of(listing, {})
    session.execute(delete(ListingFacet).where(col(ListingFacet.listing_id) == listing_id))
    _look_again(listing)


def take_over(session: Session, listing_id: int, remote: Remote) -> None:
    """A listing stands at `remote`, and nothing of it was accepted from us yet.

    The next pass sends every facet, as changes of what is there.
    """
    listing = session.get_one(Listing, listing_id)
    _remember(listing, remote)
    listing.state = state_of(listing, {})
    session.execute(delete(ListingFacet).where(col(ListingFacet.listing_id) == listing_id))
    _look_again(listing)


def locate(
    session: Session, listing_id: int, parts: Mapping[str, str], *, afresh: bool = False
) -> None:
    """Remember what the marketplace told just now of a listing's parts, beside what is known.

    `afresh` forgets what was known: pictures and the like are sent anew.
    """
    listing = session.get_one(Listing, listing_id)
    listing.remote_parts = dict(parts) if afresh else {**listing.remote_parts, **parts}


def acknowledge(
    session: Session, listing_id: int, facet: Facet, value: Mapping[str, object], now: datetime
) -> None:
    """Count `value`, which the marketplace shows, as accepted from us."""
    rows, listing = _Facets(session, listing_id), session.get_one(Listing, listing_id)
    _accept(rows, {facet: value}, now)
    rows.tell(listing)
    _look_again(listing)


def _look_again(listing: Listing) -> None:
    # No product has this revision: the next pass drafts and compares it.
    listing.seen_product = 0
    listing.deferred_until = None


class _Facets:
    """The rows of one listing's facets, read once, and made where they are missing."""

    def __init__(self, session: Session, listing_id: int) -> None:
        self._session, self._listing_id = session, listing_id
        rows = session.exec(select(ListingFacet).where(ListingFacet.listing_id == listing_id))
        self._rows = {row.facet: row for row in rows}

    def row(self, facet: Facet) -> ListingFacet:
        """The row of `facet`."""
        if facet not in self._rows:
            self._rows[facet] = ListingFacet(listing_id=self._listing_id, facet=facet)
            self._session.add(self._rows[facet])
        return self._rows[facet]

    def tell(self, listing: Listing) -> None:
        """Write into `listing`, whose facets these are, how it stands."""
        listing.state = state_of(listing, self._rows)


def _accept(facets: _Facets, values: Mapping[Facet, Mapping[str, object]], now: datetime) -> None:
    for facet, value in values.items():
        row = facets.row(facet)
        row.accepted_digest, row.accepted, row.accepted_at = digest(value), dict(value), now
        row.refused_digest = None
        _settle(row)


def _refuse(facets: _Facets, values: Mapping[Facet, Mapping[str, object]]) -> None:
    for facet, value in values.items():
        row = facets.row(facet)
        row.refused_digest = digest(value)
        _settle(row)


def _await(facets: _Facets, receipt: Receipt, values: Mapping[Facet, Mapping[str, object]]) -> None:
    for facet in receipt.facets:
        row = facets.row(facet)
        row.pending_digest, row.pending = digest(values[facet]), dict(values[facet])
        row.pending_operation, row.pending_place = receipt.operation, receipt.place


def _settle(row: ListingFacet) -> None:
    row.pending_digest, row.pending = None, None
    row.pending_operation, row.pending_place = None, ""


def complain(
    session: Session,
    listing_id: int,
    facets: Iterable[Facet],
    issues: Sequence[Issue],
    now: datetime,
) -> None:
    """Replace what was complained of these facets of a listing by `issues`."""
    judged = sorted(facets)
    session.execute(
        delete(ListingIssue).where(
            col(ListingIssue.listing_id) == listing_id,
            col(ListingIssue.origin) == Origin.MARKET,
            col(ListingIssue.facet).in_(judged),
        )
    )
    for issue in issues:
        blamed = facet_of(issue)
        facet = blamed if blamed in judged else judged[0]
        session.add(ListingIssue(**_fields(listing_id, Origin.MARKET, facet, issue, now)))


def remark(session: Session, remarks: Mapping[int, Sequence[Issue]], now: datetime) -> None:
    """Replace what is said of these listings' drafts; what was said before is not written again.

    `remarks` are by listing id; the caller keeps them to some hundreds.
    """
    before: dict[int, dict[Issue, int]] = {listing_id: {} for listing_id in remarks}
    # Columns and not rows, and two statements for all: advice may be that of every listing.
    for id_, listing_id, *said in session.execute(
        columns(
            col(ListingIssue.id),
            col(ListingIssue.listing_id),
            col(ListingIssue.code),
            col(ListingIssue.message),
            col(ListingIssue.severity),
            col(ListingIssue.field),
            col(ListingIssue.sku),
        ).where(col(ListingIssue.listing_id).in_(remarks), col(ListingIssue.origin) == Origin.DRAFT)
    ):
        before[listing_id][Issue(*said)] = id_
    settled = [
        id_
        for listing_id, told in before.items()
        for issue, id_ in told.items()
        if issue not in remarks[listing_id]
    ]
    new = [
        _fields(listing_id, Origin.DRAFT, facet_of(issue), issue, now)
        for listing_id, issues in remarks.items()
        for issue in dict.fromkeys(issues)
        if issue not in before[listing_id]
    ]
    if settled:
        session.execute(delete(ListingIssue).where(col(ListingIssue.id).in_(settled)))
    if new:
        session.execute(insert(ListingIssue), new)


def _fields(
    listing_id: int, origin: Origin, facet: Facet, issue: Issue, now: datetime
) -> dict[str, Any]:
    return {
        "listing_id": listing_id,
        "origin": origin,
        "facet": facet,
        "code": issue.code,
        "severity": issue.severity,
        "message": issue.message,
        "field": issue.field,
        "sku": issue.sku,
        "raised_at": now,
    }


# What keeps a listing off its market before advice: "error" is before "warning".
GRAVEST_FIRST = (col(ListingIssue.severity), col(ListingIssue.id))

_FACET_OF_FIELD = {
    "price": Facet.PRICE,
    "photos": Facet.MEDIA,
    "available": Facet.STOCK,
    "present": Facet.PRESENCE,
}


def facet_of(issue: Issue) -> Facet:
    """The facet that an issue speaks of, by its field; content where the field is none of ours."""
    return _FACET_OF_FIELD.get(issue.field or "", Facet.CONTENT)


def blamed(facets: frozenset[Facet], issues: Iterable[Issue]) -> frozenset[Facet]:
    """Those of the refused `facets` that the errors speak of; all where they speak of none."""
    errors = (issue for issue in issues if issue.severity is Severity.ERROR)
    return frozenset(map(facet_of, errors)) & facets or facets


def awaited(session: Session, channel: Channel) -> Iterator[tuple[int, Receipt]]:
    """The receipts of all that the marketplace is still judging, with their listings' ids."""
    pending = col(ListingFacet.pending_operation)
    # Columns and not rows: thousands may be pending, each with the whole value that is judged.
    rows = session.execute(
        columns(
            col(ListingFacet.listing_id),
            col(Product.code),
            pending,
            col(ListingFacet.pending_place),
            col(ListingFacet.facet),
        )
        .join(Listing, col(Listing.id) == col(ListingFacet.listing_id))
        .join(Product, col(Product.id) == col(Listing.product_id))
        .where(col(Listing.channel_id) == channel.id, pending.is_not(None))
    )
    facets: dict[tuple[int, str, str, str], set[Facet]] = {}
    for listing_id, code, operation, place, facet in rows:
        facets.setdefault((listing_id, code, operation or "", place), set()).add(facet)
    for (listing_id, code, operation, place), judged in facets.items():
        yield listing_id, Receipt(code, frozenset(judged), operation, place)


def pending_values(session: Session, listing_id: int) -> dict[Facet, dict[str, object]]:
    """The values that the marketplace is still judging of a listing."""
    rows = session.exec(
        select(ListingFacet).where(
            col(ListingFacet.listing_id) == listing_id,
            col(ListingFacet.pending_operation).is_not(None),
        )
    )
    return {row.facet: dict(row.pending or {}) for row in rows}
