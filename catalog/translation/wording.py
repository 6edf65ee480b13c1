"""What a product's terms say in one language, whatever its measures and maker: kept ready.

Products share their terms far more often than their sizes, so this part is made once for each
set of terms.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from catalog.folding import fold
from catalog.translation.facts import Facts
from catalog.translation.fit import tidy
from catalog.translation.grammar import Language, first_upper, told
from catalog.vocabulary.terms import VOCABULARY, Form, Kind, Term

_TITLE_MATERIALS = 2
_TITLE_COLOURS = 3
_HEADING_DIGITS = 4
# Accents and vowel signs that stand apart from their letters are part of them.
_NOT_OF_TAGS = re.compile(r"[^\w '’\u0300-\u036f\u064b-\u0652-]|_")
_HARMLESS = frozenset(" ,،'’")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a title with the comma or space before it, what it tells, and its signs."""

    text: str
    tells: frozenset[str] = frozenset()
    signs: str = ""
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """The part of a product's facts that is terms."""

    craft: Term
    region: Term | str | None
    materials: tuple[Term, ...]
    colours: tuple[Term, ...]
    techniques: tuple[Term, ...]
    motifs: tuple[Term, ...]
    rooms: tuple[Term, ...]
    care: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """Phrases of one set of terms. Each group of a title lists its wordings, the fullest first.

    `lines` are the facts that stand before the measures in a description, `last_lines` those after.
    """

    craft: Form
    craft_within: str
    title_head: Piece
    title_making: tuple[tuple[Piece, ...], ...]
    title_origin: tuple[Piece, ...]
    made_of: str
    opening: str
    place: str
    care: tuple[str, ...]
    rooms: str
    lines: tuple[str, ...]
    last_lines: tuple[str, ...]
    tags: tuple[str, ...]
    materials: tuple[str, ...]
    colours: tuple[str, ...]


def wording(facts: Facts, craft: Term, language: Language) -> Wording:
    """The phrases of the product's terms in `language`."""
    terms = Terms(
        craft,
        facts.region,
        facts.materials,
        facts.colours,
        facts.techniques,
        facts.motifs,
        facts.rooms,
        facts.care,
    )
    return _wording(terms, language)


@lru_cache(maxsize=16384)
def _wording(terms: Terms, language: Language) -> Wording:
    noun = form(terms.craft, language)
    place = _place(terms.region, language)
    technique = [_agreeing(term, noun, language) for term in terms.techniques]
    predicate = language.predicate.say(
        noun, _listed(technique, language), _listed(_names(terms.materials, language), language)
    )
    colour = [_agreeing(term, noun, language) for term in terms.colours]
    motif = _names(terms.motifs, language)
    within = language.within(noun)
    says = [predicate, _in_colours(colour, language), *motif]
    opening = language.this.agreeing(noun).format(craft=within, predicate=predicate)
    return Wording(
        craft=noun,
        craft_within=within,
        title_head=piece(language.heading(first_upper(noun.name)), language),
        title_making=tuple(_title_groups(terms, noun, language)),
        title_origin=tuple(_title_origin(place, language)),
        made_of=first_upper(language.comma.join(filter(None, says))),
        opening=language.smooth(opening) if predicate else "",
        place=language.in_place(place) if place else language.in_country,
        care=tuple(first_upper(name) for name in _names(terms.care, language)),
        rooms=language.for_rooms([form(room, language) for room in terms.rooms])
        if terms.rooms
        else "",
        lines=tuple(_lines(terms, language)),
        last_lines=tuple(_last_lines(terms, place, language)),
        tags=tuple(_distinct_tags(terms, noun, place, language)),
        materials=tuple(_names(terms.materials, language)),
        colours=tuple(_names(terms.colours, language)),
    )


@lru_cache(maxsize=8192)
def form(term: Term, language: Language) -> Form:
    """The term as that language, and its variety, writes it."""
    return language.form(term.forms[language.code])


@lru_cache(maxsize=16384)
def piece(text: str, language: Language) -> Piece:
    """`text` as a part of a title."""
    tells = told(text, language)
    signs = "".join(c for c in text if not c.isalnum() and c not in _HARMLESS)
    return Piece(text, frozenset(tells), signs, len(tells) != len(set(tells)))


def _names(terms: Iterable[Term], language: Language) -> list[str]:
    return [form(term, language).name for term in terms]


def _agreeing(term: Term, noun: Form, language: Language) -> str:
    return language.spelling(term.forms[language.code].agreeing(noun))


def _listed(names: list[str], language: Language) -> str:
    return language.listed(names) if names else ""


def _in_colours(colours: list[str], language: Language) -> str:
    return language.in_colours.format(language.listed(colours)) if colours else ""


def _place(region: Term | str | None, language: Language) -> Form | None:
    if isinstance(region, Term):
        return form(region, language)
    return Form(tidy(region)) if region and tidy(region) else None


