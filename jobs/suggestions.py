"""Suggestions from products' own words: listed for a person, and written where one accepts them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlmodel import Session, col, or_, select

from catalog.chunks import chunks
from catalog.columns import utc_now
from catalog.models import Maker, Product, Variant
from catalog.vocabulary.suggest import LISTS, SIDES, Suggestion, suggestions
from catalog.vocabulary.terms import LANGUAGES, VOCABULARY, Kind
from jobs.suggestion_models import RefusedSuggestion

# Products read at a time.
_BATCH = 500
# Columns that people read as they are; a term is written there by its name.
_READ = {"region": Kind.REGION, "care": Kind.CARE}


@dataclass(frozen=True, slots=True)
class Suggested:
    """A product of which its own words say more than its fields."""

    product: Product
    variants: tuple[Variant, ...]
    suggestions: tuple[Suggestion, ...]


def suggested(
    session: Session, named: Collection[str] = (), maker: str | None = None
) -> Iterator[Suggested]:
    """The products that have suggestions, by code; those `named` by SKU or code, or all.

    Raises:
        LookupError: a name is neither a SKU nor a product's code, or nobody is called `maker`.
    """
    for ids in chunks(_ids(session, named, maker), _BATCH):
        yield from _suggested(session, ids)


def looked_through(
    session: Session, after: str, most: int, maker_id: int | None = None
) -> tuple[list[Suggested], str | None]:
    """The first products by code behind `after` that have suggestions, `most` of them.

    Some hundred products are looked through at a time: there may be fewer, or none, and still the
    code behind which to go on. None once all were looked at.
    """
    query = select(Product.id, Product.code).where(
        col(Product.code) > after, col(Product.withdrawn).is_(False)
    )
    if maker_id is not None:
        query = query.where(Product.maker_id == maker_id)
    rows = session.exec(query.order_by(col(Product.code)).limit(_BATCH)).all()
    found = list(_suggested(session, [product_id for product_id, _ in rows if product_id]))
    if len(found) > most:
        return found[:most], found[most - 1].product.code
    return found, rows[-1][1] if len(rows) == _BATCH else None


def of_product(session: Session, code: str, maker_id: int | None = None) -> Suggested | None:
    """The product of that code and its suggestions, of which there may be none.

    None where there is no such product, or none of that maker's.
    """
    query = select(Product).where(Product.code == code)
    if maker_id is not None:
        query = query.where(Product.maker_id == maker_id)
    product = session.exec(query.with_for_update()).first()
    if product is None:
        return None
    own = _variants(session, [product.id or 0]).get(product.id or 0, ())
    return next(_suggested(session, [product.id or 0]), Suggested(product, own, ()))


def _suggested(session: Session, ids: Sequence[int]) -> Iterator[Suggested]:
    query = select(Product).where(col(Product.id).in_(ids)).order_by(col(Product.code))
    variants, refused = _variants(session, ids), _refused(session, ids)
    for product in session.exec(query).all():
        own = variants.get(product.id or 0, ())
        found = tuple(
            one
            for one in suggestions(product, own)
            if (product.id, one.field, str(one.value)) not in refused
        )
        if found:
            yield Suggested(product, own, found)


def _refused(session: Session, ids: Sequence[int]) -> set[tuple[int, str, str]]:
    rows = select(RefusedSuggestion).where(col(RefusedSuggestion.product_id).in_(ids))
    return {(one.product_id, one.field, one.value) for one in session.exec(rows)}


def refuse(session: Session, one: Suggested, chosen: Collection[Suggestion]) -> None:
    """Remember that these suggestions are wrong, so that nobody is asked again."""
    for suggestion in chosen:
        session.add(
            RefusedSuggestion(
                product_id=one.product.id or 0, field=suggestion.field, value=str(suggestion.value)
            )
        )
    session.flush()


def accept(one: Suggested, fields: Collection[str] = ()) -> tuple[Suggestion, ...]:
    """Write a product's suggestions into its row and say which; lists grow, single values change.

    Of all fields, what differs from the field is left to a person: it is written where `fields`
    name it, and then nothing else is. The caller commits.
    """
    taken = tuple(s for s in one.suggestions if (s.field in fields if fields else not s.differs))
    take(one, taken)
    return taken


def take(one: Suggested, chosen: Collection[Suggestion]) -> None:
    """Write these suggestions into the product's row. The caller commits."""
    for suggestion in chosen:
        _write(one, suggestion)
    if chosen:
        one.product.revision += 1
        one.product.updated_at = utc_now()


def _write(one: Suggested, suggestion: Suggestion) -> None:
    field, value = suggestion.field, suggestion.value
    if field in LISTS:
        # A new list: the session does not see one that grows in place.
        setattr(one.product, field, [*getattr(one.product, field), value])
    elif field in _READ:
        setattr(one.product, field, _name(_READ[field], str(value), one.product.language))
    elif field.removesuffix("_cm") in SIDES:
        setattr(one.variants[0], field, value)
    else:
        setattr(one.product, field, value)


def _name(kind: Kind, code: str, language: str) -> str:
    return VOCABULARY[kind][code].name(language if language in LANGUAGES else LANGUAGES[0])


def _ids(session: Session, named: Collection[str], maker: str | None) -> list[int]:
    query = select(Product.id).order_by(col(Product.code))
    if maker:
        owner = session.exec(select(Maker.id).where(col(Maker.slug) == maker)).first()
        if owner is None:
            raise LookupError(f"there is no maker {maker}")
        query = query.where(col(Product.maker_id) == owner)
    if named:
        query = query.where(col(Product.id).in_(_known(session, named)))
    return [product_id for product_id in session.exec(query) if product_id]


def _known(session: Session, named: Collection[str]) -> set[int]:
    query = select(Product.id, Product.code, Variant.sku).outerjoin(Variant)
    rows = session.exec(
        query.where(or_(col(Product.code).in_(named), col(Variant.sku).in_(named)))
    ).all()
    unknown = set(named) - {name for _, *names in rows for name in names}
    if unknown:
        raise LookupError(f"there is no product or SKU {', '.join(sorted(unknown))}")
    return {product_id for product_id, _, _ in rows if product_id}


def _variants(session: Session, product_ids: Sequence[int]) -> dict[int, tuple[Variant, ...]]:
    query = select(Variant).where(col(Variant.product_id).in_(product_ids))
    rows = session.exec(query.order_by(col(Variant.product_id), col(Variant.position))).all()
    groups = groupby(rows, lambda variant: variant.product_id)
    return {product_id: tuple(group) for product_id, group in groups}
