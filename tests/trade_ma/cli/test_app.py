"""What every verb says where the installation cannot be opened: one line, and no trace."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from trade_ma.cli import main


@pytest.mark.parametrize(
    ("name", "value", "words", "code"),
    [
        ("DATABASE_URL", "postgresql://me:sesame@127.0.0.1:1/x", "cannot be reached", 1),
        ("DATABASE_URL", "mysql://me:sesame@db/x", "TRADE_MA_DATABASE_URL", 2),
        ("TRADE_MA_ORDERS_EVERY", "often", "TRADE_MA_ORDERS_EVERY", 2),
        ("TRADE_MA_KEY", "sesame", "TRADE_MA_KEY", 2),
        ("TRADE_MA_DATA_DIR", f"{__file__}/data", "cannot be made", 2),
    ],
)
@pytest.mark.parametrize("verb", ["status", "daemon"])
def test_what_is_wrong_with_the_settings_is_told_in_a_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    verb: str,
    name: str,
    value: str,
    words: str,
    code: int,
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("TRADE_MA_DATA_DIR", str(tmp_path))
    monkeypatch.setenv(name, value)
    told = CliRunner().invoke(main, [verb])
    assert (told.exit_code, told.stdout) == (code, "")
    assert words in re.sub(r"\W+", " ", told.stderr)
    assert "Traceback" not in told.stderr
    assert "sesame" not in told.stderr


def test_an_empty_address_of_a_database_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRADE_MA_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "")
    CliRunner().invoke(main, ["status"])
    assert (tmp_path / "trade_ma.db").exists()


def test_a_mistake_of_this_program_keeps_its_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise KeyError("a mistake")

    monkeypatch.setattr("trade_ma.cli.status.open_app", broken)
    assert isinstance(CliRunner().invoke(main, ["status"]).exception, KeyError)
