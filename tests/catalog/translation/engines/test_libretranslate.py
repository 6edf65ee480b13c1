"""LibreTranslate, as its own server answers."""

import logging
from itertools import islice

import pytest
from starlette.responses import JSONResponse, Response

from catalog.translation.engines.errors import (
    EngineNotUsable,
    EngineRejectedKey,
    EngineUnavailable,
    QuotaSpent,
)
from catalog.translation.engines.libretranslate import LibreTranslate
from catalog.translation.engines.protocol import Answer, Untranslatable
from catalog.translation.engines.web import Service
from tests.catalog.translation.engines.services import KEY, Desk

GLOSSARY = {"zellige": "zellige", "Beni Ourain": "Beni Ourain", "tapis": "rug"}


@pytest.fixture
def engine(libretranslate: Desk, waits: list[float]) -> LibreTranslate:
    return LibreTranslate(Service("LibreTranslate", libretranslate.url, KEY, sleep=waits.append))


def to_german(engine: LibreTranslate, *texts: str) -> list[Answer]:
    return list(engine.translate(texts, "fr", "de-AT", GLOSSARY))


def test_terms_go_out_as_signs_and_come_back_as_words(
    engine: LibreTranslate, libretranslate: Desk
) -> None:
    told = to_german(engine, "Tapis Beni Ourain", "Zelliges de Fès", "Laine")
    assert told == ["[de] Rug Beni Ourain", "[de] Zelliges de Fès", "[de] Laine"]
    assert libretranslate.bodies("/translate") == [
        {
            "q": ["XZQ1 XZQ2", "XZQ1 de Fès", "Laine"],
            "source": "fr",
            "target": "de",
            "format": "text",
            "api_key": KEY,
        }
    ]


def test_texts_go_out_in_requests_within_the_limits(
    engine: LibreTranslate, libretranslate: Desk
) -> None:
    texts = [*("a" for _ in range(26)), "b" * 1500, "c" * 600, "d" * 2001, "e"]
    told = to_german(engine, *texts)
    assert [each["q"] for each in libretranslate.bodies("/translate")] == [
        ["a"] * 25,
        ["a", "b" * 1500],
        ["c" * 600],
        ["e"],
    ]
    assert told == [
        *(f"[de] {text}" for text in texts[:-2]),
        Untranslatable("2001 characters; the engine takes 2000 at once"),
        "[de] e",
    ]


def test_what_was_answered_before_a_trouble_is_not_lost(
    engine: LibreTranslate, libretranslate: Desk
) -> None:
    answers = engine.translate(["a"] * 30, "fr", "de", {})
    assert list(islice(answers, 25)) == ["[de] a"] * 25
    libretranslate.first = [JSONResponse({"error": "Invalid API key"}, 403)]
    with pytest.raises(EngineRejectedKey):
        next(answers)


