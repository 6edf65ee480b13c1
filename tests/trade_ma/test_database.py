"""Migrations go up and down on both databases, and say the same as the models."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlmodel import Session, SQLModel

from catalog.models import Maker
from trade_ma.database import downgrade, engine_for, open_engine, take_statistics, upgrade
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


# A product that is listed and sold, as the tables of revision 0006 hold it.
FILLED = """
INSERT INTO maker (id, slug, name, is_cooperative, column_mapping, created_at) VALUES (1,
    'tifawin', 'Tifawin', true, '{}', '2026-11-23 12:00:00');
INSERT INTO product (id, maker_id, code, language, title, description, materials, colours,
    tags, techniques, motifs, rooms, made_to_order, withdrawn, revision, stock_revision,
    created_at, updated_at) VALUES (1, 1, 'TIF-1', 'fr', 'Tapis', '', '[]', '[]', '[]', '[]',
    '[]', '[]', false, false, 1, 1, '2026-11-23 12:00:00', '2026-11-23 12:00:00');
INSERT INTO variant (id, product_id, sku, position, options, price_minor, currency) VALUES
    (1, 1, 'TIF-1', 0, '[]', 92500, 'MAD');
INSERT INTO channel (id, code, marketplace, site, account, currency, locales, settings,
    policy, inputs_digest, policy_revision, sealed_credentials, created_at) VALUES (1, 'etsy',
    'etsy', 'world', 'etsy', 'USD', '[]', '{}', '{}', '', 1, '', '2026-11-23 12:00:00');
INSERT INTO listing (id, channel_id, product_id, remote_parts, seen_product, seen_stock,
    seen_policy) VALUES (1, 1, 1, '{}', 0, 0, 0);
INSERT INTO sales_order (id, channel_id, remote_id, number, updated_at) VALUES (1, 1, '9',
    '9', '2026-11-23 12:00:00');
INSERT INTO sales_order_line (id, order_id, remote_id, variant_id, title, quantity,
    unit_price_minor, cancelled, returned) VALUES (1, 1, '1', 1, '', 1, 10000, 0, 0)
"""


def test_a_database_in_use_is_brought_up_to_date(engine: Engine) -> None:
    downgrade(engine, "0006")
    with engine.begin() as connection:
        for statement in FILLED.split(";"):
            connection.execute(text(statement))
    upgrade(engine)
    with engine.connect() as connection:
        kept = connection.execute(
            text("SELECT code, sku, remote_id FROM channel, variant, sales_order")
        ).all()
    assert kept == [("etsy", "TIF-1", "9")]


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


def test_statistics_wait_for_nobody_who_writes_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trade_ma.database.SQLITE_BUSY_TIMEOUT", 0)
    engine = open_engine(f"sqlite:///{tmp_path / 'busy.db'}")
    with closing(sqlite3.connect(tmp_path / "busy.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        take_statistics(engine)
    engine.dispose()


def test_statistics_tell_the_planner_how_the_rows_lie(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(Maker(slug="azilal", name="Azilal"))
        session.commit()
    take_statistics(engine)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            known = connection.scalars(text("SELECT tbl FROM sqlite_stat1")).all()
        assert "maker" in known
