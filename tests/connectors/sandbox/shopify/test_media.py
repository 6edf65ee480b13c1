from typing import Any

import pytest

from tests.connectors.sandbox.shopify.conftest import Practice, picture

STAGE = """
mutation stagedUploadsCreate($input: [StagedUploadInput!]!) {
  stagedUploadsCreate(input: $input) {
    stagedTargets { url resourceUrl parameters { name value } }
    userErrors { field message }
  }
}
"""
MEDIA = """
query product($id: ID!) {
  product(id: $id) {
    media(first: 5) {
      nodes {
        alt
        status
        mediaErrors { code }
        ... on MediaImage { image { url width height } mimeType }
      }
    }
  }
}
"""


def stage(shop: Practice, method: str = "PUT", media_type: str = "image/png") -> dict[str, Any]:
    """A target for one picture."""
    given = {"resource": "IMAGE", "filename": "côté 1.png", "mimeType": media_type}
    (target,) = shop.ask(STAGE, input=[given | {"httpMethod": method}])["stagedTargets"]
    return {**target, "parameters": {p["name"]: p["value"] for p in target["parameters"]}}


def put(shop: Practice, content: bytes) -> str:
    """Where a picture was sent to."""
    target = stage(shop)
    headers = {"content-type": target["parameters"]["content_type"]}
    assert shop.http.put(target["url"], content=content, headers=headers).status_code == 200
    return str(target["resourceUrl"])


def media(shop: Practice, *sources: str) -> Any:
    """What a product says of its pictures once they are processed."""
    product = shop.list_product(files=[{"originalSource": s, "alt": "cuir"} for s in sources])
    shop.clock.sleep(10)
    return shop.ask(MEDIA, id=product["id"])["media"]["nodes"]


def test_a_picture_is_uploaded_processed_and_shown(shop: Practice) -> None:
    source = put(shop, picture(200, 100))
    product = shop.list_product(files=[{"originalSource": source, "alt": "cuir"}])
    (early,) = shop.ask(MEDIA, id=product["id"])["media"]["nodes"]
    shop.clock.sleep(10)
    (late,) = shop.ask(MEDIA, id=product["id"])["media"]["nodes"]
    url = late["image"].pop("url")
    assert (early["status"], early["image"]) == ("PROCESSING", None)
    assert late == {
        "alt": "cuir",
        "status": "READY",
        "mediaErrors": [],
        "image": {"width": 200, "height": 100},
        "mimeType": "image/png",
    }
    assert shop.http.get(url).content == picture(200, 100)
    page = shop.http.get(shop.base_url).text
    assert f"src='{url.removeprefix(shop.base_url)}'" in page


def test_a_form_needs_all_the_parameters_that_were_given_out(shop: Practice) -> None:
    target = stage(shop, "POST")
    file = {"file": ("a.png", picture())}
    less = {name: value for name, value in target["parameters"].items() if name != "policy"}
    seen = [
        shop.http.post(target["url"], data=form, files=file).status_code
        for form in (less, target["parameters"])
    ]
    assert seen == [403, 201]
    assert [node["status"] for node in media(shop, target["resourceUrl"])] == ["READY"]


def test_an_upload_that_nobody_staged_is_refused(shop: Practice) -> None:
    staged = stage(shop, "POST")
    answers = [
        shop.http.put(f"{shop.base_url}/staged/tmp/9/image/a.png", content=picture()),
        shop.http.put(staged["resourceUrl"], content=picture()),
    ]
    assert [answer.status_code for answer in answers] == [403, 403]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7", "UNSUPPORTED_IMAGE_FILE_TYPE"),
        (picture(600, 600)[:500], "IMAGE_PROCESSING_FAILURE"),
        (picture(6000, 4000, "JPEG"), "INVALID_IMAGE_RESOLUTION"),
        (picture() + bytes(20_000_001), "INVALID_IMAGE_FILE_SIZE"),
    ],
    ids=["no picture", "cut off", "too many pixels", "too many bytes"],
)
def test_a_file_that_is_no_good_fails_with_its_reason(
    shop: Practice, content: bytes, code: str
) -> None:
    (node,) = media(shop, put(shop, content))
    assert (node["status"], node["mediaErrors"], node["image"]) == (
        "FAILED",
        [{"code": code}],
        None,
    )
    assert shop.market.shown()[0].photos == []


def test_a_picture_that_cannot_be_fetched_fails(shop: Practice) -> None:
    nowhere = f"{shop.base_url}/staged/tmp/9/image/a.png", "https://example.com/a.png"
    assert [node["mediaErrors"] for node in media(shop, *nowhere)] == [
        [{"code": "IMAGE_DOWNLOAD_FAILURE"}]
    ] * 2
