"""Signing in and out over HTTP."""

from typing import Any

import httpx
import pyotp
import pytest

from tests.trade_ma.api.conftest import PASSWORD, House
from trade_ma.api.access import COOKIE
from trade_ma.cli.serve import set_up_path
from trade_ma.identity.permissions import Role
from trade_ma.identity.signing_in import MOST_OF_ACCOUNT, WINDOW


def login(browser: httpx.Client, name: str, password: str = PASSWORD, code: str = "") -> Any:
    """What the door answers; a browser that gets in repeats its CSRF token from then on."""
    body = {"name": name, "password": password, "code": code}
    told = browser.post("/api/v1/auth/login", json=body).json()
    if "csrf_token" in told:
        browser.headers["X-CSRF-Token"] = told["csrf_token"]
    return told


def test_a_user_signs_in_and_out(house: House) -> None:
    house.add(Role.VIEWER, "amina@coop.example")
    browser = house.client()
    login(browser, "Amina@Coop.example")
    me = browser.get("/api/v1/auth/me").json()
    assert (me["name"], me["role"], me["locale"]) == ("amina@coop.example", "viewer", "fr")
    assert browser.post("/api/v1/auth/logout").status_code == 204
    assert browser.get("/api/v1/auth/me").json()["code"] == "unauthenticated"


def test_an_unsafe_request_without_the_csrf_token_is_refused(admin: httpx.Client) -> None:
    del admin.headers["X-CSRF-Token"]
    told = admin.post("/api/v1/users", json={"name": "x", "role": "viewer"})
    assert (told.status_code, told.json()["code"]) == (403, "csrf")


def test_a_new_user_chooses_a_password_by_the_link(house: House, admin: httpx.Client) -> None:
    made = admin.post("/api/v1/users", json={"name": "Brahim", "role": "shipper"})
    assert made.status_code == 201, made.text
    link = {"token": made.json()["invitation"]["token"], "password": PASSWORD}
    stranger = house.client()
    told = stranger.post("/api/v1/auth/invitation", json=link)
    assert (told.status_code, told.json()["name"]) == (201, "brahim")
    again = house.client().post("/api/v1/auth/invitation", json=link)
    assert (again.status_code, again.json()["code"]) == (410, "link-over")


def test_a_wrong_name_and_a_wrong_password_are_told_alike(house: House) -> None:
    house.add(Role.VIEWER)
    told = [login(house.client(), *given) for given in (("viewer", "wrong"), ("nobody", PASSWORD))]
    assert [{**one, "request_id": ""} for one in told] == [
        {
            "type": "urn:trade-ma:problem:credentials-rejected",
            "title": "Unauthorized",
            "status": 401,
            "code": "credentials-rejected",
            "detail": "The name, the password or the code is wrong.",
            "request_id": "",
            "errors": [],
        }
    ] * 2


def test_signing_in_ends_the_session_before_and_never_carries_its_token_on(house: House) -> None:
    house.add(Role.VIEWER)
    browser = house.at_the_door("viewer")
    before = browser.cookies[COOKIE]
    assert "csrf_token" in login(browser, "viewer")
    after = browser.cookies[COOKIE]
    assert before != after
    browser.cookies.set(COOKIE, before, domain="127.0.0.1")
    assert browser.get("/api/v1/auth/me").status_code == 401


