"""Somebody who reads a language, for words that need no page."""

from typing import Any

from trade_ma.console.languages import language
from trade_ma.console.visits import Visit


def visit_in(code: str) -> Visit:
    """The visit of somebody who reads that language; to be told something, it needs no more."""
    nothing: Any = None
    return Visit(nothing, nothing, nothing, None, language(code))
