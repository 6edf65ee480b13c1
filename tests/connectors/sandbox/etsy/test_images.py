import pytest

from connectors.sandbox.etsy import rules
from tests.connectors.sandbox.etsy.seller import Seller, photo


def alts(seller: Seller, listing: int) -> list[str]:
    told = seller.told("GET", f"/listings/{listing}/images")
    assert [one["rank"] for one in told["results"]] == list(range(1, told["count"] + 1))
    return [one["alt_text"] for one in told["results"]]


def test_an_upload_is_decoded_and_told(seller: Seller) -> None:
    listing = seller.draft()
    image = seller.add_image(listing, alt_text="Un tapis, vu de près – سجادة")

    assert (image["full_width"], image["full_height"], image["alt_text"]) == (
        900,
        600,
        "Un tapis, vu de près – سجادة",
    )
    address = f"/listings/{listing}/images/{image['listing_image_id']}"
    assert seller.told("GET", address) == image


def test_images_stand_in_the_order_of_their_ranks(seller: Seller) -> None:
    listing = seller.draft()
    seller.add_image(listing, rank=1, alt_text="first")
    seller.add_image(listing, rank=2, alt_text="second")
    seller.add_image(listing, rank=2, alt_text="between")
    seller.add_image(listing, rank=1, overwrite="true", alt_text="new first")

    assert alts(seller, listing) == ["new first", "between", "second"]


def test_image_ids_set_the_order_and_take_the_others_off(seller: Seller) -> None:
    listing = seller.draft()
    ids = [seller.add_image(listing, rank=9, alt_text=alt)["listing_image_id"] for alt in "abc"]
    seller.change(listing, image_ids=f"{ids[2]},{ids[0]}")

    assert alts(seller, listing) == ["c", "a"]


def test_an_image_taken_off_can_be_assigned_again(seller: Seller) -> None:
    listing = seller.draft()
    number = seller.add_image(listing, alt_text="kept")["listing_image_id"]
    address = f"{seller.shop}/listings/{listing}/images"
    seller.told("DELETE", f"{address}/{number}")
    assert alts(seller, listing) == []
    # A field of a multipart body without a file.
    seller.told("POST", address, files={"listing_image_id": (None, str(number))})

    assert alts(seller, listing) == ["kept"]


def test_what_is_on_sale_keeps_a_picture(seller: Seller) -> None:
    listing = seller.publish()
    image = seller.told("GET", f"/listings/{listing}/images")["results"][0]
    address = f"{seller.shop}/listings/{listing}/images/{image['listing_image_id']}"

    assert seller.refused("DELETE", address)[0] == 400
    no_images = {"image_ids": ""}
    assert seller.refused("PATCH", f"{seller.shop}/listings/{listing}", data=no_images)[0] == 400


@pytest.mark.parametrize(
    "content",
    [b"no picture at all", photo(form="WEBP"), photo()[:200], b"\xff" * (rules.IMAGE_BYTES + 1)],
    ids=["text", "another format", "cut off", "too large"],
)
def test_a_bad_image_is_refused(seller: Seller, content: bytes) -> None:
    address = f"{seller.shop}/listings/{seller.draft()}/images"

    assert seller.refused("POST", address, files={"image": ("a.jpg", content)})[0] == 400


@pytest.mark.parametrize(("number", "status"), [("77", 404), ("", 400)])
def test_an_image_is_uploaded_or_one_that_was_there(
    clumsy_seller: Seller, number: str, status: int
) -> None:
    address = f"{clumsy_seller.shop}/listings/{clumsy_seller.draft()}/images"
    field = {"listing_image_id": (None, number)} if number else {"rank": (None, "1")}

    assert clumsy_seller.refused("POST", address, files=field)[0] == status
    assert clumsy_seller.refused("DELETE", f"{address}/77")[0] == 404


def test_a_listing_has_at_most_twenty_images(seller: Seller) -> None:
    listing = seller.draft()
    for _ in range(rules.IMAGES):
        seller.add_image(listing)
    address = f"{seller.shop}/listings/{listing}/images"

    assert seller.refused("POST", address, files={"image": ("a.jpg", photo())}) == (
        400,
        "A listing can have at most 20 images",
    )


def test_a_variant_has_its_own_picture_as_long_as_both_exist(seller: Seller) -> None:
    listing = seller.draft()
    products = [seller.product("S", 1, "Small"), seller.product("L", 1, "Large")]
    made = seller.set_products(listing, products, sku_on_property=[513])["products"]
    value = made[1]["property_values"][0]["value_ids"][0]
    image = seller.add_image(listing)["listing_image_id"]
    address = f"{seller.shop}/listings/{listing}/variation-images"
    pair = {"property_id": 513, "value_id": value, "image_id": image}
    told = seller.told("POST", address, json={"variation_images": [pair]})

    assert told == {"count": 1, "results": [{**pair, "value": "Large"}]}
    seller.told("DELETE", f"{seller.shop}/listings/{listing}/images/{image}")
    assert seller.told("GET", address)["results"] == []


@pytest.mark.parametrize("wrong", [{"value_id": 1}, {"image_id": 1}, {"property_id": 514}], ids=str)
def test_a_picture_of_no_variant_is_refused(seller: Seller, wrong: dict[str, int]) -> None:
    listing = seller.draft()
    made = seller.set_products(listing, [seller.product("S", 1, "Small")])["products"]
    pair = {
        "property_id": 513,
        "value_id": made[0]["property_values"][0]["value_ids"][0],
        "image_id": seller.add_image(listing)["listing_image_id"],
    }
    address = f"{seller.shop}/listings/{listing}/variation-images"

    assert seller.refused("POST", address, json={"variation_images": [pair | wrong]})[0] == 400
    assert seller.refused("POST", address, json={"variation_images": [pair, pair]})[0] == 400


def test_a_buyer_sees_the_picture(seller: Seller) -> None:
    seller.publish(sku="A")
    shown = seller.http.get(f"{seller.url}/_sandbox/listings").json()
    picture = seller.http.get(f"{seller.url}{shown[0]['photos'][0]}")

    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
