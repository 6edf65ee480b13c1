"""Users over HTTP: invited, changed by who has seen them, disabled; all of it in the trail."""

import httpx
import pytest

from tests.trade_ma.api.conftest import PASSWORD, House
from trade_ma.identity.permissions import Role


def tagged(admin: httpx.Client, path: str) -> dict[str, str]:
    return {"If-Match": admin.get(path).headers["ETag"]}


def test_a_change_wants_the_etag_of_what_was_read(house: House, admin: httpx.Client) -> None:
    path = f"/api/v1/users/{house.add(Role.VIEWER).id}"
    seen = tagged(admin, path)
    without = admin.patch(path, json={"role": "shipper"})
    first = admin.patch(path, json={"role": "shipper"}, headers=seen)
    late = admin.patch(path, json={"role": "manager"}, headers=seen)
    assert [without.json()["code"], first.json()["role"], late.json()["code"]] == [
        "if-match-needed",
        "shipper",
        "changed-meanwhile",
    ]
    assert (without.status_code, late.status_code) == (428, 412)
    assert first.headers["ETag"] == tagged(admin, path)["If-Match"]


def test_a_disabled_user_is_out_at_once_and_cannot_come_back(
    house: House, admin: httpx.Client
) -> None:
    user = house.add(Role.VIEWER)
    browser = house.at_the_door("viewer")
    path = f"/api/v1/users/{user.id}"
    told = admin.patch(path, json={"disabled": True}, headers=tagged(admin, path))
    assert told.json()["disabled"] is True
    assert browser.get("/api/v1/auth/me").status_code == 401
    again = browser.post("/api/v1/auth/login", json={"name": "viewer", "password": PASSWORD})
    assert again.json()["code"] == "credentials-rejected"


def test_the_only_admin_stays_one(house: House, admin: httpx.Client) -> None:
    path = "/api/v1/users/1"
    for change in ({"disabled": True}, {"role": "viewer"}):
        told = admin.patch(path, json=change, headers=tagged(admin, path))
        assert (told.status_code, told.json()["code"]) == (409, "user-change")
    house.add(Role.ADMIN, "second")
    told = admin.patch(path, json={"role": "viewer"}, headers=tagged(admin, path))
    assert told.json()["role"] == "viewer"


@pytest.mark.parametrize(
    "body",
    [
        {"name": "admin", "role": "viewer"},
        {"name": " ADMIN ", "role": "viewer"},
        {"name": "x", "role": "maker"},
        {"name": "x", "role": "maker", "maker_id": 12},
        {"name": "x", "role": "viewer", "maker_id": 1},
        {"name": " ", "role": "viewer"},
        {"name": "a\u0000b", "role": "viewer"},
        {"name": "x", "role": "king"},
    ],
)
def test_a_user_who_cannot_be_is_refused(admin: httpx.Client, body: dict[str, object]) -> None:
    told = admin.post("/api/v1/users", json=body)
    assert (told.status_code, told.json()["code"]) == (422, "invalid")


def test_what_was_done_is_in_the_trail_with_before_and_after(admin: httpx.Client) -> None:
    made = admin.post("/api/v1/users", json={"name": "Brahim", "role": "viewer"})
    path = f"/api/v1/users/{made.json()['id']}"
    changed = admin.patch(path, json={"role": "shipper"}, headers=tagged(admin, path))
    entries = admin.get("/api/v1/audit", params={"object": "user:2"}).json()["items"]
    told = [
        (
            one["principal"],
            one["principal_name"],
            one["action"],
            one["before"] and one["before"]["role"],
            one["after"]["role"],
            one["request_id"],
        )
        for one in entries
    ]
    assert told == [
        ("user:1", "admin", "user.change", "viewer", "shipper", changed.headers["X-Request-Id"]),
        ("user:1", "admin", "user.invite", None, "viewer", made.headers["X-Request-Id"]),
    ]
    assert made.json()["invitation"]["token"] not in str(entries)


def test_a_list_goes_page_by_page_whatever_its_order(house: House, admin: httpx.Client) -> None:
    for name in ("dina", "brahim", "amina", "chakib"):
        house.add(Role.VIEWER, name)
    found: dict[str, list[str]] = {}
    for sort in ("name", "-name", "id", "-id"):
        asked: dict[str, str | int] = {"limit": 2, "sort": sort}
        names = []
        while True:
            told = admin.get("/api/v1/users", params=asked).json()
            names += [one["name"] for one in told["items"]]
            if told["next"] is None:
                break
            asked["cursor"] = told["next"]
        found[sort] = names
    alphabet = ["admin", "amina", "brahim", "chakib", "dina"]
    order = ["admin", "dina", "brahim", "amina", "chakib"]
    assert found == {
        "name": alphabet,
        "-name": alphabet[::-1],
        "id": order,
        "-id": order[::-1],
    }


@pytest.mark.parametrize(
    "asked",
    [
        {"sort": "password_hash"},
        {"cursor": "nonsense"},
        {"cursor": "WyJuYW1lIl0"},  # ["name"]
        {"cursor": "WyJuYW1lIiwgMSwgMl0"},  # ["name", 1, 2]
        {"cursor": "WyJpZCIsIDFd"},  # ["id", 1]: of another order
        {"cursor": "W1tbW1tb" * 100},
        {"limit": "0"},
        {"limit": "201"},
    ],
)
def test_a_page_that_cannot_be_is_refused(admin: httpx.Client, asked: dict[str, str]) -> None:
    told = admin.get("/api/v1/users", params=asked)
    assert (told.status_code, told.json()["code"]) == (422, "invalid")
