"""Neural translation on this machine, by the firefox-translations package and its models.

The package is heavy and optional (`trade-ma[local]`), so it is imported at the first use. There is
a model from and to English for each language, so French to German goes by English.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import ClassVar, Protocol

import requests

from catalog.translation.engines.batches import attributed, in_batches, refused
from catalog.translation.engines.errors import EngineNotUsable, EngineUnavailable
from catalog.translation.engines.languages import language
from catalog.translation.engines.protocol import Answer, EngineLimits, Untranslatable
from catalog.translation.engines.sentences import sentences
from catalog.translation.engines.shield import shielded

PIVOT = "en"
# Characters. The package decodes at most 256 pieces of a sentence, and drops the rest unsaid.
LONGEST_SENTENCE = 500
Leg = tuple[str, str]


class Translator(Protocol):
    """What we use of firefox_translations.Translator, which is published without types."""

    def translate_batch(self, texts: list[str]) -> list[str]:
        """One translation for each of `texts`, each short enough to be one sentence."""


@dataclass(frozen=True)
class Firefox:
    """The models under `folder`, where a missing one is fetched to."""

    folder: Path
    _loaded: dict[Leg, Translator] = field(default_factory=dict, init=False, repr=False)
    name: ClassVar[str] = "firefox"
    limits: ClassVar[EngineLimits] = EngineLimits(texts=64, characters=20_000)

    def supports(self, source: str, target: str) -> bool:
        """Whether each leg of the way has a model here, or one that the package can fetch.

        Raises:
            EngineNotUsable: the package is not installed.
        """
        fetchable = _package().registry.STANDARD_PAIRS
        legs = _legs(source, target)
        return bool(legs) and all(leg in fetchable or self._model(leg).is_dir() for leg in legs)

    def translate(
        self, texts: Sequence[str], source: str, target: str, glossary: Mapping[str, str]
    ) -> Iterator[Answer]:
        """See Engine.translate. At the first use of a language its model is fetched."""

        def ask(batch: Sequence[str]) -> list[Answer]:
            if not self.supports(source, target):
                return refused(batch, f"{self.name} does not translate {source} to {target}")
            answers: list[Answer] = list(batch)
            for leg in _legs(source, target):
                answers = self._along(leg, answers)
            return answers

        return in_batches(texts, self.limits, shielded(ask, glossary))

    def _along(self, leg: Leg, texts: Sequence[Answer]) -> list[Answer]:
        """`texts` translated along one leg, but for those that an earlier one lost."""
        translator = self._translator(leg)
        return [
            _by_sentences(translator, text) if isinstance(text, str) else text for text in texts
        ]

    def _model(self, leg: Leg) -> Path:
        return self.folder / "models" / "-".join(leg)

    def _translator(self, leg: Leg) -> Translator:
        if leg not in self._loaded:
            self._loaded[leg] = self._load(leg)
        return self._loaded[leg]

    def _load(self, leg: Leg) -> Translator:
        package = _package()
        way = " to ".join(leg)
        try:
            translator: Translator = package.Translator(*leg, cache_dir=self.folder, device="cpu")
        except package.ModelNotFoundError as error:
            raise EngineNotUsable(
                f"no model from {way} in {self._model(leg)}, and none could be fetched: connect"
                " this machine to the internet for its first use, or copy the model there"
            ) from error
        except requests.RequestException as error:
            raise EngineUnavailable(
                f"the model from {way} could not be fetched: {error}"
            ) from error
        except (OSError, RuntimeError, ValueError) as error:
            raise EngineNotUsable(
                f"the model in {self._model(leg)} cannot be loaded: delete it, and it is fetched"
                f" again ({error})"
            ) from error
        return translator


def _by_sentences(translator: Translator, text: str) -> Answer:
    pieces = sentences(text)
    if any(len(piece) > LONGEST_SENTENCE for piece in pieces[::2]):
        return Untranslatable(f"a sentence of more than {LONGEST_SENTENCE} characters")
    told = attributed(pieces[::2], translator.translate_batch(pieces[::2]))
    lost = next((answer for answer in told if isinstance(answer, Untranslatable)), None)
    if lost:
        return lost
    pieces[::2] = [answer for answer in told if isinstance(answer, str)]
    return "".join(pieces)


def _package() -> ModuleType:
    try:
        return import_module("firefox_translations")
    except ImportError as error:
        raise EngineNotUsable(
            "translation on this machine is not installed: pip install 'trade-ma[local]'"
        ) from error


def _legs(source: str, target: str) -> list[Leg]:
    """The models to go through; none between variants of one language."""
    here, there = language(source), language(target)
    stops = [here, there] if PIVOT in {here, there} else [here, PIVOT, there]
    return [] if here == there else list(pairwise(stops))
