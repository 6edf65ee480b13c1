"""How fast listings are drafted, text and price, on one core, beside what a script would do.

Prints one line of JSON. Products are made up from the vocabulary and kept in SQLite; a pass reads
them in chunks as a plan does.
- drafting: the draft alone, of products that were read
- with_reading: reading included: products, variants, photos, stock and translations
- naive: of the same products the same parts (title, bullets, tags, description and price) as a
  straightforward script makes them: f-strings, Babel for every number, and a search through the
  vocabulary for every word. It leaves out what such a script does not think of: limits, other
  languages and their agreement, words said twice, fees with a minimum, the cost of shipping, the
  floor, well rounded prices, rates that are too old, options, stock and photos
"""

import json
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from babel.numbers import format_decimal
from sqlmodel import Session

from catalog import snapshots
from catalog.chunks import chunks
from catalog.models import Maker, Product, Variant
from catalog.pricing.rates import load_rates
from catalog.snapshots import Snapshot
from catalog.translation.memory import translations
from catalog.vocabulary.terms import VOCABULARY, Kind
from connectors.amazon import MARKETPLACE
from connectors.protocol import Draft
from jobs.drafts import Terms, draft
from jobs.models import Channel
from jobs.planning import CHUNK
from jobs.terms import terms_of
from trade_ma.collecting import collect_seldom
from trade_ma.database import open_engine, upgrade

LISTINGS = 100_000
SITE, LOCALE = "US", "en-US"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
CENT = Decimal("0.01")
# What is left of a price after a fee of 15 % and a margin of 20 %.
KEPT = Decimal("0.65")


def fill(session: Session, listings: int) -> list[int]:
    """So many products with words as files have them; their ids."""
    chance = random.Random(7)
    names = {kind: [t.name("fr") for t in VOCABULARY[kind].values()] for kind in Kind}
    crafts = list(VOCABULARY[Kind.CRAFT].values())
    maker = Maker(slug="bench", name="Coopérative Tifawin", region="Azilal")
    session.add(maker)
    session.flush()
    products = []
    for n in range(listings):
        craft = chance.choice(crafts)
        products.append(
            {
                "id": n + 1,
                "maker_id": maker.id,
                "code": f"B-{n:06d}",
                "craft": craft.code,
                "title": craft.name("fr"),
                "description": f"Pièce {n}, faite à la main.",
                "materials": chance.sample(names[Kind.MATERIAL], 2),
                "colours": chance.sample(names[Kind.COLOUR], 2),
                "techniques": chance.sample(names[Kind.TECHNIQUE], 1),
                "motifs": chance.sample(names[Kind.MOTIF], 1),
                "rooms": chance.sample(names[Kind.ROOM], 1),
            }
        )
    session.bulk_insert_mappings(Product.__mapper__, products)  # type: ignore[attr-defined]
    variants = [
        {
            "product_id": product["id"],
            "sku": product["code"],
            "price_minor": chance.randrange(10_000, 2_000_000),
            "weight_g": chance.randrange(200, 20_000, 100),
            "length_cm": float(chance.randrange(20, 400, 5)),
            "width_cm": float(chance.randrange(20, 300, 5)),
        }
        for product in products
    ]
    session.bulk_insert_mappings(Variant.__mapper__, variants)  # type: ignore[attr-defined]
    session.commit()
    return list(range(1, listings + 1))


def read(session: Session, ids: Sequence[int], terms: Terms) -> Iterator[list[Snapshot]]:
    """The products in chunks, with their translations looked up, as a plan reads them."""
    for chunk in chunks(ids, CHUNK):
        translations(session, chunk, terms.text.languages())
        yield snapshots.load(session, chunk)
        session.expunge_all()


def terms() -> Terms:
    """Those of a channel with the marketplace's fees and a margin."""
    policy = {"price": {"margin": "20", "shipping_share": "0.5"}}
    channel = Channel(
        code="bench",
        marketplace="amazon",
        site=SITE,
        account="bench",
        currency="USD",
        locales=[LOCALE],
        policy=policy,
    )
    return terms_of(channel, MARKETPLACE, load_rates())


