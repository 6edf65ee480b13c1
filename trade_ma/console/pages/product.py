"""One product: its words and facts, variants, stock, photos, and what would make it sell better."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Form, Request
from sqlmodel import col, select
from starlette.responses import Response

from catalog.completeness import sentence
from catalog.models import Maker, MovementKind, Product, Variant
from catalog.refusals import Refused
from catalog.translation.detection import WRITTEN
from catalog.vocabulary.suggest import LISTS, SINGLE, Suggestion
from catalog.vocabulary.terms import VOCABULARY
from images.advice import sentence as photo_sentence
from jobs.editing import change_product, change_variant, create_product
from jobs.photo_advice import Which, looked_through
from jobs.product_pages import Listed, ProductPage, product_page
from jobs.product_photos import MOST as MOST_PHOTOS
from jobs.scoring import rescore
from jobs.stock_taking import count, history
from jobs.suggestions import accept, suggested
from trade_ma.api.problems import conflict, not_found
from trade_ma.api.subject import Id
from trade_ma.console import listing_words as words
from trade_ma.console.finding_products import product_of
from trade_ma.console.languages import languages, marked
from trade_ma.console.pages.products import channels, crafts
from trade_ma.console.price_steps import amount
from trade_ma.console.product_forms import (
    Mistakes,
    pieces,
    product_fields,
    product_values,
    variant_fields,
    variant_values,
)
from trade_ma.console.recording import record
from trade_ma.console.refusal_words import refusal_told
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.permissions import Permission

router = page_router()
Reader = Annotated[Visit, allowed(Permission.CATALOG_READ)]
Writer = Annotated[Visit, allowed(Permission.CATALOG_WRITE)]
PRODUCT, NEW = "products/product.html", "products/new.html"
HISTORY = 12
NO_COUNT = marked("Count whole pieces: write a number such as 0 or 12.")
KINDS: Mapping[MovementKind, str] = {
    MovementKind.COUNT: marked("Counted"),
    MovementKind.SALE: marked("Sold"),
    MovementKind.CANCELLATION: marked("Sale cancelled"),
    MovementKind.RETURN: marked("Returned"),
    MovementKind.ADJUSTMENT: marked("Put right"),
    MovementKind.SHIPMENT: marked("Shipped"),
}
# The part of the page where each piece of advice is followed.
PLACES: Mapping[str, str] = {
    "no_photo": "photos",
    "few_photos": "photos",
    "small_photo": "photos",
    "size": "variants",
    "weight": "variants",
    "price": "variants",
    "stock": "variants",
    "translations": "",
}


async def _filled_in(request: Request) -> Mapping[str, str]:
    """The texts of a form; a field that is not there, as a tick that is not set, is empty."""
    form = await request.form()
    texts = {name: value for name, value in form.items() if isinstance(value, str)}
    return defaultdict(str, texts)


Filled = Annotated[Mapping[str, str], Depends(_filled_in)]


@router.get("/products/new")
def begin(visit: Writer) -> Response:
    """The form of a new product."""
    return visit.page(NEW, errors={}, form=defaultdict(str), **_choices(visit))


@router.post("/products/new")
def create(visit: Writer, form: Filled) -> Response:
    """A new product of one variant, known by its SKU."""
    try:
        sku = _sku(visit, form)
        variant = variant_values(visit, form, "MAD")
        values = product_values(form, None) | {"code": sku, "maker_id": _maker(visit, form)}
        product = create_product(visit.session, values, [{"sku": sku, **variant}])
        if form.get("pieces", "").strip():
            count(visit.session, sku, _pieces(visit, form["pieces"]), datetime.now(UTC))
    except Mistakes as mistakes:
        return visit.refused(NEW, mistakes.errors, form=form, **_choices(visit))
    except Refused as refused:
        errors = {refused.field: refusal_told(visit, refused)}
        return visit.refused(NEW, errors, form=form, **_choices(visit))
    record(visit, "product.add", f"product:{sku}", after=values)
    return visit.to(f"/products/{product.id}#photos", visit.say("It is made. Now add photos."))


@router.get("/products/{product_id}")
def product(visit: Reader, product_id: Id) -> Response:
    """All of a product."""
    found = product_of(visit, product_id)
    return visit.page(
        PRODUCT, errors={}, form=product_fields(visit, found), **_values(visit, found)
    )


@router.post("/products/{product_id}")
def change(visit: Writer, product_id: Id, form: Filled) -> Response:
    """Other words and facts."""
    found = product_of(visit, product_id)
    if form.get("revision") != str(found.revision):
        raise conflict("changed-meanwhile", "It has changed since you read it.")
    values = product_values(form, found)
    before = {name: getattr(found, name) for name in values}
    try:
        changed = change_product(visit.session, found, values)
    except Refused as refused:
        visit.session.rollback()
        found = product_of(visit, product_id)
        errors = {refused.field: refusal_told(visit, refused)}
        return visit.page(PRODUCT, 422, errors=errors, form=form, **_values(visit, found))
    if not changed:
        return visit.to(f"/products/{product_id}", visit.say("Nothing was different."))
    record(visit, "product.change", f"product:{found.code}", before=before, after=values)
    return visit.to(f"/products/{product_id}", visit.say("The product was changed."))


@router.post("/products/{product_id}/suggestions")
def take_suggestion(visit: Writer, product_id: Id, field: Annotated[str, Form()] = "") -> Response:
    """Write what the product's own words say into that field."""
    found = product_of(visit, product_id)
    for one in suggested(visit.session, [found.code]):
        taken = accept(one, [field])
        rescore(visit.session, [product_id])
        after = {each.field: each.value for each in taken}
        record(visit, "product.suggestion", f"product:{found.code}", after=after)
    return visit.to(f"/products/{product_id}#facts", visit.say("The suggestion was taken."))


