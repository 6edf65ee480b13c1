"""What an engine may be given on a day, kept by all runs together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from sqlmodel import Session, col, select

from catalog.translation.memory import new_rows
from catalog.translation.models import TranslationSpend


@dataclass(frozen=True, slots=True)
class Account:
    """The characters of an engine on a day (UTC); a `budget` of None is no limit."""

    day: date
    engine: str
    budget: int | None

    def reserve(self, session: Session, sizes: Sequence[int]) -> int:
        """Take the characters of the first of `sizes`, as far as they are left; how many texts.

        Taken before the engine is asked: two runs at once, or one that is killed while it waits
        for an answer, never spend more than the budget.
        """
        row = self._row(session)
        totals = list(accumulate(sizes))
        if self.budget is not None:
            totals = [total for total in totals if row.characters + total <= self.budget]
        row.characters += totals[-1] if totals else 0
        session.flush()
        return len(totals)

    def give_back(self, session: Session, characters: int) -> None:
        """Return what was reserved and not used."""
        if characters:
            self._row(session).characters -= characters

    def _row(self, session: Session) -> TranslationSpend:
        key = {"day": self.day, "engine": self.engine}
        session.execute(new_rows(session, TranslationSpend), [{**key, "characters": 0}])
        found = select(TranslationSpend).where(
            col(TranslationSpend.day) == self.day, col(TranslationSpend.engine) == self.engine
        )
        return session.exec(found.with_for_update()).one()
