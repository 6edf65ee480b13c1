"""The buckets of an account in the database, shared by every worker on every machine."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from connectors.clock import Clock
from connectors.quotas import Rate
from jobs.models import QuotaBucket


@dataclass(frozen=True, slots=True)
class StoredBuckets:
    """The buckets of one account. A token is taken in a transaction of its own."""

    sessions: Callable[[], Session]
    account: str
    clock: Clock

    def reserve(self, rate: Rate, tokens: float = 1) -> float:
        """Take `tokens`; the seconds to wait before they may be used."""
        while True:
            wait = self._try(rate, tokens)
            if wait is not None:
                return wait

    def _try(self, rate: Rate, tokens: float) -> float | None:
        """The wait; None where another worker took from the bucket at the same moment."""
        key = (self.account, rate.operation)
        with self.sessions() as session:
            bucket = session.get(QuotaBucket, key)
            found = bucket.arrival if bucket else None
            arrival, wait = rate.reserve(found, self.clock.now(), tokens)
            if bucket is None:
                session.add(
                    QuotaBucket(account=self.account, operation=rate.operation, arrival=arrival)
                )
                return wait if _committed(session) else None
            # Compare and set: a worker that was quicker has changed the moment that we read.
            taken = session.execute(
                update(QuotaBucket)
                .where(
                    col(QuotaBucket.account) == self.account,
                    col(QuotaBucket.operation) == rate.operation,
                    col(QuotaBucket.arrival) == found,
                )
                .values(arrival=arrival)
                .returning(col(QuotaBucket.account))
            ).first()
            session.commit()
            return wait if taken else None


def _committed(session: Session) -> bool:
    try:
        session.commit()
    except IntegrityError:
        return False
    return True
