"""Photos as connectors get them."""

from pathlib import Path

import pytest
from PIL import Image

from connectors.errors import Refused
from connectors.protocol import Photo, Rendition
from images.rules import ImageRule, Role
from images.store import PhotoStore
from jobs.media import StoredPhotos
from tests.images.pictures import opened, saved

RULE = ImageRule(Role.GALLERY, min_side=100, max_side=200, max_bytes=10**6, count=5)


@pytest.fixture
def store(tmp_path: Path) -> PhotoStore:
    return PhotoStore(tmp_path / "photos")


def photo(store: PhotoStore, side: int = 400) -> Photo:
    """A red square in the store."""
    return Photo(store.add(saved(Image.new("RGB", (side, side), "red"))))


def test_a_connector_gets_the_photo_as_its_rule_wants_it(store: PhotoStore) -> None:
    red = photo(store)
    rendition = StoredPhotos(store).rendition(red, RULE)
    assert rendition == Rendition(rendition.content, "image/jpeg", f"{red.sha256[:16]}.jpg")
    assert opened(rendition.content).size == (200, 200)


def test_a_public_address_leads_to_the_rendition_in_the_store(store: PhotoStore) -> None:
    photos = StoredPhotos(store, "https://media.example/photos/")
    red = photo(store)
    url = photos.url(red, RULE) or ""
    name = url.removeprefix("https://media.example/photos/")
    assert store.rendition(name) == photos.rendition(red, RULE).content


def test_there_is_no_address_where_nothing_is_served(store: PhotoStore) -> None:
    assert StoredPhotos(store).url(photo(store), RULE) is None


def test_a_photo_that_breaks_the_rule_is_refused_for_its_listing(store: PhotoStore) -> None:
    with pytest.raises(Refused) as refusal:
        StoredPhotos(store).rendition(photo(store, side=40), RULE)
    assert [(issue.code, issue.field) for issue in refusal.value.issues] == [
        ("too_small", "photos")
    ]


def test_a_photo_gone_from_the_store_is_refused_for_its_listing(store: PhotoStore) -> None:
    gone = photo(store)
    store.forget(gone.sha256)
    with pytest.raises(Refused, match="import the photo again"):
        StoredPhotos(store).rendition(gone, RULE)
