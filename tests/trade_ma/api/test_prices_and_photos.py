"""Prices, rates, suggestions and photos over HTTP, over a small catalog of two makers."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlmodel import col, select

from catalog.models import Maker, Photo, Product
from catalog.pricing import history
from catalog.pricing.rates import Rate
from jobs.models import Channel, Listing
from tests.trade_ma import small_catalog
from tests.trade_ma.api.conftest import House
from trade_ma.identity.models import User
from trade_ma.identity.permissions import Role

API = "/api/v1"


@pytest.fixture
def house(house: House) -> House:
    """Eight rugs of one maker on Etsy; another maker has nothing."""
    with house.installation.session() as session:
        small_catalog.fill(house.installation, session)
        etsy = Channel(code="etsy", marketplace="etsy", site="world", account="e", currency="USD")
        etsy.settings = {"base_url": "http://127.0.0.1"}
        session.add(etsy)
        session.add(Maker(slug="fes", name="Fès"))
        session.flush()
        for product in session.exec(select(Product)):
            session.add(Listing(channel_id=etsy.id or 0, product_id=product.id or 0))
        for name, slug in (("tifawin", "tifawin"), ("fassi", "fes")):
            maker = session.exec(select(Maker).where(Maker.slug == slug)).one()
            session.add(User(name=name, role=Role.MAKER, maker_id=maker.id))
        session.commit()
    return house


def test_a_price_is_explained_to_its_own_maker_and_to_no_other(house: House) -> None:
    asked = {"sku": "T-0", "channel": "etsy"}
    [told] = house.at_the_door("tifawin").get(f"{API}/prices/explain", params=asked).json()["items"]
    assert (told["trouble"], [step["step"] for step in told["steps"]][:3]) == (
        "",
        ["base", "exchange", "margin"],
    )
    assert told["price"].endswith(" USD")
    fassi = house.at_the_door("fassi")
    assert fassi.get(f"{API}/prices/explain", params=asked).status_code == 404
    body = {"channel": "etsy", "policy": {"margin": 20}}
    assert fassi.post(f"{API}/prices/simulate", json=body).json()["moved"] == 0


def test_another_policy_is_tried_before_it_is_made(admin: httpx.Client) -> None:
    def tried(**body: Any) -> httpx.Response:
        return admin.post(f"{API}/prices/simulate", json={"channel": "etsy", **body})

    plain, dear = tried().json(), tried(policy={"margin": 20}, rates={"USD": "9.8"}).json()
    assert (plain["moved"], dear["moved"]) == (8, 8)
    assert dear["changes"][0]["sku"] == "T-0"
    assert dear["changes"][0]["new"] != plain["changes"][0]["new"]
    assert tried(policy={"margin": 200}).status_code == 422
    assert tried(channel="nowhere").status_code == 404
    [policy] = admin.get(f"{API}/prices/policies").json()["items"]
    assert policy == {"channel": "etsy", "currency": "USD", "policy": {}}


def test_a_rate_that_moved_too_far_is_confirmed_by_who_has_read_it(
    house: House, admin: httpx.Client
) -> None:
    rate = Rate("USD", Decimal("19.5"), date(2026, 11, 20), "a bank")
    with house.installation.session() as session:
        history.keep(session, [rate], datetime.now(UTC), held=True)
        session.commit()
    [held] = admin.get(f"{API}/rates").json()["held"]
    other = {"mad_per_unit": "19.6", "date": held["date"]}
    seen = {"mad_per_unit": held["mad_per_unit"], "date": held["date"]}
    path = f"{API}/rates/USD/confirm"
    answers = [admin.post(path, json=body).status_code for body in (other, seen, seen)]
    assert answers == [409, 200, 404]
    rates = {one["currency"]: one for one in admin.get(f"{API}/rates").json()["rates"]}
    assert rates["USD"] == held


def test_a_source_that_cannot_be_asked_is_told(house: House, admin: httpx.Client) -> None:
    house.installation.settings.rates_url = "http://127.0.0.1:9/"
    answer = admin.post(f"{API}/rates/fetch", json={})
    assert (answer.status_code, answer.json()["code"]) == (409, "rates-source")


def test_suggestions_are_accepted_or_refused_by_who_has_seen_the_product(
    house: House, admin: httpx.Client
) -> None:
    with house.installation.session() as session:
        product = session.exec(select(Product).where(Product.code == "P-3")).one()
        product.title = "Tapis azilal en laine rouge"
        session.commit()
    found = {one["code"]: one for one in admin.get(f"{API}/suggestions").json()["items"]}
    rug = found["P-3"]
    wrong = next(one for one in rug["suggestions"] if one["field"] == "colours")
    item = {"code": "P-3", "revision": rug["revision"]}
    refused = admin.post(f"{API}/suggestions/refuse", json={"items": [item | only(wrong)]})
    assert wrong not in refused.json()["items"][0]["suggestions"]
    fassi = house.at_the_door("fassi")
    answer = fassi.post(f"{API}/suggestions/accept", json={"items": [item]})
    assert [error["message"] for error in answer.json()["errors"]] == ["There is no product P-3."]
    accepted = admin.post(f"{API}/suggestions/accept", json={"items": [item]})
    late = admin.post(f"{API}/suggestions/accept", json={"items": [item]})
    assert (accepted.status_code, late.status_code) == (200, 422)
    with house.installation.session() as session:
        product = session.exec(select(Product).where(Product.code == "P-3")).one()
        assert (product.materials, product.colours) == (["wool"], [])


def only(suggestion: dict[str, Any]) -> dict[str, Any]:
    """That suggestion, as it is named in a request."""
    return {"suggestions": [{"field": suggestion["field"], "value": suggestion["value"]}]}


def test_photos_are_told_of_once_they_were_measured_and_to_their_maker(
    house: House, admin: httpx.Client
) -> None:
    photos = f"{API}/images"
    assert admin.get(photos).json() == {"items": [], "next": None}
    assert admin.post(f"{photos}/measure").json() == {"measured": 8, "left": 0}
    asked: dict[str, str | int] = {"limit": 5, "language": "fr"}
    first = admin.get(photos, params=asked).json()
    last = admin.get(photos, params={**asked, "cursor": first["next"]}).json()
    assert (len(first["items"]), len(last["items"]), last["next"]) == (5, 3, None)
    photo = first["items"][0]
    assert "small" in {one["code"] for one in photo["advice"]}
    assert any(one["message"].startswith("La photo est") for one in photo["advice"])
    fassi = house.at_the_door("fassi")
    assert fassi.get(photos).json()["items"] == []
    assert fassi.get(photo["preview"]).status_code == 404
    assert admin.get(photos, params={"cursor": "x"}).status_code == 422


def test_a_photo_is_seen_as_each_marketplace_is_given_it(admin: httpx.Client) -> None:
    photo = admin.get(f"{API}/images/1").json()
    [etsy] = photo["renditions"]
    assert (etsy["marketplace"], etsy["made"]) == ("etsy", False)
    for path in (photo["preview"], etsy["picture"], f"{API}/images/sheet?product=P-0"):
        answer = admin.get(path)
        assert answer.headers["content-type"] in {"image/jpeg", "image/png"}
    assert admin.get(f"{API}/images/1").json()["renditions"][0]["made"] is True
    assert admin.get(f"{API}/images/1/renditions/amazon").status_code == 404


def test_the_same_photo_of_two_products_is_told_of_the_later(
    house: House, admin: httpx.Client
) -> None:
    with house.installation.session() as session:
        content = patterned()
        sha256 = house.installation.photos.add(content)
        for photo in session.exec(select(Photo).where(col(Photo.id) < 3)):
            photo.sha256 = sha256
        session.commit()
    admin.post(f"{API}/images/measure")
    told = {one["product"]: one["advice"] for one in admin.get(f"{API}/images").json()["items"]}
    doubled = {
        code for code, advice in told.items() if "duplicate" in {one["code"] for one in advice}
    }
    assert doubled == {"P-1"}


def patterned() -> bytes:
    """A photo on which something is to be seen."""
    picture = Image.radial_gradient("L").resize((900, 900)).convert("RGB")
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
