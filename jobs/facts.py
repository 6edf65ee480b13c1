"""What the vocabulary knows of a product: the facts that texts are composed from. Pure."""

from collections.abc import Iterable

from catalog.models import Product
from catalog.snapshots import Snapshot
from catalog.translation.facts import Facts, Span
from catalog.vocabulary.find import find
from catalog.vocabulary.terms import VOCABULARY, Kind, Term


def facts_of(snapshot: Snapshot) -> Facts:
    """The facts of a product; what the vocabulary has no term for is left out."""
    product, maker, variants = snapshot.product, snapshot.maker, snapshot.variants
    return Facts(
        craft=VOCABULARY[Kind.CRAFT].get(product.craft or ""),
        maker=maker.name,
        is_cooperative=maker.is_cooperative,
        region=_region(product.region or maker.region),
        materials=_terms(Kind.MATERIAL, product.materials),
        colours=_terms(Kind.COLOUR, product.colours),
        techniques=_terms(Kind.TECHNIQUE, product.techniques),
        motifs=_terms(Kind.MOTIF, product.motifs),
        rooms=_terms(Kind.ROOM, product.rooms),
        care=_care(product),
        length=Span.over([variant.length_cm for variant in variants]),
        width=Span.over([variant.width_cm for variant in variants]),
        height=Span.over([variant.height_cm for variant in variants]),
        diameter=Span.over([variant.diameter_cm for variant in variants]),
        weight=Span.over([variant.weight_g for variant in variants]),
        made_to_order=product.made_to_order,
        lead_time_days=product.lead_time_days,
        made_in_year=product.made_in_year,
        options=_options(snapshot),
    )


def _terms(kind: Kind, words: Iterable[str]) -> tuple[Term, ...]:
    found = [find(kind, word) for word in words]
    return tuple(dict.fromkeys(filter(None, found)))


def _region(name: str | None) -> Term | str | None:
    return (find(Kind.REGION, name) or name) if name else None


def _care(product: Product) -> tuple[Term, ...]:
    if not (care := product.care):
        return ()
    sentences = care.replace("\n", ".").replace(";", ".").split(".")
    return _terms(Kind.CARE, filter(None, map(str.strip, sentences)))


def _options(snapshot: Snapshot) -> tuple[tuple[str, tuple[str, ...]], ...]:
    values: dict[str, dict[str, None]] = {}
    for variant in snapshot.variants:
        for name, value in variant.options:
            values.setdefault(name, {})[value] = None
    return tuple((name, tuple(found)) for name, found in values.items())
