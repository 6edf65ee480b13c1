"""The photos of products: sent, put in order, described, taken away; and small copies of them."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Path, Response, UploadFile
from pydantic import BaseModel, Field

from catalog.models import Photo
from images.advice import LANGUAGES, sentence
from images.checks import unreadable
from images.errors import BadPhoto
from jobs import product_photos
from jobs.product_photos import LONGEST_ALT, MOST
from trade_ma.api.access import DbSession, Installation
from trade_ma.api.conditions import IfMatch
from trade_ma.api.problems import FieldProblem, Problem, not_found
from trade_ma.api.recording import Recorder
from trade_ma.api.refusals import refusals_told
from trade_ma.api.routers.product_shapes import PhotoShown, ProductShown, photos_shown
from trade_ma.api.routers.products import Reader, Writer, locked_product, whole
from trade_ma.api.subject import Id, Text, subject

router = subject("products")
pictures = subject("photos")
Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$", examples=["0" * 64])]
# The name stands for the content: it never changes. Private, for not everybody may see it.
KEPT = "private, max-age=31536000, immutable"


class PhotoOrder(BaseModel):
    """The product's photos in their new order."""

    ids: Annotated[list[Annotated[int, Field(ge=1, le=2**31 - 1)]], Field(max_length=MOST)]


class PhotoWords(BaseModel):
    """What a photo shows, in the product's language."""

    alt: Annotated[Text, Field(max_length=LONGEST_ALT)]


@router.post("/{product_id}/photos", status_code=201, summary="Add a photo")
def add_photo(
    product_id: Id,
    file: UploadFile,
    session: DbSession,
    installation: Installation,
    principal: Writer,
    response: Response,
    record: Recorder,
    if_match: IfMatch = None,
) -> ProductShown:
    """A photo behind the others; refused where it is no picture that can be used."""
    product = locked_product(session, principal, product_id, if_match)
    name, content = file.filename or "", file.file.read()
    try:
        with refusals_told():
            photo = product_photos.add_photo(session, installation.photos, product, name, content)
    except BadPhoto as bad:
        raise refused_photo(bad) from bad
    record("photo.add", f"product:{product.code}", after=photos_shown([photo])[0])
    return whole(session, product, response)


def refused_photo(bad: BadPhoto) -> Problem:
    """The problem of bytes that are no photo, in words for who took it."""
    words = [sentence(unreadable(bad), language) for language in LANGUAGES]
    errors = [FieldProblem(field="body.file", message=told) for told in words]
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, bad.code.replace("_", "-"), words[-1], errors=errors
    )


@router.put("/{product_id}/photos/order", summary="Put photos in order")
def order_photos(
    product_id: Id,
    body: PhotoOrder,
    session: DbSession,
    principal: Writer,
    response: Response,
    record: Recorder,
    if_match: IfMatch = None,
) -> ProductShown:
    """The photos in another order: the first is the one that markets show large."""
    product = locked_product(session, principal, product_id, if_match)
    with refusals_told():
        product_photos.order_photos(session, product, body.ids)
    record("photo.order", f"product:{product.code}", after=body)
    return whole(session, product, response)


@router.patch("/{product_id}/photos/{photo_id}", summary="Describe a photo")
def describe_photo(
    product_id: Id,
    photo_id: Id,
    body: PhotoWords,
    session: DbSession,
    principal: Writer,
    response: Response,
    record: Recorder,
    if_match: IfMatch = None,
) -> ProductShown:
    """Words for those who do not see the photo."""
    product = locked_product(session, principal, product_id, if_match)
    photo = _photo(session, product_id, photo_id)
    before = shown(photo)
    product_photos.describe_photo(session, photo, body.alt)
    record("photo.describe", f"product:{product.code}", before=before, after=shown(photo))
    return whole(session, product, response)


@router.delete("/{product_id}/photos/{photo_id}", summary="Take a photo away")
def remove_photo(
    product_id: Id,
    photo_id: Id,
    session: DbSession,
    principal: Writer,
    response: Response,
    record: Recorder,
    if_match: IfMatch = None,
) -> ProductShown:
    """The product shows the photo no more."""
    product = locked_product(session, principal, product_id, if_match)
    photo = _photo(session, product_id, photo_id)
    record("photo.remove", f"product:{product.code}", before=shown(photo))
    product_photos.remove_photo(session, photo)
    return whole(session, product, response)


def shown(photo: Photo) -> PhotoShown:
    """A photo as it is told."""
    return photos_shown([photo])[0]


def _photo(session: DbSession, product_id: int, photo_id: int) -> Photo:
    photo = session.get(Photo, photo_id)
    if photo is None or photo.product_id != product_id:
        raise not_found(f"Product {product_id} has no photo {photo_id}.")
    return photo


@pictures.get(
    "/{sha256}/thumbnail",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}, "description": "A small JPEG."}},
    summary="A photo, small",
)
def thumbnail(
    sha256: Sha256, session: DbSession, installation: Installation, principal: Reader
) -> Response:
    """A small copy of a photo that a product shows, without what the camera wrote into it."""
    missing = not_found("There is no such photo.")
    if not product_photos.shows_photo(session, sha256, principal.maker_id):
        raise missing
    try:
        content = product_photos.thumbnail(installation.photos, sha256)
    except (BadPhoto, FileNotFoundError) as error:
        raise missing from error
    return Response(content, media_type="image/jpeg", headers={"Cache-Control": KEPT})
