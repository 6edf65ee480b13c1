"""An installation, opened: its settings, its database up to date, its photos and its key."""

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Engine
from sqlmodel import Session

from images.store import PhotoStore
from jobs.locks import FileLocks, Locks, ServerLocks
from trade_ma.database import engine_for, upgrade
from trade_ma.security import Sealer, sealer_for
from trade_ma.settings import Settings


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


def open_app(settings: Settings | None = None) -> App:
    """Open the installation that the settings describe, its database brought up to date."""
    settings = settings or Settings()
    engine = engine_for(settings)
    upgrade(engine)
    return App(settings, engine, PhotoStore(settings.photos_url or settings.photos_dir))
