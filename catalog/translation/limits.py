"""How much text a market takes: the bounds that a composition is fitted to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextLimits:
    """Lengths are characters. No bullets means that the market has no place for them.

    `title_signs` never stand in a title, of `title_signs_once` each may stand there once, and a
    word may be said there `title_word_times`, 0 for as often as one likes.
    """

    title_length: int
    description_length: int
    tags: int
    tag_length: int
    bullets: int = 0
    bullet_length: int = 0
    title_signs: str = ""
    title_signs_once: str = ""
    title_word_times: int = 0
