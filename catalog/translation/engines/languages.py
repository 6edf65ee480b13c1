"""A language as an engine calls it."""

from collections.abc import Collection

from babel.core import negotiate_locale

# Spanish of Latin America, as CLDR groups it (territory 419).
_LATIN_AMERICAN = frozenset({"AR", "BO", "CL", "CO", "CR", "CU", "DO", "EC", "GT", "HN", "MX",
    "NI", "PA", "PE", "PR", "PY", "SV", "UY", "VE"})  # fmt: skip


def language(tag: str) -> str:
    """The language alone: `es` of `es-MX`."""
    return tag.partition("-")[0].lower()


def closest(tag: str, offered: Collection[str]) -> str | None:
    """The one of `offered` that serves for `tag`: itself, its region's, or its language's.

    A plain `en` or `pt` becomes the variant that Babel takes for the usual one, where an engine
    offers nothing but variants.
    """
    territory = tag.partition("-")[2].upper()
    regional = ["es-419"] if language(tag) == "es" and territory in _LATIN_AMERICAN else []
    known = {code.lower(): code for code in offered}
    exact = next((known[each.lower()] for each in [tag, *regional] if each.lower() in known), None)
    if exact:
        return exact
    found = negotiate_locale([tag], list(offered), sep="-")
    return known[found.lower()] if found else None
