"""Take over what stands on a marketplace already: matched, never made a second time.

What is surely ours by SKU or GTIN gets its listing at once, with nothing accepted yet, so that the
next pass changes it as any other. The rest is proposed to a person. It may be killed at any time.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from catalog.chunks import chunks
from catalog.models import Product
from catalog.refusals import Refused, because
from connectors.errors import ConnectorError
from connectors.protocol import Connector, Remote, RemoteListing
from images.fetch import Web
from jobs import listings
from jobs.bench import batches
from jobs.drift_models import Adoption, AdoptionState, Likeness
from jobs.likeness import Match, Wares, looks, match
from jobs.models import Channel, Listing
from jobs.remote_pictures import fingerprint_at
from jobs.sync import Workshop
from jobs.wares import free_products, pictures, wares_for

# Listings matched in one transaction.
BATCH = 100


@dataclass(frozen=True, slots=True)
class Matched:
    """A listing that no listing of ours named, and what became of it."""

    remote_id: str
    title: str
    product: str | None
    likeness: Likeness
    score: int
    state: AdoptionState
    why: str = ""


@dataclass(slots=True)
class Adopted:
    """One channel looked through: how many listings are there, and those that were not ours."""

    channel: str
    told: int = 0
    matched: list[Matched] = field(default_factory=list)
    trouble: str | None = None

    def in_state(self, state: AdoptionState) -> list[Matched]:
        """Those that are in a state now."""
        return [one for one in self.matched if one.state is state]


def adopt(
    shop: Workshop, channel: Channel, *, dry_run: bool = False, web: Web | None = None
) -> Adopted:
    """Match every listing of `channel` that is not ours yet, and take over what surely is.

    What a person declined is not asked about again. Trouble is told in the result.
    """
    result = Adopted(channel.code)
    if channel.paused_reason:
        result.trouble = f"paused: {channel.paused_reason}"
        return result
    shop.progress.stage(channel.code, "listings", 0)
    try:
        with closing(shop.connect(channel)) as connector:
            desk = _Desk(shop, channel, connector, web or Web(), result, dry_run)
            off_sale: list[RemoteListing] = []
            for batch in batches(connector.listings(), BATCH):
                desk.take([shown for shown in batch if shown.present])
                off_sale += (shown for shown in batch if not shown.present)
            # A shop keeps what it has ended under the same SKU: what is for sale comes first.
            for some in chunks(off_sale, BATCH):
                desk.take(some)
    except ConnectorError as error:
        result.trouble = f"{type(error).__name__}: {error}"
    return result


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where the listings of one channel are matched."""

    shop: Workshop
    channel: Channel
    connector: Connector
    web: Web
    result: Adopted
    rehearsal: bool

    def take(self, batch: Sequence[RemoteListing]) -> None:
        """Match a batch; pictures are fetched while no transaction is open."""
        self.result.told += len(batch)
        with self.shop.sessions() as session:
            strangers = _strangers(session, self.channel, batch)
            self._take_over(session, strangers)
            self._end(session)
        unlike = [one for one in strangers if one.remote.id not in self._done()]
        if unlike:
            seen = {one.remote.id: self._picture(one) for one in unlike}
            with self.shop.sessions() as session:
                self._propose_by_looks(session, unlike, seen)
                self._end(session)
        for _ in batch:
            self.shop.progress.advance(self.channel.code)

    def _done(self) -> set[str]:
        return {one.remote_id for one in self.result.matched}

    def _end(self, session: Session) -> None:
        session.rollback() if self.rehearsal else session.commit()

    def _take_over(self, session: Session, strangers: Sequence[RemoteListing]) -> None:
        """Take over what is ours by SKU or GTIN; what only may be so is proposed."""
        wares = wares_for(session, self.channel, strangers)
        taken: set[int] = set()
        for shown in strangers:
            left = Wares(wares.skus, wares.gtins, wares.free - taken)
            renames = self.connector.limits.renames_skus
            found = match(shown, left, renames_skus=renames)
            if found and found.certain and found.product_id:
                taken.add(found.product_id)
                take_over(session, self.channel, found.product_id, shown.remote)
            if found:
                self._keep(session, shown, found)

    def _propose_by_looks(
        self, session: Session, unlike: Sequence[RemoteListing], seen: Mapping[str, int | None]
    ) -> None:
        titles = free_products(session, self.channel)
        fingerprints = pictures(session, list(titles)) if any(seen.values()) else {}
        wares = Wares({}, {}, frozenset(titles), titles, fingerprints)
        for shown in unlike:
            self._keep(session, shown, looks(shown, wares, seen[shown.remote.id]))

    def _picture(self, shown: RemoteListing) -> int | None:
        address = next(iter(shown.photo_urls), None)
        return fingerprint_at(self.channel, address, self.web) if address else None

    def _keep(self, session: Session, shown: RemoteListing, found: Match) -> None:
        """Write what became of a listing."""
        row = session.exec(
            select(Adoption).where(
                Adoption.channel_id == self.channel.id, Adoption.remote_id == shown.remote.id
            )
        ).first() or Adoption(channel_id=self.channel.id or 0, remote_id=shown.remote.id)
        row.title, row.remote = (
            shown.title,
            remote_json(shown)
            | {
                "why": found.why,
                "renames_skus": self.connector.limits.renames_skus,
            },
        )
        row.product_id, row.likeness, row.score = found.product_id, found.likeness, found.score
        row.state = AdoptionState.ADOPTED if found.certain else AdoptionState.PROPOSED
        row.found_at = self.shop.clock.now()
        session.add(row)
        product = session.get(Product, found.product_id) if found.product_id else None
        self.result.matched.append(
            Matched(
                shown.remote.id,
                shown.title,
                product.code if product else None,
                found.likeness,
                found.score,
                row.state,
                found.why,
            )
        )


def _strangers(
    session: Session, channel: Channel, batch: Sequence[RemoteListing]
) -> list[RemoteListing]:
    """Those of a batch that no listing of ours names, and that nobody declined."""
    ids = [shown.remote.id for shown in batch]
    ours = select(Listing.remote_id).where(
        Listing.channel_id == channel.id, col(Listing.remote_id).in_(ids)
    )
    declined = select(Adoption.remote_id).where(
        Adoption.channel_id == channel.id,
        col(Adoption.remote_id).in_(ids),
        Adoption.state == AdoptionState.DECLINED,
    )
    known = {*session.exec(ours), *session.exec(declined)}
    return [shown for shown in batch if shown.remote.id not in known]


def take_over(session: Session, channel: Channel, product_id: int, remote: Remote) -> None:
    """Make `remote` the listing of a product on `channel`. The caller commits.

    Raises:
        ValueError: the product has another listing there.
    """
    listing = session.exec(
        select(Listing).where(Listing.channel_id == channel.id, Listing.product_id == product_id)
    ).first()
    if listing and listing.remote_id not in {None, remote.id}:
        raise Refused(
            because(
                "listed_already",
                "the product is listed on %(channel)s already: %(listing)s",
                channel=channel.code,
                listing=listing.remote_id,
            )
        )
    listing_id = listing and listing.id
    listing_id = listing_id or listings.begin(session, channel, [product_id])[product_id]
    listings.take_over(session, listing_id, remote)


def remote_json(shown: RemoteListing) -> dict[str, object]:
    """A listing as an adoption keeps it."""
    return {
        "id": shown.remote.id,
        "parts": dict(shown.remote.parts),
        "skus": [offer.sku for offer in shown.offers],
        "gtins": [offer.gtin for offer in shown.offers if offer.gtin],
        "photo": next(iter(shown.photo_urls), None),
    }
