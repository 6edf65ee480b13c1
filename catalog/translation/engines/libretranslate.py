"""LibreTranslate: a server of one's own, or somebody's with a key.

Source: LibreTranslate's API description, operations /translate and /languages.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from catalog.translation.engines.batches import attributed, in_batches, refused
from catalog.translation.engines.errors import EngineNotUsable
from catalog.translation.engines.languages import closest
from catalog.translation.engines.protocol import Answer, EngineLimits, Untranslatable
from catalog.translation.engines.shield import shielded
from catalog.translation.engines.web import Service

URL = "https://libretranslate.com"


@dataclass(frozen=True)
class LibreTranslate:
    """The engine behind `service`. It has no glossary: terms are covered with signs."""

    service: Service
    name: ClassVar[str] = "libretranslate"
    # The public server takes 2,000 characters a request; a server of one's own, as it is told.
    limits: ClassVar[EngineLimits] = EngineLimits(texts=25, characters=2_000)

    @cached_property
    def _offered(self) -> Mapping[str, frozenset[str]]:
        """The targets of each source language, in the server's own codes."""
        languages = self.service.get("/languages")
        try:
            return {each["code"]: frozenset(each["targets"]) for each in languages}
        except (TypeError, KeyError):
            raise EngineNotUsable(
                f"{self.service.url} does not list its languages as LibreTranslate does:"
                " check the address"
            ) from None

    def _pair(self, source: str, target: str) -> tuple[str, str] | None:
        spoken = closest(source, self._offered)
        heard = closest(target, self._offered[spoken]) if spoken else None
        return (spoken, heard) if spoken and heard else None

    def supports(self, source: str, target: str) -> bool:
        """Whether the server has models for it. See Engine.supports."""
        return self._pair(source, target) is not None

    def translate(
        self, texts: Sequence[str], source: str, target: str, glossary: Mapping[str, str]
    ) -> Iterator[Answer]:
        """See Engine.translate."""
        pair = self._pair(source, target)

        def ask(batch: Sequence[str]) -> list[Answer]:
            if pair is None:
                return refused(batch, f"{self.name} does not translate {source} to {target}")
            return self._ask(batch, *pair)

        return in_batches(texts, self.limits, shielded(ask, glossary))

    def _ask(self, batch: Sequence[str], source: str, target: str) -> list[Answer]:
        body = {"q": list(batch), "source": source, "target": target, "format": "text"}
        key = {"api_key": self.service.key} if self.service.key else {}
        answer = self.service.post("/translate", {**body, **key})
        if isinstance(answer, Untranslatable):
            return refused(batch, answer.reason)
        return attributed(batch, answer.get("translatedText") if isinstance(answer, dict) else None)
