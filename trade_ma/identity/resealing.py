"""Another key for all that is sealed, without a moment in which something cannot be opened."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from jobs.models import Channel, Order
from trade_ma.identity.models import IdempotentRequest, User
from trade_ma.security import Sealer

# Every sealed column there is; a test looks whether one is missing.
SEALED: tuple[tuple[Any, Any], ...] = (
    (Channel, Channel.sealed_credentials),
    (Order, Order.sealed_raw),
    (Order, Order.sealed_buyer),
    (User, User.sealed_totp),
    (IdempotentRequest, IdempotentRequest.sealed_answer),
)
BATCH = 500


@dataclass(frozen=True, slots=True)
class Resealed:
    """What a pass over one column found: sealed anew, and what no key opens."""

    column: str
    fresh: int
    lost: int


def reseal(
    sessions: Callable[[], Session], sealer: Sealer, *, dry_run: bool = False
) -> list[Resealed]:
    """Seal everything with the sealer's first key, a batch a transaction.

    May be killed and run again, while others work: a value that somebody writes at the same
    moment is left to them. With `dry_run` it is only counted.
    """
    return [
        _reseal_column(sessions, sealer, model, column, dry_run=dry_run) for model, column in SEALED
    ]


def _reseal_column(
    sessions: Callable[[], Session], sealer: Sealer, model: Any, column: Any, *, dry_run: bool
) -> Resealed:
    fresh = lost = 0
    for batch in _batches(sessions, model, column):
        with sessions() as session:
            for key, sealed in batch:
                if not sealed or sealer.is_newest(sealed):
                    continue
                try:
                    text = sealer.open(sealed)
                except ValueError:
                    lost += 1
                    continue
                fresh += 1
                if not dry_run:
                    _swap(session, model, column, key, sealed, sealer.seal(text))
            session.commit()
    return Resealed(f"{model.__tablename__}.{column.key}", fresh, lost)


def _batches(
    sessions: Callable[[], Session], model: Any, column: Any
) -> Iterator[list[tuple[int, bytes]]]:
    after = 0
    while True:
        statement = (
            select(model.id, column)
            .where(model.id > after, col(column).is_not(None))
            .order_by(model.id)
            .limit(BATCH)
        )
        with sessions() as session:
            rows = [(key, sealed) for key, sealed in session.exec(statement)]
        if not rows:
            return
        yield rows
        after = rows[-1][0]


def _swap(session: Session, model: Any, column: Any, key: int, old: bytes, new: bytes) -> None:
    """Compare and set: credentials that were renewed meanwhile are newer than ours."""
    session.execute(update(model).where(model.id == key, column == old).values({column.key: new}))
