"""Words that are not ours, such as a marketplace's: quoted as they were said."""

from markupsafe import Markup


def quoted(words: str) -> Markup:
    """What a marketplace or this program's log says, in English as it was said."""
    return Markup('<q lang="en" dir="auto">{}</q>').format(words)


def cited(words: str) -> Markup:
    """What a person wrote, in whatever language they did."""
    return Markup('<q dir="auto">{}</q>').format(words)
