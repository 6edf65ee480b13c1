"""The orders of some days on both sides: a missing one is fetched, and every difference named."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from connectors.protocol import RemoteOrder, UnreadableOrder
from jobs import order_gaps, orders
from jobs.bench import Bench
from jobs.drift_models import Answer, DifferenceKind
from jobs.models import Order
from jobs.reconcile_report import Found

# Orders settled in one transaction.
BATCH = 50


def compare_orders(bench: Bench, days: int) -> None:
    """Compare the orders that changed in the last `days`.

    Raises:
        ConnectorError: trouble with the channel.
    """
    started = bench.shop.clock.now()
    bench.stage("orders")
    bench.pull()
    _Orders(bench, started).compare(started - timedelta(days=days))


@dataclass(frozen=True, slots=True)
class _Orders:
    """Orders on their way through a comparison that `started` then."""

    bench: Bench
    started: datetime
    books: order_gaps.Books = field(default_factory=order_gaps.Books)
    told: set[str] = field(default_factory=set)

    def compare(self, since: datetime) -> None:
        """Compare what changed since then."""
        for batch in self.bench.batches(self.bench.connector.orders(since), BATCH):
            with self.bench.account(), self.bench.report.writing() as session:
                known = self._known(session, batch)
                for order in batch:
                    self._enter(order, known.get(order.id))
                    self._compare_one(session, order, known.get(order.id))
        with self.bench.report.writing() as session:
            self._tell_untold(session, since)
        result = self.bench.report.result
        result.days = list(self.books)
        result.counts.update(self.books.counts())
        result.counts["orders"] = len(self.told)

    def _enter(self, order: RemoteOrder | UnreadableOrder, ours: Order | None) -> None:
        """Count an order on both sides; one that is told again counts once."""
        if order.id in self.told:
            return
        self.told.add(order.id)
        if isinstance(order, RemoteOrder):
            self.books.theirs(order)
        if ours:
            self.books.ours(ours)

    def _known(
        self, session: Session, batch: Sequence[RemoteOrder | UnreadableOrder]
    ) -> dict[str, Order]:
        ids = [order.id for order in batch]
        rows = session.exec(
            select(Order).where(
                Order.channel_id == self.bench.channel.id, col(Order.remote_id).in_(ids)
            )
        )
        return {row.remote_id: row for row in rows}

    def _compare_one(
        self, session: Session, order: RemoteOrder | UnreadableOrder, ours: Order | None
    ) -> None:
        told_late = ours and ours.unreadable is None and order.updated_at < ours.updated_at
        if told_late or order_gaps.same(order, ours):
            return
        stood = order_gaps.ours_says(ours)
        shop = self.bench.shop
        orders.bring_in(session, self.bench.channel, order, shop.sealer, now=shop.clock.now())
        session.flush()
        if order.updated_at >= self.started - orders.OVERLAP:
            # It came while the orders were read: no pull has missed it.
            return
        after = self._known(session, [order]).get(order.id)
        kind = DifferenceKind.ORDER if ours else DifferenceKind.MISSING_ORDER
        done = Answer.FETCHED if order_gaps.same(order, after) else Answer.REPORTED
        theirs = order_gaps.theirs_says(order)
        found = Found(kind, order_gaps.number_of(order), stood, theirs, done)
        self.bench.report.tell(session, found)

    def _tell_untold(self, session: Session, since: datetime) -> None:
        """Orders of ours that changed in those days, of which the marketplace says nothing."""
        # Not at the edges: one may have changed just before, or while the orders were read.
        edge = orders.OVERLAP
        rows = session.exec(
            select(Order).where(
                Order.channel_id == self.bench.channel.id,
                col(Order.updated_at) >= since + edge,
                col(Order.updated_at) < self.started - edge,
            )
        )
        for row in rows:
            if row.remote_id not in self.told:
                self.books.ours(row)
                says = (order_gaps.ours_says(row), order_gaps.NOT_TOLD)
                number = row.number or row.remote_id
                found = Found(DifferenceKind.ORDER, number, *says, Answer.REPORTED)
                self.bench.report.tell(session, found)
