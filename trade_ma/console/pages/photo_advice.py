"""Photos that need a person: the picture, what is wrong in the reader's words, and the way on."""

from typing import Annotated

from sqlmodel import col, select
from starlette.responses import Response

from catalog.models import Maker
from jobs import photo_advice
from jobs.photo_advice import Which
from trade_ma.api.routers.images import Language, measured, position, shown
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.permissions import Permission

router = page_router()
Reader = Annotated[Visit, allowed(Permission.CATALOG_READ)]
Writer = Annotated[Visit, allowed(Permission.CATALOG_WRITE)]
ON_A_PAGE = 24


@router.get("/photos")
def photos(visit: Reader, maker: str = "", after: str = "") -> Response:
    """The photos of which something is to be said."""
    session, maker_id = visit.session, visit.principal.maker_id
    which = Which(maker_id, maker.replace("\0", "") or None)
    found, follows = photo_advice.looked_through(session, which, position(after), ON_A_PAGE)
    spoken = Language(visit.language.code)
    return visit.page(
        "photos/photos.html",
        photos=[shown(one, spoken) for one in found],
        unseen=len(photo_advice.unmeasured(session, which)),
        may_measure=visit.principal.may(Permission.CATALOG_WRITE),
        makers=_makers(visit) if maker_id is None else [],
        maker=maker,
        follows=follows,
    )


def _makers(visit: Visit) -> list[tuple[str, str]]:
    makers = visit.session.exec(select(Maker.slug, Maker.name).order_by(col(Maker.name))).all()
    return [("", visit.say("All makers")), *makers]


@router.post("/photos/measure")
def measure(visit: Writer) -> Response:
    """Look at some photos that nobody looked at."""
    told = measured(visit.session, visit.installation, Which(visit.principal.maker_id))
    words = visit.counted(
        "%(count)s photo was looked at.", "%(count)s photos were looked at.", told["measured"]
    )
    return visit.to("/photos", words)
