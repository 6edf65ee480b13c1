"""What a language must tell so that a listing can be composed in it; languages/ holds each."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from catalog.folding import fold
from catalog.vocabulary.terms import Form, Gender

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Inflected:
    """Words that follow a noun's gender and number; those that do not change are said once."""

    masculine: str
    feminine: str = ""
    plural: str = ""
    feminine_plural: str = ""
    neuter: str = ""

    def agreeing(self, noun: Form) -> str:
        """These words beside `noun`."""
        feminine = noun.gender is Gender.FEMININE
        if noun.always_plural:
            return (self.feminine_plural if feminine else "") or self.plural or self.masculine
        if noun.gender is Gender.NEUTER:
            return self.neuter or self.masculine
        return (self.feminine if feminine else "") or self.masculine


@dataclass(frozen=True, slots=True)
class Making:
    """How technique and material are said: together, and each alone.

    Patterns with {technique} and {material}; `of` holds what `material` needs in agreement.
    """

    both: str
    technique: str
    material: str
    of: Inflected = Inflected("")

    def say(self, noun: Form, technique: str, material: str) -> str:
        """What is known of the two, empty where nothing is."""
        pattern = self.both if technique and material else self.technique
        if not technique:
            pattern = self.material if material else ""
        return pattern.format(technique=technique, material=material, of=self.of.agreeing(noun))


@dataclass(frozen=True, slots=True)
class Labels:
    """What stands before each line of a list of facts."""

    material: str
    technique: str
    colour: str
    size: str
    length: str
    width: str
    height: str
    diameter: str
    weight: str
    room: str
    care: str
    origin: str
    year: str
    stop: str = ": "


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A language's grammar and sentences, as far as listings need them.

    `unsaid` are its small words, folded, which a title may repeat. Patterns have {craft}, {maker},
    {place}, {predicate}, {material}, {colour}, {days} for their parts; what a noun decides about
    is a function of it. `within` is a craft's name inside a sentence, `heading` the letter case of
    titles, `spelling` that of a variety of the language; `smooth` joins words that meet. A word of
    `stem` letters or more is also heard inside a longer one: Leder in Lederpouf.
    """

    code: str
    unsaid: frozenset[str]
    country: str
    from_country: str
    in_country: str
    pair: Callable[[str, str], str]
    from_place: Callable[[Form], str]
    in_place: Callable[[Form], str]
    for_rooms: Callable[[Sequence[Form]], str]
    within: Callable[[Form], str]
    title: Making
    predicate: Making
    this: Inflected
    made_this: Inflected
    made_it: Inflected
    made: Inflected
    cooperative: str
    to_order: Inflected
    to_order_within: Inflected
    one_of_a_kind: str
    moroccan: Inflected
    of_material: str
    of_colour: str
    craftwork: str
    labels: Labels
    person: str = "{name}"
    in_colours: str = "{}"
    comma: str = ", "
    times: str = " x "
    heading: Callable[[str], str] = str
    spelling: Callable[[str], str] = str
    smooth: Callable[[str], str] = str
    stem: int = 4

    def listed(self, names: Sequence[str]) -> str:
        """The names as one phrase: 'a, b and c'."""
        *most, last = names
        return self.pair(self.comma.join(most), last) if most else last

    def form(self, term: Form) -> Form:
        """The form as this variety of the language spells it."""
        name, plural = self.spelling(term.name), self.spelling(term.plural)
        return Form(
            name, plural, term.gender, term.always_plural, term.feminine, term.feminine_plural
        )


@lru_cache(maxsize=16384)
def told(text: str, language: Language) -> tuple[str, ...]:
    """The words of `text` that tell something, folded and without their endings.

    Endings of gender and number go, so that 'bleu' and 'bleue' are one word; so do figures.
    """
    words = (word for word in _WORD.findall(fold(text)) if word not in language.unsaid)
    return tuple(word.rstrip("aeios") or word for word in words if not word.isdigit())


def first_upper(text: str) -> str:
    """`text` as a sentence begins."""
    return text[:1].upper() + text[1:]


def first_lower(text: str) -> str:
    """`text` as it stands within a sentence, unless it begins with an acronym."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def starts_with_vowel(text: str) -> bool:
    """Whether a word before `text` is elided, as far as spelling tells."""
    return fold(text[:1]) in set("aeiou")
