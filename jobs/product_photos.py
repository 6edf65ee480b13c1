"""A product's photos by hand: added, put in order, described, taken away."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from sqlmodel import Session, col, select

from catalog.models import Photo, Product
from catalog.refusals import Refused, because
from images.inspect import check
from images.renditions import rendition
from images.sheet import THUMBNAIL
from images.store import PhotoStore
from jobs.editing import revise_all

# Photos of one product, more than any marketplace takes.
MOST = 50
LONGEST_NAME, LONGEST_ALT = 200, 500


def photos_of(session: Session, product_id: int) -> list[Photo]:
    """A product's photos, in their order."""
    query = select(Photo).where(Photo.product_id == product_id)
    return list(session.exec(query.order_by(col(Photo.position), col(Photo.id))))


def add_photo(
    session: Session, store: PhotoStore, product: Product, name: str, content: bytes
) -> Photo:
    """Keep a photo's bytes, and show it behind the product's others. The caller commits.

    Raises:
        BadPhoto: it is no picture that can be used.
        Refused: the product shows it already, or has too many.
    """
    check(content)
    shown = photos_of(session, product.id or 0)
    sha256 = store.add(content)
    if len(shown) >= MOST:
        many = because("photos_many", "a product has %(most)s photos at most", most=MOST)
        raise Refused(many, field="file")
    if any(photo.sha256 == sha256 for photo in shown):
        again = because("photo_shown", "the product shows this photo already")
        raise Refused(again, field="file")
    photo = Photo(
        product_id=product.id or 0,
        position=max((one.position for one in shown), default=-1) + 1,
        name=_free_name(name, {one.name for one in shown}),
        sha256=sha256,
    )
    session.add(photo)
    session.flush()
    revise_all(session, [product.id or 0])
    return photo


def _free_name(name: str, taken: set[str]) -> str:
    """The file's own name, without what parts names in a cell, and none of the product's others."""
    file = PurePosixPath(name.replace("\\", "/")).name.translate(dict.fromkeys(map(ord, ",;|،\n")))
    stem, suffix = PurePosixPath(file or "photo").stem[:LONGEST_NAME], PurePosixPath(file).suffix
    names = (f"{stem}{f'-{n}' if n else ''}{suffix[:10]}" for n in range(len(taken) + 1))
    return next(free for free in names if free not in taken)


def order_photos(session: Session, product: Product, ids: Sequence[int]) -> None:
    """Show the photos in the order of `ids`. The caller commits.

    Raises:
        Refused: these are not the product's photos, each once.
    """
    shown = {photo.id: photo for photo in photos_of(session, product.id or 0)}
    if sorted(ids) != sorted(id_ or 0 for id_ in shown):
        raise Refused(because("photos_once", "name each photo of the product once"), field="ids")
    for position, id_ in enumerate(ids):
        shown[id_].position = position
    revise_all(session, [product.id or 0])


def describe_photo(session: Session, photo: Photo, alt: str) -> None:
    """Say what a photo shows, for those who do not see it. The caller commits."""
    if photo.alt != alt:
        photo.alt = alt
        revise_all(session, [photo.product_id])


def remove_photo(session: Session, photo: Photo) -> None:
    """Show a photo no more; the store keeps it. The caller commits."""
    session.delete(photo)
    revise_all(session, [photo.product_id])


def shows_photo(session: Session, sha256: str, maker_id: int | None) -> bool:
    """Whether a product shows that photo; one of that maker's, where one is given."""
    query = select(Photo.id).where(Photo.sha256 == sha256)
    if maker_id is not None:
        query = query.join(Product, col(Product.id) == col(Photo.product_id)).where(
            Product.maker_id == maker_id
        )
    return session.exec(query.limit(1)).first() is not None


def thumbnail(store: PhotoStore, sha256: str) -> bytes:
    """A small JPEG of a photo in the store, free of metadata; made once.

    Raises:
        BadPhoto: it is no picture.
        FileNotFoundError: it is not in the store.
        ValueError: that is no SHA-256.
    """
    return rendition(store, sha256, THUMBNAIL)
