"""The catalog's photos, checked once and judged for every channel."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageFilter
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from catalog.models import Maker, Photo, Product
from images.measures import VERSION
from images.store import PhotoStore
from jobs.models import Channel, PhotoCheck
from jobs.photo_checks import CheckedPhoto, check_photos
from tests.images.crafts import cushion
from tests.images.pictures import saved

WHITE = (255, 255, 255)
AMAZON = Channel(
    code="amazon-us", account="amazon-us", marketplace="amazon", site="us", currency="USD"
)


@dataclass
class Studio:
    """A catalog with photos, and what is said of them by product and name."""

    engine: Engine
    store: PhotoStore

    def session(self) -> Session:
        return Session(self.engine)

    def show(self, product: str, name: str, content: bytes, maker: str = "tifawin") -> str:
        """A product's next photo."""
        sha256 = self.store.add(content)
        with self.session() as session:
            whose = session.exec(select(Maker).where(Maker.slug == maker)).first()
            whose = whose or Maker(slug=maker, name=maker)
            session.add(whose)
            session.flush()
            shown = session.exec(select(Product).where(Product.code == product)).first()
            shown = shown or Product(maker_id=whose.id or 0, code=product, title=product)
            session.add(shown)
            session.flush()
            place = len(session.exec(select(Photo).where(Photo.product_id == shown.id)).all())
            session.add(Photo(product_id=shown.id or 0, name=name, position=place, sha256=sha256))
            session.commit()
        return sha256

    def check(self, *products: str, maker: str | None = None) -> list[CheckedPhoto]:
        return check_photos(
            self.session, self.store, products=products, maker=maker, channels=[AMAZON]
        )

    def said(self, *products: str, maker: str | None = None) -> dict[str, list[str]]:
        """Codes of findings, by the name of the photo."""
        return {
            one.photo.name: [str(finding.code) for finding in one.findings]
            for one in self.check(*products, maker=maker)
        }


@pytest.fixture
def studio(sqlite: Engine, tmp_path: Path) -> Studio:
    return Studio(sqlite, PhotoStore(tmp_path / "photos"))


def on_white(seed: int) -> Image.Image:
    return cushion(seed, 1000, WHITE)


def test_only_a_first_photo_is_to_be_on_white(studio: Studio) -> None:
    studio.show("COU-1", "a.jpg", saved(cushion(1, 1000)))
    studio.show("COU-1", "b.jpg", saved(cushion(2, 1000)))
    studio.show("COU-2", "c.jpg", saved(on_white(3)))
    assert studio.said() == {"a.jpg": ["not_white"], "b.jpg": [], "c.jpg": []}


def test_the_later_of_two_photos_alike_names_the_earlier(studio: Studio) -> None:
    studio.show("COU-1", "a.jpg", saved(on_white(1)))
    studio.show("COU-2", "b.jpg", saved(on_white(1).resize((1200, 1200)), quality=70))
    [first, second] = studio.check()
    assert first.findings == ()
    [finding] = second.findings
    assert (finding.code, finding.details) == ("duplicate", {"product": "COU-1", "photo": "a.jpg"})


def test_the_very_same_file_in_two_products_is_told_of(studio: Studio) -> None:
    studio.show("COU-1", "a.jpg", saved(on_white(1)))
    studio.show("COU-2", "b.jpg", saved(on_white(1)))
    assert studio.said() == {"a.jpg": [], "b.jpg": ["duplicate"]}


def test_two_photos_of_nothing_are_not_called_the_same(studio: Studio) -> None:
    for number, level in enumerate((150, 160)):
        blank = Image.new("RGB", (1000, 1000), (level, level, level))
        studio.show(f"COU-{number}", f"{number}.png", saved(blank, "png"))
    assert studio.said() == {"0.png": ["flat", "not_white"], "1.png": ["flat", "not_white"]}


def test_one_product_is_compared_with_all_that_were_ever_checked(studio: Studio) -> None:
    studio.show("COU-1", "a.jpg", saved(on_white(1)))
    studio.show("COU-2", "b.jpg", saved(on_white(1)))
    assert studio.said("COU-2") == {"b.jpg": ["duplicate"]}
    studio.show("COU-3", "c.jpg", saved(on_white(2)))
    studio.show("COU-4", "d.jpg", saved(on_white(2), quality=80))
    assert studio.said("COU-4") == {"d.jpg": []}
    studio.check()
    assert studio.said("COU-4") == {"d.jpg": ["duplicate"]}


def test_a_maker_sees_only_their_own(studio: Studio) -> None:
    studio.show("COU-1", "a.jpg", saved(on_white(1)))
    studio.show("TAP-1", "b.jpg", saved(on_white(2)), maker="anou")
    assert studio.said(maker="anou") == {"b.jpg": []}


def test_a_photo_is_read_once(studio: Studio) -> None:
    sha256 = studio.show("COU-1", "a.jpg", saved(on_white(1).filter(ImageFilter.GaussianBlur(5))))
    before = studio.check()
    studio.store.forget(sha256)
    assert studio.check() == before
    assert [finding.code for finding in before[0].findings] == ["blurry"]


def test_measures_of_an_older_version_are_taken_again(studio: Studio) -> None:
    sha256 = studio.show("COU-1", "a.jpg", saved(on_white(1)))
    with studio.session() as session:
        session.add(PhotoCheck(sha256=sha256, version=VERSION - 1, measures={}))
        session.commit()
    assert studio.said() == {"a.jpg": []}
    with studio.session() as session:
        versions = session.exec(select(col(PhotoCheck.version))).all()
    assert versions == [VERSION]


def test_what_cannot_be_read_is_told_of_and_the_others_go_on(studio: Studio) -> None:
    studio.show("COU-1", "a.jpg", b"no photo")
    gone = studio.show("COU-2", "b.jpg", saved(on_white(1)))
    studio.show("COU-3", "c.jpg", saved(on_white(2)))
    studio.store.forget(gone)
    assert studio.said() == {"a.jpg": ["not_a_photo"], "b.jpg": ["missing_photo"], "c.jpg": []}
    assert [one.readable for one in studio.check()] == [False, False, True]


def test_progress_counts_what_was_not_measured_before(studio: Studio) -> None:
    studio.show("COU-1", "a.jpg", saved(on_white(1)))
    studio.check()
    studio.show("COU-2", "b.jpg", saved(on_white(2)))
    studio.show("COU-3", "c.jpg", saved(on_white(3)))
    told: list[tuple[int, int]] = []
    check_photos(studio.session, studio.store, progress=lambda *count: told.append(count))
    assert told == [(2, 2)]


def test_an_unknown_product_is_named(studio: Studio) -> None:
    with pytest.raises(LookupError, match="COU-9"):
        studio.check("COU-9")


def test_an_unknown_maker_is_named(studio: Studio) -> None:
    with pytest.raises(LookupError, match="nobody"):
        studio.check(maker="nobody")
