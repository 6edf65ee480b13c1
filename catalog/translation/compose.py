"""A listing's words composed from facts: no translation, no invention."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from catalog.folding import fold
from catalog.translation import measures
from catalog.translation.facts import Facts, Span
from catalog.translation.fit import cut, cut_sentences, tidy
from catalog.translation.grammar import Language, first_upper
from catalog.translation.languages import spoken
from catalog.translation.limits import TextLimits
from catalog.translation.titles import Piece, piece, size_piece, title
from catalog.translation.wording import Wording, wording
from catalog.vocabulary.terms import Form

_SAYS_COOPERATIVE = ("coop", "kooperat", "genossenschaft", "تعاوني", "association", "جمعي")


@dataclass(frozen=True, slots=True)
class Composition:
    """The words of one listing, plain text. `locale` (BCP 47) is what they are really written in.

    `language` is that of the vocabulary; `materials` and `colours` are named in it.
    """

    locale: str
    language: str
    title: str
    description: str
    bullets: tuple[str, ...]
    tags: tuple[str, ...]
    materials: tuple[str, ...]
    colours: tuple[str, ...]


def compose(facts: Facts, locale: str, limits: TextLimits) -> Composition | None:
    """The words of a listing for `locale` within `limits`; None where nobody said the craft.

    A locale whose language the vocabulary does not have gets English, in its country's units, and
    the composition's locale says 'en': ja-JP reads English with centimetres.
    """
    if facts.craft is None:
        return None
    language = spoken(locale)
    words = wording(facts, facts.craft, language)
    sides = (facts.length, facts.width, facts.height, facts.diameter)
    sized = _sized(*sides, locale, language)
    weight = measures.weight(facts.weight, locale, language.code) if facts.weight else ""
    making = [_pieces(texts, language) for texts in words.title_making]
    groups = (*making, sized.title, _pieces(words.title_origin, language))
    use = tuple(_use(facts, words, locale, language))
    return Composition(
        locale=locale if locale.partition("-")[0].lower() == language.code else language.code,
        language=language.code,
        title=title(piece(words.title_head, language), groups, limits),
        description=_description(facts, words, (sized, weight), use, language, limits),
        bullets=_bullets(_topics(facts, words, (sized, weight), use, language), limits),
        tags=_tags(words.tags, limits),
        materials=words.materials,
        colours=words.colours,
    )


def _pieces(texts: Iterable[str], language: Language) -> Iterator[Piece]:
    return (piece(text, language) for text in texts)


@dataclass(frozen=True, slots=True)
class _Sized:
    """A product's size as a title's parts, the fullest first, and as lines of facts."""

    title: tuple[Piece, ...]
    lines: tuple[str, ...]


@lru_cache(maxsize=16384)
def _sized(
    length: Span | None,
    width: Span | None,
    height: Span | None,
    diameter: Span | None,
    locale: str,
    language: Language,
) -> _Sized:
    labels = language.labels
    named = [
        (label, measures.size(spans, locale, language.code, language.times), _are_one(spans))
        for label, spans in _sides(length, width, height, diameter, language)
    ]
    # A title with a range would promise each buyer another size: it says only what all share.
    sure = [
        said if label == labels.size else f"{_label_within(label, language)} {said}"
        for label, said, one in named
        if one
    ]
    texts = [language.comma.join(sure[:count]) for count in range(len(sure), 0, -1)]
    return _Sized(
        tuple(size_piece(language.comma + text) for text in texts),
        tuple(f"{label}{labels.stop}{said}" for label, said, _ in named),
    )


def _sides(
    length: Span | None,
    width: Span | None,
    height: Span | None,
    diameter: Span | None,
    language: Language,
) -> Iterator[tuple[str, tuple[Span, ...]]]:
    labels = language.labels
    if length and width and not diameter:
        # Flat pieces are traded by the shorter side first, others by length, width and height.
        flat = (width, length) if width.low <= length.low else (length, width)
        yield labels.size, (length, width, height) if height else flat
        return
    sides = (
        (labels.diameter, diameter),
        (labels.length, length),
        (labels.width, width),
        (labels.height, height),
    )
    yield from ((label, (span,)) for label, span in sides if span)


def _are_one(spans: Iterable[Span]) -> bool:
    return all(span.is_one for span in spans)


def _label_within(label: str, language: Language) -> str:
    return language.heading(language.within(Form(label)))


@lru_cache(maxsize=4096)
def _maker(name: str, is_cooperative: bool, language: Language) -> str:
    clean = tidy(name)
    if not clean:
        return ""
    says_so = any(word.startswith(_SAYS_COOPERATIVE) for word in fold(clean).split())
    pattern = language.cooperative if is_cooperative and not says_so else language.person
    return pattern.format(name=clean)


def _use(facts: Facts, words: Wording, locale: str, language: Language) -> Iterator[str]:
    if facts.made_to_order and facts.lead_time_days:
        days = measures.days(facts.lead_time_days, locale, language.code)
        yield language.to_order_within.agreeing(words.craft).format(days=days)
    elif facts.made_to_order:
        yield language.to_order.agreeing(words.craft)
    if facts.one_of_a_kind:
        yield language.one_of_a_kind


def _topics(
    facts: Facts,
    words: Wording,
    measured: tuple[_Sized, str],
    use: tuple[str, ...],
    language: Language,
) -> Iterator[tuple[str, ...]]:
    """What each bullet says, in sentences without their full stops, the weightiest first."""
    yield (words.made_of,)
    yield _measure_lines(*measured, language)
    if maker := _maker(facts.maker, facts.is_cooperative, language):
        made = language.made.agreeing(words.craft).format(maker=maker, place=words.place)
        yield (first_upper(made),)
    yield words.care
    yield (words.rooms, *use)


def _measure_lines(sized: _Sized, weight: str, language: Language) -> tuple[str, ...]:
    labels = language.labels
    return (*sized.lines, f"{labels.weight}{labels.stop}{weight}") if weight else sized.lines


def _bullets(topics: Iterable[Sequence[str]], limits: TextLimits) -> tuple[str, ...]:
    if not limits.bullets:
        return ()
    told = [bullet for topic in topics if (bullet := _bullet(topic, limits.bullet_length))]
    return tuple(told[: limits.bullets])


def _bullet(sentences: Sequence[str], length: int) -> str:
    said = ". ".join(filter(None, sentences))
    return said if len(said) <= length else cut(cut_sentences(said, length).rstrip("."), length)


def _description(
    facts: Facts,
    words: Wording,
    measured: tuple[_Sized, str],
    use: tuple[str, ...],
    language: Language,
    limits: TextLimits,
) -> str:
    """Sentences, and after an empty line a line for each fact."""
    sentences = [words.opening] if words.opening else []
    if maker := _maker(facts.maker, facts.is_cooperative, language):
        pattern = language.made_it if words.opening else language.made_this
        made = pattern.agreeing(words.craft).format(
            craft=words.craft_within, maker=maker, place=words.place
        )
        sentences.append(made if words.opening else language.smooth(made))
    sentences += [f"{sentence}." for sentence in use]
    labels, stop = language.labels, language.labels.stop
    lines = [*words.lines, *_measure_lines(*measured, language), *words.last_lines]
    lines += [f"{name}{stop}{language.comma.join(values)}" for name, values in facts.options]
    if facts.made_in_year:
        lines.append(f"{labels.year}{stop}{facts.made_in_year}")
    text = "\n".join([" ".join(sentences), "", *lines] if sentences else lines)
    return cut_sentences(text, limits.description_length)


def _tags(tags: Iterable[str], limits: TextLimits) -> tuple[str, ...]:
    fitting = [tag for tag in tags if len(tag) <= limits.tag_length]
    return tuple(fitting[: limits.tags])
