"""trade-ma import, as a user types it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from trade_ma.cli import main

GOOD = "Référence;Désignation;Prix;Quantité\nA;Tapis;100;1\n"
BAD = GOOD + "B;Vase;sur demande;1\n"

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line on an installation of its own, in a folder with three files."""
    monkeypatch.setenv("TRADE_MA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("LC_ALL", "ar_MA.UTF-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.csv").write_text(GOOD, "utf-8")
    (tmp_path / "bad.csv").write_text(BAD, "utf-8")
    (tmp_path / "odd.csv").write_text("Bidule;Machin;Truc\nA;Tapis;100\n", "utf-8")
    return lambda *words: CliRunner().invoke(main, ["import", *words])


def test_one_file_gives_one_report(run: Run) -> None:
    result = run("bad.csv", "--json", "--lang", "fr")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "file": "bad.csv",
        "rows": [
            {
                "row": 1,
                "sku": "A",
                "accepted": True,
                "errors": [],
                "warnings": [],
                "values": {
                    "title": "Tapis",
                    "price": "100.00",
                    "currency": "MAD",
                    "quantity": 1,
                    "dimensions_cm": None,
                    "weight_g": None,
                    "materials": [],
                    "photos": [],
                    "language": "fr",
                },
            },
            {
                "row": 2,
                "sku": "B",
                "accepted": False,
                "errors": [
                    {
                        "code": "bad_price",
                        "field": "price",
                        "message": "Cellule C3 (Prix) : « sur demande » n'est pas un prix. "
                        "Écrivez un seul montant, par exemple 1250,00.",
                    }
                ],
                "warnings": [],
                "values": None,
            },
        ],
        "accepted": 1,
        "rejected": 1,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
    }


def test_several_files_give_a_list_and_one_that_fails_stops_no_other(run: Run) -> None:
    result = run("absent.csv", "good.csv", "odd.csv", "--json", "--lang", "en")
    assert result.exit_code == 2
    told = [(one["file"], one["accepted"], one.get("error")) for one in json.loads(result.stdout)]
    missing = (
        "The file does not open (No such file or directory). Check its name and its permissions."
    )
    headers = (
        "No row of headers: SKU, and Title, Price or Quantity, are the least. "
        'Name the columns, or give --map "HEADER=field".'
    )
    assert told == [
        ("absent.csv", 0, {"code": "unreadable_file", "message": missing}),
        ("good.csv", 1, None),
        ("odd.csv", 0, {"code": "no_header", "message": headers}),
    ]


def test_the_table_speaks_the_language_of_the_environment(run: Run) -> None:
    result = run("bad.csv")
    assert "اكتب" in result.stdout
    assert "1 accepted, 1 rejected, 1 created" in result.stdout


def test_accepted_files_exit_with_nought_and_rehearsals_change_nothing(run: Run) -> None:
    assert run("good.csv", "--dry-run").exit_code == 0
    assert "1 created" in run("good.csv").stdout
    assert "1 unchanged" in run("good.csv").stdout


def test_odd_columns_are_mapped(run: Run) -> None:
    words = ["--map", "Bidule=sku", "--map", "Machin=title", "--map", "Truc=price"]
    assert run("odd.csv", *words).exit_code == 0


@pytest.mark.parametrize("words", [["--map", "Truc=prix"], ["--map", "x"], ["--maker", "a b"]])
def test_wrong_options_are_told(run: Run, words: list[str]) -> None:
    assert run("good.csv", *words).exit_code == 2
