"""Photos: those that need a person, and what each marketplace is given of them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from images.advice import sentence
from images.checks import Severity
from images.errors import BadPhoto
from images.renditions import rendition, rendition_name
from images.rules import Fit, ImageRule, Role
from images.sheet import png_sheet
from jobs import photo_advice, photo_checks
from jobs.photo_advice import Advised, Which
from jobs.photos import on_sheet
from trade_ma.api.access import DbSession, Installation, require
from trade_ma.api.paging import Page, Paging, paging
from trade_ma.api.problems import conflict, invalid, not_found
from trade_ma.api.subject import Id, Text, subject
from trade_ma.identity.permissions import Permission
from trade_ma.identity.principal import Principal
from trade_ma.installation import App

router = subject("images")
Reader = Annotated[Principal, require(Permission.CATALOG_READ)]
Writer = Annotated[Principal, require(Permission.CATALOG_WRITE)]
Name = Annotated[Text | None, Query(max_length=120)]
# Pixels of a preview's longer side: a phone's width on a fine screen.
PREVIEW = ImageRule(Role.SWATCH, min_side=1, max_side=720, max_bytes=10**6, count=1, fit=Fit.KEEP)
# Photos that are measured while somebody waits.
MEASURED_AT_ONCE = 20
PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The picture.", "content": {"image/jpeg": {}, "image/png": {}}}
}


class Language(StrEnum):
    """A language of advice."""

    FR = "fr"
    AR = "ar"
    EN = "en"


Spoken = Annotated[Language, Query(alias="language", description="Of the advice.")]


class Advice(BaseModel):
    """What is wrong with a photo, and what to do about it."""

    code: str = Field(examples=["too_dark"])
    severity: Severity
    message: str


class PhotoShown(BaseModel):
    """A photo where its product shows it, counted from 0."""

    id: int
    product_id: int
    product: str
    title: str
    maker: str
    name: str
    place: int
    measured: bool = Field(description="Nothing is said of a photo before it was measured.")
    advice: list[Advice]
    preview: str = Field(examples=["/api/v1/images/7/preview"])


class RenditionShown(BaseModel):
    """What a marketplace is given of a photo; `made` where it is in the store already."""

    marketplace: str
    min_side: int
    max_side: int
    made: bool
    picture: str = Field(examples=["/api/v1/images/7/renditions/etsy"])


class PhotoRead(PhotoShown):
    """A photo with its renditions."""

    renditions: list[RenditionShown]


class Measured(BaseModel):
    """How many photos were measured, and how many are left."""

    measured: int
    left: int


def shown(photo: Advised, language: Language) -> PhotoShown:
    """A photo as it is told."""
    return PhotoShown(**_fields(photo, language))


def _fields(photo: Advised, language: Language) -> Mapping[str, Any]:
    return {
        "id": photo.id,
        "product_id": photo.product_id,
        "product": photo.product,
        "title": photo.title,
        "maker": photo.maker,
        "name": photo.name,
        "place": photo.place,
        "measured": photo.measured,
        "advice": [
            Advice(code=one.code, severity=one.severity, message=sentence(one, language))
            for one in photo.findings
        ],
        "preview": f"/api/v1/images/{photo.id}/preview",
    }


@router.get("", summary="Photos that need a person")
def list_photos(
    session: DbSession,
    principal: Reader,
    asked: Annotated[Paging, Depends(paging)],
    language: Spoken = Language.EN,
    maker: Name = None,
    product: Name = None,
) -> Page[PhotoShown]:
    """By id. A page may have fewer photos than `limit`, or none, and still a next one."""
    which = Which(principal.maker_id, maker, product)
    after = position(asked.cursor)
    found, follows = photo_advice.looked_through(session, which, after, asked.limit)
    return Page(
        items=[shown(one, language) for one in found], next=str(follows) if follows else None
    )


def position(cursor: str | None) -> int:
    """The id that a cursor names.

    Raises:
        Problem: 422 where it is none that a page gave.
    """
    if cursor and not (cursor.isascii() and cursor.isdecimal() and len(cursor) <= 9):  # noqa: PLR2004 - digits of an id
        raise invalid("query.cursor", "this is no cursor that a page gave as next")
    return int(cursor or 0)


@router.get("/sheet", summary="Many photos at once", response_class=Response, responses=PICTURE)
def read_sheet(
    session: DbSession,
    principal: Reader,
    installation: Installation,
    maker: Name = None,
    product: Name = None,
) -> Response:
    """One picture of the first photos of a maker or a product, or of all."""
    tasks = photo_advice.for_sheet(session, Which(principal.maker_id, maker, product))
    session.rollback()
    return Response(png_sheet(list(on_sheet(tasks, installation.photos))), media_type="image/png")


@router.post("/measure", summary="Look at photos that nobody looked at")
def measure_photos(session: DbSession, principal: Writer, installation: Installation) -> Measured:
    """A few at a time: ask again while some are left."""
    which = Which(principal.maker_id)
    return Measured(**measured(session, installation, which))


def measured(session: Session, app: App, which: Which) -> dict[str, int]:
    """Measure some photos, with no transaction open meanwhile."""
    waiting = photo_advice.unmeasured(session, which)
    session.rollback()
    done = photo_checks.measure_some(app.session, app.photos, waiting[:MEASURED_AT_ONCE])
    return {"measured": done, "left": len(waiting) - done}


@router.get("/{photo_id}", summary="One photo")
def read_photo(
    photo_id: Id,
    session: DbSession,
    principal: Reader,
    installation: Installation,
    language: Spoken = Language.EN,
) -> PhotoRead:
    """A photo, what is to be said of it, and what each marketplace is given."""
    photo = found(session, principal, photo_id)
    store = installation.photos
    return PhotoRead(
        **_fields(photo, language),
        renditions=[
            RenditionShown(
                marketplace=code,
                min_side=rule.min_side,
                max_side=rule.max_side,
                made=store.has_rendition(rendition_name(photo.sha256, rule)),
                picture=f"/api/v1/images/{photo.id}/renditions/{code}",
            )
            for code, rule in photo_advice.rules_of(session, photo).items()
        ],
    )


def found(session: Session, principal: Principal, photo_id: int) -> Advised:
    """The photo of that id.

    Raises:
        Problem: 404 where there is none, or none of the principal's maker's.
    """
    photo = photo_advice.one_photo(session, photo_id, principal.maker_id)
    if photo is None:
        raise not_found(f"There is no photo {photo_id}.")
    return photo


@router.get(
    "/{photo_id}/preview", summary="The photo, small", response_class=Response, responses=PICTURE
)
def read_preview(
    photo_id: Id, session: DbSession, principal: Reader, installation: Installation
) -> Response:
    """The photo for a screen."""
    photo = found(session, principal, photo_id)
    session.rollback()
    return _picture(installation, photo, PREVIEW)


@router.get(
    "/{photo_id}/renditions/{marketplace}",
    summary="The photo as a marketplace is given it",
    response_class=Response,
    responses=PICTURE,
)
def read_rendition(
    photo_id: Id,
    marketplace: Annotated[Text, Path(max_length=40)],
    session: DbSession,
    principal: Reader,
    installation: Installation,
) -> Response:
    """Rendered once, by the marketplace's rule for the photo's place."""
    photo = found(session, principal, photo_id)
    rule = photo_advice.rules_of(session, photo).get(marketplace)
    if rule is None:
        raise not_found(f"No photo in this place goes to {marketplace}.")
    session.rollback()
    return _picture(installation, photo, rule)


def _picture(app: App, photo: Advised, rule: ImageRule) -> Response:
    try:
        content = rendition(app.photos, photo.sha256, rule)
    except BadPhoto as bad:
        raise conflict("bad-photo", str(bad)) from bad
    except FileNotFoundError as gone:
        raise not_found("The photo's file is gone: import it again.") from gone
    # It never changes, but another may not see it: only their own browser keeps it.
    headers = {"Cache-Control": "private, max-age=86400"}
    return Response(content, media_type=rule.media_type, headers=headers)