def test_the_cookie_is_for_this_site_and_no_script(house: House) -> None:
    house.add(Role.VIEWER)
    body = {"name": "viewer", "password": PASSWORD}
    near = house.client().post("/api/v1/auth/login", json=body)
    far = house.client(Host="shop.example").post("/api/v1/auth/login", json=body)
    parts = [
        sorted(part.strip().partition("=")[0] for part in answer.headers["set-cookie"].split(";"))
        for answer in (near, far)
    ]
    assert parts == [
        ["HttpOnly", "Path", "SameSite", "expires", "trade_ma_session"],
        ["HttpOnly", "Path", "SameSite", "Secure", "expires", "trade_ma_session"],
    ]


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example"]
)
def test_a_request_that_another_site_made_a_browser_send_is_refused(
    house: House, admin: httpx.Client, origin: str
) -> None:
    body = {"name": "admin", "password": PASSWORD}
    for browser, path in ((admin, "/api/v1/auth/logout"), (house.client(), "/api/v1/auth/login")):
        told = browser.post(path, json=body, headers={"Origin": origin})
        assert (told.status_code, told.json()["code"]) == (403, "csrf")
    assert admin.get("/api/v1/auth/me").status_code == 200
    own = admin.post("/api/v1/auth/logout", headers={"Origin": house.address})
    assert own.status_code == 204


def test_another_password_ends_ones_other_sessions(house: House) -> None:
    here = house.signed_in(Role.VIEWER)
    there = house.at_the_door("viewer")
    change = {"old": PASSWORD, "new": "eleven blue bowls"}
    assert here.post("/api/v1/auth/password", json=change).status_code == 204
    assert [one.get("/api/v1/auth/me").status_code for one in (here, there)] == [200, 401]
    assert login(house.client(), "viewer")["code"] == "credentials-rejected"
    assert login(house.client(), "viewer", "eleven blue bowls")["role"] == "viewer"


@pytest.mark.parametrize("new", ["short", "aaaaaaaaaaaa", "viewer", "x" * 201])
def test_a_password_that_is_no_secret_is_refused(house: House, new: str) -> None:
    browser = house.signed_in(Role.VIEWER)
    told = browser.post("/api/v1/auth/password", json={"old": PASSWORD, "new": new})
    assert (told.status_code, told.json()["code"]) == (422, "invalid")


def test_a_second_factor_is_asked_for_once_it_is_confirmed(house: House) -> None:
    browser = house.signed_in(Role.MANAGER)
    told = browser.post("/api/v1/auth/totp", json={"password": PASSWORD}).json()
    assert "csrf_token" in login(house.client(), "manager")  # not confirmed yet
    code = pyotp.TOTP(told["secret"]).now()
    confirmed = browser.post("/api/v1/auth/totp/confirm", json={"code": code})
    assert confirmed.status_code == 204
    assert login(house.client(), "manager")["code"] == "totp-required"
    # The code that confirmed is used up.
    assert login(house.client(), "manager", code=code)["code"] == "credentials-rejected"
    gone = browser.post("/api/v1/auth/totp/forget", json={"password": PASSWORD})
    assert (gone.status_code, "csrf_token" in login(house.client(), "manager")) == (204, True)


def test_the_first_admin_is_made_by_a_link_that_counts_once(house: House) -> None:
    path = set_up_path(house.installation) or ""
    body = {"token": path.partition("=")[2], "name": "Amina", "password": PASSWORD}
    weak = house.client().post("/api/v1/auth/set-up", json=body | {"password": "short"})
    made = house.client().post("/api/v1/auth/set-up", json=body)
    again = house.client().post("/api/v1/auth/set-up", json=body | {"name": "mallory"})
    assert [weak.status_code, made.status_code, again.status_code] == [422, 201, 410]
    assert (made.json()["name"], made.json()["role"]) == ("amina", "admin")
    assert set_up_path(house.installation) is None


def test_guessing_locks_the_account_even_for_the_right_password(house: House) -> None:
    house.add(Role.VIEWER)
    guesses = [login(house.client(), "viewer", "wrong")["code"] for _ in range(MOST_OF_ACCOUNT)]
    assert guesses == ["credentials-rejected"] * MOST_OF_ACCOUNT
    body = {"name": "viewer", "password": PASSWORD}
    locked = house.client().post("/api/v1/auth/login", json=body)
    assert (locked.status_code, locked.json()["code"]) == (429, "too-many-requests")
    assert 0 < int(locked.headers["Retry-After"]) <= WINDOW.total_seconds() + 1
