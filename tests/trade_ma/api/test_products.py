"""Products over HTTP: found, read whole, written one by one and many at once."""

from typing import Any

import httpx
import pytest

from tests.trade_ma.api.conftest import House
from tests.trade_ma.api.shelf import Shelf, stocked
from trade_ma.identity.permissions import Role


@pytest.fixture
def shelf(house: House) -> Shelf:
    return stocked(house)


def codes(client: httpx.Client, **asked: Any) -> list[str]:
    answer = client.get("/api/v1/products", params=asked)
    assert answer.status_code == 200, answer.text
    return [item["code"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["LAMP-1", "RUG"]),
        ({"sort": "title"}, ["LAMP-1", "RUG"]),
        ({"sort": "-title"}, ["RUG", "LAMP-1"]),
        ({"sort": "code"}, ["LAMP-1", "RUG"]),
        ({"sort": "created_at"}, ["RUG", "LAMP-1"]),
        ({"q": "ouarain"}, ["RUG"]),
        ({"q": "rug-l"}, ["RUG"]),
        ({"q": "ouarain", "sort": "-updated_at"}, ["RUG"]),
        ({"craft": "rug-beni-ourain", "maker_id": 1}, ["RUG"]),
        ({"withdrawn": True}, []),
        ({"has_photos": True}, []),
        ({"has_photos": False, "in_stock": False}, ["LAMP-1", "RUG"]),
        ({"in_stock": True}, []),
        ({"completeness_below": 101}, ["RUG", "LAMP-1"]),
        ({"completeness_below": 1}, []),
        ({"channel": "shop"}, []),
        ({"channel": "shop", "state": ["live"]}, []),
        ({"channel": "shop", "state": ["refused", "change refused"], "q": "rug"}, []),
    ],
)
def test_products_are_found_by_words_and_facts_in_any_order(
    admin: httpx.Client, shelf: Shelf, asked: dict[str, Any], found: list[str]
) -> None:
    del shelf
    assert codes(admin, **asked) == found


@pytest.mark.parametrize("sort", ["title", "-updated_at", "-created_at", "completeness"])
@pytest.mark.parametrize("q", ["", "la"])
def test_pages_follow_one_another_without_a_gap(
    admin: httpx.Client, shelf: Shelf, sort: str, q: str
) -> None:
    del shelf
    whole = codes(admin, sort=sort, q=q)
    asked: dict[str, Any] = {"limit": 1, "sort": sort, "q": q}
    seen: list[str] = []
    while True:
        page = admin.get("/api/v1/products", params=asked).json()
        seen += [item["code"] for item in page["items"]]
        if page["next"] is None:
            break
        asked["cursor"] = page["next"]
    assert seen == whole


def test_a_state_without_its_channel_and_an_unknown_channel_are_refused(
    admin: httpx.Client,
) -> None:
    asked = [{"state": "live"}, {"channel": "nowhere"}]
    answers = [admin.get("/api/v1/products", params=one) for one in asked]
    assert [one.json()["errors"][0]["field"] for one in answers] == ["query.state", "query.channel"]


def test_a_maker_meets_their_own_products_alone(house: House) -> None:
    house.add(Role.MAKER, "potter", maker="potters")
    client = house.at_the_door("potter")
    shelf = stocked(house)
    assert codes(client) == codes(client, q="tapis") == codes(client, maker_id=shelf.weavers) == []
    read = client.get(f"/api/v1/products/{shelf.rug}")
    written = client.patch(f"/api/v1/products/{shelf.rug}", json={}, headers={"If-Match": "*"})
    bulk = client.post("/api/v1/products/bulk", json={"items": [shelf.rug], "withdrawn": True})
    counted = client.post("/api/v1/stock/counts", json={"sku": "RUG-S", "pieces": 1})
    added = client.post(
        "/api/v1/products",
        json={
            "maker_id": shelf.weavers,
            "code": "X",
            "title": "X",
            "variants": [{"sku": "X", "price": "1.00"}],
        },
    )
    assert [one.status_code for one in (read, written, bulk, counted, added)] == [
        *(404, 404, 422, 404, 422),
    ]
    assert client.get("/api/v1/products/export").text.count("\n") == 1


def test_a_product_is_added_whole_and_its_stock_counted(admin: httpx.Client, shelf: Shelf) -> None:
    answer = admin.post(
        "/api/v1/products",
        json={
            "maker_id": shelf.smiths,
            "code": "TRAY",
            "title": "Plateau <b>gravé</b>",
            "materials": ["Cuivre", "cuivre"],
            "variants": [{"sku": "TRAY", "price": "380.5", "weight_g": 900}],
        },
    )
    assert answer.status_code == 201, answer.text
    counted = admin.post("/api/v1/stock/counts", json={"sku": "TRAY", "pieces": 4})
    assert counted.json()["after"] == {"available": 4, "reserved": 0, "on_hand": 4}
    product = admin.get(f"/api/v1/products/{answer.json()['id']}").json()
    assert (product["title"], product["materials"]) == ("Plateau gravé", ["cuivre"])
    assert {
        name: product["variants"][0][name] for name in ("sku", "price", "currency", "available")
    } == {"sku": "TRAY", "price": "380.50", "currency": "MAD", "available": 4}
    assert codes(admin, in_stock=True) == ["TRAY"]
    stock = admin.get("/api/v1/stock", params={"sku": "TRAY"}).json()
    assert [one["quantity"] for one in stock["movements"]] == [4]


