"""Every listing of a channel as its marketplace shows it, compared and settled batch by batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, groupby

from sqlmodel import Session, col, select

from catalog.chunks import chunks
from catalog.models import Product
from connectors.protocol import RemoteListing
from jobs import drift, listings, planning
from jobs.bench import Bench
from jobs.drift import Believed, Drift
from jobs.drift_answers import Answering, answer
from jobs.drift_models import Adoption, AdoptionState, Answer, DifferenceKind
from jobs.models import Channel, Listing
from jobs.policies import read_channel_policy
from jobs.reconcile_report import Found

# Listings settled in one transaction.
BATCH = 100


def compare_listings(bench: Bench) -> None:
    """Compare every listing of the channel; of one that has none of its own, nothing.

    Raises:
        ConnectorError: trouble with the channel.
    """
    if bench.connector.limits.tells_listings:
        bench.stage("listings")
        _Listings(bench, bench.shop.clock.now()).compare()


@dataclass(frozen=True, slots=True)
class _Listings:
    """Listings on their way through a comparison that began to read them then."""

    bench: Bench
    began: datetime

    def compare(self) -> None:
        """Compare every listing, and settle what differs."""
        bench, told, units = self.bench, set[str](), list[Drift]()
        with bench.shop.sessions() as session:
            expected = _listed(session, bench.channel)
        for batch in bench.batches(bench.connector.listings(), BATCH):
            told.update(shown.remote.id for shown in batch)
            with bench.report.writing() as session:
                units += self._compare_batch(session, batch)
            for _ in batch:
                bench.shop.progress.advance(bench.channel.code)
        bench.report.result.counts["listings_ours"] = len(expected)
        bench.report.result.counts["listings_theirs"] = len(told)
        self._settle_missing([id_ for id_, remote in expected.items() if remote not in told])
        if units:
            self._settle_units(units)

    def _settle_missing(self, listing_ids: Sequence[int]) -> None:
        """Settle what was expected there, and not told."""
        for ids in chunks(listing_ids, BATCH):
            with self.bench.report.writing() as session:
                gone = map(drift.missing, self._believed(session, Listing.id, ids))
                self._settle(session, [one for one in gone if one])

    def _compare_batch(self, session: Session, batch: Sequence[RemoteListing]) -> list[Drift]:
        """Settle what differs of these listings, but for their units, which are given back."""
        ids = [shown.remote.id for shown in batch]
        ours = {
            one.known.remote.id: one
            for one in self._believed(session, Listing.remote_id, ids)
            if one.known.remote
        }
        declined = _declined(session, self.bench.channel, ids)
        found: list[Drift] = []
        for shown in batch:
            if believed := ours.get(shown.remote.id):
                found += drift.compare(believed, shown, self.bench.connector.limits)
            elif shown.present and shown.remote.id not in declined:
                # What nobody can buy is a shop's own history.
                self._tell_unknown(session, shown)
        self._settle(session, [one for one in found if one.kind is not DifferenceKind.STOCK])
        return [one for one in found if one.kind is DifferenceKind.STOCK]

    def _believed(
        self, session: Session, column: object, values: Sequence[object]
    ) -> list[Believed]:
        """What we believe of the channel's listings whose `column` is among `values`."""
        rows = session.exec(
            select(Listing, Product.code)
            .join(Product, col(Product.id) == col(Listing.product_id))
            .where(Listing.channel_id == self.bench.channel.id, col(column).in_(values))
        ).all()
        known = listings.known(session, [listing.id for listing, _ in rows if listing.id])
        return [
            Believed(listing.id, listing.product_id, code, known[listing.id], self.began)
            for listing, code in rows
            if listing.id
        ]

    def _tell_unknown(self, session: Session, shown: RemoteListing) -> None:
        kind = DifferenceKind.UNKNOWN_LISTING
        skus = ", ".join(offer.sku for offer in shown.offers)
        theirs = f"{shown.title} ({skus})" if skus else shown.title
        self.bench.report.tell(
            session, Found(kind, shown.remote.id, drift.GONE, theirs, Answer.REPORTED)
        )

    def _settle_units(self, found: Sequence[Drift]) -> None:
        """Settle differences of stock, but for those that sales and unsent changes explain.

        Units may have been sold while the listings were read, so the orders are pulled again.
        """
        self.bench.pull()
        # A listing's differences are settled together.
        groups = [list(some) for _, some in groupby(found, lambda one: one.believed.listing_id)]
        for chunk in chunks(groups, BATCH):
            with self.bench.report.writing() as session:
                some = list(chain.from_iterable(chunk))
                available = self._units(session, some)
                unexplained = [
                    one
                    for one in some
                    if one.subject in available and not drift.explained(one, available[one.subject])
                ]
                self._settle(session, unexplained, available)

    def _units(self, session: Session, found: Sequence[Drift]) -> dict[str, int]:
        """What the channel should show now of those listings' SKUs, by our ledger."""
        shop, channel = self.bench.shop, session.get_one(Channel, self.bench.channel.id)
        listed = {one.believed.product_id: one.believed.listing_id for one in found}
        market = shop.market(channel)
        return planning.units(session, channel, market, shop.rates, shop.clock, listed)

    def _settle(
        self,
        session: Session,
        found: Sequence[Drift],
        available: Mapping[str, int] | None = None,
    ) -> None:
        channel = session.get_one(Channel, self.bench.channel.id)
        desk = Answering(
            session,
            channel,
            read_channel_policy(channel.policy).drift,
            f"reconcile:{channel.code}:{self.bench.report.id}",
            self.bench.shop.clock.now(),
        )
        # What sends a listing whole comes last: after it, nothing of it is as it was compared.
        ordered = sorted(
            found, key=lambda one: (one.believed.listing_id, len(one.facets), one.kind)
        )
        for _, group in groupby(ordered, lambda one: (one.believed.listing_id, one.kind)):
            drifts = list(group)
            if done := answer(desk, drifts, available or {}):
                for one in drifts:
                    id_ = one.believed.listing_id
                    self.bench.report.tell(
                        session, Found(one.kind, one.subject, one.ours, one.theirs, done, id_)
                    )


def _listed(session: Session, channel: Channel) -> dict[int, str]:
    """The remote ids of a channel's listings, by listing."""
    query = select(Listing.id, Listing.remote_id).where(Listing.channel_id == channel.id)
    rows = session.exec(query.where(col(Listing.remote_id).is_not(None)))
    return {id_: remote_id for id_, remote_id in rows if id_ and remote_id}


def _declined(session: Session, channel: Channel, remote_ids: Sequence[str]) -> set[str]:
    """Those listings that a person has said are not ours."""
    query = select(Adoption.remote_id).where(
        Adoption.channel_id == channel.id,
        col(Adoption.remote_id).in_(remote_ids),
        Adoption.state == AdoptionState.DECLINED,
    )
    return set(session.exec(query))
