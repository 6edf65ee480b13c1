"""Two banks on loopback that answer as the real ones publish that they do."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from catalog.pricing.sources.bank_al_maghrib import PATH as MOROCCAN_PATH
from catalog.pricing.sources.ecb import PATH as EUROPEAN_PATH
from connectors.sandbox.server import serve

KEY = "a-subscription-key"


def quote(currency: str, mean: float, units: int = 1, day: str = "2026-11-23") -> dict[str, object]:
    """A row as Bank Al-Maghrib's CoursVirement answers it."""
    return {
        "date": f"{day}T12:30:00",
        "libDevise": currency,
        "moyen": mean,
        "uniteDevise": units,
    }


def daily(rates: Mapping[str, str], day: str = "2026-11-23") -> bytes:
    """The ECB's daily document."""
    cubes = "".join(f"<Cube currency='{name}' rate='{rate}'/>" for name, rate in rates.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" '
        'xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">'
        "<gesmes:subject>Reference rates</gesmes:subject>"
        "<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>"
        f"<Cube><Cube time='{day}'>{cubes}</Cube></Cube></gesmes:Envelope>"
    ).encode()


@dataclass
class Bank:
    """Both banks: quotes by day or of every day, one document, and what is answered instead."""

    quotes: dict[date, Sequence[Mapping[str, object]]] = field(default_factory=dict)
    every_day: Sequence[Mapping[str, object]] = ()
    document: bytes = daily({"USD": "1.1500", "JPY": "178.90"})
    instead: list[Response] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    address: str = ""

    def app(self) -> Starlette:
        return Starlette(
            routes=[Route(MOROCCAN_PATH, self.moroccan), Route(EUROPEAN_PATH, self.european)]
        )

    def moroccan(self, request: Request) -> Response:
        self.asked.append(asked := request.query_params["date"])
        if self.instead:
            return self.instead.pop(0)
        if request.headers.get("Ocp-Apim-Subscription-Key") != KEY:
            message = "Access denied due to invalid subscription key."
            return JSONResponse({"statusCode": 401, "message": message}, 401)
        return JSONResponse(list(self.quotes.get(date.fromisoformat(asked[:10]), self.every_day)))

    def european(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        if self.instead:
            return self.instead.pop(0)
        return Response(self.document, media_type="text/xml")


@pytest.fixture
def bank() -> Iterator[Bank]:
    bank = Bank()
    with ExitStack() as servers:
        bank.address = servers.enter_context(serve(bank.app()))
        yield bank
