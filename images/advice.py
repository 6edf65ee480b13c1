"""Findings in words for the person who took the photo, in fr, ar and en."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from images.checks import Finding

LANGUAGES = ("fr", "ar", "en")


def sentence(finding: Finding, language: str) -> str:
    """What is wrong and what to do about it, in one of LANGUAGES."""
    return _messages()[finding.code][language].format(**finding.details)


@cache
def _messages() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("images") / "messages.toml").read_text("utf-8"))
