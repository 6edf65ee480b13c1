"""Pages of orders: tokens that expire and belong to one search, and pages that go wrong."""

import random
import secrets
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.clock import Clock
from connectors.sandbox.amazon.answers import invalid
from connectors.sandbox.amazon.order_book import Order, OrderBook
from connectors.sandbox.faults import FaultKind, Faults

# Source: pagination in SearchOrdersResponse, model 2026-01-01.
LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is left of a search: the orders' ids, as they were when it began."""

    search: object
    ids: tuple[str, ...]
    expires: datetime
    repeats: bool = False


@dataclass
class OrderPages:
    """The pages of searches that have begun."""

    clock: Clock
    faults: Faults
    book: OrderBook
    _rests: dict[str, _Rest] = field(default_factory=dict)

    def page(
        self,
        operation: str,
        orders: Sequence[Order],
        search: object,
        token: str | None,
        size: int,
    ) -> tuple[list[Order], str | None]:
        """The orders of one page, and the next page's token.

        Raises Refusal for a token that is unknown, expired, or of another search.
        """
        expires = self.clock.now() + LIFE
        begun = _Rest(search, tuple(order.id for order in orders), expires)
        now = begun if token is None else self._rest(token, search)
        page, rest = list(now.ids[:size]), now.ids[size:]
        # A page that came twice does not come a third time: a search must end.
        again = not now.repeats and self.faults.strike(operation, FaultKind.DUPLICATE_PAGE)
        following = _Rest(search, (*page, *rest) if again else rest, expires, bool(again))
        if self.faults.strike(operation, FaultKind.SHUFFLED):
            random.shuffle(page)
        if self.faults.strike(operation, FaultKind.MISSED_ITEM):
            page.pop(len(page) // 2)
        told = [self.book.orders[order_id] for order_id in page]
        if following.ids and self.faults.strike(operation, FaultKind.MOVED_ITEM):
            told[0] = copy(told[0])
            self.book.orders[told[0].id].updated = self.clock.now()
        return told, self._keep(following)

    def _rest(self, token: str, search: object) -> _Rest:
        rest = self._rests.get(token)
        if rest is None or rest.expires <= self.clock.now():
            raise invalid("Pagination token is invalid or has expired.")
        if rest.search != search:
            raise invalid("Pagination token does not belong to these parameters.")
        return rest

    def _keep(self, rest: _Rest) -> str | None:
        if not rest.ids:
            return None
        token = secrets.token_urlsafe(24)
        self._rests[token] = rest
        return token