def _title_groups(terms: Terms, noun: Form, language: Language) -> Iterator[tuple[Piece, ...]]:
    materials = _new(_names(terms.materials, language), noun, language)[:_TITLE_MATERIALS]
    techniques = [_agreeing(term, noun, language) for term in terms.techniques[:1]]
    colours = _new([_agreeing(term, noun, language) for term in terms.colours], noun, language)
    making = [
        language.title.say(noun, *said)
        for said in _making_of(techniques, _listed(materials, language))
    ]
    yield tuple(piece(language.heading(text), language) for text in making)
    shades = (colours[:_TITLE_COLOURS], colours[:1])
    yield _comma_pieces([_in_colours(some, language) for some in shades if some], language)
    yield _comma_pieces(_names(terms.motifs[:1], language), language)


def _making_of(techniques: list[str], material: str) -> Iterator[tuple[str, str]]:
    for technique in techniques:
        if material:
            yield technique, material
        yield technique, ""
    if material:
        yield "", material


def _new(names: list[str], noun: Form, language: Language) -> list[str]:
    # What the craft's name tells, also as half of a compound such as Lederpouf, is not said again.
    craft, seen, new = fold(noun.name), set(told(noun.name, language)), []
    for name in names:
        tells = told(name, language)
        inside = any(len(stem) >= language.stem and stem in craft for stem in tells)
        if not inside and seen.isdisjoint(tells):
            seen.update(tells)
            new.append(name)
    return new


def _comma_pieces(texts: list[str], language: Language) -> tuple[Piece, ...]:
    return tuple(piece(language.comma + language.heading(text), language) for text in texts)


def _title_origin(place: Form | None, language: Language) -> Iterator[Piece]:
    if place:
        origin = f"{language.from_place(place)}{language.comma}{language.country}"
        yield piece(f"{language.comma}{origin}", language)
    yield piece(f"{language.comma}{language.from_country}", language)


def _lines(terms: Terms, language: Language) -> Iterator[str]:
    labels = language.labels
    yield from _line(labels.material, terms.materials, language)
    yield from _line(labels.technique, terms.techniques, language)
    yield from _line(labels.colour, terms.colours, language)
    yield from map(first_upper, _names(terms.motifs, language))


def _last_lines(terms: Terms, place: Form | None, language: Language) -> Iterator[str]:
    labels = language.labels
    origin = f"{place.name}{language.comma}" if place else ""
    yield f"{labels.origin}{labels.stop}{origin}{language.country}"
    yield from _line(labels.room, terms.rooms, language)
    yield from _line(labels.care, terms.care, language)


def _line(label: str, terms: tuple[Term, ...], language: Language) -> Iterator[str]:
    if terms:
        yield label + language.labels.stop + language.comma.join(_names(terms, language))


def _distinct_tags(
    terms: Terms, noun: Form, place: Form | None, language: Language
) -> Iterable[str]:
    tags: dict[str, str] = {}
    for text in _searches(terms, noun, place, language):
        key, tag = _tag(text)
        tags.setdefault(key, tag)
    return tags.values()


@lru_cache(maxsize=65536)
def _tag(text: str) -> tuple[str, str]:
    tag = tidy(_NOT_OF_TAGS.sub(" ", text))
    return fold(tag), tag


def _searches(terms: Terms, noun: Form, place: Form | None, language: Language) -> Iterator[str]:
    """What buyers type, the most telling first: the thing, and what kind of it."""
    wider = _wider(terms.craft)
    kinds = [form(term, language) for term in (wider, terms.craft) if term]
    yield language.within(noun)
    for kind in kinds:
        yield language.moroccan.agreeing(kind).format(craft=language.within(kind))
    for kind in reversed(kinds):
        craft = language.within(kind)
        for material in _new(_names(terms.materials, language), kind, language):
            yield language.of_material.format(craft=craft, material=material)
        for colour in (_agreeing(term, kind, language) for term in terms.colours):
            yield language.of_colour.format(craft=craft, colour=colour)
    yield language.within(Form(noun.plural, noun.plural, noun.gender, always_plural=True))
    yield from (_agreeing(term, noun, language) for term in terms.techniques)
    yield from _names(terms.motifs, language)
    if place:
        yield place.name
    yield from _names((*terms.rooms, *terms.materials, *terms.colours), language)
    yield language.craftwork


def _wider(craft: Term) -> Term | None:
    """The craft that this one is a kind of, by code and customs heading: rug of rug-azilal."""
    wider = VOCABULARY[Kind.CRAFT].get(craft.code.partition("-")[0])
    if wider is None or wider.code == craft.code:
        return None
    return wider if wider.hs[:_HEADING_DIGITS] == craft.hs[:_HEADING_DIGITS] else None
