"""Products with their pictures: looked through, exported, and many changed at once."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Form
from moneyed import Money
from sqlmodel import col, select
from starlette.responses import Response

from catalog.importing.numbers import parse_number
from catalog.models import Maker, Product
from catalog.vocabulary.crafts import CRAFTS
from jobs.browsing import Overview, Wanted, overviews, products
from jobs.bulk_edits import Altered, Effect, bulk_edit
from jobs.catalog_exports import COLUMNS, export_rows
from jobs.editing import BulkEdit
from jobs.models import Channel, ListingState
from trade_ma.api.exports import Format, exported
from trade_ma.api.problems import not_found
from trade_ma.console import listing_words as words
from trade_ma.console.lists import rows_of
from trade_ma.console.price_steps import amount
from trade_ma.console.product_forms import split
from trade_ma.console.recording import record
from trade_ma.console.refusal_words import trouble_told
from trade_ma.console.tables import Column, Filter, Query, Table
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.permissions import Permission

router = page_router()
Reader = Annotated[Visit, allowed(Permission.CATALOG_READ)]
Writer = Annotated[Visit, allowed(Permission.CATALOG_WRITE)]
LIST, BULK = "products/products.html", "products/bulk.html"
# Below this score a product lacks what most buyers ask for.
INCOMPLETE = 60


@router.get("/products")
def every_product(
    visit: Reader,
    q: str = "",
    maker: str = "",
    craft: str = "",
    channel: str = "",
    state: str = "",
    lacks: str = "",
    sort: str = "",
    after: str = "",
) -> Response:
    """Products, searched and narrowed."""
    filters = {
        "q": q,
        "maker": maker,
        "craft": craft,
        "channel": channel,
        "state": state,
        "lacks": lacks,
    }
    query = Query("/products", filters, sort, after)
    try:
        found = products(visit.session, _wanted(visit, filters), sort)
    except LookupError as error:
        raise not_found(f"There is no channel {channel}.") from error
    rows, following = rows_of(visit.session, found.statement, query, found.sorts, found.key)
    return visit.page(
        LIST,
        table=_table(visit, rows, query, following),
        narrowed=any(filters.values()),
        may_write=visit.principal.may(Permission.CATALOG_WRITE),
        **bulk_choices(visit),
    )


@router.get("/products/export")
def export(visit: Reader, form: Format = Format.XLSX) -> Response:
    """The products as a file that can be imported again."""
    rows = export_rows(visit.installation.session, visit.principal.maker_id)
    return exported(rows, COLUMNS, form, "products")


@router.post("/products/bulk")
def rehearse(
    visit: Writer,
    ids: Annotated[list[int] | None, Form()] = None,
    price_percent: Annotated[str, Form()] = "",
    price_amount: Annotated[str, Form()] = "",
    craft: Annotated[str, Form()] = "",
    add_tags: Annotated[str, Form()] = "",
    remove_tags: Annotated[str, Form()] = "",
    on_sale: Annotated[str, Form()] = "",
    exclusive_to: Annotated[str, Form()] = "",
    sure: Annotated[str, Form()] = "",
) -> Response:
    """Show what would change for whom; change it where the visitor has seen that."""
    asked = {
        "price_percent": price_percent,
        "price_amount": price_amount,
        "craft": craft,
        "add_tags": add_tags,
        "remove_tags": remove_tags,
        "on_sale": on_sale,
        "exclusive_to": exclusive_to,
    }
    try:
        edit = _edit(asked)
    except ValueError:
        return _shown(visit, asked, [], visit.say("Write the price’s change as a number, as 10."))
    effects = bulk_edit(visit.session, ids or [], visit.principal.maker_id, edit)
    refused = any(one.refused for one in effects)
    if not sure or refused or not effects:
        return _shown(visit, asked, effects)
    for one in effects:
        if one.altered:
            before, after = _sides(one, "before"), _sides(one, "after")
            subject = f"product:{one.product.code}"
            record(visit, "product.bulk", subject, before=before, after=after)
    changed = sum(bool(one.altered) for one in effects)
    told = visit.counted(
        "%(count)s product was changed.", "%(count)s products were changed.", changed
    )
    return visit.to("/products", told)


def _shown(
    visit: Visit, asked: Mapping[str, str], effects: Sequence[Effect], wrong: str = ""
) -> Response:
    """What an edit would do; nothing of it is written."""
    told = [_effect(visit, one) for one in effects]
    visit.session.rollback()
    return visit.page(
        BULK,
        effects=told,
        changing=sum(bool(one["altered"]) for one in told),
        refused=any(one["refused"] for one in told),
        asked=asked,
        wrong=wrong,
        **bulk_choices(visit),
    )


def _sides(one: Effect, side: str) -> Mapping[str, Any]:
    return {altered.field: getattr(altered, side) for altered in one.altered}


def _effect(visit: Visit, one: Effect) -> Mapping[str, Any]:
    return {
        "id": one.product.id,
        "title": one.product.title,
        "code": one.product.code,
        "altered": [_altered(visit, each) for each in one.altered],
        "refused": trouble_told(visit, one.refused),
    }


def _altered(visit: Visit, one: Altered) -> Mapping[str, str]:
    names = {
        "craft": visit.say("Craft"),
        "tags": visit.say("Tags"),
        "withdrawn": visit.say("Withdrawn"),
        "exclusive_to": visit.say("Sold on one channel alone"),
    }
    before, after = (_value(visit, one.field, value) for value in (one.before, one.after))
    name = names.get(one.field) or visit.say("Price of %(sku)s", sku=one.field)
    return {"name": name, "before": before, "after": after}


def _value(visit: Visit, name: str, value: Any) -> str:
    match value:
        case None | "" | []:
            return "—"
        case bool():
            return visit.say("Yes") if value else visit.say("No")
        case list():
            return ", ".join(value)
    if name == "craft":
        return craft_name(visit, value)
    return str(value) if name == "exclusive_to" else words.price_told(visit, value)


def _edit(asked: Mapping[str, str]) -> BulkEdit:
    """Raises ValueError where a change of price is no number."""
    withdrawn = {"no": True, "yes": False}.get(asked["on_sale"])
    exclusive = asked["exclusive_to"]
    return BulkEdit(
        price_percent=_number(asked["price_percent"]),
        price_amount=_number(asked["price_amount"]),
        craft=asked["craft"] or None,
        add_tags=split(asked["add_tags"]),
        remove_tags=split(asked["remove_tags"]),
        withdrawn=withdrawn,
        exclusive_to=("" if exclusive == "*" else exclusive) if exclusive else None,
    )


def _number(text: str) -> Decimal | None:
    return parse_number(text.strip().removesuffix("%").strip()) if text.strip() else None


def bulk_choices(visit: Visit) -> dict[str, Any]:
    """What a form about products lets choose from."""
    return {"crafts": crafts(visit), "channels": channels(visit)}


def crafts(visit: Visit) -> list[tuple[str, str]]:
    """Every craft by its name in the visitor's language, in its order."""
    named = [(code, craft_name(visit, code)) for code in CRAFTS]
    return sorted(named, key=lambda one: one[1].casefold())


