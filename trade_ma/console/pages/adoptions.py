"""Listings that stood on a marketplace before us: are they one of our products?"""

from collections.abc import Callable
from typing import Annotated

from fastapi import Form
from sqlmodel import Session, col, select
from starlette.responses import Response

from catalog.models import Photo
from images.errors import BadPhoto
from images.fetch import Web
from jobs import adoption_decisions
from jobs.adoption_decisions import Proposal
from jobs.drift_models import Adoption
from jobs.models import Channel
from jobs.remote_pictures import small_picture_at
from trade_ma.api.problems import not_found
from trade_ma.console.flashes import Tone
from trade_ma.console.headers import HEADERS
from trade_ma.console.lists import rows_of
from trade_ma.console.refusal_words import refusal_told
from trade_ma.console.tables import Query
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.audit import audit
from trade_ma.identity.permissions import Permission

router = page_router()
Runner = Annotated[Visit, allowed(Permission.RECONCILE_RUN)]


@router.get("/adoptions")
def adoptions(visit: Runner, after: str = "") -> Response:
    """The listings that wait for a person, the likeliest first."""
    query = Query("/adoptions", {}, after=after)
    sorts = {"-score": col(Adoption.score)}
    wanted, key = adoption_decisions.looked_for(), col(Adoption.id)
    found, following = rows_of(visit.session, wanted, query, sorts, key)
    shown = adoption_decisions.beside(visit.session, found)
    return visit.page(
        "reconcile/adoptions.html",
        proposals=shown,
        photos=_photos(visit.session, shown),
        query=query,
        next=following,
    )


def _photos(session: Session, shown: list[Proposal]) -> dict[int, str]:
    """The first photo in the store of each product."""
    ids = [one.product.id for one in shown if one.product]
    rows = session.exec(
        select(Photo.product_id, Photo.sha256)
        .where(col(Photo.product_id).in_(ids), col(Photo.sha256).is_not(None))
        .order_by(col(Photo.position).desc(), col(Photo.id).desc())
    )
    return {product: sha256 or "" for product, sha256 in rows}


@router.get("/adoptions/{adoption_id:int}/picture")
def picture(visit: Runner, adoption_id: int) -> Response:
    """The listing's first picture, small: fetched by us, since browsers ask nobody but us."""
    row = visit.session.get(Adoption, adoption_id)
    address = row.remote.get("photo") if row else None
    if row is None or not address:
        raise not_found("This listing has no picture.")
    channel = visit.session.get_one(Channel, row.channel_id)
    visit.session.expunge_all()
    visit.session.rollback()
    try:
        content = small_picture_at(channel, str(address), Web())
    except BadPhoto as error:
        raise not_found("This picture cannot be had.") from error
    return Response(content, media_type="image/jpeg", headers=HEADERS)


@router.post("/adoptions/{adoption_id:int}/accept")
def accept(visit: Runner, adoption_id: int, product: Annotated[str, Form()] = "") -> Response:
    """Take the listing over for its product, or for the one of that code."""
    by, code = visit.principal.name, product.strip() or None
    return _decided(
        visit,
        lambda: adoption_decisions.accept(visit.session, adoption_id, by, code),
        visit.say("The listing is taken over: the next pass brings it to what the catalog says."),
    )


@router.post("/adoptions/{adoption_id:int}/decline")
def decline(visit: Runner, adoption_id: int) -> Response:
    """Leave the listing alone."""
    by = visit.principal.name
    return _decided(
        visit,
        lambda: adoption_decisions.decline(visit.session, adoption_id, by),
        visit.say("The listing is left alone, and not asked about again."),
    )


def _decided(visit: Visit, decide: Callable[[], Proposal], said: str) -> Response:
    try:
        done = decide()
    except (LookupError, ValueError) as error:
        visit.session.rollback()
        told = visit.say("That cannot be done: %(why)s", why=refusal_told(visit, error))
        return visit.to("/adoptions", told, Tone.ERROR)
    state, obj = done.adoption.state, f"adoption:{done.adoption.id}"
    number = visit.request.state.request_id
    audit(visit.session, visit.principal, f"adoption.{state}", obj, request_id=number)
    return visit.to("/adoptions", said)
