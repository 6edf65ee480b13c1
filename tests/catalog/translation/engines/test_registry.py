"""An engine is what the settings say, ours or somebody else's."""

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from catalog.translation.engines import registry
from catalog.translation.engines.batches import in_batches
from catalog.translation.engines.deepl import DeepL
from catalog.translation.engines.errors import EngineNotUsable
from catalog.translation.engines.protocol import Answer, EngineLimits
from catalog.translation.engines.registry import EngineSettings, engine_from


class Upside:
    """A third party's engine: it turns a text round."""

    name = "upside"
    limits = EngineLimits(texts=2, characters=100)

    def supports(self, source: str, target: str) -> bool:
        return source != target

    def translate(
        self, texts: Sequence[str], source: str, target: str, glossary: Mapping[str, str]
    ) -> Iterator[Answer]:
        def ask(batch: Sequence[str]) -> list[str]:
            return [f"{source}>{target} {glossary.get(text, text[::-1])}" for text in batch]

        return in_batches(texts, self.limits, ask)


def upside(_: EngineSettings) -> Upside:
    return Upside()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (EngineSettings("deepl", key="secret"), "DeepL(url=None)"),
        (
            EngineSettings("libretranslate", "http://x", "secret"),
            "LibreTranslate(service=Service(name='LibreTranslate', url='http://x', timeout=60.0))",
        ),
        (
            EngineSettings("chat", "http://x.test/v1", "secret", "m"),
            "Chat(service=Service(name='chat:m', url='http://x.test/v1', timeout=60.0), model='m')",
        ),
        (EngineSettings("firefox", models=Path("models")), "Firefox(folder=PosixPath('models'))"),
        (EngineSettings(), "None"),
    ],
)
def test_an_engine_is_made_from_settings_and_shows_no_key(
    settings: EngineSettings, told: str
) -> None:
    assert repr(engine_from(settings)) == told
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (EngineSettings("deepl"), "the engine deepl needs a key in the settings"),
        (EngineSettings("chat"), "the engine chat needs a model in the settings"),
        (
            EngineSettings("firefox"),
            "the engine firefox needs a folder for its models in the settings",
        ),
        (
            EngineSettings("babel"),
            "no translation engine 'babel'; installed: chat, deepl, firefox, libretranslate",
        ),
    ],
)
def test_what_is_missing_is_named(settings: EngineSettings, message: str) -> None:
    with pytest.raises(EngineNotUsable) as raised:
        engine_from(settings)
    assert str(raised.value) == message


def test_a_key_may_be_pasted_with_the_end_of_its_line() -> None:
    assert engine_from(EngineSettings("deepl", key=" secret\n")) == DeepL("secret")


def test_a_third_party_adds_an_engine_by_an_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("upside", f"{__name__}:upside", registry.GROUP)

    def installed(group: str) -> EntryPoints:
        return EntryPoints([point]).select(group=group)

    monkeypatch.setattr(registry, "entry_points", installed)
    engine = engine_from(EngineSettings("upside"))
    assert engine is not None
    told = list(engine.translate(["abc", "de", "tapis"], "fr", "en", {"tapis": "rug"}))
    assert told == ["fr>en cba", "fr>en ed", "fr>en rug"]
