"""What a product's own words say and its fields do not: suggestions for a person, with evidence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from catalog.importing.dimensions import Dimensions
from catalog.models import Product, Variant
from catalog.vocabulary.crafts import telling
from catalog.vocabulary.find import Mention, find, key, mentions
from catalog.vocabulary.measures import lying, measures_in
from catalog.vocabulary.terms import Kind, Term

# Fields that hold several values, and those that hold one.
LISTS: Mapping[str, Kind] = {
    "materials": Kind.MATERIAL,
    "colours": Kind.COLOUR,
    "techniques": Kind.TECHNIQUE,
    "motifs": Kind.MOTIF,
    "rooms": Kind.ROOM,
}
SINGLE: Mapping[str, Kind] = {"craft": Kind.CRAFT, "region": Kind.REGION, "care": Kind.CARE}
SIDES = ("length", "width", "height", "diameter")
FIELDS = (*SINGLE, *LISTS, *(f"{side}_cm" for side in SIDES))
# Sizes nearer than this are the same one, rounded.
_SAME_CM = 1


class Where(StrEnum):
    """The text that evidence stands in."""

    TITLE = "title"
    DESCRIPTION = "description"
    TAGS = "tags"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value for a field, and the words that say it.

    `value` is a code of the vocabulary, or a size in cm. The evidence stands at `start` of
    `texts(product)[where]`. With `differs` the field says something else that no text names.
    """

    field: str
    value: str | float
    evidence: str
    where: Where
    start: int
    differs: bool = False


def texts(product: Product) -> Mapping[Where, str]:
    """The texts that are searched, the most telling first; tags as one, a comma between them."""
    return {
        Where.TITLE: product.title,
        Where.TAGS: ", ".join(product.tags),
        Where.DESCRIPTION: product.description,
    }


def suggestions(product: Product, variants: Sequence[Variant]) -> tuple[Suggestion, ...]:
    """What the texts of `product` say and its fields do not.

    A field of one value takes the first text that names any; sizes are suggested where there is
    one variant, since otherwise nobody knows whose they are.
    """
    said = {
        where: mentions(text, [*SINGLE.values(), *LISTS.values()])
        for where, text in texts(product).items()
    }
    sizes = _sizes(product, variants[0]) if len(variants) == 1 else ()
    return (*_single(product, said), *_lists(product, said), *sizes)


def _single(product: Product, said: Mapping[Where, list[Mention]]) -> Iterator[Suggestion]:
    for field, kind in SINGLE.items():
        value: str | None = getattr(product, field)
        stored = _terms(kind, [value] if value else [])
        for where, found in said.items():
            if named := [one for one in found if one.term.kind is kind]:
                if not any(_covers(stored, one) for one in named):
                    best = max(named, key=telling) if kind is Kind.CRAFT else named[0]
                    yield _suggestion(field, best, where, differs=bool(value))
                break


def _lists(product: Product, said: Mapping[Where, list[Mention]]) -> Iterator[Suggestion]:
    for field, kind in LISTS.items():
        values: list[str] = getattr(product, field)
        stored = _terms(kind, values)
        named = [(at, one) for at, found in said.items() for one in found if one.term.kind is kind]
        differs = bool(values) and not any(_covers(stored, one) for _, one in named)
        first: dict[str, tuple[Where, Mention]] = {}
        for where, one in named:
            if not _covers(stored, one):
                first.setdefault(one.term.code, (where, one))
        for where, one in first.values():
            yield _suggestion(field, one, where, differs=differs)


def _suggestion(field: str, found: Mention, where: Where, *, differs: bool) -> Suggestion:
    return Suggestion(field, found.term.code, found.words, where, found.start, differs)


def _terms(kind: Kind, values: Sequence[str]) -> list[Term]:
    """The terms that a field's values name, as a whole or among other words."""
    named = [find(kind, value) for value in values]
    among = [one.term for value in values for one in mentions(value, [kind])]
    return [term for term in (*named, *among) if term]


def _covers(stored: Sequence[Term], found: Mention) -> bool:
    """Whether a term is stored already, or one that says more: virgin wool says wool."""
    words = f" {key(found.words)} "
    return any(
        term == found.term or any(words in f" {key(form.name)} " for form in term.forms.values())
        for term in stored
    )


def _sizes(product: Product, variant: Variant) -> Iterator[Suggestion]:
    stored = _stored_sizes(variant)
    for where, text in texts(product).items():
        for found in measures_in(text)[:1]:
            for side in SIDES:
                size, has = getattr(found.sizes, side), getattr(stored, side)
                if size is not None and (has is None or abs(size - has) >= _SAME_CM):
                    differs = has is not None
                    yield Suggestion(
                        f"{side}_cm", size, found.words, where, found.start, differs=differs
                    )
            return


def _stored_sizes(variant: Variant) -> Dimensions:
    return lying(Dimensions(**{side: getattr(variant, f"{side}_cm") for side in SIDES}))