@router.post("/products/{product_id}/variants/{variant_id}")
def change_one_variant(visit: Writer, product_id: Id, variant_id: Id, form: Filled) -> Response:
    """Another price or other measures of a variant."""
    found = product_of(visit, product_id)
    variant = _variant(visit, product_id, variant_id)
    try:
        values = variant_values(visit, form, variant.currency)
    except Mistakes as mistakes:
        errors = {f"{name}-{variant_id}": told for name, told in mistakes.errors.items()}
        kept = {"entered": {variant_id: form}}
        shown = product_fields(visit, found)
        return visit.page(PRODUCT, 422, errors=errors, form=shown, **_values(visit, found, **kept))
    before = {name: getattr(variant, name) for name in values}
    if change_variant(visit.session, variant, values):
        record(visit, "variant.change", f"sku:{variant.sku}", before=before, after=values)
    return visit.to(f"/products/{product_id}#variants", visit.say("The variant was changed."))


@router.post("/products/{product_id}/variants/{variant_id}/count")
def take_stock(visit: Writer, product_id: Id, variant_id: Id, form: Filled) -> Response:
    """Write down how many pieces stand there."""
    found = product_of(visit, product_id)
    variant = _variant(visit, product_id, variant_id)
    try:
        counted = count(
            visit.session, variant.sku, _pieces(visit, form.get("pieces", "")), datetime.now(UTC)
        )
    except Mistakes as mistakes:
        errors = {f"pieces-{variant_id}": mistakes.errors["pieces"]}
        shown = product_fields(visit, found)
        return visit.page(PRODUCT, 422, errors=errors, form=shown, **_values(visit, found))
    before, after = ({"on_hand": one.on_hand} for one in (counted.before, counted.after))
    record(visit, "stock.count", f"sku:{variant.sku}", before=before, after=after)
    return visit.to(f"/products/{product_id}#variants", visit.say("The count was written down."))


def _pieces(visit: Visit, text: str) -> int:
    try:
        return pieces(text)
    except ValueError:
        raise Mistakes({"pieces": visit.say(NO_COUNT)}) from None


def _sku(visit: Visit, form: Mapping[str, str]) -> str:
    sku = form.get("sku", "").strip()
    if not sku:
        raise Mistakes({"sku": visit.say("Give it a number or a short name of your own.")})
    return sku


def _maker(visit: Visit, form: Mapping[str, str]) -> int:
    own, named = visit.principal.maker_id, form.get("maker", "")
    if own is not None:
        return own
    maker = visit.session.get(Maker, int(named)) if named.isdecimal() else None
    if maker is None or maker.id is None:
        raise Mistakes({"maker": visit.say("Say who makes it.")})
    return maker.id


