"""What a product's terms say in one language, whatever its measures and maker.

Sets of terms hardly ever recur, single terms and words always do: those are kept ready, and a
listing's phrases are joined from them.
"""

import re
import unicodedata
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
_NOT_OF_TAGS = re.compile(r"[^\w '’\u064b-\u0652-]|_")


# Not frozen, and so made in a third of the time: one is made for every listing, and read once.
@dataclass(slots=True)
class Wording:
    """Phrases of one set of terms. Each group of a title lists its wordings, the fullest first.

    `lines` are the facts that stand before the measures in a description, `last_lines` those after.
    """

    craft: Form
    craft_within: str
    title_head: str
    title_making: tuple[tuple[str, ...], ...]
    title_origin: tuple[str, ...]
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


# A noun equals itself alone, and is a fast key of caches.
@dataclass(frozen=True, slots=True, eq=False)
class _Noun:
    """A craft as the noun of its phrases: how it stands in a sentence, and what its name tells."""

    form: Form
    within: str
    plural: str
    moroccan: str
    folded: str
    tells: frozenset[str]


@dataclass(slots=True)
class _Said:
    """A product's terms by their names; techniques and shades agree with the craft."""

    materials: list[str]
    colours: list[str]
    shades: list[str]
    techniques: list[str]
    motifs: list[str]
    rooms: list[str]
    place: Form | None


def wording(facts: Facts, craft: Term, language: Language) -> Wording:
    """The phrases of the product's terms in `language`."""
    noun = _noun(craft, language)
    said = _Said(
        materials=_names(facts.materials, language),
        colours=_names(facts.colours, language),
        shades=_agreeing(facts.colours, noun, language),
        techniques=_agreeing(facts.techniques, noun, language),
        motifs=_names(facts.motifs, language),
        rooms=_names(facts.rooms, language),
        place=_place(facts.region, language),
    )
    predicate = language.predicate.say(
        noun.form, _listed(said.techniques, language), _listed(said.materials, language)
    )
    care = _names(facts.care, language)
    says = (predicate, _in_colours(said.shades, language), *said.motifs)
    opening = language.this.agreeing(noun.form).format(craft=noun.within, predicate=predicate)
    return Wording(
        craft=noun.form,
        craft_within=noun.within,
        title_head=language.heading(first_upper(noun.form.name)),
        title_making=tuple(_title_groups(said, noun, language)),
        title_origin=_title_origin(said.place, language),
        made_of=first_upper(language.comma.join(filter(None, says))),
        opening=language.smooth(opening) if predicate else "",
        place=language.in_place(said.place) if said.place else language.in_country,
        care=tuple(map(first_upper, care)),
        rooms=language.for_rooms([form(room, language) for room in facts.rooms])
        if facts.rooms
        else "",
        lines=tuple(_lines(said, _names(facts.techniques, language), language)),
        last_lines=tuple(_last_lines(said, care, language)),
        tags=_distinct_tags(_searches(facts, craft, said, language)),
        materials=tuple(said.materials),
        colours=tuple(said.colours),
    )


# All terms in all languages and varieties.
@lru_cache(maxsize=8192)
def form(term: Term, language: Language) -> Form:
    """The term as that language, and its variety, writes it."""
    return language.form(term.forms[language.code])


@lru_cache(maxsize=1024)
def _noun(craft: Term, language: Language) -> _Noun:
    said = form(craft, language)
    within = language.within(said)
    return _Noun(
        form=said,
        within=within,
        plural=language.within(Form(said.plural, said.plural, said.gender, always_plural=True)),
        moroccan=language.moroccan.agreeing(said).format(craft=within),
        folded=fold(said.name),
        tells=frozenset(told(said.name, language)),
    )


def _names(terms: Iterable[Term], language: Language) -> list[str]:
    return [form(term, language).name for term in terms]


def _agreeing(terms: Iterable[Term], noun: _Noun, language: Language) -> list[str]:
    code, spelling = language.code, language.spelling
    return [spelling(term.forms[code].agreeing(noun.form)) for term in terms]


def _listed(names: list[str], language: Language) -> str:
    return language.listed(names) if names else ""


def _in_colours(colours: list[str], language: Language) -> str:
    return language.in_colours.format(language.listed(colours)) if colours else ""


def _place(region: Term | str | None, language: Language) -> Form | None:
    if isinstance(region, Term):
        return form(region, language)
    return Form(tidy(region)) if region and tidy(region) else None


