"""What a buyer of a practice market sees, and what may be asked of one."""

from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI

from connectors.conformance.ground import Ground
from connectors.memory import MemoryMarket
from connectors.protocol import Text, UnreadableOrder
from connectors.sandbox.control import control_router
from connectors.sandbox.server import serve


def test_the_page_shows_each_language_in_its_own_direction() -> None:
    market = MemoryMarket()
    rug = Ground().draft("R-1", "USD")
    others = (Text("ar", "زربية <b>", ""), Text("de-DE", "Teppich", ""), Text("zz", "?", ""))
    market.create(replace(rug, texts=(*rug.texts, *others)))
    app = FastAPI()
    app.include_router(control_router(market))
    with serve(app) as address:
        page = httpx.get(address).text
    for shown in (
        "<p lang='ar' dir=rtl>زربية &lt;b&gt;</p>",
        "<p lang='de-DE' dir=ltr>Teppich</p>",
        "<p lang='zz' dir=auto>?</p>",
    ):
        assert shown in page


def test_a_person_delivers_poisons_and_heals_an_order() -> None:
    market = MemoryMarket()
    market.create(Ground().draft("R-1", "USD"))
    order_id = market.buy({"R-1-1": 1}, "US")
    [line] = market.order(order_id).lines
    app = FastAPI()
    app.include_router(control_router(market))
    with serve(app) as address:

        def told(what: str, order: str = order_id) -> int:
            return httpx.post(f"{address}/_sandbox/orders/{order}/{what}").status_code

        assert told("deliver") == 404  # nothing was shipped
        market.book.ship(order_id, {line.id: 1}, "JD014600003")
        assert told("deliver") == 204
        assert told("poison") == 204
        assert isinstance(market.orders[order_id], UnreadableOrder)
        assert told("heal") == 204
        assert market.order(order_id).delivered_at
        assert [told(what, "O999") for what in ("deliver", "poison", "heal")] == [404] * 3


@pytest.mark.parametrize("raw", ["O999", "O999 USDC", ""])
def test_what_was_never_told_is_not_read_again(raw: str) -> None:
    assert isinstance(MemoryMarket().book.reread(raw), UnreadableOrder)
