"""What this installation is set to, and where that was said. No secret is shown."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import SecretStr
from starlette.responses import Response

from trade_ma.console.languages import marked
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.permissions import Permission
from trade_ma.settings import Settings, variables

router = page_router()


@dataclass(frozen=True, slots=True)
class SettingShown:
    """A setting: the variable that sets it, its value without secrets, and where it was said."""

    variable: str
    value: str
    is_secret: bool
    origin: str
    description: str


ORIGINS = {
    "environment": marked("The environment"),
    "file": marked("A file .env"),
    "default": marked("Nowhere: the default"),
}


@router.get("/settings")
def settings(visit: Annotated[Visit, allowed(Permission.CHANNELS_WRITE)]) -> Response:
    """Every setting of the installation."""
    found = list(shown(visit.installation.settings))
    return visit.page("settings/settings.html", settings=found, origins=ORIGINS)


def shown(settings: Settings) -> Iterator[SettingShown]:
    """Every setting, secrets and passwords in addresses left out."""
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        is_secret = isinstance(value, SecretStr) or "SecretStr" in str(field.annotation)
        given = value.get_secret_value() if isinstance(value, SecretStr) else value
        yield SettingShown(
            variable=variables(name)[0],
            value=("***" if given else "") if is_secret else _plain(value),
            is_secret=is_secret,
            origin=_origin(settings, name),
            description=field.description or "",
        )


def _origin(settings: Settings, name: str) -> str:
    if any(variable in os.environ for variable in variables(name)):
        return "environment"
    return "file" if name in settings.model_fields_set else "default"


def _plain(value: object) -> str:
    """A value in words; of an address without the user and password that it may hold."""
    text = "" if value is None else str(value)
    parts = urlsplit(text) if "://" in text else None
    if parts is None or "@" not in parts.netloc:
        return text
    return parts._replace(netloc=f"***@{parts.netloc.rpartition('@')[2]}").geturl()
