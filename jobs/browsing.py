"""The catalog as people look through it: filtered, searched, and a page of it in one glance.

Every list here is walked along an index: its usual order is the one that its filter's index has,
so that a page of a million products costs what a page of a hundred does.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moneyed import Money
from sqlalchemy import ColumnElement, exists, func, literal_column
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from catalog.models import Maker, Photo, Product, Variant
from catalog.money import money_from_minor
from catalog.search import matches
from jobs.channels import channel_id
from jobs.models import Channel, Listing, ListingState

# So many products take longer to sort than to be met along the order that is asked for.
MANY = 2_000
# The listings that a person has to mend.
REFUSED = (ListingState.REFUSED, ListingState.CHANGE_REFUSED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which products; None and empty do not narrow them.

    `words` begin words of the title, the code or a SKU. With a `channel`, by its code, only
    products that have a listing there in one of `states`; and any that has one without `states`.
    """

    words: str = ""
    maker_id: int | None = None
    craft: str | None = None
    channel: str | None = None
    states: Collection[ListingState] = ()
    withdrawn: bool | None = None
    has_photos: bool | None = None
    in_stock: bool | None = None
    completeness_below: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A statement of products, what it may be sorted by (the first is usual), and its key."""

    statement: SelectOfScalar[Product]
    sorts: Mapping[str, Any]
    key: Any


def products(session: Session, wanted: Wanted, sort: str = "") -> Found:
    """The products that are `wanted`, to be read a page at a time by `sort`.

    The usual order is that of the filter's index: the newest first where words or a channel are
    asked for, the least complete first where completeness is, and the last changed first
    elsewhere. By any other order some are sorted, and many are met along the order's own index;
    with words all are sorted, which takes longer the more are found: a title's words lie together
    in the order of titles, and a walk may come to them last.

    Raises:
        LookupError: there is no such channel.
    """
    usual = _usual(wanted)
    statement, key = _narrowed(session, wanted)
    another = sort.removeprefix("-") not in {"", usual.removeprefix("-")}
    said = bool(wanted.words.strip())
    if another and not said and wanted != Wanted() and _are_many(session, statement):
        statement, key = _met(session, wanted), col(Product.id)
    sorts: dict[str, Any] = {
        "-updated_at": col(Product.updated_at),
        "title": col(Product.title),
        "code": col(Product.code),
        # Products are numbered as they are created.
        "-created_at": key,
        "completeness": col(Product.completeness),
    }
    if another and said:
        sorts = {name: _hidden(one).label(one.key) for name, one in sorts.items()}
    return Found(statement, {usual: sorts.pop(usual), **sorts}, key)


def _narrowed(session: Session, wanted: Wanted) -> tuple[SelectOfScalar[Product], Any]:
    """The products begun at what narrows them most, and the key that those are ordered by."""
    statement, key = _searched(session, wanted)
    if wanted.channel is not None:
        statement, key = _listed(session, statement, key, wanted)
    return statement.where(*_conditions(wanted)), key


def _are_many(session: Session, statement: SelectOfScalar[Product]) -> bool:
    some = statement.with_only_columns(literal_column("1")).limit(MANY).subquery()
    return session.exec(select(func.count()).select_from(some)).one() == MANY


def _met(session: Session, wanted: Wanted) -> SelectOfScalar[Product]:
    """The products, each looked at by itself: whatever orders them is what the walk begins at."""
    statement = select(Product).where(*_conditions(wanted, hidden=True))
    if wanted.channel is not None:
        there = exists().where(
            col(Listing.channel_id) == channel_id(session, wanted.channel),
            col(Listing.product_id) == col(Product.id),
        )
        if wanted.states:
            there = there.where(col(Listing.state).in_(wanted.states))
        statement = statement.where(there)
    return statement


def _usual(wanted: Wanted) -> str:
    if wanted.words.strip() or wanted.channel is not None:
        return "-created_at"
    return "-updated_at" if wanted.completeness_below is None else "completeness"


def _searched(session: Session, wanted: Wanted) -> tuple[SelectOfScalar[Product], Any]:
    """The products with the words, and as key the id that an index of them is ordered by."""
    found = matches(session, wanted.words, wanted.maker_id)
    if found is None:
        return select(Product), col(Product.id)
    joined = select(Product).join(found.table, found.key == col(Product.id))
    return joined.where(found.condition), found.key.label("id")


def _listed(
    session: Session, statement: SelectOfScalar[Product], key: Any, wanted: Wanted
) -> tuple[SelectOfScalar[Product], Any]:
    channel = channel_id(session, wanted.channel or "")
    listings = select(Listing.product_id).where(Listing.channel_id == channel)
    if not wanted.states:
        return statement.where(col(Product.id).in_(listings)), key
    listings = listings.where(col(Listing.state).in_(wanted.states))
    if wanted.words.strip() or len(wanted.states) > 1:
        return statement.where(col(Product.id).in_(listings)), key
    joined = statement.join(Listing, col(Listing.product_id) == col(Product.id)).where(
        Listing.channel_id == channel, col(Listing.state).in_(wanted.states)
    )
    return joined, col(Listing.product_id).label("id")


def _conditions(wanted: Wanted, *, hidden: bool = False) -> list[ColumnElement[bool]]:
    """What the product's own row must say; `hidden` from the indexes of these columns."""
    # Numbers that a partial index speaks of stand in the statement itself, or it is not used.
    nothing: ColumnElement[int] = literal_column("0")
    of = _hidden if hidden else col
    stock, photos = of(Product.available), of(Product.photo_count)
    asked: tuple[tuple[bool, ColumnElement[bool]], ...] = (
        (wanted.maker_id is not None, of(Product.maker_id) == wanted.maker_id),
        (wanted.craft is not None, of(Product.craft) == wanted.craft),
        (wanted.withdrawn is not None, of(Product.withdrawn) == wanted.withdrawn),
        (wanted.has_photos is True, photos > nothing),
        (wanted.has_photos is False, photos == nothing),
        (wanted.in_stock is True, stock > nothing),
        (wanted.in_stock is False, stock <= nothing),
        (
            wanted.completeness_below is not None,
            of(Product.completeness) < (wanted.completeness_below or 0),
        ),
    )
    return [condition for is_asked, condition in asked if is_asked]


