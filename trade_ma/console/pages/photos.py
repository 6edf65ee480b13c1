"""A product's photos: seen, taken with a phone, put in order, described."""

from typing import Annotated

from fastapi import File, Form, UploadFile
from starlette.responses import Response

from catalog.models import Photo, Product
from catalog.refusals import Refused
from images.errors import BadPhoto
from jobs.product_photos import (
    add_photo,
    describe_photo,
    order_photos,
    photos_of,
    remove_photo,
    shows_photo,
    thumbnail,
)
from trade_ma.api.problems import not_found
from trade_ma.api.subject import Id
from trade_ma.console.finding_products import product_of
from trade_ma.console.flashes import Tone
from trade_ma.console.recording import record
from trade_ma.console.refusal_words import refusal_told
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.permissions import Permission

router = page_router()
Reader = Annotated[Visit, allowed(Permission.CATALOG_READ)]
Writer = Annotated[Visit, allowed(Permission.CATALOG_WRITE)]
# Bytes of one photo: more than any phone's camera makes.
LARGEST = 50_000_000


@router.get("/photos/{sha256}")
def small_photo(visit: Reader, sha256: str) -> Response:
    """A photo of a product, small."""
    nothing = not_found("There is no such photo.")
    if not shows_photo(visit.session, sha256, visit.principal.maker_id):
        raise nothing
    # No transaction is open while a photo is rendered.
    visit.session.rollback()
    try:
        content = thumbnail(visit.installation.photos, sha256)
    except (BadPhoto, FileNotFoundError, ValueError) as error:
        raise nothing from error
    # Its address is that of its bytes: it never changes.
    kept = {"Cache-Control": "private, max-age=31536000, immutable"}
    return Response(content, media_type="image/jpeg", headers=kept)


@router.post("/products/{product_id}/photos")
def add(visit: Writer, product_id: Id, files: Annotated[list[UploadFile], File()]) -> Response:
    """Show these photos behind the others; all of them, or none where one cannot be used."""
    product = product_of(visit, product_id)
    added = []
    for file in files:
        if not (name := file.filename or ""):
            continue
        try:
            content = file.file.read(LARGEST)
            added.append(
                add_photo(visit.session, visit.installation.photos, product, name, content)
            )
        except (BadPhoto, Refused) as error:
            visit.session.rollback()
            why = refusal_told(visit, error)
            told = visit.say("%(name)s was not added: %(why)s", name=name, why=why)
            return _back(visit, product_id, told, Tone.ERROR)
    names = [photo.name for photo in added]
    record(visit, "photo.add", f"product:{product.code}", after={"names": names})
    told = visit.counted("%(count)s photo was added.", "%(count)s photos were added.", len(added))
    return _back(visit, product_id, told)


@router.post("/products/{product_id}/photos/{photo_id}")
def describe(
    visit: Writer, product_id: Id, photo_id: Id, alt: Annotated[str, Form(max_length=500)] = ""
) -> Response:
    """Say what the photo shows."""
    product, photo = _photo(visit, product_id, photo_id)
    before = {"photo": photo.name, "alt": photo.alt}
    describe_photo(visit.session, photo, alt.strip())
    after = {"photo": photo.name, "alt": photo.alt}
    record(visit, "photo.describe", f"product:{product.code}", before=before, after=after)
    return _back(visit, product_id, visit.say("The photo was described."))


@router.post("/products/{product_id}/photos/{photo_id}/earlier")
def earlier(visit: Writer, product_id: Id, photo_id: Id) -> Response:
    """Show the photo one place earlier."""
    return _moved(visit, product_id, photo_id, -1)


@router.post("/products/{product_id}/photos/{photo_id}/later")
def later(visit: Writer, product_id: Id, photo_id: Id) -> Response:
    """Show the photo one place later."""
    return _moved(visit, product_id, photo_id, 1)


@router.post("/products/{product_id}/photos/{photo_id}/remove")
def remove(visit: Writer, product_id: Id, photo_id: Id) -> Response:
    """Show the photo no more."""
    product, photo = _photo(visit, product_id, photo_id)
    before = {"photo": photo.name, "sha256": photo.sha256}
    record(visit, "photo.remove", f"product:{product.code}", before=before)
    remove_photo(visit.session, photo)
    return _back(visit, product_id, visit.say("The photo is shown no more."))


def _moved(visit: Visit, product_id: int, photo_id: int, places: int) -> Response:
    product, _ = _photo(visit, product_id, photo_id)
    ids = [one.id or 0 for one in photos_of(visit.session, product_id)]
    before, at = {"ids": list(ids)}, ids.index(photo_id)
    ids.insert(max(0, at + places), ids.pop(at))
    order_photos(visit.session, product, ids)
    subject = f"product:{product.code}"
    record(visit, "photo.order", subject, before=before, after={"ids": ids})
    return _back(visit, product_id, visit.say("The photos are in their new order."))


def _photo(visit: Visit, product_id: int, photo_id: int) -> tuple[Product, Photo]:
    product = product_of(visit, product_id)
    photo = visit.session.get(Photo, photo_id)
    if photo is None or photo.product_id != product_id:
        raise not_found(f"There is no photo {photo_id} of product {product_id}.")
    return product, photo


def _back(visit: Visit, product_id: int, told: str, tone: Tone = Tone.SUCCESS) -> Response:
    return visit.to(f"/products/{product_id}#photos", told, tone)
