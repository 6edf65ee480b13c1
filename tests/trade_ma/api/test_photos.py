"""Photos over HTTP: checked, kept once, in order, and shown small to those who may see them."""

from io import BytesIO

import httpx
import pytest
from PIL import Image

from tests.trade_ma.api.conftest import House
from tests.trade_ma.api.shelf import Shelf, stocked
from trade_ma.identity.permissions import Role

ANY = {"If-Match": "*"}


@pytest.fixture
def shelf(house: House) -> Shelf:
    return stocked(house)


def picture(colour: str) -> bytes:
    content = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    Image.new("RGB", (600, 300), colour).save(content, "JPEG", exif=exif)
    return content.getvalue()


def send(client: httpx.Client, product: int, name: str, content: bytes) -> httpx.Response:
    path = f"/api/v1/products/{product}/photos"
    return client.post(path, files={"file": (name, content)}, headers=ANY)


def test_photos_are_added_ordered_described_and_taken_away(
    admin: httpx.Client, shelf: Shelf
) -> None:
    base = f"/api/v1/products/{shelf.rug}/photos"
    send(admin, shelf.rug, "../a;b.jpg", picture("red"))
    added = send(admin, shelf.rug, "../a;b.jpg", picture("blue"))
    assert added.status_code == 201, added.text
    first, second = added.json()["photos"]
    assert (first["name"], second["name"]) == ("ab.jpg", "ab-1.jpg")
    ordered = admin.put(f"{base}/order", json={"ids": [second["id"], first["id"]]}, headers=ANY)
    assert [one["id"] for one in ordered.json()["photos"]] == [second["id"], first["id"]]
    wrong = admin.put(f"{base}/order", json={"ids": [second["id"]]}, headers=ANY)
    assert wrong.json()["errors"][0]["field"] == "body.ids"
    words = admin.patch(f"{base}/{first['id']}", json={"alt": "De face"}, headers=ANY)
    assert words.json()["photos"][1]["alt"] == "De face"
    rest = admin.delete(f"{base}/{second['id']}", headers=ANY).json()
    assert [one["id"] for one in rest["photos"]] == [first["id"]]
    [row] = admin.get("/api/v1/products", params={"has_photos": True}).json()["items"]
    assert (row["code"], row["photo_count"], row["photo"]) == ("RUG", 1, first["sha256"])


def test_what_is_no_photo_is_refused_in_words_and_one_twice_as_well(
    admin: httpx.Client, shelf: Shelf
) -> None:
    bad = send(admin, shelf.rug, "x.jpg", b"GIF?").json()
    assert bad["code"] == "not-a-photo"
    assert [one["message"][:10] for one in bad["errors"]] == [
        "Le fichier",
        "الملف فارغ",
        "The file i",
    ]
    send(admin, shelf.rug, "x.jpg", picture("red"))
    twice = send(admin, shelf.rug, "y.jpg", picture("red"))
    assert (twice.status_code, twice.json()["errors"][0]["field"]) == (422, "body.file")


def test_a_thumbnail_is_kept_by_browsers_and_shown_to_those_who_see_the_product(
    house: House, admin: httpx.Client, shelf: Shelf
) -> None:
    photo = send(admin, shelf.rug, "x.jpg", picture("red")).json()["photos"][0]
    path = f"/api/v1/photos/{photo['sha256']}/thumbnail"
    shown = admin.get(path)
    assert (shown.status_code, shown.headers["Content-Type"], shown.headers["Cache-Control"]) == (
        200,
        "image/jpeg",
        "private, max-age=31536000, immutable",
    )
    assert Image.open(BytesIO(shown.content)).size == (240, 240)
    assert b"where I live" not in shown.content
    house.add(Role.MAKER, "potter", maker="potters")
    hidden = house.at_the_door("potter").get(path)
    unknown = admin.get(f"/api/v1/photos/{'0' * 64}/thumbnail")
    assert [one.status_code for one in (hidden, unknown)] == [404, 404]