def test_a_change_moves_the_revision_on_and_what_is_found(
    admin: httpx.Client, shelf: Shelf
) -> None:
    path = f"/api/v1/products/{shelf.lamp}"
    read = admin.get(path)
    tag = read.headers["ETag"]
    changed = admin.patch(path, json={"title": "Lanterne"}, headers={"If-Match": tag})
    again = admin.patch(path, json={"title": "Lampe"}, headers={"If-Match": tag})
    without = admin.patch(path, json={"title": "Lampe"})
    assert [one.status_code for one in (changed, again, without)] == [200, 412, 428]
    assert changed.json()["revision"] == read.json()["revision"] + 1
    assert (codes(admin, q="lanterne"), codes(admin, q="lampe")) == (["LAMP-1"], [])
    same = admin.patch(path, json={"title": "Lanterne"}, headers={"If-Match": "*"})
    assert same.json()["revision"] == changed.json()["revision"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"craft": "spaceship"}, "body.craft"),
        ({"exclusive_to": "nowhere"}, "body.exclusive_to"),
        ({"title": None}, "body.title"),
        ({"title": "<br>"}, "body.title"),
        ({"description": "a\ufffdb"}, "body.description"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(
    admin: httpx.Client, shelf: Shelf, change: dict[str, Any], field: str
) -> None:
    path = f"/api/v1/products/{shelf.lamp}"
    before = admin.get(path).json()
    answer = admin.patch(path, json=change, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert admin.get(path).json() == before


def test_variants_are_told_apart(admin: httpx.Client, shelf: Shelf) -> None:
    path = f"/api/v1/products/{shelf.rug}/variants"
    taken = [
        {"sku": "RUG-S", "price": "1.00", "options": [["Taille", "XL"]]},
        {"sku": "RUG-XL", "price": "1.00", "options": [["Taille", "S"]]},
        {"sku": "RUG-XL", "price": "1.00", "options": [["Couleur", "noir"]]},
    ]
    answers = [admin.post(path, json=one, headers={"If-Match": "*"}) for one in taken]
    assert [one.json()["errors"][0]["field"] for one in answers] == [
        "body.sku",
        "body.options",
        "body.options",
    ]
    added = admin.post(
        path,
        json={"sku": "RUG-XL", "price": "3000", "options": [["Taille", "XL"]]},
        headers={"If-Match": "*"},
    )
    variant = added.json()["variants"][-1]
    changed = admin.patch(
        f"{path}/{variant['id']}",
        json={"price": "3100.25", "currency": "MAD", "length_cm": 300},
        headers={"If-Match": added.headers["ETag"]},
    ).json()["variants"][-1]
    assert (changed["price"], changed["length_cm"], changed["position"]) == ("3100.25", 300, 2)


def test_many_are_edited_all_or_none_after_a_rehearsal(admin: httpx.Client, shelf: Shelf) -> None:
    edit = {
        "items": [shelf.rug, shelf.lamp],
        "price_percent": "10",
        "price_amount": "-0.50",
        "add_tags": ["Noël"],
        "remove_tags": ["Salon"],
        "withdrawn": True,
        "exclusive_to": "shop",
    }
    path = "/api/v1/products/bulk"
    before = admin.get(f"/api/v1/products/{shelf.rug}").json()
    rehearsed = admin.post(path, json=edit | {"dry_run": True}).json()
    assert admin.get(f"/api/v1/products/{shelf.rug}").json() == before
    done = admin.post(path, json=edit).json()
    assert done["items"] == rehearsed["items"]
    assert done["items"][0] == {
        "id": shelf.rug,
        "code": "RUG",
        "changed": True,
        "craft": "rug-beni-ourain",
        "tags": ["Noël"],
        "withdrawn": True,
        "exclusive_to": "shop",
        "prices": {"RUG-S": "MAD 1319.50", "RUG-L": "MAD 2749.50"},
    }
    after = admin.get(f"/api/v1/products/{shelf.rug}").json()
    assert after["revision"] == before["revision"] + 1
    refused = admin.post(
        path, json={"items": [shelf.rug, 999], "price_amount": "-2000", "exclusive_to": ""}
    )
    assert [one["field"] for one in refused.json()["errors"]] == ["body.items.0", "body.items.1"]
    assert admin.get(f"/api/v1/products/{shelf.rug}").json() == after
