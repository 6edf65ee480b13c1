"""Another key: everything is sealed anew, whoever works meanwhile."""

import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlmodel import Session, SQLModel, select
from typer.testing import CliRunner

from jobs.models import Channel, Order
from trade_ma.cli import main
from trade_ma.identity.models import User
from trade_ma.identity.permissions import Role
from trade_ma.identity.resealing import SEALED, reseal
from trade_ma.installation import App, open_app
from trade_ma.security import Sealer, key_file

MOMENT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def installation(monkeypatch: pytest.MonkeyPatch, data_dir: Path) -> Iterator[App]:
    monkeypatch.setenv("TRADE_MA_DATA_DIR", str(data_dir))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("TRADE_MA_KEY", raising=False)
    app = open_app()
    with app.session() as session:
        fill(session, app.sealer)
    yield app
    app.engine.dispose()


def fill(session: Session, sealer: Sealer) -> None:
    """Something sealed in each place, and something that is not."""
    channel = Channel(
        code="etsy",
        marketplace="etsy",
        site="us",
        account="etsy",
        currency="USD",
        sealed_credentials=sealer.seal("credentials"),
    )
    bare = Channel(code="bare", marketplace="etsy", site="us", account="bare", currency="USD")
    session.add_all([channel, bare])
    session.flush()
    for number in range(3):
        session.add(
            Order(
                channel_id=channel.id or 0,
                remote_id=str(number),
                updated_at=MOMENT,
                sealed_buyer=sealer.seal(f"buyer {number}"),
                sealed_raw=sealer.seal("raw") if number == 1 else None,
            )
        )
    session.add(User(name="amina", role=Role.ADMIN, sealed_totp=sealer.seal("totp")))
    session.commit()


def opened(app: App) -> list[str]:
    """All that is sealed, as the installation's sealer reads it now."""
    with app.session() as session:
        found = [value for _, column in SEALED for value in session.exec(select(column)) if value]
    return sorted(app.sealer.open(value) for value in found)


ALL = ["buyer 0", "buyer 1", "buyer 2", "credentials", "raw", "totp"]


def run(*words: str, code: int = 0) -> str:
    told = CliRunner().invoke(main, words)
    assert told.exit_code == code, told.output
    return told.output


def test_no_sealed_column_is_forgotten() -> None:
    there = {
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if column.name.startswith("sealed_")
    }
    assert {f"{model.__tablename__}.{column.key}" for model, column in SEALED} == there


def test_the_old_key_is_gone_and_everything_opens_with_the_new_one(installation: App) -> None:
    file = key_file(installation.settings)
    [old] = file.read()
    run("keys", "rotate")
    [new] = file.read()
    assert old != new
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    # The process that was there before follows.
    assert opened(installation) == ALL
    assert opened(App(installation.settings, installation.engine, installation.photos)) == ALL


def test_a_rehearsal_counts_and_changes_nothing(installation: App) -> None:
    keys = key_file(installation.settings).read()
    told = run("keys", "rotate", "--dry-run")
    assert "sales_order.sealed_buyer: 3" in told
    assert key_file(installation.settings).read() == keys


def test_a_rotation_that_was_killed_in_the_middle_is_done_by_the_next(installation: App) -> None:
    file = key_file(installation.settings)
    file.write([Fernet.generate_key(), *file.read()])
    with installation.session() as session:
        channel = session.exec(select(Channel).where(Channel.code == "etsy")).one()
        channel.sealed_credentials = installation.sealer.seal("credentials")
        session.commit()
    assert opened(installation) == ALL
    run("keys", "rotate")
    assert (len(file.read()), opened(installation)) == (1, ALL)


def test_what_no_key_opens_is_counted_and_left(installation: App) -> None:
    with installation.session() as session:
        session.exec(select(User)).one().sealed_totp = b"not sealed by us"
        session.commit()
    assert "1 cannot be opened" in run("keys", "rotate", code=1)


def test_a_key_of_the_environment_is_rotated_by_who_sets_it(
    installation: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    [old] = key_file(installation.settings).read()
    new = Fernet.generate_key()
    monkeypatch.setenv("TRADE_MA_KEY", old.decode())
    assert "TRADE_MA_KEY=new,old" in run("keys", "rotate", code=2)
    monkeypatch.setenv("TRADE_MA_KEY", f"{new.decode()},{old.decode()}")
    run("keys", "rotate")
    alone = Sealer(new)
    with installation.session() as session:
        assert alone.open(session.exec(select(User)).one().sealed_totp or b"") == "totp"


def test_a_value_that_is_renewed_meanwhile_is_left_to_who_renews_it(installation: App) -> None:
    [old] = key_file(installation.settings).read()

    class Renewing(Sealer):
        """Opens a value, and at that moment another process writes a newer one."""

        def open(self, sealed: bytes) -> str:
            with installation.session() as session:
                user = session.exec(select(User)).one()
                if sealed == user.sealed_totp:
                    user.sealed_totp = self.seal("newer")
                    session.commit()
            return super().open(sealed)

    keys = (Fernet.generate_key(), old)
    reseal(installation.session, Renewing(*keys))
    with installation.session() as session:
        kept = session.exec(select(User)).one().sealed_totp or b""
    assert Sealer(*keys).open(kept) == "newer"
