"""Engines at services on loopback, and the waits that they were asked for."""

from collections.abc import Iterator

import pytest

from tests.catalog.translation.engines import services
from tests.catalog.translation.engines.services import Desk


@pytest.fixture
def waits() -> list[float]:
    """The seconds that an engine would have slept; its `append` is the engine's sleep."""
    return []


@pytest.fixture
def deepl() -> Iterator[Desk]:
    """A DeepL on loopback."""
    with services.deepl() as desk:
        yield desk


@pytest.fixture
def libretranslate() -> Iterator[Desk]:
    """A LibreTranslate on loopback."""
    with services.libretranslate() as desk:
        yield desk


@pytest.fixture
def chat() -> Iterator[Desk]:
    """A chat model on loopback."""
    with services.chat() as desk:
        yield desk