def _title_groups(said: _Said, noun: _Noun, language: Language) -> Iterator[tuple[str, ...]]:
    materials = _new(said.materials, noun, language)[:_TITLE_MATERIALS]
    making = _making_of(said.techniques[:1], _listed(materials, language))
    yield tuple(language.heading(language.title.say(noun.form, *parts)) for parts in making)
    shades = _new(said.shades, noun, language)
    fewer = (shades[:_TITLE_COLOURS], shades[:1])
    yield tuple(_after_comma(_in_colours(some, language), language) for some in fewer if some)
    yield tuple(_after_comma(motif, language) for motif in said.motifs[:1])


def _after_comma(text: str, language: Language) -> str:
    return language.comma + language.heading(text)


def _making_of(techniques: list[str], material: str) -> Iterator[tuple[str, str]]:
    for technique in techniques:
        if material:
            yield technique, material
        yield technique, ""
    if material:
        yield "", material


def _new(names: list[str], noun: _Noun, language: Language) -> list[str]:
    # What the craft's name tells is not said again, nor what another name told.
    seen: set[str] = set()
    new = []
    for name in names:
        tells = told(name, language)
        if not _is_told(noun, name, language) and seen.isdisjoint(tells):
            seen.update(tells)
            new.append(name)
    return new


# A craft beside a material or a colour: most of those that are ever sold, in a few languages.
@lru_cache(maxsize=65536)
def _is_told(noun: _Noun, name: str, language: Language) -> bool:
    """Whether the craft's name tells that too, also as half of a compound such as Lederpouf."""
    tells = told(name, language)
    return not noun.tells.isdisjoint(tells) or any(
        len(stem) >= language.stem and stem in noun.folded for stem in tells
    )


def _title_origin(place: Form | None, language: Language) -> tuple[str, ...]:
    country = f"{language.comma}{language.from_country}"
    if not place:
        return (country,)
    origin = f"{language.comma}{language.from_place(place)}{language.comma}{language.country}"
    return origin, country


def _lines(said: _Said, techniques: list[str], language: Language) -> Iterator[str]:
    labels = language.labels
    yield from _line(labels.material, said.materials, language)
    yield from _line(labels.technique, techniques, language)
    yield from _line(labels.colour, said.colours, language)
    yield from map(first_upper, said.motifs)


def _last_lines(said: _Said, care: list[str], language: Language) -> Iterator[str]:
    labels = language.labels
    origin = f"{said.place.name}{language.comma}" if said.place else ""
    yield f"{labels.origin}{labels.stop}{origin}{language.country}"
    yield from _line(labels.room, said.rooms, language)
    yield from _line(labels.care, care, language)


def _line(label: str, names: list[str], language: Language) -> Iterator[str]:
    if names:
        yield f"{label}{language.labels.stop}{language.comma.join(names)}"


def _distinct_tags(texts: Iterable[str]) -> tuple[str, ...]:
    tags: dict[str, str] = {}
    for key, tag in map(_tag, texts):
        # A region of signs alone leaves no tag.
        if key:
            tags.setdefault(key, tag)
    return tuple(tags.values())


# Nearly all are a craft, with a material or a colour.
@lru_cache(maxsize=65536)
def _tag(text: str) -> tuple[str, str]:
    # An accent that is no part of a letter is no part of a tag.
    tag = tidy(_NOT_OF_TAGS.sub(" ", unicodedata.normalize("NFC", text)))
    return fold(tag), tag


def _searches(facts: Facts, craft: Term, said: _Said, language: Language) -> Iterator[str]:
    """What buyers type, the most telling first: the thing, and what kind of it."""
    nouns = [_noun(term, language) for term in (_wider(craft), craft) if term]
    itself = nouns[-1]
    yield itself.within
    yield from (noun.moroccan for noun in nouns)
    for noun in reversed(nouns):
        for material in _new(said.materials, noun, language):
            yield language.of_material.format(craft=noun.within, material=material)
        shades = said.shades if noun is itself else _agreeing(facts.colours, noun, language)
        for colour in shades:
            yield language.of_colour.format(craft=noun.within, colour=colour)
    yield itself.plural
    yield from said.techniques
    yield from said.motifs
    if said.place:
        yield said.place.name
    yield from said.rooms
    yield from said.materials
    yield from said.colours
    yield language.craftwork


@lru_cache(maxsize=1024)
def _wider(craft: Term) -> Term | None:
    """The craft that this one is a kind of, by code and customs heading: rug of rug-azilal."""
    wider = VOCABULARY[Kind.CRAFT].get(craft.code.partition("-")[0])
    if wider is None or wider.code == craft.code:
        return None
    return wider if wider.hs[:_HEADING_DIGITS] == craft.hs[:_HEADING_DIGITS] else None
