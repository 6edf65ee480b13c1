"""What is known of a product, free of any language: all that a composed text may say."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.vocabulary.terms import Term


@dataclass(frozen=True, slots=True)
class Span:
    """A measure of a product: one figure, or the least and the most among its variants."""

    low: float
    high: float

    @classmethod
    def over(cls, figures: Sequence[float | None]) -> "Span | None":
        """The span of the variants' figures, None where a variant does not tell its own."""
        if len(figures) == 1:  # as with most products
            [figure] = figures
            return cls(figure, figure) if figure else None
        told = [figure for figure in figures if figure]
        return cls(min(told), max(told)) if told and len(told) == len(figures) else None

    @property
    def is_one(self) -> bool:
        """Whether all variants agree."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Facts:
    """A product in terms of the vocabulary. Lengths are cm, the weight is in g.

    `region` is the maker's own word where the vocabulary has no term for it. `options` are what a
    buyer chooses from, each with its values, as `options.localized` names them. `one_of_a_kind`
    is said only of a product that exists once and will not be made again.
    """

    craft: Term | None
    maker: str
    is_cooperative: bool = True
    region: Term | str | None = None
    materials: tuple[Term, ...] = ()
    colours: tuple[Term, ...] = ()
    techniques: tuple[Term, ...] = ()
    motifs: tuple[Term, ...] = ()
    rooms: tuple[Term, ...] = ()
    care: tuple[Term, ...] = ()
    length: Span | None = None
    width: Span | None = None
    height: Span | None = None
    diameter: Span | None = None
    weight: Span | None = None
    made_to_order: bool = False
    lead_time_days: int | None = None
    made_in_year: int | None = None
    one_of_a_kind: bool = False
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
