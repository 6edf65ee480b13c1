"""What a buyer of a practice market sees."""

from dataclasses import replace

import httpx
from fastapi import FastAPI

from connectors.conformance.ground import Ground
from connectors.memory import MemoryMarket
from connectors.protocol import Text
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
