"""An installation, opened: its settings, its database up to date, its photos and its key."""

from dataclasses import dataclass
from functools import cached_property

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy import Engine
from sqlmodel import Session

from images.store import PhotoStore
from jobs.locks import FileLocks, Locks, ServerLocks
from trade_ma.database import engine_for, upgrade
from trade_ma.security import Sealer, sealer_for
from trade_ma.settings import Settings, variables


@dataclass(frozen=True)
class App:
    """An opened installation."""

    settings: Settings
    engine: Engine
    photos: PhotoStore

    def session(self) -> Session:
        """A new session; the caller commits."""
        return Session(self.engine)

    @cached_property
    def sealer(self) -> Sealer:
        """Seals and opens credentials."""
        return sealer_for(self.settings)

    @cached_property
    def locks(self) -> Locks:
        """What keeps two processes off one account: files here, the server's on PostgreSQL."""
        if self.engine.dialect.name == "sqlite":
            return FileLocks(self.settings.data_dir / "locks")
        return ServerLocks(self.engine)


class WrongSettings(ValueError):
    """The environment says something that is none of our settings, told in words."""


def open_app(settings: Settings | None = None) -> App:
    """Open the installation that the settings describe, its database brought up to date.

    Raises:
        WrongSettings: a value in the environment cannot be used.
        OperationalError: the database cannot be reached.
    """
    settings = settings or _settings()
    try:
        engine = engine_for(settings)
    except OSError as error:
        told = f"{variables('data_dir')[0]}: {settings.data_dir} cannot be made: {error.strerror}"
        raise WrongSettings(told) from error
    upgrade(engine)
    return App(settings, engine, PhotoStore(settings.photos_url or settings.photos_dir))


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        # The error itself quotes what was given: that may be a key, or hold a password.
        raise WrongSettings("; ".join(map(_wrong, error.errors()))) from None


def _wrong(told: ErrorDetails) -> str:
    field = str(told["loc"][0])
    # A field with variables of its own is told by the name of one of them.
    variable = variables(field)[0] if field in Settings.model_fields else field
    return f"{variable}: {told['msg'].removeprefix('Value error, ')}"
