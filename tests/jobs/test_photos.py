"""Renditions made ahead of a pass."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import Session

from catalog.models import Maker, Photo, Product
from connectors.amazon.limits import MAIN_IMAGE, OTHER_IMAGES
from connectors.etsy.limits import PHOTO as ETSY
from connectors.shopify.limits import PHOTO as SHOPIFY
from images.errors import BadPhoto
from images.inspect import check
from images.renditions import rendition_name
from images.store import PhotoStore
from jobs.models import Channel
from jobs.photos import PhotoTask, on_sheet, render_photos, tasks
from tests.images.pictures import opened, picture, saved
from tests.images.test_renditions import taken

EVERYWHERE = {"amazon": (MAIN_IMAGE,), "etsy": (ETSY,), "shopify": (SHOPIFY,)}


@pytest.fixture
def store(tmp_path: Path) -> PhotoStore:
    return PhotoStore(tmp_path / "photos")


def task(store: PhotoStore, content: bytes, name: str = "tapis.jpg") -> PhotoTask:
    """That photo in the store, wanted everywhere."""
    return PhotoTask(store.add(content), name, "TAP-1", EVERYWHERE)


def channel(marketplace: str) -> Channel:
    return Channel(
        code=marketplace, account=marketplace, marketplace=marketplace, site="us", currency="USD"
    )


def test_the_first_photo_leads_and_each_channel_adds_its_rules(session: Session) -> None:
    maker = Maker(slug="tifawin", name="Tifawin")
    session.add(maker)
    session.flush()
    product = Product(maker_id=maker.id or 0, code="TAP-1", title="Tapis")
    session.add(product)
    session.flush()
    for place, sha256 in enumerate(["a" * 64, None, "b" * 64]):
        name = f"{place}.jpg"
        session.add(Photo(product_id=product.id or 0, position=place, name=name, sha256=sha256))
    session.flush()
    found = tasks(session, [channel("shopify"), channel("amazon")])
    assert found == [
        PhotoTask("a" * 64, "0.jpg", "TAP-1", {"amazon": (MAIN_IMAGE,), "shopify": (SHOPIFY,)}),
        PhotoTask("b" * 64, "2.jpg", "TAP-1", {"amazon": (OTHER_IMAGES,), "shopify": (SHOPIFY,)}),
    ]


def test_a_photo_is_rendered_for_all_and_a_second_pass_does_nothing(store: PhotoStore) -> None:
    good = task(store, saved(picture(3200, 2400)))
    [first] = render_photos([good], store)
    assert (first.made, first.kept, first.issues) == (3, 0, ())
    main = store.rendition(rendition_name(good.sha256, MAIN_IMAGE))
    assert opened(main or b"").size == (3000, 3000)
    # Without the original nothing could be rendered again.
    store.forget(good.sha256)
    [second] = render_photos([good], store)
    assert (second.made, second.kept, second.issues) == (0, 3, ())


def test_a_rehearsal_finds_what_would_be_refused_and_keeps_nothing(store: PhotoStore) -> None:
    good = task(store, taken(6))
    [report] = render_photos([good], store, dry_run=True)
    assert report.made == 3
    assert not store.has_rendition(rendition_name(good.sha256, SHOPIFY))


def test_a_small_photo_is_told_of_by_each_marketplace_in_its_numbers(store: PhotoStore) -> None:
    [report] = render_photos([task(store, saved(picture(640, 480)))], store)
    assert [(i.marketplace, i.refused, i.message) for i in report.issues] == [
        ("amazon", False, "The photo is small: 640 px, Amazon wants 1000"),
        ("etsy", False, "The photo is small: 640 px, Etsy wants 2000"),
        ("shopify", False, "The photo is small: 640 px, Shopify wants 800"),
    ]
    [report] = render_photos([task(store, saved(picture(400, 300)))], store)
    first = report.issues[0]
    assert (first.code, first.refused, first.message) == (
        "too_small",
        True,
        "The photo is too small: 400 px, Amazon wants 500",
    )
    assert report.as_json()["issues"][0]["numbers"] == {"pixels": 400, "wanted": 500}


def test_a_bad_photo_and_a_lost_one_stop_no_other(store: PhotoStore) -> None:
    bad = task(store, b"no photo", "bad.jpg")
    lost = PhotoTask("0" * 64, "lost.jpg", "TAP-1", EVERYWHERE)
    good = task(store, saved(picture(2000, 1500)), "good.jpg")
    reports = list(render_photos([bad, lost, good], store, workers=2))
    told = [(r.task.name, r.made, [i.code for i in r.issues]) for r in reports]
    assert told == [
        ("bad.jpg", 0, ["not_a_photo"]),
        ("lost.jpg", 0, ["missing_photo"]),
        ("good.jpg", 3, []),
    ]


def test_a_sheet_shows_what_can_be_seen_and_says_what_cannot(store: PhotoStore) -> None:
    good, bad = task(store, saved(picture(300, 200))), task(store, b"no photo")
    seen, unseen = on_sheet([good, bad], store)
    assert opened(seen.picture or b"").size == (240, 240)
    assert (unseen.picture, unseen.caption) == (None, "TAP-1: tapis.jpg")
    assert "not a picture" in unseen.remarks[0]


def test_every_sane_photo_beside_the_checkout_serves_all_three_marketplaces(
    shared: Path, store: PhotoStore
) -> None:
    folder = shared / "photos"
    # A third of them, the odd files all: enough for a test, and a benchmark takes the rest.
    files = [*sorted(folder.glob("*.*g"))[::4], *sorted((folder / "edge").glob("*.*"))]
    wanted = [
        task(store, content, path.name) for path in files if _is_photo(content := path.read_bytes())
    ]
    reports = list(render_photos(wanted, store))
    refused = [i.code for report in reports for i in report.issues if i.refused]
    assert set(refused) <= {"too_small"}
    looks = {_look(store, one, rule) for one in wanted for rule in (MAIN_IMAGE, ETSY, SHOPIFY)}
    # Nothing of a file comes along: no profile, no EXIF, XMP or IPTC.
    assert looks - {None} == {("JPEG", "RGB", "sized", ())}


def _is_photo(content: bytes) -> bool:
    try:
        check(content)
    except BadPhoto:
        return False
    return True


def _look(store: PhotoStore, one: PhotoTask, rule: object) -> tuple[object, ...] | None:
    assert isinstance(rule, type(MAIN_IMAGE))
    content = store.rendition(rendition_name(one.sha256, rule))
    if content is None:
        return None
    with Image.open(BytesIO(content)) as shown:
        sized = rule.min_side <= max(shown.size) <= rule.max_side
        square = not rule.ratio or shown.width == shown.height
        carried = {"exif", "icc_profile", "xmp", "photoshop", "comment"} & set(shown.info)
        tags = set(shown.getexif()) - {0x013B, 0x8298}
        size = "sized" if sized and square else str(shown.size)
        return (shown.format, shown.mode, size, (*sorted(carried - {"exif"}), *tags))
