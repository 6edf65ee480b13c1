"""The API of an empty installation, and people who come to it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import select

from catalog.models import Maker
from connectors.sandbox.server import serve
from trade_ma.api.access import COOKIE, CSRF_HEADER
from trade_ma.api.application import api
from trade_ma.identity import api_tokens, passwords, sessions, users
from trade_ma.identity.models import User
from trade_ma.identity.permissions import Permission, Role
from trade_ma.identity.principal import of_command_line
from trade_ma.installation import App, open_app
from trade_ma.settings import Settings

PASSWORD = "seven red rugs of wool"


@dataclass
class House:
    """An installation, its API over real HTTP, and who lives there."""

    installation: App
    address: str
    guests: ExitStack

    def client(self, **headers: str) -> httpx.Client:
        """Somebody unknown, on this machine."""
        client = httpx.Client(base_url=self.address, headers=headers, timeout=30)
        return self.guests.enter_context(client)

    def add(self, role: Role, name: str = "", maker: str = "tazenakht") -> User:
        """A user with the password of everybody here."""
        with self.installation.session() as session:
            maker_id = self._maker(session, maker) if role is Role.MAKER else None
            user = users.add(session, name=name or role.value, role=role, maker_id=maker_id)
            user.password_hash = passwords.hashed(PASSWORD)
            session.commit()
            session.refresh(user)
            session.expunge(user)
        return user

    def signed_in(self, role: Role, name: str = "") -> httpx.Client:
        """A browser of a new user of that role, which repeats its CSRF token."""
        user = self.add(role, name)
        return self.at_the_door(user.name)

    def at_the_door(self, name: str) -> httpx.Client:
        """A browser of a user who is there, signed in."""
        with self.installation.session() as session:
            user = session.exec(select(User).where(User.name == name)).one()
            begun = sessions.begin(session, user, datetime.now(UTC))
            session.commit()
        client = self.client(**{CSRF_HEADER: begun.principal.csrf_token or ""})
        client.cookies.set(COOKIE, begun.token, domain="127.0.0.1")
        return client

    def program(self, *scopes: Permission, name: str = "program") -> httpx.Client:
        """A program with a service token."""
        with self.installation.session() as session:
            issued = api_tokens.issue(session, of_command_line(), name=name, scopes=scopes)
            session.commit()
        return self.client(Authorization=f"Bearer {issued.secret}")

    @staticmethod
    def _maker(session: Any, slug: str) -> int:
        maker = Maker(slug=slug, name=slug.title())
        session.add(maker)
        session.flush()
        return maker.id or 0


@contextmanager
def housed(folder: Path, url: str | None = None) -> Iterator[House]:
    """An installation that nobody has used yet, on SQLite in `folder` or the database at `url`."""
    settings = Settings(data_dir=folder, database_url=url, requests_per_second=10_000)
    installation = open_app(settings)
    with serve(api(installation)) as address, ExitStack() as guests:
        yield House(installation, address, guests)
    installation.engine.dispose()


@pytest.fixture
def house(data_dir: Path) -> Iterator[House]:
    """An installation of the test's own."""
    with housed(data_dir) as house:
        yield house


@pytest.fixture
def admin(house: House) -> httpx.Client:
    """An admin's browser."""
    return house.signed_in(Role.ADMIN)
