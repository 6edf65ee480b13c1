"""A page of every component, so that each is looked at in every language before a page uses it."""

from pathlib import Path
from typing import Annotated

from starlette.responses import HTMLResponse, Response, StreamingResponse

from trade_ma.console.charts import Chart, Point
from trade_ma.console.differences import compared
from trade_ma.console.headers import HEADERS
from trade_ma.console.rendering import environment
from trade_ma.console.streams import event
from trade_ma.console.tables import Column, Filter, Query, Table
from trade_ma.console.visits import SignedIn, Visit, allowed, frame, page_router
from trade_ma.identity.permissions import Permission

gallery = page_router()
TEMPLATE = Path(__file__).parent / "gallery.html"

PRODUCTS = Table(
    caption="Products",
    columns=(
        Column("title", "Title", sorts=True),
        Column("state", "State"),
        Column("price", "Price", sorts=True, is_number=True),
    ),
    rows=(
        {"title": "Tapis Beni Ourain, laine et coton", "state": "good", "price": 1_250_000},
        {"title": "زليج فاسي", "state": "bad", "price": 45_000},
    ),
    query=Query("/gallery", {"q": "tapis"}, sort="title", after="abc"),
    filters=(
        Filter("q", "Search"),
        Filter("craft", "Craft", (("", "All"), ("rug", "Rugs"))),
    ),
    next="xyz",
)
VISITS = Chart(
    "Visits",
    "Twelve on Monday, three on Tuesday.",
    (Point("Monday", 12, "12"), Point("Tuesday", 3, "3")),
    Point("", 20, "20"),
)


@gallery.get("/gallery/steps")
def steps(visit: SignedIn) -> Response:
    bar = environment(visit.language.code).from_string(
        '{% from "components/states.html" import bar %}{{ bar("live", "Pushed", 3, 3) }}'
    )
    events = (event("progress", bar.render()), event("done"))
    return StreamingResponse(iter(events), media_type="text/event-stream")


@gallery.get("/gallery/users")
def users_alone(visit: Annotated[Visit, allowed(Permission.USERS_ADMIN)]) -> Response:
    return visit.page("errors/error.html", title="Users", advice="", request_id="")


@gallery.get("/gallery/broken")
def broken(visit: SignedIn) -> Response:
    raise ArithmeticError(visit.principal.name)


@gallery.get("/gallery")
def components(visit: SignedIn) -> Response:
    template = environment(visit.language.code).from_string(TEMPLATE.read_text())
    values = {
        "table": PRODUCTS,
        "chart": VISITS,
        "sides": compared("Tapis rouge en laine", "Tapis en laine d’agneau"),
        "errors": {"title": "The title is missing", "agreed": "Tick this to go on"},
        "picture_source": "/static/none.png",
    }
    return HTMLResponse(
        template.render(frame(visit.request, visit.caller, None) | values), headers=HEADERS
    )
