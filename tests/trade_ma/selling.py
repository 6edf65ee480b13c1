"""A practice shop that has sold, with its API and its console served."""

from collections.abc import Iterator
from contextlib import contextmanager

from connectors.sandbox.faults import Fault, FaultKind
from connectors.sandbox.server import serve
from tests.trade_ma.conftest import Practice
from trade_ma.site import site


def sell(practice: Practice, *baskets: dict[str, int]) -> None:
    """Orders of those baskets, pulled."""
    practice.run("sync")
    for basket in baskets:
        practice.market.buy(basket, "US")
    practice.run("orders", "pull")


def goes_down(practice: Practice) -> None:
    """No parcel is heard of by the market for the next calls."""
    down = Fault(kind=FaultKind.LOST_CALL, operation="fulfillmentCreate", times=9)
    practice.market.faults.arm(down)


@contextmanager
def opened(practice: Practice) -> Iterator[str]:
    """The address of the shop's API and console."""
    with serve(site(practice.app)) as address:
        yield address