def _hidden(column: Any) -> Any:
    """The value of the column, in words that no index knows."""
    return func.coalesce(column, column)


@dataclass(frozen=True, slots=True)
class Overview:
    """A product as a list shows it: what its own row does not say.

    `price` is the lowest of its variants, `photo` the SHA-256 of its first photo in the store,
    `listings` its state on each channel by the channel's code.
    """

    product: Product
    maker: str
    variants: int
    price: Money | None
    photo: str | None
    listings: Mapping[str, ListingState]


def overviews(session: Session, found: Sequence[Product]) -> list[Overview]:
    """A page of products in one glance: four queries, in the order of `found`."""
    ids = [product.id or 0 for product in found]
    makers = _makers(session, {product.maker_id for product in found})
    offers = _offers(session, ids)
    photos = _first_photos(session, ids)
    listings = _listings(session, ids)
    return [
        Overview(
            product,
            makers[product.maker_id],
            *offers.get(product.id or 0, (0, None)),
            photos.get(product.id or 0),
            listings[product.id or 0],
        )
        for product in found
    ]


def _makers(session: Session, ids: Collection[int]) -> dict[int, str]:
    rows = session.exec(select(Maker.id, Maker.name).where(col(Maker.id).in_(ids)))
    return {id_ or 0: name for id_, name in rows}


def _offers(session: Session, ids: Collection[int]) -> dict[int, tuple[int, Money | None]]:
    """How many variants each product has, and the lowest price among them."""
    lowest = func.min(col(Variant.price_minor))
    rows = session.exec(
        select(Variant.product_id, func.count(), lowest, func.min(col(Variant.currency)))
        .where(col(Variant.product_id).in_(ids))
        .group_by(col(Variant.product_id))
    )
    return {id_: (count, money_from_minor(minor, unit)) for id_, count, minor, unit in rows}


def _first_photos(session: Session, ids: Collection[int]) -> dict[int, str]:
    rows = session.exec(
        select(Photo.product_id, Photo.sha256)
        .where(col(Photo.product_id).in_(ids), col(Photo.sha256).is_not(None))
        .order_by(col(Photo.position).desc(), col(Photo.id).desc())
    )
    return {id_: sha256 for id_, sha256 in rows if sha256}


def _listings(session: Session, ids: Collection[int]) -> dict[int, dict[str, ListingState]]:
    rows = session.exec(
        select(Listing.product_id, Channel.code, Listing.state)
        .join(Channel, col(Channel.id) == col(Listing.channel_id))
        .where(col(Listing.product_id).in_(ids))
        .order_by(Channel.code)
    )
    found: dict[int, dict[str, ListingState]] = defaultdict(dict)
    for id_, code, state in rows:
        found[id_][code] = ListingState(state)
    return found
