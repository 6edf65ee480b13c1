"""DeepL through its official client, as its interface answers."""

import logging

import pytest
from deepl import http_client
from starlette.responses import JSONResponse, Response

from catalog.translation.engines.deepl import DeepL
from catalog.translation.engines.errors import (
    EngineNotUsable,
    EngineRejectedKey,
    EngineUnavailable,
    QuotaSpent,
)
from catalog.translation.engines.protocol import Answer, Untranslatable
from tests.catalog.translation.engines.services import KEY, Desk

GLOSSARY = {"tapis": "Teppich", "zellige": "Zellige"}


@pytest.fixture
def engine(deepl: Desk, waits: list[float]) -> DeepL:
    engine = DeepL(KEY, deepl.url, waits.append)
    assert engine.supports("fr", "de")
    return engine


def to_german(engine: DeepL, *texts: str) -> list[Answer]:
    return list(engine.translate(texts, "fr", "de", {}))


def test_texts_go_out_fifty_at_once(engine: DeepL, deepl: Desk) -> None:
    texts = [f"tapis {number}" for number in range(51)]
    assert to_german(engine, *texts) == [f"[DE] {text}" for text in texts]
    first, second = deepl.bodies("/v2/translate")
    assert (first["text"], second) == (
        texts[:50],
        {
            "text": texts[50:],
            "source_lang": "FR",
            "target_lang": "DE",
            "preserve_formatting": True,
            "show_billed_characters": True,
        },
    )


def test_a_glossary_is_made_once_and_found_by_the_next_process(engine: DeepL, deepl: Desk) -> None:
    for each in (engine, engine, DeepL(KEY, deepl.url)):
        told = list(each.translate(["tapis et zellige"], "fr", "de", GLOSSARY))
        assert told == ["[DE] Teppich et Zellige"]
    (made,) = [body for body in deepl.bodies("/v3/glossaries") if body]
    assert made == {
        "name": "trade-ma fr-de 99e00ad3e58f773f",
        "dictionaries": [
            {
                "source_lang": "FR",
                "target_lang": "DE",
                "entries": "tapis\tTeppich\nzellige\tZellige",
                "entries_format": "tsv",
            }
        ],
    }


def test_a_glossary_takes_the_place_of_the_former_one_of_its_pair(
    engine: DeepL, deepl: Desk
) -> None:
    other = DeepL(KEY, deepl.url)
    list(other.translate(["a"], "fr", "en", {"tapis": "rug"}))
    list(other.translate(["a"], "fr", "de", {"tapis": "Läufer"}))
    list(engine.translate(["a"], "fr", "de", GLOSSARY))
    paths = [path for path, _ in deepl.asked if path.startswith("/v3/glossaries/")]
    assert len(paths) == 1
    assert list(other.translate(["tapis"], "fr", "en", {"tapis": "rug"})) == ["[EN-US] rug"]


def test_a_glossary_that_another_process_deleted_is_made_again(
    engine: DeepL, deepl: Desk, waits: list[float]
) -> None:
    list(engine.translate(["a"], "fr", "de", GLOSSARY))
    list(DeepL(KEY, deepl.url).translate(["a"], "fr", "de", {"tapis": "Läufer"}))
    assert list(engine.translate(["tapis"], "fr", "de", GLOSSARY)) == ["[DE] Teppich"]
    assert len(waits) == 1


def test_a_glossary_that_deepl_cannot_hold_is_a_persons_matter(engine: DeepL) -> None:
    with pytest.raises(EngineNotUsable, match="glossary cannot be given to DeepL"):
        list(engine.translate(["a"], "fr", "de", {"two\nlines": "zwei"}))


@pytest.mark.parametrize(
    ("target", "sent"), [("en", "EN-US"), ("en-GB", "EN-GB"), ("es-MX", "ES-419"), ("es", "ES")]
)
def test_a_target_is_the_variant_that_serves_it_best(engine: DeepL, target: str, sent: str) -> None:
    assert list(engine.translate(["Laine"], "fr", target, {})) == [f"[{sent}] Laine"]


