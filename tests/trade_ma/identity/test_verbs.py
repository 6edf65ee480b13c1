"""Users and tokens on the command line, and the first link that serve prints."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from catalog.models import Maker
from trade_ma.cli import main
from trade_ma.cli.serve import set_up_path
from trade_ma.identity.models import AuditEntry, Invitation
from trade_ma.installation import App, open_app


@pytest.fixture
def installation(monkeypatch: pytest.MonkeyPatch, data_dir: Path) -> Iterator[App]:
    monkeypatch.setenv("TRADE_MA_DATA_DIR", str(data_dir))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    app = open_app()
    with app.session() as session:
        session.add(Maker(slug="tazenakht", name="Tazenakht"))
        session.commit()
    yield app
    app.engine.dispose()


def run(*words: str, code: int = 0) -> Any:
    told = CliRunner().invoke(main, [*words, "--json"])
    assert told.exit_code == code, told.output
    return json.loads(told.stdout) if told.stdout else told.stderr


def done(app: App) -> list[tuple[str, str, str]]:
    with app.session() as session:
        return [(e.principal, e.action, e.object) for e in session.exec(select(AuditEntry))]


def test_a_user_is_added_listed_and_disabled(installation: App) -> None:
    run("users", "add", "admin", "--role=admin")
    made = run("users", "add", "Brahim", "--role=maker", "--maker=tazenakht", "--locale=ar")
    assert made.pop("invitation").startswith("/invitation?token=")
    brahim = {
        "name": "brahim",
        "role": "maker",
        "maker_id": 1,
        "locale": "ar",
        "has_password": False,
        "has_totp": False,
        "disabled": False,
    }
    assert (made, run("users", "list")[1]) == (brahim, brahim)
    assert run("users", "disable", "BRAHIM")["disabled"] is True
    assert done(installation) == [
        ("command-line", "user.invite", "user:1"),
        ("command-line", "user.invite", "user:2"),
        ("command-line", "user.disable", "user:2"),
    ]


def test_a_rehearsal_adds_nobody_and_shows_no_link(installation: App) -> None:
    told = run("users", "add", "brahim", "--role=viewer", "--dry-run")
    assert (told["name"], told["invitation"]) == ("brahim", None)
    assert (run("users", "list"), done(installation)) == ([], [])


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("add", "x", "--role=maker"), "belongs to a maker"),
        (("add", "x", "--role=maker", "--maker=nobody"), "no maker 'nobody'"),
        (("disable", "nobody"), "no user 'nobody'"),
        (("password", "nobody"), "no user 'nobody'"),
    ],
)
def test_a_mistake_is_told_in_words(installation: App, words: tuple[str, ...], why: str) -> None:
    assert why in run("users", *words, code=2)
    assert done(installation) == []


def test_a_forgotten_password_is_a_new_link(installation: App) -> None:
    run("users", "add", "amina", "--role=admin")
    first, second = (run("users", "password", "amina")["invitation"] for _ in range(2))
    assert first != second
    with installation.session() as session:
        assert len(session.exec(select(Invitation)).all()) == 1


def test_the_only_admin_is_not_disabled(installation: App) -> None:
    run("users", "add", "amina", "--role=admin")
    assert "only admin" in run("users", "disable", "amina", code=2)
    assert len(done(installation)) == 1


def test_a_token_is_issued_listed_and_revoked(installation: App) -> None:
    issued = run("tokens", "add", "shop", "--scope=orders:read", "--scope=orders:ship")
    assert issued["secret"].startswith("tma_")
    [listed] = run("tokens", "list")
    assert (listed["scopes"], "secret" in listed) == (["orders:read", "orders:ship"], False)
    assert run("tokens", "revoke", "shop")["revoked_at"] is not None
    assert "already" in run("tokens", "add", "shop", "--scope=orders:read", code=2)
    assert [action for _, action, _ in done(installation)] == ["token.issue", "token.revoke"]


def test_the_first_link_is_there_until_somebody_is(installation: App) -> None:
    first, second = set_up_path(installation), set_up_path(installation)
    assert first != second
    with installation.session() as session:
        assert len(session.exec(select(Invitation)).all()) == 1
    run("users", "add", "amina", "--role=admin")
    assert set_up_path(installation) is None
