"""Translation on this machine, by the real package and tiny real models."""

import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import requests
import responses

from catalog.translation.engines.errors import EngineNotUsable, EngineUnavailable
from catalog.translation.engines.local import Firefox
from catalog.translation.engines.protocol import Answer, Untranslatable
from tests.catalog.translation.engines.word_models import make_model

FRENCH = {"tapis": "rug", "laine": "wool", "rouge": "red", "cuir": "leather"}
GERMAN = {"rug": "Teppich", "wool": "Wolle", "red": "rot"}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the models that lead from French by English to German."""
    folder = tmp_path_factory.mktemp("models")
    make_model(folder / "models/fr-en", FRENCH)
    make_model(folder / "models/en-de", GERMAN)
    return folder


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch) -> Iterator[responses.RequestsMock]:
    """What the package reaches of the internet: nothing, until a test adds to it."""
    registry = import_module("firefox_translations").ModelRegistry
    monkeypatch.setattr(registry, "_cached_registry", None)
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def translated(engine: Firefox, text: str, target: str) -> Answer:
    (answer,) = engine.translate([text], "fr", target, {"zellige": "zellige", "cuir": "cuir"})
    return answer


def test_a_model_in_the_folder_translates_without_the_internet(
    models: Path, internet: responses.RequestsMock
) -> None:
    engine = Firefox(models)
    texts = ["tapis rouge 200 x 300 cm. Cuir", "laine"]
    told = list(engine.translate(texts, "fr", "en-US", {}))
    assert told == ["rug red 200 x 300 cm. Cuir", "wool"]
    assert len(internet.calls) == 0


def test_french_becomes_german_by_way_of_english(models: Path) -> None:
    assert translated(Firefox(models), "tapis laine rouge", "de-CH") == "Teppich Wolle rot"


def test_terms_are_covered_all_the_way(models: Path) -> None:
    assert translated(Firefox(models), "tapis cuir Zelliges", "de") == "Teppich cuir Zelliges"


def test_lines_and_sentences_keep_their_places(models: Path) -> None:
    told = translated(Firefox(models), "tapis rouge!  Laine\n\nlaine 3 kg.\nrouge", "en")
    assert told == "rug red!  Laine\n\nwool 3 kg.\nred"


def test_a_sentence_that_the_model_would_cut_is_not_translated(models: Path) -> None:
    assert translated(Firefox(models), "tapis " * 100, "en") == Untranslatable(
        "a sentence of more than 500 characters"
    )


def test_a_text_of_which_the_model_knows_nothing_is_not_translated(models: Path) -> None:
    assert translated(Firefox(models), "زرابي", "de") == Untranslatable(
        "the engine gave no text in answer"
    )


def test_a_model_is_fetched_at_its_first_use_and_kept(
    models: Path, tmp_path: Path, internet: responses.RequestsMock
) -> None:
    for name in ("model.bin", "source.spm", "shared_vocabulary.json", "config.json"):
        address = re.compile(rf"https://.*/opus-mt-fr-en-.*/{re.escape(name)}")
        internet.head(address)
        internet.get(address, (models / "models/fr-en" / name).read_bytes())
    internet.get(re.compile("https://.*/target.spm"), status=404)
    assert translated(Firefox(tmp_path), "tapis rouge", "en") == "rug red"
    internet.reset()
    assert translated(Firefox(tmp_path), "laine", "en") == "wool"


def test_a_model_that_nobody_has_is_named_with_its_folder(
    tmp_path: Path, internet: responses.RequestsMock
) -> None:
    internet.get(re.compile("https://.*/models.json"), json={"models": []})
    with pytest.raises(EngineNotUsable) as raised:
        translated(Firefox(tmp_path), "tapis", "en")
    assert str(raised.value) == (
        f"no model from fr to en in {tmp_path / 'models/fr-en'}, and none could be fetched:"
        " connect this machine to the internet for its first use, or copy the model there"
    )


def test_without_the_internet_a_missing_model_may_come_later(
    tmp_path: Path, internet: responses.RequestsMock
) -> None:
    internet.get(re.compile(".*"), body=requests.ConnectionError("no route"))
    with pytest.raises(EngineUnavailable, match="fr to en could not be fetched: no route"):
        translated(Firefox(tmp_path), "tapis", "en")


def test_a_broken_model_is_named_with_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "models/fr-en"
    make_model(folder, FRENCH)
    (folder / "model.bin").write_bytes(b"cut off")
    with pytest.raises(EngineNotUsable, match=re.escape(f"the model in {folder} cannot be loaded")):
        translated(Firefox(tmp_path), "tapis", "en")


def test_without_the_package_one_is_told_how_to_install_it(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "firefox_translations", None)
    with pytest.raises(EngineNotUsable, match=re.escape("pip install 'trade-ma[local]'")):
        Firefox(models).supports("fr", "de")


def test_languages_are_those_that_the_package_offers_or_the_folder_holds(tmp_path: Path) -> None:
    (tmp_path / "models/ber-en").mkdir(parents=True)
    pairs = [("fr", "de"), ("ar", "ja"), ("ber", "fr"), ("fr", "xx"), ("en-GB", "en-US")]
    supported = [Firefox(tmp_path).supports(*pair) for pair in pairs]
    assert supported == [True, True, True, False, False]
    assert list(Firefox(tmp_path).translate(["rug"], "en", "en-US", {})) == [
        Untranslatable("firefox does not translate en to en-US")
    ]