def test_a_variant_is_served_by_its_language(engine: LibreTranslate) -> None:
    pairs = [("fr", "es-MX"), ("fr", "pt-BR"), ("fr", "ja"), ("ar", "fr")]
    assert [engine.supports(*pair) for pair in pairs] == [True, True, False, False]
    assert list(engine.translate(["Laine"], "ar", "fr", {})) == [
        Untranslatable("libretranslate does not translate ar to fr")
    ]


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("", "Please contact the server operator to get an API key"),
        ("a-wrong-secret", "Invalid API key …"),
    ],
)
def test_a_missing_or_wrong_key_is_a_persons_matter_and_never_repeated(
    libretranslate: Desk, key: str, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    engine = LibreTranslate(Service("LibreTranslate", libretranslate.url, key))
    with caplog.at_level(logging.DEBUG), pytest.raises(EngineRejectedKey) as raised:
        to_german(engine, "Laine")
    assert str(raised.value) == (
        f"LibreTranslate at {libretranslate.url}: {message}: check the key of this engine"
    )
    assert "a-wrong-secret" not in caplog.text + repr(engine)


def test_a_busy_server_is_asked_again_after_the_wait_that_it_wants(
    engine: LibreTranslate, libretranslate: Desk, waits: list[float]
) -> None:
    engine.supports("fr", "de")
    libretranslate.first = [
        JSONResponse({"error": "Slowdown"}, 429, {"retry-after": "7"}),
        Response("down for a moment", 503, {"retry-after": "2"}),
        Response("<html>", 502),
    ]
    assert to_german(engine, "Laine") == ["[de] Laine"]
    assert (waits[:2], len(waits)) == ([7, 2], 3)


def test_a_server_that_stays_silent_is_given_up(libretranslate: Desk, waits: list[float]) -> None:
    service = Service("LibreTranslate", libretranslate.url, KEY, 0.1, waits.append)
    libretranslate.first = [0.5] * 4
    with pytest.raises(EngineUnavailable, match=r"does not answer \(ReadTimeout\)"):
        LibreTranslate(service).supports("fr", "de")
    assert len(waits) == 3


def test_nobody_waits_an_hour_inside_a_call(
    engine: LibreTranslate, libretranslate: Desk, waits: list[float]
) -> None:
    libretranslate.first = [JSONResponse({"error": "Slowdown"}, 429, {"retry-after": "3600"})]
    with pytest.raises(EngineUnavailable) as raised:
        engine.supports("fr", "de")
    assert (raised.value.retry_after, waits) == (3600, [])


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"translatedText": ["eins"]}, "the engine gave 1 answers to 2 texts"),
        ({"translatedText": "eins"}, "the engine gave no answers to 2 texts"),
        (["eins", "zwei"], "the engine gave no answers to 2 texts"),
    ],
)
def test_answers_that_cannot_be_told_apart_are_not_used(
    engine: LibreTranslate, libretranslate: Desk, answer: object, reason: str
) -> None:
    engine.supports("fr", "de")
    libretranslate.first = [JSONResponse(answer)]
    assert to_german(engine, "un", "deux") == [Untranslatable(reason)] * 2


def test_an_empty_answer_and_a_lost_term_concern_their_text_alone(
    engine: LibreTranslate, libretranslate: Desk
) -> None:
    engine.supports("fr", "de")
    libretranslate.first = [JSONResponse({"translatedText": [" ", "Fliese", "drei"]})]
    assert to_german(engine, "un", "zellige", "trois") == [
        Untranslatable("the engine gave no text in answer"),
        Untranslatable("the engine lost a protected term: zellige"),
        "drei",
    ]


def test_a_refused_request_leaves_the_engine_well(
    engine: LibreTranslate, libretranslate: Desk
) -> None:
    engine.supports("fr", "de")
    libretranslate.first = [JSONResponse({"error": "Request exceeds text limit"}, 400)]
    assert to_german(engine, "Laine") == [
        Untranslatable(f"LibreTranslate at {libretranslate.url}: Request exceeds text limit")
    ]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (JSONResponse({"error": "Pay first"}, 402), QuotaSpent),
        (JSONResponse({"error": "Not found"}, 404), EngineNotUsable),
        (JSONResponse([{"name": "another service"}]), EngineNotUsable),
        (JSONResponse({"error": "no such thing"}, 400), EngineNotUsable),
    ],
)
def test_trouble_is_named_by_what_to_do_about_it(
    engine: LibreTranslate, libretranslate: Desk, answer: Response, error: type[Exception]
) -> None:
    libretranslate.first = [answer]
    with pytest.raises(error):
        engine.supports("fr", "de")


def test_an_answer_that_is_no_json_is_asked_for_again(
    engine: LibreTranslate, libretranslate: Desk, waits: list[float]
) -> None:
    libretranslate.first = [Response("<html>Welcome to the hotel</html>")]
    assert (engine.supports("fr", "de"), len(waits)) == (True, 1)


def test_a_server_that_is_not_there_is_unavailable(waits: list[float]) -> None:
    engine = LibreTranslate(Service("LibreTranslate", "http://127.0.0.1:9", sleep=waits.append))
    with pytest.raises(EngineUnavailable, match="does not answer"):
        engine.supports("fr", "de")
