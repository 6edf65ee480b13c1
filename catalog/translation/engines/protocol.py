"""What the project asks of a translation engine. A third party needs this, errors and registry.

    class Upside:
        name = "upside"
        limits = EngineLimits(texts=10, characters=5_000)

        def supports(self, source, target): return True
        def translate(self, texts, source, target, glossary): return in_batches(...)

Registered as an entry point in the group `trade_ma.translation_engines`: a function from
EngineSettings to the engine, under the name that a person writes in the settings.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class EngineLimits:
    """How much one request to an engine may hold: texts, and characters of all of them."""

    texts: int
    characters: int


@dataclass(frozen=True, slots=True)
class Untranslatable:
    """The engine is well, but this one text has no translation that can be trusted."""

    reason: str


Answer = str | Untranslatable


class Engine(Protocol):
    """A machine that translates."""

    @property
    def name(self) -> str:
        """As told to people, and kept with each text that it made: `deepl`, `chat:llama3`."""

    @property
    def limits(self) -> EngineLimits:
        """What one request may hold; `translate` keeps to it by itself."""

    def supports(self, source: str, target: str) -> bool:
        """Whether it translates from one language to the other.

        Raises:
            EngineError: it had to be asked, and there is trouble with it.
        """

    def translate(
        self, texts: Sequence[str], source: str, target: str, glossary: Mapping[str, str]
    ) -> Iterator[Answer]:
        """One answer for each of `texts`, in their order, as the requests are answered.

        What it has yielded has been translated and, where the engine costs, paid: keep it even
        if an error comes after.

        Args:
            texts: plain text, never HTML.
            source: ISO 639-1.
            target: ISO 639-1, or BCP 47 where a market's variant matters (en-US, pt-BR, es-MX).
            glossary: a term of the source language, and what it must become; itself, for one
                that no translation may touch. Give the whole glossary of the pair each time.

        Raises:
            EngineError: trouble with the engine, after the retries that may help.
        """