@dataclass(frozen=True, slots=True)
class Script:
    """What a script makes of one product."""

    title: str
    bullets: list[str]
    tags: list[str]
    description: str
    price: Decimal


def naive(snapshot: Snapshot, rate: Decimal) -> Script:
    """The parts of a listing as a script makes them that nobody has thought over."""
    product, maker, variant = snapshot.product, snapshot.maker, snapshot.variants[0]
    craft = english(Kind.CRAFT, product.craft or "")
    materials = [english(Kind.MATERIAL, word) for word in product.materials]
    colours = [english(Kind.COLOUR, word) for word in product.colours]
    technique = english(Kind.TECHNIQUE, product.techniques[0])
    motif = english(Kind.MOTIF, product.motifs[0])
    room = english(Kind.ROOM, product.rooms[0])
    sides = [variant.width_cm or 0, variant.length_cm or 0]
    inches = " x ".join(format_decimal(round(s / 2.54, 1), locale="en_US") for s in sides)
    cm = " x ".join(format_decimal(side, locale="en_US") for side in sides)
    pounds = format_decimal(round((variant.weight_g or 0) / 453.59237, 1), locale="en_US")
    made_of = f"{technique} in {' and '.join(materials)}, {' and '.join(colours)}, {motif}"
    facts = [f"Size: {inches} in ({cm} cm)", f"Weight: {pounds} lb"]
    made_by = f"Made by {maker.name} in {product.region or maker.region}, Morocco"
    tags = [craft, f"Moroccan {craft}", f"Moroccan {craft}s", technique, motif, room]
    tags += [*(f"{word} {craft}" for word in (*materials, *colours)), *materials, *colours]
    lines = [f"Material: {', '.join(materials)}", f"Color: {', '.join(colours)}", *facts]
    return Script(
        title=f"{craft}, {made_of}, {inches} in",
        bullets=[made_of, *facts, made_by, f"For the {room}"],
        tags=list(dict.fromkeys(tag.lower() for tag in tags)),
        description="\n".join([f"This {craft} is {made_of}. {made_by}.", "", *lines]),
        price=(variant.price.amount / rate / KEPT).quantize(CENT, ROUND_HALF_UP),
    )


def english(kind: Kind, word: str) -> str:
    """The English name of a term, found by going through all of its kind."""
    known = VOCABULARY[kind].values()
    return next((t.name("en") for t in known if word in {t.code, t.name("fr")}), word)


def measure(session: Session, ids: Sequence[int]) -> dict[str, float]:
    """Seconds of each way over the same products."""
    agreed, rate = terms(), load_rates()["USD"].mad_per_unit
    seconds = {"drafting": 0.0, "naive": 0.0}
    shown: Draft | None = None
    started = time.perf_counter()
    for chunk in read(session, ids, agreed):
        begun = time.perf_counter()
        for snapshot in chunk:
            shown = draft(snapshot, agreed, NOW).draft
        drafted = time.perf_counter()
        seconds["drafting"] += drafted - begun
    seconds["with_reading"] = time.perf_counter() - started
    for chunk in read(session, ids, agreed):
        begun = time.perf_counter()
        for snapshot in chunk:
            naive(snapshot, rate)
        seconds["naive"] += time.perf_counter() - begun
    if shown is None or not shown.texts[0].title or not shown.offers[0].price.amount:
        raise RuntimeError("the drafts are empty")
    return seconds


def main() -> None:
    """Measure, and print the line."""
    collect_seldom()  # as a pass does
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'bench.db'}")
        upgrade(engine)
        with Session(engine) as session:
            ids = fill(session, LISTINGS)
            seconds = measure(session, ids)
        engine.dispose()
    a_second = {f"{name}_a_second": round(len(ids) / took) for name, took in seconds.items()}
    ratio = round(seconds["naive"] / seconds["drafting"], 2)
    line = {
        "benchmark": "drafting",
        "listings": len(ids),
        "locale": LOCALE,
        **a_second,
        "baseline": "naive",
        "ratio": ratio,
    }
    print(json.dumps(line))


if __name__ == "__main__":
    main()
