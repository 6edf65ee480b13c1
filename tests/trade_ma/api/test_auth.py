"""Signing in and out over HTTP."""

import httpx

from tests.trade_ma.api.conftest import PASSWORD, House
from trade_ma.identity.permissions import Role


def test_a_user_signs_in_and_out(house: House) -> None:
    browser = house.signed_in(Role.VIEWER, "amina@coop.example")
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
