"""One channel under comparison: what both sides of it are read with."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from connectors.errors import Unavailable
from connectors.protocol import Connector
from jobs import orders, push
from jobs.locks import wait_for
from jobs.models import Channel
from jobs.push import Desk
from jobs.reconcile_report import Report
from jobs.sync import Interrupted, Workshop, lock_of

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Bench:
    """A channel, its open connector, and the report that differences are written to."""

    shop: Workshop
    channel: Channel
    connector: Connector
    report: Report

    def stage(self, stage: str) -> None:
        """Say what begins."""
        self.shop.progress.stage(self.channel.code, stage, 0)

    def pull(self) -> None:
        """Hear what a pass would hear first: answers that are owed, and orders.

        A rehearsal hears nothing, since all of it would be kept.

        Raises:
            ConnectorError: trouble with the channel.
        """
        if self.report.rehearsal:
            return
        desk = Desk(self.shop.sessions, self.shop.clock)
        with self.shop.sessions() as session:
            channel = session.get_one(Channel, self.channel.id)
            session.expunge(channel)
        with self.account():
            push.poll(desk, self.connector, channel)
            orders.pull(desk, self.connector, channel, self.shop.sealer)

    @contextmanager
    def account(self) -> Iterator[None]:
        """The account is ours meanwhile. Not for long: what is sold must not wait for us.

        Raises:
            Unavailable: a pass holds it, longer than we wait.
        """
        shop, name = self.shop, lock_of(self.channel.account)
        hold = wait_for(shop.locks, name, shop.clock, shop.patience, shop.interrupted)
        if hold is None:
            raise Unavailable(f"a pass is at work on account {self.channel.account}: try later")
        try:
            yield
        finally:
            hold.release()

    def batches(self, items: Iterable[Item], size: int) -> Iterator[list[Item]]:
        """`items` as they come, `size` of them at a time.

        Raises:
            Interrupted: the comparison is asked to end, between two batches.
        """
        for batch in batches(items, size):
            if self.shop.interrupted():
                raise Interrupted
            yield batch


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """`items` as they come, `size` of them at a time."""
    items = iter(items)
    while batch := list(islice(items, size)):
        yield batch