def _variant(visit: Visit, product_id: int, variant_id: int) -> Variant:
    variant = visit.session.get(Variant, variant_id)
    if variant is None or variant.product_id != product_id:
        raise not_found(f"There is no variant {variant_id} of product {product_id}.")
    return variant


def _choices(visit: Visit) -> dict[str, Any]:
    makers = visit.session.exec(select(Maker.id, Maker.name).order_by(col(Maker.name))).all()
    return {
        "crafts": [("", visit.say("Not said yet")), *crafts(visit)],
        "channels": [("", visit.say("On every channel")), *channels(visit)],
        "makers": [(str(id_), name) for id_, name in makers],
        "spoken": _spoken(),
    }


def _spoken() -> list[tuple[str, str]]:
    """The languages that a product may be written in, by their own names."""
    own = {one.code: one.name for one in languages()}
    return [(code, own.get(code, code)) for code in WRITTEN]


def _values(
    visit: Visit, found: Product, entered: Mapping[int, Mapping[str, str]] | None = None
) -> dict[str, Any]:
    page = product_page(visit.session, found)
    return {
        "page": page,
        "variants": [_variant_shown(visit, page, one, entered or {}) for one in page.variants],
        "listings": [_listed(visit, one) for one in page.listings],
        "advice": [_advice(visit, one) for one in page.completeness.advice],
        "photo_advice": _photo_advice(visit, found),
        "suggestions": list(_suggestions(visit, found)),
        "may_write": visit.principal.may(Permission.CATALOG_WRITE),
        "may_see_listings": visit.principal.may(Permission.LISTINGS_READ),
        **_choices(visit),
    }


def _photo_advice(visit: Visit, found: Product) -> Mapping[str, list[str]]:
    """What is to be said of its photos, by their SHA-256."""
    advised, _ = looked_through(visit.session, Which(product=found.code), 0, MOST_PHOTOS)
    language = visit.language.code
    return {
        one.sha256: [photo_sentence(each, language) for each in one.findings] for one in advised
    }


def _variant_shown(
    visit: Visit, page: ProductPage, variant: Variant, entered: Mapping[int, Mapping[str, str]]
) -> Mapping[str, Any]:
    moved = history(visit.session, variant.sku, HISTORY)
    return {
        "row": variant,
        "fields": entered.get(variant.id or 0) or variant_fields(variant),
        "price": amount(visit, variant.price),
        "levels": page.levels[variant.id or 0],
        "history": [(visit.say(KINDS[one.kind]), one.quantity, one.at) for one in moved],
    }


def _listed(visit: Visit, one: Listed) -> Mapping[str, Any]:
    return {
        "id": one.listing.id,
        "channel": one.channel.code,
        "state": words.state_told(visit, one.listing.state),
        "held": one.listing.held_at is not None,
        "issues": [words.issue_told(visit, issue) for issue in one.issues],
    }


def _advice(visit: Visit, one: Any) -> Mapping[str, Any]:
    place = PLACES.get(one.code, f"field-{one.code}")
    return {"words": sentence(one, visit.language.code), "points": one.points, "place": place}


def _suggestions(visit: Visit, found: Product) -> Iterator[Mapping[str, Any]]:
    for one in suggested(visit.session, [found.code]):
        for each in one.suggestions:
            yield {
                "field": each.field,
                "name": visit.say(words.PARTS.get(each.field, "") or _FIELDS[each.field]),
                "value": _suggested_value(visit, each),
                "evidence": each.evidence,
                "differs": each.differs,
            }


_FIELDS: Mapping[str, str] = {
    "techniques": marked("Techniques"),
    "motifs": marked("Motifs"),
    "rooms": marked("Rooms"),
    "region": marked("Region"),
    "care": marked("Care"),
}


def _suggested_value(visit: Visit, one: Suggestion) -> str:
    kind = LISTS.get(one.field) or SINGLE.get(one.field)
    if kind is None:
        return f"{one.value:g}" if isinstance(one.value, float) else str(one.value)
    return VOCABULARY[kind][str(one.value)].name(visit.language.code)
