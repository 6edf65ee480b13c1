"""The products: found, read whole, added and changed; one, or many at once."""

from decimal import Decimal
from typing import Annotated

from fastapi import Depends, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from sqlmodel import col, select

from catalog.models import Maker, Product, Variant
from jobs import editing
from jobs.browsing import Found, Wanted, overviews, products
from jobs.catalog_exports import COLUMNS, STOCK, export_rows
from jobs.editing import BulkEdit
from jobs.models import ListingState
from jobs.product_pages import product_page
from trade_ma.api.access import DbSession, Installation, require
from trade_ma.api.bulk import MOST, Edited, edited
from trade_ma.api.conditions import IfMatch, etag, locked, must_match
from trade_ma.api.exports import FILES, Format, exported
from trade_ma.api.paging import Page, Paging, page, paging
from trade_ma.api.problems import invalid, not_found
from trade_ma.api.recording import Recorder
from trade_ma.api.refusals import refusals_told
from trade_ma.api.routers.product_shapes import (
    NewProduct,
    NewVariant,
    ProductChange,
    ProductRow,
    ProductShown,
    VariantChange,
    Word,
    product_shown,
    row_shown,
    variant_values,
)
from trade_ma.api.subject import Id, Text, subject
from trade_ma.identity.permissions import Permission
from trade_ma.identity.principal import Principal

router = subject("products")
Reader = Annotated[Principal, require(Permission.CATALOG_READ)]
Writer = Annotated[Principal, require(Permission.CATALOG_WRITE)]


class Version(BaseModel):
    """What a product's ETag is made of: the revision counts every change but those of stock."""

    id: int
    revision: int


def version(product: Product) -> Version:
    """What a change of this product must have seen."""
    return Version(id=product.id or 0, revision=product.revision)


def own_product(session: DbSession, principal: Principal, product_id: int) -> Product:
    """A product that the principal sees, for reading.

    Raises:
        Problem: 404.
    """
    product = session.get(Product, product_id)
    if product is None or not principal.sees(product.maker_id):
        raise not_found(f"There is no product {product_id}.")
    return product


def locked_product(
    session: DbSession, principal: Principal, product_id: int, if_match: str | None
) -> Product:
    """A product that nobody else writes until this request is done, as it was read.

    Raises:
        Problem: 404, 412 or 428.
    """
    product = locked(session, Product, product_id, "product")
    if not principal.sees(product.maker_id):
        raise not_found(f"There is no product {product_id}.")
    must_match(if_match, version(product))
    return product


def whole(session: DbSession, product: Product, response: Response) -> ProductShown:
    """A product whole, with the ETag that a change of it wants."""
    session.flush()
    response.headers["ETag"] = etag(version(product))
    return product_shown(product_page(session, product))


def wanted_products(
    session: DbSession,
    principal: Reader,
    asked: Annotated[Paging, Depends(paging)],
    q: Annotated[
        Text, Query(max_length=200, description="Beginnings of words of title, code or SKU.")
    ] = "",
    maker_id: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    craft: Annotated[Text | None, Query(max_length=60)] = None,
    channel: Annotated[
        Text | None, Query(max_length=60, description="Only what has a listing there.")
    ] = None,
    state: Annotated[
        list[ListingState] | None, Query(description="Of the listing on `channel`.")
    ] = None,
    withdrawn: bool | None = None,
    has_photos: bool | None = None,
    in_stock: bool | None = None,
    completeness_below: Annotated[int | None, Query(ge=0, le=101)] = None,
) -> Found:
    """The products that a list is narrowed to."""
    if state and channel is None:
        raise invalid("query.state", "say of which channel: the state is that of its listing")
    theirs = maker_id if principal.maker_id is None else principal.maker_id
    wanted = Wanted(
        words=q,
        maker_id=theirs,
        craft=craft,
        channel=channel,
        states=state or (),
        withdrawn=withdrawn,
        has_photos=has_photos,
        in_stock=in_stock,
        completeness_below=completeness_below,
    )
    try:
        return products(session, wanted, asked.sort or "")
    except LookupError as missing:
        raise invalid("query.channel", str(missing)) from missing


@router.get("", summary="Find products")
def list_products(
    session: DbSession,
    found: Annotated[Found, Depends(wanted_products)],
    asked: Annotated[Paging, Depends(paging)],
) -> Page[ProductRow]:
    """Products, a page at a time. Every filter narrows the list.

    Usually the last changed first; with words or a channel the newest first; with
    completeness_below the least complete first. Also sorted by title, code, created_at,
    updated_at and completeness; with words that takes longer, the more is found.
    """
    one = page(session, found.statement, asked, found.sorts, found.key, lambda product: product)
    rows = [row_shown(row) for row in overviews(session, one.items)]
    return Page(items=rows, next=one.next)


@router.get("/export", response_class=StreamingResponse, responses=FILES, summary="As a file")
def export_products(
    installation: Installation,
    principal: Reader,
    file_format: Annotated[Format, Query(alias="format")] = Format.CSV,
    stock: Annotated[
        bool, Query(description="With the pieces that stand there, which an import would count.")
    ] = False,
) -> StreamingResponse:
    """The catalog in columns that an import knows: edit the file, and import it again."""
    rows = export_rows(installation.session, principal.maker_id)
    return exported(rows, {**COLUMNS, **(STOCK if stock else {})}, file_format, "products")


@router.get("/{product_id}", summary="One product")
def read_product(
    product_id: Id, session: DbSession, principal: Reader, response: Response
) -> ProductShown:
    """A product with its variants and their stock, photos, listings and completeness."""
    return whole(session, own_product(session, principal, product_id), response)


