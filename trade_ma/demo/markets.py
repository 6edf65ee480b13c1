"""The practice markets of the demo: started, asked over HTTP, and bought at."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from starlette.staticfiles import StaticFiles

from connectors.clock import Clock
from connectors.sandbox.control import ServedMarket, ShownListing
from connectors.sandbox.registry import SANDBOXES
from connectors.sandbox.server import serve
from trade_ma.demo.scenario import Stall

# A page of a practice market, drawn while other work goes on, may take this many seconds.
TIMEOUT = 30.0


@dataclass(slots=True)
class PracticeMarket:
    """A running practice market. All but what opens its account is asked over HTTP."""

    stall: Stall
    url: str
    credentials: Mapping[str, str] = field(repr=False)
    settings: Mapping[str, str]
    http: httpx.Client = field(repr=False)
    orders: list[str] = field(default_factory=list)

    def listings(self) -> list[ShownListing]:
        """What a buyer sees."""
        return [ShownListing.model_validate(one) for one in self._get("listings").json()]

    def for_sale(self) -> frozenset[str]:
        """The SKUs that a buyer can buy."""
        return frozenset(o.sku for one in self.listings() if one.present for o in one.offers)

    def calls(self) -> Counter[str]:
        """Calls that the marketplace has answered so far, by operation."""
        return Counter(self._get("calls").json())

    def buy(self, lines: Mapping[str, int]) -> None:
        """Place an order, and keep its id.

        Raises:
            httpx.HTTPStatusError: something in it is not for sale, or not so many.
        """
        answer = self.http.post("orders", json={"lines": dict(lines)})
        answer.raise_for_status()
        self.orders.append(answer.json()["order_id"])

    def _get(self, name: str) -> httpx.Response:
        answer = self.http.get(name)
        answer.raise_for_status()
        return answer


@contextmanager
def media_of(data_dir: Path) -> Iterator[str]:
    """Where the renditions of an installation's photos are served, until the block ends."""
    renditions = data_dir / "photos" / "renditions"
    renditions.mkdir(parents=True)
    with serve(StaticFiles(directory=renditions)) as address:
        yield address


@contextmanager
def opened(stalls: Sequence[Stall], clock: Clock) -> Iterator[list[PracticeMarket]]:
    """Each stall's practice market on `clock`, running until the block ends."""
    with ExitStack() as stack:
        yield [_started(stack, stall, SANDBOXES[stall.marketplace](clock)) for stall in stalls]


def _started(stack: ExitStack, stall: Stall, market: ServedMarket) -> PracticeMarket:
    url = stack.enter_context(serve(market.app()))
    http = stack.enter_context(httpx.Client(base_url=f"{url}/_sandbox/", timeout=TIMEOUT))
    return PracticeMarket(stall, url, market.credentials, market.settings, http)
