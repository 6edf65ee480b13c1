"""Texts translated by an engine on loopback, reviewed, and counted, from the command line."""

from pathlib import Path

import pytest
from sqlmodel import select

from catalog.translation.models import Segment, TextCut
from tests.catalog.translation.engines import services
from tests.trade_ma.conftest import Practice
from tests.trade_ma.small_catalog import PRODUCTS
from trade_ma.installation import open_app

CHARACTERS = PRODUCTS * len("Tapis 0")


@pytest.fixture
def bilingual(bare: Practice) -> Practice:
    """A channel in English that shows what machines translate."""
    bare.add_channel("--text=machine", "--locale=en-US")
    return bare


def test_texts_are_translated_once_and_reviewed_in_a_file(
    bilingual: Practice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    forecast = bilingual.json("translate", "--dry-run")
    assert forecast["left"] == [
        {
            "source": "fr",
            "target": "en",
            "segments": PRODUCTS,
            "characters": CHARACTERS,
            "again": False,
        }
    ]
    with services.libretranslate() as desk:
        monkeypatch.setenv("TRADE_MA_TRANSLATION_URL", desk.url)
        monkeypatch.setenv("TRADE_MA_TRANSLATION_KEY", services.KEY)
        first = bilingual.json("translate", "--engine", "libretranslate")
        again = bilingual.json("translate", "--engine", "libretranslate")
    assert (first["translated"], first["characters"]) == (PRODUCTS, CHARACTERS)
    assert (again["translated"], again["characters"]) == (0, 0)

    file = tmp_path / "texts.csv"
    bilingual.run("texts", "review", "export", str(file))
    file.write_text(file.read_text("utf-8-sig").replace("[en] Tapis", "Rug"), "utf-8")
    told = bilingual.json("texts", "review", "import", str(file))
    assert {one["verdict"] for one in told} == {"reviewed"}
    again = bilingual.run("texts", "review", "import", str(file)).stdout
    assert again == f"{PRODUCTS} unchanged\n"
    assert bilingual.json("texts", "list") == []
    [one, *_] = bilingual.json("texts", "list", "--state=reviewed")
    bilingual.run("texts", "reject", one["id"])
    assert len(bilingual.json("texts", "list", "--state=rejected")) == 1
    bilingual.run("texts", "approve", one["id"])
    assert bilingual.json("texts", "list", "--state=rejected") == []


def test_a_spent_budget_exits_with_1(bilingual: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    with services.libretranslate() as desk:
        monkeypatch.setenv("TRADE_MA_TRANSLATION_ENGINE", "libretranslate")
        monkeypatch.setenv("TRADE_MA_TRANSLATION_URL", desk.url)
        monkeypatch.setenv("TRADE_MA_TRANSLATION_KEY", services.KEY)
        run = bilingual.json("translate", "--budget=10", code=1)
    assert (run["translated"], run["left"][0]["segments"]) == (1, PRODUCTS - 1)
    assert run["stopped"] == "the budget of 10 characters a day is spent"


def test_looking_writes_nothing(bilingual: Practice, tmp_path: Path) -> None:
    file = tmp_path / "texts.xlf"
    assert len(bilingual.json("texts", "list")) == PRODUCTS
    export = bilingual.json("texts", "review", "export", str(file), "--dry-run")
    assert export == {"file": str(file), "texts": PRODUCTS}
    assert not file.exists()
    with open_app().session() as session:
        assert session.exec(select(Segment)).all() == []
        assert session.exec(select(TextCut)).all() == []


def test_another_engine_is_asked_again_for_what_was_rejected(
    bilingual: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with services.libretranslate() as desk, services.chat() as model:
        monkeypatch.setenv("TRADE_MA_TRANSLATION_URL", desk.url)
        monkeypatch.setenv("TRADE_MA_TRANSLATION_KEY", services.KEY)
        bilingual.run("translate", "--engine=libretranslate")
        [one, *_] = bilingual.json("texts", "list", "--state=machine")
        assert bilingual.json("texts", "list", "--state=held") == []
        bilingual.run("texts", "reject", one["id"])
        monkeypatch.setenv("TRADE_MA_TRANSLATION_URL", model.url)
        monkeypatch.setenv("TRADE_MA_TRANSLATION_MODEL", "m")
        [left] = bilingual.json("translate", "--engine=chat", "--again", "--dry-run")["left"]
        told = bilingual.json("translate", "--engine=chat", "--again")
    assert (left["segments"], left["again"], told["translated"]) == (1, True, 1)


def test_what_cannot_be_done_is_said_in_words(bare: Practice, tmp_path: Path) -> None:
    bare.add_channel("--text=composed")
    assert "policy" in bare.run("translate", code=2).stderr
    assert "no state new" in bare.run("texts", "list", "--state=new", code=2).stderr
    assert ".csv" in bare.run("texts", "review", "export", "x.doc", code=2).stderr
    assert "no translation" in bare.run("texts", "approve", "9-en", code=2).stderr
    (tmp_path / "no.xlf").write_text("nothing")
    assert (
        "no XLIFF" in bare.run("texts", "review", "import", str(tmp_path / "no.xlf"), code=2).stderr
    )