@router.post("", status_code=201, summary="Add a product")
def add_product(
    body: NewProduct, session: DbSession, principal: Writer, response: Response, record: Recorder
) -> ProductShown:
    """A new product with its variants; its stock is counted afterwards."""
    if session.get(Maker, body.maker_id) is None or not principal.sees(body.maker_id):
        raise invalid("body.maker_id", f"there is no maker {body.maker_id}")
    variants = [variant_values(one) for one in body.model_dump()["variants"]]
    with refusals_told():
        product = editing.create_product(session, body.model_dump(exclude={"variants"}), variants)
    shown = whole(session, product, response)
    record("product.add", f"product:{product.code}", after=shown)
    return shown


@router.patch("/{product_id}", summary="Change a product")
def change_product(
    product_id: Id,
    body: ProductChange,
    session: DbSession,
    principal: Writer,
    response: Response,
    record: Recorder,
    if_match: IfMatch = None,
) -> ProductShown:
    """Other words, facts or vocabulary codes; withdrawn from sale, or exclusive to one channel."""
    product = locked_product(session, principal, product_id, if_match)
    before = product_shown(product_page(session, product))
    values = body.model_dump(exclude_unset=True)
    if values.get("title", "") is None:
        raise invalid("body.title", "a product needs a title")
    with refusals_told():
        editing.change_product(session, product, values)
    after = whole(session, product, response)
    record("product.change", f"product:{product.code}", before=before, after=after)
    return after


@router.post("/{product_id}/variants", status_code=201, summary="Add a variant")
def add_variant(
    product_id: Id,
    body: NewVariant,
    session: DbSession,
    principal: Writer,
    response: Response,
    record: Recorder,
    if_match: IfMatch = None,
) -> ProductShown:
    """One more variant; the product as it is then."""
    product = locked_product(session, principal, product_id, if_match)
    with refusals_told():
        variant = editing.add_variant(session, product, variant_values(body.model_dump()))
    after = whole(session, product, response)
    record("variant.add", f"sku:{variant.sku}", after=body)
    return after


@router.patch("/{product_id}/variants/{variant_id}", summary="Change a variant")
def change_variant(
    product_id: Id,
    variant_id: Id,
    body: VariantChange,
    session: DbSession,
    principal: Writer,
    response: Response,
    record: Recorder,
    if_match: IfMatch = None,
) -> ProductShown:
    """Another price, other options or measures; the product as it is then."""
    product = locked_product(session, principal, product_id, if_match)
    variant = session.get(Variant, variant_id)
    if variant is None or variant.product_id != product_id:
        raise not_found(f"Product {product_id} has no variant {variant_id}.")
    before = product_shown(product_page(session, product))
    with refusals_told():
        values = variant_values(body.model_dump(exclude_unset=True))
        editing.change_variant(session, variant, values)
    after = whole(session, product, response)
    record("variant.change", f"sku:{variant.sku}", before=before, after=after)
    return after


class ProductsEdit(BaseModel):
    """One edit of many products. A rehearsal tells what would be changed, and changes nothing."""

    items: Annotated[
        list[Annotated[int, Field(ge=1, le=2**31 - 1)]],
        Field(min_length=1, max_length=MOST, description="Ids of products."),
    ]
    price_percent: Annotated[Decimal | None, Field(gt=-100, le=1000, decimal_places=2)] = None
    price_amount: Annotated[
        Decimal | None, Field(ge=-10_000_000, le=10_000_000, decimal_places=2)
    ] = None
    craft: Annotated[Text | None, Field(max_length=60)] = None
    add_tags: Annotated[list[Word], Field(max_length=50)] = []
    remove_tags: Annotated[list[Word], Field(max_length=50)] = []
    withdrawn: bool | None = None
    exclusive_to: Annotated[
        Text | None, Field(max_length=60, description="A channel's code; '' is every channel.")
    ] = None
    dry_run: bool = False


class ProductEdited(BaseModel):
    """What a bulk edit can change of a product, as it is now or would be; prices by SKU."""

    id: int
    code: str
    changed: bool
    craft: str | None
    tags: list[str]
    withdrawn: bool
    exclusive_to: str | None
    prices: dict[str, str] = Field(examples=[{"RUG-1": "MAD 1250.00"}])


@router.post("/bulk", summary="Edit many products")
def edit_products(
    body: ProductsEdit, session: DbSession, principal: Writer, record: Recorder
) -> Edited[ProductEdited]:
    """Prices, craft, tags, withdrawal or exclusiveness of many: all or none, or a rehearsal."""
    ids = list(dict.fromkeys(body.items))
    query = select(Product).where(col(Product.id).in_(ids)).with_for_update()
    found = {product.id: product for product in session.exec(query)}
    variants = editing.variants_of(session, ids)
    edit = BulkEdit(**body.model_dump(exclude={"items", "dry_run"}))

    def one(product_id: int) -> ProductEdited:
        product = found.get(product_id)
        if product is None or not principal.sees(product.maker_id):
            raise not_found(f"There is no product {product_id}.")
        own = variants[product_id]
        before = _edited(product, own, changed=False)
        with refusals_told():
            changed = editing.edit_one(session, product, own, edit)
        after = _edited(product, own, changed=changed)
        if changed:
            record("product.bulk", f"product:{product.code}", before=before, after=after)
        return after

    with session.no_autoflush:
        done = edited(session, ids, one, dry_run=body.dry_run)
    if not body.dry_run:
        editing.revise_all(session, [item.id for item in done.items if item.changed])
    return done


def _edited(product: Product, variants: list[Variant], *, changed: bool) -> ProductEdited:
    return ProductEdited(
        **product.model_dump(include=set(ProductEdited.model_fields)),
        changed=changed,
        prices={v.sku: f"{v.currency} {v.price.amount:.2f}" for v in variants},
    )
