"""One visit of one page: who comes, what language they read, and the ways to answer them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from sqlmodel import Session
from starlette.responses import HTMLResponse, RedirectResponse, Response

from trade_ma.api.access import Access, DbSession, Installation
from trade_ma.api.problems import forbidden, unauthenticated
from trade_ma.api.unit import Unit
from trade_ma.console import flashes
from trade_ma.console.flashes import Flash, Tone
from trade_ma.console.formats import count_to
from trade_ma.console.headers import HEADERS
from trade_ma.console.languages import Language, chosen
from trade_ma.console.navigation import menu
from trade_ma.console.rendering import environment
from trade_ma.identity.permissions import Permission
from trade_ma.identity.principal import Principal
from trade_ma.installation import App

LANGUAGE_COOKIE = "language"


@dataclass(frozen=True, slots=True)
class Visit:
    """A request for a page. The route's transaction is committed after the answer is made."""

    request: Request
    installation: App
    session: Session
    caller: Principal | None
    language: Language

    @property
    def principal(self) -> Principal:
        """Who comes.

        Raises:
            Problem: 401 for somebody unknown.
        """
        if self.caller is None:
            raise unauthenticated()
        return self.caller

    def say(self, message: str, **values: str) -> str:
        """A message in the visitor's language, its %(name)s filled in.

        A value that is Markup, such as a quotation, makes the message Markup.
        """
        said = self.language.words.gettext(message)
        if any(isinstance(value, Markup) for value in values.values()):
            said = Markup("{}").format(said)
        return said % values if values else said

    def counted(
        self, one: str, many: str, count: int, *, end: int | None = None, **values: str
    ) -> str:
        """The message for so many, %(count)s in it written as the visitor writes numbers.

        A count that has come to its `end` may be of more.
        """
        said = self.language.words.ngettext(one, many, count)
        return said % {"count": count_to(count, end, locale=self.language.locale), **values}

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """The page, drawn from `template` with these values."""
        return draw(self.request, self.language, self.caller, template, status, **values)

    def refused(self, template: str, errors: Mapping[str, str], **values: Any) -> Response:
        """The form again, with what is wrong by field. Nothing that was begun is written."""
        self.session.rollback()
        return self.page(template, 422, errors=errors, **values)

    def to(
        self, path: str, message: str = "", tone: Tone = Tone.SUCCESS, quote: str = ""
    ) -> Response:
        """On to another page, which shows `message` once, and a marketplace's words behind it."""
        answer = RedirectResponse(path, status_code=303)
        if message:
            # A cookie carries words and no elements.
            words = message.striptags() if isinstance(message, Markup) else message
            flashes.leave(answer, Flash(words, tone, quote))
        return answer


def draw(
    request: Request,
    language: Language,
    caller: Principal | None,
    template: str,
    status: int = 200,
    **values: Any,
) -> Response:
    """A page, and with it the message that was left for it."""
    flash = flashes.waiting(request)
    text = environment(language.code).get_template(template)
    answer = HTMLResponse(text.render(frame(request, caller, flash) | values), status, HEADERS)
    if flash:
        flashes.clear(answer)
    return answer


def frame(request: Request, caller: Principal | None, flash: Flash | None) -> dict[str, Any]:
    """What every template may ask for beside its own values."""
    query = f"?{request.url.query}" if request.url.query else ""
    return {
        "principal": caller,
        "menu": menu(caller, request.app.state.first_pages) if caller else [],
        "path": request.url.path,
        "address": request.url.path + query,
        "flash": flash,
    }


def language_of(request: Request, caller: Principal | None) -> Language:
    """The visitor's own setting, else their browser's last choice, else what it accepts."""
    wishes = (caller.locale if caller else None, request.cookies.get(LANGUAGE_COOKIE))
    return chosen(wishes, request.headers.get("accept-language", ""))


def visit(
    request: Request, installation: Installation, session: DbSession, caller: Access
) -> Visit:
    """Anybody's visit."""
    return Visit(request, installation, session, caller, language_of(request, caller))


def signed_in_visit(visit: Annotated[Visit, Depends(visit)]) -> Visit:
    """The visit of somebody who is signed in.

    Raises:
        Problem: 401 for others; they are shown the way to sign in.
    """
    if visit.caller is None:
        raise unauthenticated()
    return visit


def page_router() -> APIRouter:
    """A router for the pages of one subject; every one of its routes is one transaction."""
    return APIRouter(route_class=Unit, include_in_schema=False)


Anybody = Annotated[Visit, Depends(visit)]
SignedIn = Annotated[Visit, Depends(signed_in_visit)]


def allowed(permission: Permission) -> Any:
    """In `Annotated[Visit, ...]`, the visit of somebody who may do that.

    Others meet the sign-in (401) or are told that it is not for them (403).
    """

    def permitted(visit: SignedIn) -> Visit:
        if not visit.principal.may(permission):
            raise forbidden(f"this page needs {permission}")
        return visit

    return Depends(permitted)
