"""What a visitor reads when something cannot be done: a page in words instead of a problem."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from trade_ma.api.problems import Problem
from trade_ma.console.flashes import Tone
from trade_ma.console.headers import HEADERS
from trade_ma.console.languages import Language, marked
from trade_ma.console.rendering import environment
from trade_ma.console.visits import draw, language_of


@dataclass(frozen=True, slots=True)
class Telling:
    """What happened, and what to do."""

    title: str
    advice: str


# By the problem's code, else by the status.
TELLINGS: Mapping[str | int, Telling] = {
    "csrf": Telling(
        marked("This page was out of date"),
        marked("Go back, load the page again, and repeat what you did. Nothing was changed."),
    ),
    400: Telling(
        marked("That could not be read"),
        marked("Go back and look at what you filled in. Nothing was changed."),
    ),
    403: Telling(
        marked("This is not open to you"),
        marked("Your account may not see or do this. Ask an administrator if you need it."),
    ),
    404: Telling(
        marked("There is no such page"),
        marked("The address may be mistyped, or what was here is gone."),
    ),
    409: Telling(
        marked("Somebody was faster"),
        marked("The same was changed a moment ago. Load the page again and look."),
    ),
    413: Telling(marked("That is too large"), marked("Send less at once. Nothing was changed.")),
    429: Telling(
        marked("Too often in a short time"), marked("Wait some minutes, then try once more.")
    ),
    500: Telling(
        marked("Something went wrong here"),
        marked("It is not your fault, and it was written down. Try again in a moment."),
    ),
    503: Telling(
        marked("Much is going on just now"), marked("Try again in a moment. Nothing was changed.")
    ),
}


def error_page(request: Request, problem: Problem) -> Response:
    """The page that tells `problem`; for somebody unknown, the way to sign in."""
    if problem.code == "unauthenticated":
        return _to_sign_in(request)
    telling = _telling(problem)
    caller = getattr(request.state, "principal", None)
    language = language_of(request, caller)
    title, advice = (language.words.gettext(words) for words in (telling.title, telling.advice))
    if "hx-request" in request.headers:
        return _message(language, f"{title}. {advice}", problem.status)
    number = getattr(request.state, "request_id", "")
    values = {"title": title, "advice": advice, "request_id": number}
    return draw(request, language, caller, "errors/error.html", problem.status, **values)


def _telling(problem: Problem) -> Telling:
    is_ours = problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    unknown = TELLINGS[500 if is_ours else 400]
    return TELLINGS.get(problem.code) or TELLINGS.get(problem.status, unknown)


def _to_sign_in(request: Request) -> Response:
    """The way to the sign-in, and from there back to the page."""
    wanted = request.url.path if request.method == "GET" else "/"
    address = "/sign-in" if wanted == "/" else f"/sign-in?{urlencode({'next': wanted})}"
    if "hx-request" in request.headers:
        return Response(headers={"HX-Redirect": address})
    return RedirectResponse(address, status_code=303)


def _message(language: Language, words: str, status: int) -> Response:
    """For htmx: a message above the page that is shown already."""
    fragment = environment(language.code).get_template("components/flash.html")
    text = fragment.render(message=words, tone=Tone.ERROR, quote="")
    headers = {**HEADERS, "HX-Retarget": "#flashes", "HX-Reswap": "innerHTML"}
    return HTMLResponse(text, status, headers)
