"""The database: SQLite in the data folder by default, PostgreSQL by DATABASE_URL; migrations."""

import logging
from functools import cache
from importlib.resources import files
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from sqlmodel import create_engine

import catalog.models
import catalog.pricing.models
import catalog.translation.models
import jobs.alert_models
import jobs.drift_models
import jobs.import_models
import jobs.models
import jobs.order_models
import jobs.suggestion_models
import trade_ma.identity.models
from trade_ma.settings import Settings

log = logging.getLogger(__name__)
# Importing the tables above is what makes them known to SQLModel.metadata, which migrations read.
TABLES = (
    catalog.models,
    catalog.pricing.models,
    catalog.translation.models,
    jobs.models,
    jobs.order_models,
    jobs.drift_models,
    jobs.alert_models,
    jobs.import_models,
    jobs.suggestion_models,
    trade_ma.identity.models,
)

_MIGRATIONS = files("trade_ma") / "migrations"

# A second process waits this long for the first one's transaction, in seconds.
SQLITE_BUSY_TIMEOUT = 30
# Rows of each index that are looked at (https://sqlite.org/lang_analyze.html): more than a maker
# has products, or all of one maker's and all that are on sale seem as many.
SQLITE_SAMPLE = 10_000
# Seconds after which a connection is made anew, and learns of newer statistics.
SQLITE_RECYCLED = 3600


def engine_for(settings: Settings) -> Engine:
    """An engine on the configured database. Makes the data folder; does not migrate."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return open_engine(settings.sqlalchemy_url)


def open_engine(url: str) -> Engine:
    """An engine on `url`, with SQLite set to WAL, foreign keys on, and a patient busy timeout.

    What its errors say goes to logs, so they leave out the values: these may be a buyer's.
    """
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    patience = {"timeout": SQLITE_BUSY_TIMEOUT}
    engine = create_engine(
        url, connect_args=patience, pool_recycle=SQLITE_RECYCLED, hide_parameters=True
    )
    event.listen(engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_TIMEOUT * 1000}")
    cursor.close()


def take_statistics(engine: Engine) -> None:
    """Let the planner of SQLite know how the rows lie; PostgreSQL sees to it by itself.

    Without it a plan may begin at the million products that are on sale, to find the one whose
    texts are wanted. By a sample it takes a tenth of a second whatever the size.
    """
    if engine.dialect.name != "sqlite":
        return
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"PRAGMA analysis_limit={SQLITE_SAMPLE}")
            connection.exec_driver_sql("ANALYZE")
    except OperationalError as error:
        # Another writer was long at work. It is advice to the planner, and the next time will do.
        log.info("no statistics were taken: %s", error.orig)
        return
    # Statistics are read when a connection is made.
    engine.dispose()


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to `revision`; at once where it is there already."""
    with engine.begin() as connection:
        here = MigrationContext.configure(connection).get_current_heads()
        if set(here) != {one.revision for one in _migrations().get_revisions(revision)}:
            command.upgrade(_alembic(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema back to `revision` ('base' is an empty database)."""
    with engine.begin() as connection:
        command.downgrade(_alembic(connection), revision)


@cache
def _migrations() -> ScriptDirectory:
    """Read once a process: it takes 40 ms."""
    return ScriptDirectory(str(_MIGRATIONS))


def _alembic(connection: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
