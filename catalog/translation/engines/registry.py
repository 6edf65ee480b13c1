"""The engine that the settings name: one of ours, or another by entry point."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib.metadata import entry_points
from pathlib import Path

from catalog.translation.engines.errors import EngineNotUsable
from catalog.translation.engines.protocol import Engine

GROUP = "trade_ma.translation_engines"


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What a person says of their engine; an empty `name` for none.

    `url` empty means the engine's public address; a chat's ends in /v1. `models` is the folder
    of local models.
    """

    name: str = ""
    url: str = ""
    key: str = field(default="", repr=False)
    model: str = ""
    models: Path | None = None


def engine_from(settings: EngineSettings) -> Engine | None:
    """The engine of `settings`, None if they name none. Nothing is asked of it yet.

    Raises:
        EngineNotUsable: the name is unknown, or something that this engine needs is missing.
    """
    if not settings.name:
        return None
    # A key is pasted, often with the end of its line.
    settings = replace(settings, key=settings.key.strip())
    if settings.name in _OURS:
        return _OURS[settings.name](settings)
    points = entry_points(group=GROUP)
    if settings.name not in points.names:
        known = ", ".join(sorted({*_OURS, *points.names}))
        raise EngineNotUsable(f"no translation engine {settings.name!r}; installed: {known}")
    make: Callable[[EngineSettings], Engine] = points[settings.name].load()
    return make(settings)


def _deepl(settings: EngineSettings) -> Engine:
    from catalog.translation.engines.deepl import DeepL

    return DeepL(_needed(settings, "key", settings.key), settings.url or None)


def _libretranslate(settings: EngineSettings) -> Engine:
    from catalog.translation.engines.libretranslate import URL, LibreTranslate
    from catalog.translation.engines.web import Service

    return LibreTranslate(Service("LibreTranslate", settings.url or URL, settings.key))


def _chat(settings: EngineSettings) -> Engine:
    from catalog.translation.engines.chat import URL, Chat
    from catalog.translation.engines.web import Service

    model = _needed(settings, "model", settings.model)
    return Chat(Service(f"chat:{model}", settings.url or URL, settings.key), model)


def _firefox(settings: EngineSettings) -> Engine:
    from catalog.translation.engines.local import Firefox

    if settings.models is None:
        raise EngineNotUsable("the engine firefox needs a folder for its models in the settings")
    return Firefox(settings.models)


def _needed(settings: EngineSettings, what: str, value: str) -> str:
    if not value:
        raise EngineNotUsable(f"the engine {settings.name} needs a {what} in the settings")
    return value


_OURS: dict[str, Callable[[EngineSettings], Engine]] = {
    "chat": _chat,
    "deepl": _deepl,
    "firefox": _firefox,
    "libretranslate": _libretranslate,
}
