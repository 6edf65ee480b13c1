"""Chat models: asked for JSON, and never taken at their word."""

import json
import logging
import traceback

import pytest
from starlette.responses import JSONResponse, Response

from catalog.translation.engines.chat import Chat
from catalog.translation.engines.errors import (
    EngineNotUsable,
    EngineRejectedKey,
    EngineUnavailable,
    QuotaSpent,
)
from catalog.translation.engines.protocol import Answer, Untranslatable
from catalog.translation.engines.web import Service
from tests.catalog.translation.engines.services import KEY, Desk, said

GLOSSARY = {"zellige": "zellige", "tapis": "rug", "babouche": "babouche"}
BAD_FORM = Untranslatable("the model did not answer in the form asked for")


@pytest.fixture
def engine(chat: Desk, waits: list[float]) -> Chat:
    return Chat(Service("chat:craft-7b", chat.url, KEY, sleep=waits.append), "craft-7b")


def to_mexico(engine: Chat, *texts: str) -> list[Answer]:
    return list(engine.translate(texts, "fr", "es-MX", GLOSSARY))


def questions(chat: Desk) -> list[object]:
    bodies = chat.bodies("/v1/chat/completions")
    return [json.loads(body["messages"][1]["content"]) for body in bodies]


def test_a_question_is_strict_and_names_only_the_terms_that_occur(engine: Chat, chat: Desk) -> None:
    assert to_mexico(engine, "tapis 200 x 300 cm", "«soie» زليج") == [
        "[x] rug 200 x 300 cm",
        "[x] «soie» زليج",
    ]
    (body,) = chat.bodies("/v1/chat/completions")
    system, question = body.pop("messages")
    assert body == {
        "model": "craft-7b",
        "temperature": 0,
        "response_format": {"type": "json_object"},
    }
    assert system["role"] == "system"
    assert "from French to Spanish (Mexico)" in system["content"]
    assert json.loads(question["content"]) == {
        "glossary": {"tapis": "rug"},
        "texts": {"1": "tapis 200 x 300 cm", "2": "«soie» زليج"},
    }


def test_what_is_kept_with_a_text_names_the_model(engine: Chat) -> None:
    assert engine.name == "chat:craft-7b"


def test_texts_go_out_twenty_at_once(engine: Chat, chat: Desk) -> None:
    assert to_mexico(engine, *["laine"] * 21) == ["[x] laine"] * 21
    assert len(questions(chat)) == 2


@pytest.mark.parametrize(
    "content",
    [
        "Here is your translation: lana",
        '{"texts": {"1": "la',
        '{"1": "lana"}',
        "[]",
        '{"texts": ["lana"]}',
        '{"texts": {"1": "lana", "7": "sorpresa"}}',
        '{"texts": {"1": ["lana"]}}',
        '{"texts": {"1": "  "}}',
    ],
)
def test_a_bad_answer_is_asked_for_once_more(engine: Chat, chat: Desk, content: str) -> None:
    chat.first = [said(content)]
    assert to_mexico(engine, "laine") == ["[x] laine"]


def test_what_was_left_out_is_all_that_is_asked_again(engine: Chat, chat: Desk) -> None:
    chat.first = [said('{"texts": {"1": "lana", "3": "seda"}}')]
    assert to_mexico(engine, "laine", "cuir", "soie") == ["lana", "[x] cuir", "seda"]
    assert questions(chat)[1] == {"glossary": {}, "texts": {"1": "cuir"}}


def test_a_model_that_fails_twice_is_not_asked_again(engine: Chat, chat: Desk) -> None:
    chat.first = [said("sorry")] * 2
    assert to_mexico(engine, "laine", "soie") == [BAD_FORM] * 2
    assert len(questions(chat)) == 2


def test_an_answer_without_choices_is_not_used(engine: Chat, chat: Desk) -> None:
    chat.first = [JSONResponse({"choices": []}), JSONResponse("lana")]
    assert to_mexico(engine, "laine") == [BAD_FORM]


def test_the_key_is_in_no_error_log_or_repr(chat: Desk, caplog: pytest.LogCaptureFixture) -> None:
    engine = Chat(Service("chat:m", chat.url, "a-wrong-secret"), "m")
    with caplog.at_level(logging.DEBUG), pytest.raises(EngineRejectedKey) as raised:
        to_mexico(engine, "laine")
    assert str(raised.value) == (
        f"chat:m at {chat.url}: Incorrect API key provided: …: check the key of this engine"
    )
    assert "a-wrong-secret" not in caplog.text + repr(engine)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (None, "a-secret\nkey"),
        (None, "a-secret-clé"),
        ("localhost/v1", "a-secret"),
        ("http://localhost:port/v1", "a-secret"),
    ],
)
def test_what_cannot_be_sent_is_a_persons_matter(chat: Desk, url: str | None, key: str) -> None:
    with pytest.raises(EngineNotUsable, match=r"its address .* or its key") as raised:
        to_mexico(Chat(Service("chat:m", url or chat.url, key), "m"), "laine")
    assert "a-secret" not in "".join(traceback.format_exception(raised.value))


def test_a_spent_account_and_a_busy_one_are_told_apart(
    engine: Chat, chat: Desk, waits: list[float]
) -> None:
    spent = {"error": {"message": "You exceeded your quota", "code": "insufficient_quota"}}
    chat.first = [
        JSONResponse({"error": {"message": "Slow down"}}, 429, {"retry-after": "3"}),
        JSONResponse(spent, 429),
    ]
    with pytest.raises(QuotaSpent, match="You exceeded your quota"):
        to_mexico(engine, "laine")
    assert waits == [3]


@pytest.mark.parametrize(("status", "error"), [(404, EngineNotUsable), (500, EngineUnavailable)])
def test_trouble_is_named_by_what_to_do_about_it(
    engine: Chat, chat: Desk, status: int, error: type[Exception]
) -> None:
    chat.first = [Response("no such model", status)] * 4
    with pytest.raises(error, match="no such model"):
        to_mexico(engine, "laine")


def test_a_language_is_one_that_has_a_name(engine: Chat) -> None:
    pairs = [("fr", "ja"), ("fr", "xx"), ("?", "en")]
    assert [engine.supports(*pair) for pair in pairs] == [True, False, False]
