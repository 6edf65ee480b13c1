"""Products and variants as people write them: checked as an import checks them, one by one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from moneyed import Money
from sqlmodel import Session, col, select

from catalog.importing.changes import new_maker, slug
from catalog.importing.problems import Misread
from catalog.importing.texts import clean
from catalog.models import Maker, Product, Variant
from catalog.money import minor_units
from catalog.refusals import Refused, because, whys
from catalog.revisions import refresh, revise
from catalog.vocabulary.crafts import CRAFTS
from jobs.channels import find
from jobs.scoring import rescore

Values = Mapping[str, Any]

# Columns that hold a text, and those that hold words in lower case, each once.
TEXTS = frozenset({"title", "description", "care", "region"})
WORDS = frozenset({"materials", "colours", "techniques", "motifs", "rooms"})


def create_maker(session: Session, values: Values) -> Maker:
    """A new maker. The caller commits.

    Raises:
        Refused: the name is taken, or says nothing.
    """
    short = slug(str(values["name"]))
    if not short:
        raise Refused(because("maker_nameless", "give the maker a name of letters"), field="name")
    if session.exec(select(Maker.id).where(Maker.slug == short)).first() is not None:
        taken = because("maker_taken", "there is a maker '%(maker)s' already", maker=short)
        raise Refused(taken, field="name")
    maker = Maker(slug=short, **values)
    session.add(maker)
    session.flush()
    return maker


def maker_named(session: Session, name: str) -> tuple[Maker, bool]:
    """The maker of that name, and whether they were made now. The caller commits.

    Raises:
        Refused: the name says nothing.
    """
    known = session.exec(select(Maker).where(Maker.slug == slug(name))).first()
    if known:
        return known, False
    told = new_maker(slug(name), name)
    return create_maker(session, {"name": name, "is_cooperative": told.is_cooperative}), True


def change_maker(session: Session, maker: Maker, values: Values) -> None:
    """Write `values` into a maker, whose products all speak of them. The caller commits."""
    differing = {name: value for name, value in values.items() if getattr(maker, name) != value}
    for name, value in differing.items():
        setattr(maker, name, value)
    if differing:
        owned = select(Product.id).where(Product.maker_id == maker.id)
        revise_all(session, [id_ for id_ in session.exec(owned) if id_])


def create_product(session: Session, values: Values, variants: Sequence[Values]) -> Product:
    """A new product with its variants, one at least. The caller commits.

    Raises:
        Refused: a value cannot be, or its code or a SKU is taken.
    """
    code = str(values["code"])
    if session.exec(select(Product.id).where(Product.code == code)).first() is not None:
        taken = because("product_taken", "there is a product '%(code)s' already", code=code)
        raise Refused(taken, field="code")
    product = Product(**_checked(session, values))
    session.add(product)
    session.flush()
    for position, variant in enumerate(variants):
        _new_variant(session, product, {"position": position, **variant})
    session.flush()
    refresh(session, [product.id or 0])
    rescore(session, [product.id or 0])
    return product


def change_product(session: Session, product: Product, values: Values) -> bool:
    """Write `values` into a product; whether that changed anything. The caller commits.

    Raises:
        Refused: a value cannot be.
    """
    changed = write(product, _checked(session, values))
    if changed:
        revise_all(session, [product.id or 0])
    return changed


def add_variant(session: Session, product: Product, values: Values) -> Variant:
    """One more variant of a product. The caller commits.

    Raises:
        Refused: its SKU is taken, or its options are not named as the others' are.
    """
    places = session.exec(select(Variant.position).where(Variant.product_id == product.id)).all()
    position = max(places, default=-1) + 1
    variant = _new_variant(session, product, {"position": position, **values})
    _alike(session, product)
    revise_all(session, [product.id or 0])
    return variant


def change_variant(session: Session, variant: Variant, values: Values) -> bool:
    """Write `values` into a variant; whether that changed anything. The caller commits.

    Raises:
        Refused: its options are not named as the others' are.
    """
    changed = write(variant, values)
    if changed:
        session.flush()
        _alike(session, session.get_one(Product, variant.product_id))
        revise_all(session, [variant.product_id])
    return changed


def revise_all(session: Session, product_ids: Sequence[int]) -> None:
    """Count a change of these products, and judge them again."""
    for start in range(0, len(product_ids), 400):
        revise(session, product_ids[start : start + 400])
        rescore(session, product_ids[start : start + 400])


def write(row: Product | Variant, values: Values) -> bool:
    """Set columns of a row; whether any differed."""
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)


def _new_variant(session: Session, product: Product, values: Values) -> Variant:
    sku = str(values["sku"])
    if session.exec(select(Variant.id).where(Variant.sku == sku)).first() is not None:
        raise Refused(
            because("sku_taken", "there is a SKU '%(sku)s' already", sku=sku), field="sku"
        )
    variant = Variant(product_id=product.id or 0, **values)
    session.add(variant)
    session.flush()
    return variant


def _alike(session: Session, product: Product) -> None:
    """Refuse variants that a buyer could not tell apart."""
    rows = session.exec(select(Variant.options).where(Variant.product_id == product.id)).all()
    names = {tuple(name for name, _ in options) for options in rows}
    values = {tuple(value for _, value in options) for options in rows}
    if len(names) > 1:
        raise Refused(
            because(
                "options_named_apart",
                "all variants of a product name the same options in one order",
            ),
            field="options",
        )
    if len(values) < len(rows):
        raise Refused(
            because("options_alike", "two variants of a product have the same options"),
            field="options",
        )


def _checked(session: Session, values: Values) -> dict[str, Any]:
    checked = {name: _tidied(name, value) for name, value in values.items()}
    if "title" in checked and not checked["title"]:
        raise Refused(because("title_missing", "a product needs a title"), field="title")
    if (craft := checked.get("craft")) is not None and craft not in CRAFTS:
        unknown = because("craft_unknown", "'%(craft)s' is no craft of the vocabulary", craft=craft)
        raise Refused(unknown, field="craft")
    if (channel := checked.get("exclusive_to")) is not None:
        _known_channel(session, channel)
    return checked


def _known_channel(session: Session, code: str) -> None:
    try:
        find(session, [code])
    except LookupError as error:
        raise Refused(*whys(error), field="exclusive_to") from error


def _tidied(name: str, value: Any) -> Any:
    if name in WORDS:
        return list(dict.fromkeys(word.strip().lower() for word in value if word.strip()))
    if name == "tags":
        return list(dict.fromkeys(word.strip() for word in value if word.strip()))
    if name not in TEXTS or value is None:
        return value
    try:
        return clean(str(value).strip()).text
    except Misread as error:
        lost = because("text_garbled", "some characters of this text are lost: write it again")
        raise Refused(lost, field=name) from error


@dataclass(frozen=True, slots=True)
class BulkEdit:
    """What to do with each of many products; None and empty leave things as they are.

    Prices rise by `price_percent` of themselves, or by `price_amount` in their own currency;
    below 0 they fall. `exclusive_to` names the one channel, and is '' for every channel.
    """

    price_percent: Decimal | None = None
    price_amount: Decimal | None = None
    craft: str | None = None
    add_tags: Collection[str] = ()
    remove_tags: Collection[str] = ()
    withdrawn: bool | None = None
    exclusive_to: str | None = None


def edit_one(
    session: Session, product: Product, variants: Sequence[Variant], edit: BulkEdit
) -> bool:
    """Carry `edit` out on one product; whether that changed anything.

    The caller calls `revise_all` for those that changed, and commits.

    Raises:
        Refused: a price would not be above 0, or a value cannot be.
    """
    changed = write(product, _checked(session, _wanted(product, edit)))
    for variant in variants:
        price = _new_price(variant, edit)
        if price <= 0:
            low = because(
                "price_not_above_zero",
                "the price of %(sku)s would be %(price)s minor units",
                sku=variant.sku,
                price=price,
            )
            raise Refused(low, field="price")
        changed |= write(variant, {"price_minor": price})
    return changed


def _wanted(product: Product, edit: BulkEdit) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if edit.craft is not None:
        wanted["craft"] = edit.craft
    if edit.add_tags or edit.remove_tags:
        kept = [tag for tag in product.tags if tag not in set(edit.remove_tags)]
        wanted["tags"] = [*kept, *edit.add_tags]
    if edit.withdrawn is not None:
        wanted["withdrawn"] = edit.withdrawn
    if edit.exclusive_to is not None:
        wanted["exclusive_to"] = edit.exclusive_to or None
    return wanted


def _new_price(variant: Variant, edit: BulkEdit) -> int:
    price = Decimal(variant.price_minor)
    if edit.price_percent is not None:
        price *= 1 + edit.price_percent / 100
    if edit.price_amount is not None:
        price += minor_units(Money(edit.price_amount, variant.currency))
    return int(price.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def variants_of(session: Session, product_ids: Collection[int]) -> dict[int, list[Variant]]:
    """The variants of these products, in their order."""
    found: dict[int, list[Variant]] = {id_: [] for id_ in product_ids}
    for variant in session.exec(
        select(Variant)
        .where(col(Variant.product_id).in_(product_ids))
        .order_by(col(Variant.position), col(Variant.id))
    ):
        found[variant.product_id].append(variant)
    return found
