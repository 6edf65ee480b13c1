import tomllib
from importlib.resources import files
from pathlib import Path

from catalog.importing.problems import LANGUAGES, Code, Problem

ROOT = Path(__file__).parents[3]


def test_every_code_has_messages_in_every_language() -> None:
    messages = tomllib.loads((files("catalog.importing") / "messages.toml").read_text("utf-8"))
    assert {code for code in Code if code not in messages} == set()
    assert [
        (code, why)
        for code, reasons in messages.items()
        for why, texts in reasons.items()
        if set(texts) != set(LANGUAGES)
    ] == []


def test_every_code_is_documented() -> None:
    page = (ROOT / "docs/import.md").read_text("utf-8")
    assert [code for code in Code if f"`{code}`" not in page] == []


def test_a_message_names_the_cell_and_what_to_write() -> None:
    problem = Problem("bad_price.not_a_price", "price", "D8 (Prix)", "sur demande")
    assert problem.to_json("fr") == {
        "code": "bad_price",
        "field": "price",
        "message": "Cellule D8 (Prix) : « sur demande » n'est pas un prix. "
        "Écrivez un seul montant, par exemple 1250,00.",
    }
