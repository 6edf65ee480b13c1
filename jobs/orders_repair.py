"""Recompute what follows of each order, and tell what changed: after new rates, for audits."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from catalog.chunks import chunks
from jobs.models import Channel, Order
from jobs.order_figures import Booked, booked, work_out_again
from jobs.order_lines import lines_of

CHUNK = 200
# What is computed, and of nothing but what is stored.
FIGURES = (
    "stage",
    "refunded_minor",
    "fees_minor",
    "total_mad_minor",
    "mad_rate",
    "mad_rate_date",
    "shipped_at",
)


@dataclass(frozen=True, slots=True)
class Repaired:
    """An order whose figures were others than they should be: name to [before, after]."""

    channel: str
    number: str
    figures: dict[str, tuple[Any, Any]]


def repair(session: Session, channel: Channel) -> Iterator[Repaired]:
    """Compute the figures of all orders of `channel` anew; those that changed. The caller commits.

    It must be read to its end.
    """
    ids = session.exec(select(Order.id).where(Order.channel_id == channel.id)).all()
    for some in chunks(ids, CHUNK):
        orders = session.exec(select(Order).where(col(Order.id).in_(some))).all()
        books = booked(session, orders)
        for order in orders:
            if figures := _repaired(session, order, books.get(order.id or 0, Booked())):
                yield Repaired(channel.code, order.number or order.remote_id, figures)


def _repaired(session: Session, order: Order, books: Booked) -> dict[str, tuple[Any, Any]]:
    before = {name: getattr(order, name) for name in FIGURES}
    work_out_again(session, order, lines_of(session, order), books)
    session.add(order)
    after = {name: getattr(order, name) for name in FIGURES}
    return {name: (before[name], after[name]) for name in FIGURES if before[name] != after[name]}