def test_a_pair_that_is_not_offered_is_not_asked_for(engine: DeepL, deepl: Desk) -> None:
    assert list(engine.translate(["Laine"], "fr", "ja", {})) == [
        Untranslatable("deepl does not translate fr to ja")
    ]
    assert deepl.bodies("/v2/translate") == []


def test_a_wrong_key_is_a_persons_matter(deepl: Desk, caplog: pytest.LogCaptureFixture) -> None:
    engine = DeepL("a-wrong-secret", deepl.url)
    with caplog.at_level(logging.DEBUG), pytest.raises(EngineRejectedKey) as raised:
        to_german(engine, "Laine")
    assert str(raised.value) == (
        "DeepL: Authorization failure, check auth_key: check the key of this engine"
    )
    assert len(deepl.asked) == 1
    assert "a-wrong-secret" not in caplog.text + repr(engine)


def test_a_server_that_repeats_the_key_does_not_bring_it_into_our_words(
    engine: DeepL, deepl: Desk
) -> None:
    deepl.first = [JSONResponse({"message": f"no such key: {KEY}"}, 403)]
    with pytest.raises(EngineRejectedKey, match="no such key: …") as raised:
        to_german(engine, "Laine")
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None


def test_a_spent_quota_says_how_much_it_was(engine: DeepL, deepl: Desk) -> None:
    deepl.first = [JSONResponse({"message": "Quota Exceeded"}, 456)]
    with pytest.raises(QuotaSpent) as raised:
        to_german(engine, "Laine")
    assert str(raised.value) == (
        "DeepL: Quota for this billing period has been exceeded, message: Quota Exceeded"
        " (500000 of 500000 characters)"
    )


def test_a_spent_quota_is_told_even_where_the_usage_is_not(engine: DeepL, deepl: Desk) -> None:
    deepl.first = [Response(status_code=456), Response(status_code=500)]
    with pytest.raises(QuotaSpent, match="unknown number of characters"):
        to_german(engine, "Laine")


def test_a_busy_or_failing_service_is_asked_again_by_us_alone(
    engine: DeepL, deepl: Desk, waits: list[float]
) -> None:
    deepl.first = [Response(status_code=code) for code in (429, 503, 500)]
    assert to_german(engine, "Laine") == ["[DE] Laine"]
    assert (len(waits), len(deepl.bodies("/v2/translate"))) == (3, 4)


def test_a_silent_service_is_asked_again(
    engine: DeepL, deepl: Desk, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The client waits at least a second, whatever it is told.
    monkeypatch.setattr(http_client, "min_connection_timeout", 0.1)
    deepl.first = [1.5]
    assert (to_german(engine, "Laine"), len(waits)) == (["[DE] Laine"], 1)


def test_a_service_that_stays_down_is_unavailable(engine: DeepL, deepl: Desk) -> None:
    deepl.first = [Response(status_code=503)] * 4
    with pytest.raises(EngineUnavailable, match="Service unavailable"):
        to_german(engine, "Laine")


@pytest.mark.parametrize(
    "answer",
    [
        Response("<html>"),
        JSONResponse({"translations": []}),
        JSONResponse({"translations": [{"text": "Wolle", "billed_characters": 5}] * 2}),
    ],
)
def test_answers_that_cannot_be_told_apart_are_not_used(
    engine: DeepL, deepl: Desk, answer: Response
) -> None:
    deepl.first = [answer]
    (told,) = to_german(engine, "Laine")
    assert isinstance(told, Untranslatable)


def test_an_answer_in_another_form_is_asked_for_again(engine: DeepL, deepl: Desk) -> None:
    deepl.first = [JSONResponse({"translations": [{"text": "Wolle"}]})]
    assert to_german(engine, "Laine") == ["[DE] Laine"]


def test_a_refused_request_leaves_the_engine_well(engine: DeepL, deepl: Desk) -> None:
    deepl.first = [JSONResponse({"message": "Bad text"}, 400)]
    assert to_german(engine, "Laine") == [Untranslatable("DeepL: Bad request, message: Bad text")]


def test_an_address_that_is_not_deepls_is_a_persons_matter(deepl: Desk) -> None:
    deepl.first = [Response(status_code=404)]
    with pytest.raises(EngineNotUsable, match="Not found"):
        DeepL(KEY, deepl.url).supports("fr", "de")
