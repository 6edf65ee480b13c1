"""The first account, by a link of the installation, and the passwords of those invited."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Form
from starlette.responses import Response

from trade_ma.api.routers.auth import let_in
from trade_ma.console.languages import marked
from trade_ma.console.new_passwords import wrong_with
from trade_ma.console.visits import Anybody, Visit, page_router
from trade_ma.identity import passwords, users
from trade_ma.identity.models import User

router = page_router()
TEMPLATE = "setup/setup.html"

NO_NAME = marked("Write a name of one line, no longer than %(longest)s characters.")
WELCOME = marked("Welcome. Your account is ready.")


@router.get("/set-up")
def set_up_form(visit: Anybody, token: str = "") -> Response:
    """The form of the first account."""
    return _form(visit, token, first=True)


@router.post("/set-up")
def set_up(
    visit: Anybody,
    token: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Make the first account, an admin's, and sign them in."""
    if errors := wrong_with(visit, password, again, name):
        return _form(visit, token, first=True, name=name, errors=errors)
    try:
        user = users.set_up(
            visit.session,
            token,
            name=name,
            password=password,
            locale=visit.language.code,
            now=datetime.now(UTC),
        )
    except LookupError:
        return _over(visit)
    except ValueError:
        wrong = visit.say(NO_NAME, longest=str(users.LONGEST_NAME))
        return _form(visit, token, first=True, name=name, errors={"name": wrong})
    return _welcome(visit, user)


@router.get("/invitation")
def invitation_form(visit: Anybody, token: str = "") -> Response:
    """The form of somebody who was invited."""
    return _form(visit, token, first=False)


@router.post("/invitation")
def accept(
    visit: Anybody,
    token: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Take the password of somebody who was invited, and sign them in."""
    if errors := wrong_with(visit, password, again, ""):
        return _form(visit, token, first=False, errors=errors)
    try:
        user = users.accept(visit.session, token, password, datetime.now(UTC))
    except LookupError:
        return _over(visit)
    except ValueError:
        # It is the name itself: only the link tells whose it is.
        return _form(visit, token, first=False, errors=wrong_with(visit, "", "", ""))
    return _welcome(visit, user)


def _form(
    visit: Visit,
    token: str,
    *,
    first: bool,
    name: str = "",
    errors: Mapping[str, str] | None = None,
) -> Response:
    values: dict[str, Any] = {
        "token": token,
        "first": first,
        "name": name,
        "shortest_password": passwords.SHORTEST,
    }
    if errors:
        return visit.refused(TEMPLATE, errors, **values)
    return visit.page(TEMPLATE, errors={}, **values)


def _over(visit: Visit) -> Response:
    visit.session.rollback()
    return visit.page("setup/over.html", 410)


def _welcome(visit: Visit, user: User) -> Response:
    answer = visit.to("/", visit.say(WELCOME))
    let_in(visit.request, answer, visit.session, user)
    return answer
