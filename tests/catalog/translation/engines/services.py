"""Translation services on loopback, which answer as their published interfaces say.

What they translate is the word of the target language in brackets before the text, with their
glossary applied: enough to tell which request became which answer.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.server import serve

KEY = "only-for-tests:fx"
Handler = Callable[[Request], Awaitable[Response]]


@dataclass
class Desk:
    """What a service was asked, and the answers that it gives first, whatever it is asked."""

    url: str = ""
    asked: list[tuple[str, Any]] = field(default_factory=list)
    first: list[Response | float] = field(default_factory=list)

    def bodies(self, path: str) -> list[Any]:
        """The bodies sent to `path`, oldest first."""
        return [body for asked, body in self.asked if asked == path]

    def through(self, handler: Handler) -> Handler:
        """`handler`, behind what this desk gives first; a number is that many silent seconds."""

        async def answer(request: Request) -> Response:
            body = await request.body()
            self.asked.append((request.url.path, json.loads(body) if body[:1] == b"{" else None))
            if self.first:
                fault = self.first.pop(0)
                if isinstance(fault, Response):
                    return fault
                await asyncio.sleep(fault)
            return await handler(request)

        return answer

    def route(self, path: str, handler: Handler, *methods: str) -> Route:
        """A route of this desk."""
        return Route(path, self.through(handler), methods=list(methods))


@contextmanager
def opened(desk: Desk, *routes: Route) -> Iterator[Desk]:
    """`desk`, served on loopback until the block ends."""
    with serve(Starlette(routes=list(routes))) as url:
        desk.url = url
        yield desk


def translated(text: str, target: str, glossary: Mapping[str, str]) -> str:
    """What these services call a translation."""
    for term, becomes in glossary.items():
        text = re.sub(rf"\b{re.escape(term)}\b", becomes, text)
    return f"[{target}] {text}"


@contextmanager
def deepl() -> Iterator[Desk]:
    """DeepL: its key in a header, glossaries v3 of one account, 404 for one that is gone."""
    account = _Account()
    with opened(
        account.desk,
        account.route("/v2/languages", account.languages, "GET"),
        account.route("/v2/translate", account.translate, "POST"),
        account.route("/v2/usage", account.usage, "GET"),
        account.route("/v3/glossaries", account.glossary, "GET", "POST"),
        account.route("/v3/glossaries/{id}", account.delete, "DELETE"),
    ) as desk:
        yield desk


@dataclass
class _Account:
    """One account of DeepL."""

    desk: Desk = field(default_factory=Desk)
    glossaries: dict[str, dict[str, Any]] = field(default_factory=dict)

    def route(self, path: str, handler: Handler, *methods: str) -> Route:
        async def guarded(request: Request) -> Response:
            if request.headers["authorization"] != f"DeepL-Auth-Key {KEY}":
                return Response(status_code=403)
            return await handler(request)

        return self.desk.route(path, guarded, *methods)

    async def languages(self, request: Request) -> Response:
        # The client sends the type as a form, with GET.
        target = b"target" in await request.body()
        codes = ["DE", "EN-GB", "EN-US", "ES", "ES-419", "FR"] if target else ["DE", "EN", "FR"]
        return JSONResponse([{"language": code, "name": code} for code in codes])

    async def translate(self, request: Request) -> Response:
        body = await request.json()
        named = body.get("glossary_id")
        if named and named not in self.glossaries:
            return JSONResponse({"message": "Glossary not found"}, 404)
        entries = self.glossaries[named]["entries"] if named else {}
        texts = [translated(text, body["target_lang"], entries) for text in body["text"]]
        source = body["source_lang"]
        answers = [
            {"detected_source_language": source, "text": text, "billed_characters": len(text)}
            for text in texts
        ]
        return JSONResponse({"translations": answers})

    async def glossary(self, request: Request) -> Response:
        if request.method == "GET":
            return JSONResponse({"glossaries": [_shown(each) for each in self.glossaries.values()]})
        body = await request.json()
        (dictionary,) = body["dictionaries"]
        entries = dict(line.split("\t") for line in dictionary["entries"].splitlines())
        made = {**body, "glossary_id": f"g{len(self.desk.asked)}", "entries": entries}
        self.glossaries[made["glossary_id"]] = made
        return JSONResponse(_shown(made), 201)

    async def delete(self, request: Request) -> Response:
        gone = self.glossaries.pop(request.path_params["id"], None)
        return Response(status_code=204 if gone else 404)

    async def usage(self, _: Request) -> Response:
        return JSONResponse({"character_count": 500_000, "character_limit": 500_000})


def _shown(glossary: Mapping[str, Any]) -> dict[str, Any]:
    (dictionary,) = glossary["dictionaries"]
    return {
        "glossary_id": glossary["glossary_id"],
        "name": glossary["name"],
        "creation_time": "2026-11-23T12:00:00.000000Z",
        "dictionaries": [
            {
                "source_lang": dictionary["source_lang"].lower(),
                "target_lang": dictionary["target_lang"].lower(),
                "entry_count": len(glossary["entries"]),
            }
        ],
    }


@contextmanager
def libretranslate() -> Iterator[Desk]:
    """LibreTranslate with keys required: 400 without one, 403 for a wrong one."""
    desk = Desk()

    async def languages(_: Request) -> Response:
        targets = ["ar", "de", "en", "es", "fr", "pt-BR"]
        return JSONResponse(
            [{"code": code, "name": code, "targets": targets} for code in ["en", "fr"]]
        )

    async def translate(request: Request) -> Response:
        body = await request.json()
        if "api_key" not in body:
            said = "Please contact the server operator to get an API key"
            return JSONResponse({"error": said}, 400)
        if body["api_key"] != KEY:
            return JSONResponse({"error": f"Invalid API key {body['api_key']}"}, 403)
        texts = [translated(text, body["target"], {}) for text in body["q"]]
        return JSONResponse({"translatedText": texts})

    with opened(
        desk,
        desk.route("/languages", languages, "GET"),
        desk.route("/translate", translate, "POST"),
    ):
        yield desk


@contextmanager
def chat() -> Iterator[Desk]:
    """A chat model that does as it is told: JSON in, the same keys out."""
    desk = Desk()

    async def complete(request: Request) -> Response:
        if request.headers["authorization"] != f"Bearer {KEY}":
            key = request.headers["authorization"].removeprefix("Bearer ")
            error = {"message": f"Incorrect API key provided: {key}", "code": "invalid_api_key"}
            return JSONResponse({"error": error}, 401)
        body = await request.json()
        asked = json.loads(body["messages"][1]["content"])
        told = {
            number: translated(text, "x", asked["glossary"])
            for number, text in asked["texts"].items()
        }
        return said(json.dumps({"texts": told}))

    with opened(desk, desk.route("/v1/chat/completions", complete, "POST")):
        desk.url += "/v1"
        yield desk


def said(content: str) -> Response:
    """What a chat model says, in the envelope of its interface."""
    message = {"role": "assistant", "content": content}
    return JSONResponse({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})
