"""What would make a photo sell better, judged by its measures: advice, never a refusal by us.

The limits were set on 156 photos of cooperatives and of a shop, and on the same ones spoiled on
purpose. Each leaves room: a complaint about a good photo costs more trust than a missed one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from images.errors import BadPhoto
from images.geometry import frame
from images.measures import Measures
from images.rules import ImageRule, Role


class Code(StrEnum):
    """What programs may rely on. A photo that cannot be read has the code of its BadPhoto."""

    BLURRY = "blurry"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    FLAT = "flat"
    FRAMED = "framed"
    MARKED = "marked"
    NOT_WHITE = "not_white"
    SMALL = "small"
    TOO_SMALL = "too_small"
    DUPLICATE = "duplicate"


class Severity(StrEnum):
    """What follows: a better photo would sell better, a marketplace refuses it, nobody reads it."""

    ADVICE = "advice"
    REFUSED = "refused"
    UNREADABLE = "unreadable"


Details = Mapping[str, int | float | str]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say of a photo. `details` are figures and names for its sentence."""

    code: str
    severity: Severity = Severity.ADVICE
    details: Details = field(default_factory=dict)


# Good photos lose 0.61 and more of their sharpest detail to a blur; the same, blurred by a
# Gaussian of 3 pixels at 1024, 0.43 and less. Of those blurred by one of 2, which is just seen, two
# in three are found.
SHARP = 0.50

# Level that 95 of 100 pixels do not exceed. A souk at night has 136, all other good photos 149
# and more; a gilt bracelet on black cloth, of which little is seen, 119. Three stops too little
# light leave 99 and less.
LIT = 125

# Level that 99 of 100 pixels exceed: no shadow is left. White rugs on white floors have 86 at
# most. A thing with dark parts passes even when it is burnt out; white grounds are no sign. Haze
# lifts the shadows as well, but does not reach the levels at which a camera loses detail.
SHADOW, BURNT = 110, 240

# Levels between the darkest and the brightest hundredth. The flattest good photo, leather on
# lilac cloth, has 115; haze or a greasy lens halves it.
CONTRAST = 80

# Part of the edges that is white. Things on white that touch the edges have 0.61 and more, photos
# on cream paper or in rooms 0.25 and less.
WHITE_RIM = 0.50

_WHITE = (255, 255, 255)


def shows_something(measures: Measures) -> bool:
    """Whether there is enough contrast to tell a thing from its ground, or from another."""
    return measures.contrast >= CONTRAST


def check(measures: Measures) -> tuple[Finding, ...]:
    """What any shop would say of a photo."""
    return (*_focus(measures), *_light(measures), *_borders(measures))


def check_rule(measures: Measures, rule: ImageRule, market: str) -> tuple[Finding, ...]:
    """What a marketplace of that name would say of a photo under its rule."""
    return (*_size(measures, rule, market), *_ground(measures, rule, market))


def unreadable(bad: BadPhoto) -> Finding:
    """What to say of a photo that cannot be read at all."""
    return Finding(bad.code, Severity.UNREADABLE, dict(bad.numbers))


def duplicate(product: str, photo: str) -> Finding:
    """What to say of a photo that looks like that one."""
    return Finding(Code.DUPLICATE, details={"product": product, "photo": photo})


def _focus(measures: Measures) -> tuple[Finding, ...]:
    # Where hardly anything is seen there is nothing that could be sharp.
    if measures.sharpness >= SHARP or not shows_something(measures):
        return ()
    details = {"sharpness": measures.sharpness, "wanted": SHARP}
    return (Finding(Code.BLURRY, details=details),)


def _light(measures: Measures) -> tuple[Finding, ...]:
    """One complaint at most: a photo without light is without contrast as well."""
    if measures.light < LIT:
        return (Finding(Code.TOO_DARK, details={"light": measures.light, "wanted": LIT}),)
    if measures.darkest >= SHADOW and measures.brightest >= BURNT:
        return (Finding(Code.TOO_BRIGHT, details={"darkest": measures.darkest, "wanted": SHADOW}),)
    if not shows_something(measures):
        return (Finding(Code.FLAT, details={"contrast": measures.contrast, "wanted": CONTRAST}),)
    return ()


def _borders(measures: Measures) -> Iterator[Finding]:
    if measures.bars:
        yield Finding(Code.FRAMED, details={"percent": round(100 * measures.bars)})
    if measures.marked:
        yield Finding(Code.MARKED)


def _size(measures: Measures, rule: ImageRule, market: str) -> tuple[Finding, ...]:
    try:
        size = frame(measures.width, measures.height, rule).size
    except BadPhoto as bad:
        return (Finding(bad.code, Severity.REFUSED, {**bad.numbers, "market": market}),)
    # A rule shows no more than its largest side, whatever it would like to have.
    wanted, side = min(rule.wanted_side, rule.max_side), max(size)
    if side >= wanted:
        return ()
    return (Finding(Code.SMALL, details={"pixels": side, "wanted": wanted, "market": market}),)


def _ground(measures: Measures, rule: ImageRule, market: str) -> tuple[Finding, ...]:
    asked = rule.role is Role.MAIN and rule.background == _WHITE
    if not asked or measures.white_rim >= WHITE_RIM:
        return ()
    percent = round(100 * measures.white_rim)
    return (Finding(Code.NOT_WHITE, details={"percent": percent, "market": market}),)
