"""DeepL, by its official client, with a glossary of the account for each pair of languages.

Source: DeepL's API reference (developers.deepl.com), "Translate text" and "Glossaries v3".
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import ClassVar, TypeVar

from deepl import (
    AuthorizationException,
    ConnectionException,
    DeepLClient,
    DeepLException,
    QuotaExceededException,
    TooManyRequestsException,
    http_client,
)
from deepl.api_data import MultilingualGlossaryDictionaryEntries

from catalog.retrying import Sleep
from catalog.translation.engines.batches import attributed, in_batches, refused
from catalog.translation.engines.errors import (
    EngineError,
    EngineNotUsable,
    EngineRejectedKey,
    EngineUnavailable,
    QuotaSpent,
)
from catalog.translation.engines.languages import closest, language
from catalog.translation.engines.patience import patiently
from catalog.translation.engines.protocol import Answer, EngineLimits, Untranslatable

Result = TypeVar("Result")

# Seconds until an answer must begin.
TIMEOUT = 30.0
# Characters of DeepL's own words in our messages.
_TOLD = 300
_REFUSALS = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE})


@dataclass(frozen=True)
class DeepL:
    """The account of `key`, at DeepL's own address for that kind of key if `url` is None."""

    key: str = field(repr=False)
    url: str | None = None
    sleep: Sleep = field(default=time.sleep, repr=False)
    _glossaries: dict[str, str] = field(default_factory=dict, init=False, repr=False)
    name: ClassVar[str] = "deepl"
    # 50 texts and 128 KiB a request; the client writes an Arabic letter as 6 bytes of JSON.
    limits: ClassVar[EngineLimits] = EngineLimits(texts=50, characters=20_000)

    @cached_property
    def _client(self) -> DeepLClient:
        # Both are the client's documented settings, and for the whole process. Retries are
        # patiently's alone: the client would wait two minutes inside each of ours.
        http_client.max_network_retries = 0
        http_client.min_connection_timeout = TIMEOUT
        return DeepLClient(self.key, server_url=self.url, send_platform_info=False)

    @cached_property
    def _sources(self) -> list[str]:
        return [each.code for each in self._listed(self._client.get_source_languages)]

    @cached_property
    def _targets(self) -> list[str]:
        return [each.code for each in self._listed(self._client.get_target_languages)]

    def supports(self, source: str, target: str) -> bool:
        """Whether DeepL lists both. See Engine.supports."""
        return closest(language(source), self._sources) is not None and (
            closest(target, self._targets) is not None
        )

    def translate(
        self, texts: Sequence[str], source: str, target: str, glossary: Mapping[str, str]
    ) -> Iterator[Answer]:
        """See Engine.translate. The glossary is kept in the account for the next time."""

        def ask(batch: Sequence[str]) -> Sequence[Answer]:
            if not self.supports(source, target):
                return refused(batch, f"{self.name} does not translate {source} to {target}")
            answer = self._patiently(lambda: self._ask(batch, source, target, glossary))
            return refused(batch, answer.reason) if isinstance(answer, Untranslatable) else answer

        return in_batches(texts, self.limits, ask)

    def _ask(
        self, batch: Sequence[str], source: str, target: str, glossary: Mapping[str, str]
    ) -> list[Answer]:
        found = self._client.translate_text(
            batch,
            source_lang=language(source),
            target_lang=closest(target, self._targets) or target,
            glossary=self._glossary(language(source), language(target), glossary),
            preserve_formatting=True,
        )
        texts = [each.text for each in found] if isinstance(found, list) else [found.text]
        return attributed(batch, texts)

    def _glossary(self, source: str, target: str, entries: Mapping[str, str]) -> str | None:
        """The identifier of the glossary of just these `entries`, made if the account has none."""
        if not entries:
            return None
        pair = f"trade-ma {source}-{target} "
        name = pair + hashlib.sha256(repr(sorted(entries.items())).encode()).hexdigest()[:16]
        if name not in self._glossaries:
            self._glossaries[name] = self._found(name) or self._made(
                name, MultilingualGlossaryDictionaryEntries(source, target, dict(entries))
            )
            self._delete_others(pair, name)
        return self._glossaries[name]

    def _found(self, name: str) -> str | None:
        listed = self._client.list_multilingual_glossaries()
        return next((each.glossary_id for each in listed if each.name == name), None)

    def _made(self, name: str, entries: MultilingualGlossaryDictionaryEntries) -> str:
        return self._client.create_multilingual_glossary(name, [entries]).glossary_id

    def _delete_others(self, pair: str, name: str) -> None:
        """Remove what this pair had before: an account has room for a limited number."""
        for each in self._client.list_multilingual_glossaries():
            if each.name.startswith(pair) and each.name != name:
                self._client.delete_multilingual_glossary(each)

    def _listed(self, call: Callable[[], Result]) -> Result:
        answer = self._patiently(call)
        if isinstance(answer, Untranslatable):
            raise EngineNotUsable(f"DeepL does not list its languages: {answer.reason}")
        return answer

    def _patiently(self, call: Callable[[], Result]) -> Result | Untranslatable:
        return patiently(self.sleep, lambda: self._once(call))

    def _once(self, call: Callable[[], Result]) -> Result | Untranslatable:
        try:
            return call()
        except DeepLException as error:
            trouble = self._trouble(error)
        except (TypeError, KeyError):
            trouble = EngineUnavailable("DeepL answered in a form that its client cannot read")
        except ValueError as error:
            trouble = EngineNotUsable(f"the glossary cannot be given to DeepL: {error}")
        if isinstance(trouble, EngineError):
            raise trouble
        return trouble

    def _trouble(self, error: DeepLException) -> EngineError | Untranslatable:
        told = f"DeepL: {error}".replace(self.key, "…")[:_TOLD]
        match error:
            case AuthorizationException():
                return EngineRejectedKey(f"{told}: check the key of this engine")
            case QuotaExceededException():
                return QuotaSpent(f"{told} ({self._usage()} characters)")
            case ConnectionException() | TooManyRequestsException():
                return EngineUnavailable(told)
        status = error.http_status_code or 0
        if status == HTTPStatus.NOT_FOUND and self._glossaries:
            # Another process had other terms and deleted ours: the next try makes them again.
            self._glossaries.clear()
            return EngineUnavailable(told)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return EngineUnavailable(told)
        return Untranslatable(told) if status in _REFUSALS else EngineNotUsable(told)

    def _usage(self) -> str:
        try:
            return str(self._client.get_usage().character)
        except DeepLException:
            return "an unknown number of"
