"""What a person writes into the fields of a product, read as an import reads a cell."""

from collections.abc import Mapping, Sequence
from typing import Any

from moneyed import Money

from catalog.importing.numbers import parse_number
from catalog.importing.prices import parse_price
from catalog.importing.problems import Misread
from catalog.models import Product, Variant
from catalog.money import minor_units, money_from_minor
from catalog.vocabulary.find import find
from catalog.vocabulary.terms import Kind
from trade_ma.console.languages import marked
from trade_ma.console.visits import Visit

# Fields of several words, each of a kind of the vocabulary.
WORDS: Mapping[str, Kind] = {
    "materials": Kind.MATERIAL,
    "colours": Kind.COLOUR,
    "techniques": Kind.TECHNIQUE,
    "motifs": Kind.MOTIF,
    "rooms": Kind.ROOM,
}
SIZES = ("length_cm", "width_cm", "height_cm", "diameter_cm")
NO_NUMBER = marked("This is no number above 0: write it like 120 or 45.5.")
NO_PRICE = marked("This is no price: write it like 850 or 850.50.")
# No workshop makes a thing of a size or a weight beyond these: a slipped key.
MOST = 1_000_000


class Mistakes(Exception):
    """What is wrong with a form, in words by its fields."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors


def split(text: str) -> list[str]:
    """Words that stand between commas, Latin or Arabic."""
    parts = text.replace("،", ",").replace("\n", ",").split(",")
    return [part.strip() for part in parts if part.strip()]


def codes(kind: Kind, text: str, kept: Sequence[str] = ()) -> list[str]:
    """The codes of what the words name; words that no term has stay as they are.

    What was `kept` of the same term in its maker's own words stays in these.
    """
    own = {find(kind, word): word for word in reversed(kept)}
    named = ((find(kind, word), word) for word in split(text))
    return [own.get(term, term.code) if term else word for term, word in named]


def names(visit: Visit, kind: Kind, values: Sequence[str]) -> str:
    """Words by their terms' names in the visitor's language, between commas."""
    found = ((find(kind, value), value) for value in values)
    return ", ".join(term.name(visit.language.code) if term else value for term, value in found)


def product_values(form: Mapping[str, str], product: Product | None) -> dict[str, Any]:
    """The columns of a product that its form fills; `product` is as it was, if it was."""
    kept = {name: getattr(product, name) if product else [] for name in WORDS}
    plain = {name: form.get(name, "").strip() for name in ("title", "description")}
    optional = {name: form.get(name, "").strip() or None for name in ("craft", "region", "care")}
    lists = {name: codes(kind, form.get(name, ""), kept[name]) for name, kind in WORDS.items()}
    return {
        **plain,
        **optional,
        **lists,
        "tags": split(form.get("tags", "")),
        "language": form.get("language", "fr"),
        "made_to_order": bool(form.get("made_to_order")),
        "withdrawn": bool(form.get("withdrawn")),
        "exclusive_to": form.get("exclusive_to") or None,
    }


def product_fields(visit: Visit, product: Product) -> dict[str, Any]:
    """A product as its form shows it."""
    shown = {name: names(visit, kind, getattr(product, name)) for name, kind in WORDS.items()}
    return {
        **{name: getattr(product, name) or "" for name in ("title", "description", "craft")},
        **{name: getattr(product, name) or "" for name in ("region", "care", "exclusive_to")},
        **shown,
        "tags": ", ".join(product.tags),
        "language": product.language,
        "made_to_order": product.made_to_order,
        "withdrawn": product.withdrawn,
    }


def variant_values(visit: Visit, form: Mapping[str, str], currency: str) -> dict[str, Any]:
    """The price and the measures of a variant.

    Raises:
        Mistakes: a field cannot be read.
    """
    errors: dict[str, str] = {}
    values: dict[str, Any] = {}
    try:
        price = parse_price(form.get("price", ""))
        unit = price.currency or currency
        values |= {"price_minor": minor_units(Money(price.amount, unit)), "currency": unit}
    except Misread:
        errors["price"] = visit.say(NO_PRICE)
    for name in (*SIZES, "weight_g"):
        try:
            values[name] = _measure(form.get(name, ""), whole=name == "weight_g")
        except ValueError:
            errors[name] = visit.say(NO_NUMBER)
    if errors:
        raise Mistakes(errors)
    return values


def _measure(text: str, *, whole: bool) -> float | int | None:
    """Raises ValueError for what is no measure."""
    if not text.strip():
        return None
    number = parse_number(text, small=not whole)
    if not 0 < number <= MOST:
        raise ValueError("out of range")
    return round(number) if whole else float(number)


def variant_fields(variant: Variant) -> dict[str, str]:
    """A variant as its form shows it."""
    price = money_from_minor(variant.price_minor, variant.currency).amount
    measures = {name: getattr(variant, name) for name in (*SIZES, "weight_g")}
    shown = {name: "" if value is None else f"{value:g}" for name, value in measures.items()}
    return {"price": f"{price:.2f}", **shown}


def pieces(text: str) -> int:
    """A count of pieces. Raises ValueError for what is none."""
    number = parse_number(text)
    if not 0 <= number <= MOST or number != int(number):
        raise ValueError("no count")
    return int(number)
