"""The switch of languages, on every page."""

from typing import Annotated

from fastapi import Form
from starlette.responses import Response

from trade_ma.console.addresses import own
from trade_ma.console.languages import LOCALES
from trade_ma.console.visits import LANGUAGE_COOKIE, Anybody, page_router
from trade_ma.identity.models import User

router = page_router()
_YEAR = 365 * 24 * 3600


@router.post("/language")
def switch(
    visit: Anybody,
    language: Annotated[str, Form()],
    next: Annotated[str, Form()] = "/",  # noqa: A002 - the field's name in every form of ours
) -> Response:
    """Read in that language from now on, on this browser and, where signed in, on every other."""
    answer = visit.to(own(next))
    if language in LOCALES:
        answer.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR, httponly=True, samesite="lax")
        if visit.caller and visit.caller.user_id:
            visit.session.get_one(User, visit.caller.user_id).locale = language
    return answer
