"""What marketplaces book for orders: kept once, summed up into each order's fees and refunds."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from catalog.chunks import chunks
from catalog.money import minor_units
from connectors.errors import Refused
from connectors.protocol import Connector, Settlement
from jobs.models import Channel, Order
from jobs.order_figures import Booked, booked, work_out_again
from jobs.order_lines import lines_of
from jobs.order_models import SettlementEntry
from jobs.push import Desk

# Books are slow to read and poor in quota, and nothing waits for them.
AT_MOST_EVERY = timedelta(hours=1)
# "Financial events might not include orders from the last 48 hours"; a day more costs little.
# Source: Amazon's Finances API v2024-06-19, operation listTransactions.
OVERLAP = timedelta(days=3)
# Bookings written in one transaction.
BATCH = 200


def pull(
    desk: Desk, connector: Connector, channel: Channel, *, asked: bool = False, keep: bool = True
) -> None:
    """Bring in what was booked since the last time, with some overlap; at most once an hour.

    With `asked` a person wants it now. Without `keep` bookings are counted, nothing is stored.

    Raises:
        Refused: the books are closed to us, or some of them cannot be understood; it is as much
            as there is to have, so they are asked for again as late as if all had been read.
        ConnectorError: trouble with the channel; what came before it is kept.
    """
    now = desk.clock.now()
    last = channel.settled_until
    if last and timedelta(0) <= now - last < AT_MOST_EVERY and not asked:
        return
    since = min(last or channel.created_at, now) - OVERLAP
    waiting: list[Settlement] = []
    refused: Refused | None = None
    try:
        for booking in connector.settlements(since):
            waiting.append(booking)
            if len(waiting) >= BATCH:
                _write(desk, channel, waiting, keep=keep)
                waiting.clear()
                if desk.interrupted():
                    return
    except Refused as error:
        refused = error
    _write(desk, channel, waiting, keep=keep)
    with desk.sessions() as session:
        session.get_one(Channel, channel.id).settled_until = now
        session.commit() if keep else session.rollback()
    if refused:
        raise refused


def _write(desk: Desk, channel: Channel, bookings: Sequence[Settlement], *, keep: bool) -> None:
    if not bookings:
        return
    with desk.sessions() as session:
        desk.tally["settlements_new"] += take(session, channel, bookings)
        session.commit() if keep else session.rollback()


def take(session: Session, channel: Channel, bookings: Sequence[Settlement]) -> int:
    """Keep `bookings`, and sum up the orders they are for; how many are new.

    A booking told again takes the place of the one before. An order that comes later finds what
    was booked for it. The caller commits, and keeps them to some hundreds.
    """
    told = {booking.id: booking for booking in bookings}
    known = set(
        session.exec(
            select(SettlementEntry.remote_id).where(
                SettlementEntry.channel_id == channel.id,
                col(SettlementEntry.remote_id).in_(told),
            )
        )
    )
    _upsert(session, channel, list(told.values()))
    _sum_up(session, channel, {booking.order_id for booking in bookings if booking.order_id})
    return len(told.keys() - known)


def _upsert(session: Session, channel: Channel, bookings: Sequence[Settlement]) -> None:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(SettlementEntry)
    told = ("order_remote_id", "kind", "currency", "gross_minor", "fees_minor", "posted_at")
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["channel_id", "remote_id"],
            set_={name: statement.excluded[name] for name in told},
        ),
        [
            {
                "channel_id": channel.id,
                "remote_id": booking.id,
                "order_remote_id": booking.order_id,
                "kind": booking.kind,
                "currency": booking.gross.currency.code,
                "gross_minor": minor_units(booking.gross),
                "fees_minor": minor_units(booking.fees),
                "posted_at": booking.posted_at,
            }
            for booking in bookings
        ],
    )


def _sum_up(session: Session, channel: Channel, remote_ids: set[str]) -> None:
    for some in chunks(sorted(remote_ids), BATCH):
        wanted = (col(Order.channel_id) == channel.id) & col(Order.remote_id).in_(some)
        orders = session.exec(select(Order).where(wanted)).all()
        books = booked(session, orders)
        for order in orders:
            lines = lines_of(session, order)
            work_out_again(session, order, lines, books.get(order.id or 0, Booked()))
            session.add(order)
