"""Migrations go up and down on both databases, and say the same as the models."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

from trade_ma.database import downgrade, engine_for, open_engine, upgrade
from trade_ma.settings import Settings

# What is searched stands in an index of the database's own kind, which is none of the models.
SEARCH = "product_search"


def tables(engine: Engine) -> set[str]:
    found = set(inspect(engine).get_table_names()) - {"alembic_version"}
    return {name for name in found if not name.startswith(SEARCH)}


def is_of_the_models(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and (name or "").startswith(SEARCH))


def test_every_table_comes_and_goes(engine: Engine) -> None:
    assert tables(engine) == set(SQLModel.metadata.tables)
    downgrade(engine, "base")
    assert tables(engine) == set()
    upgrade(engine)
    assert tables(engine) == set(SQLModel.metadata.tables)


def test_the_migrations_lead_to_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        opts = {"compare_type": True, "include_name": is_of_the_models}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_sqlite_is_set_up_for_several_processes(sqlite: Engine) -> None:
    with sqlite.connect() as connection:
        pragmas = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        ]
    assert pragmas == ["wal", 1, 30_000]


@pytest.mark.parametrize(
    ("given", "opened"),
    [
        ("postgres://u@h/b", "postgresql+psycopg://u@h/b"),
        ("postgresql://u@h/b", "postgresql+psycopg://u@h/b"),
        ("postgresql+psycopg://u@h/b", "postgresql+psycopg://u@h/b"),
        ("sqlite:////x/y.db", "sqlite:////x/y.db"),
    ],
)
def test_a_database_url_is_taken_as_people_write_it(
    monkeypatch: pytest.MonkeyPatch, given: str, opened: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", given)
    assert Settings().sqlalchemy_url == opened


def test_without_a_database_url_the_database_is_a_file_in_the_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    engine = engine_for(Settings(data_dir=tmp_path / "new"))
    upgrade(engine)
    engine.dispose()
    assert (tmp_path / "new" / "trade_ma.db").is_file()


def test_an_upgrade_of_a_current_schema_changes_nothing(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'twice.db'}")
    upgrade(engine)
    upgrade(engine)
    assert tables(engine) == set(SQLModel.metadata.tables)
    engine.dispose()