def craft_name(visit: Visit, code: str) -> str:
    """A craft's name in the visitor's language; the code itself of one that is none."""
    term = CRAFTS.get(code)
    return term.name(visit.language.code) if term else code


def channels(visit: Visit) -> list[tuple[str, str]]:
    """Every channel by its code."""
    return [
        (code, code) for code in visit.session.exec(select(Channel.code).order_by(Channel.code))
    ]


def _wanted(visit: Visit, filters: Mapping[str, str]) -> Wanted:
    state, lacks, maker = filters["state"], filters["lacks"], filters["maker"]
    own = visit.principal.maker_id
    return Wanted(
        words=filters["q"],
        maker_id=own if own is not None else int(maker) if maker.isdecimal() else None,
        craft=filters["craft"] or None,
        channel=filters["channel"] or None,
        states=[ListingState(state)] if state in set(ListingState) else [],
        withdrawn=True if lacks == "sale" else None,
        has_photos=False if lacks == "photos" else None,
        in_stock=False if lacks == "stock" else None,
        completeness_below=INCOMPLETE if lacks == "words" else None,
    )


def _table(visit: Visit, found: Sequence[Product], query: Query, following: str | None) -> Table:
    return Table(
        caption=visit.say("Products"),
        columns=tuple(_columns(visit)),
        rows=[_row(visit, one) for one in overviews(visit.session, found)],
        query=query,
        filters=tuple(_filters(visit)),
        next=following,
    )


def _columns(visit: Visit) -> Iterator[Column]:
    if visit.principal.may(Permission.CATALOG_WRITE):
        yield Column("pick", visit.say("Choose"))
    yield Column("photo", visit.say("Photo"))
    yield Column("title", visit.say("Title"), sorts=True)
    yield Column("price", visit.say("Price"), is_number=True)
    yield Column("stock", visit.say("Free to be sold"), is_number=True)
    yield Column("channels", visit.say("Channels"))
    yield Column("completeness", visit.say("Completeness"), sorts=True)


def _filters(visit: Visit) -> Iterator[Filter]:
    yield Filter("q", visit.say("Search"))
    if visit.principal.maker_id is None:
        makers = visit.session.exec(select(Maker.id, Maker.name).order_by(col(Maker.name)))
        options = [(str(id_), name) for id_, name in makers]
        yield Filter("maker", visit.say("Maker"), [("", visit.say("All makers")), *options])
    yield Filter("craft", visit.say("Craft"), [("", visit.say("All crafts")), *crafts(visit)])
    known = channels(visit)
    yield Filter("channel", visit.say("Channel"), [("", visit.say("All channels")), *known])
    states = [(str(state), visit.say(label)) for state, (label, _) in words.STATES.items()]
    yield Filter("state", visit.say("State there"), [("", visit.say("Any state")), *states])
    lacking = (
        ("photos", visit.say("A photo")),
        ("stock", visit.say("Stock")),
        ("words", visit.say("Words and facts")),
        ("sale", visit.say("Its sale: withdrawn")),
    )
    yield Filter("lacks", visit.say("What it lacks"), [("", visit.say("Anything")), *lacking])


def _row(visit: Visit, one: Overview) -> Mapping[str, Any]:
    return {
        "product": one.product,
        "maker": one.maker,
        "variants": one.variants,
        "price": amount(visit, one.price) if isinstance(one.price, Money) else "",
        "photo": f"/photos/{one.photo}" if one.photo else "",
        "channels": [
            {"count": count, **words.state_told(visit, state)}
            for state, count in Counter(one.listings.values()).most_common()
        ],
    }
