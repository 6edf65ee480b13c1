"""What products' own words say beyond their fields, for a person to accept or refuse."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Form
from starlette.responses import Response

from catalog.vocabulary.suggest import LISTS, SINGLE, Suggestion
from catalog.vocabulary.terms import LANGUAGES, VOCABULARY
from jobs import suggestions
from jobs.suggestions import Suggested
from trade_ma.api.problems import Problem
from trade_ma.api.routers.suggestions import Chosen, Judged, judged, shown
from trade_ma.console.flashes import Tone
from trade_ma.console.formats import number
from trade_ma.console.languages import marked
from trade_ma.console.recording import record
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.permissions import Permission

router = page_router()
Writer = Annotated[Visit, allowed(Permission.CATALOG_WRITE)]
ON_A_PAGE = 20

FIELDS: Mapping[str, str] = {
    "craft": marked("Craft"),
    "region": marked("Region"),
    "care": marked("Care"),
    "materials": marked("Material"),
    "colours": marked("Colour"),
    "techniques": marked("Technique"),
    "motifs": marked("Motif"),
    "rooms": marked("Room"),
    "length_cm": marked("Length"),
    "width_cm": marked("Width"),
    "height_cm": marked("Height"),
    "diameter_cm": marked("Diameter"),
}


@router.get("/suggestions")
def list_suggestions(visit: Writer, after: str = "") -> Response:
    """The products that have suggestions, by code."""
    found, follows = suggestions.looked_through(
        visit.session, after.replace("\0", ""), ON_A_PAGE, visit.principal.maker_id
    )
    return visit.page(
        "suggestions/suggestions.html",
        products=[_product(visit, one) for one in found],
        follows=follows,
    )


def _product(visit: Visit, one: Suggested) -> Mapping[str, Any]:
    return {
        "id": one.product.id,
        "code": one.product.code,
        "title": one.product.title,
        "language": one.product.language,
        "revision": one.product.revision,
        "plain": sum(not each.differs for each in one.suggestions),
        "suggestions": [_suggestion(visit, each) for each in one.suggestions],
    }


def _suggestion(visit: Visit, one: Suggestion) -> Mapping[str, Any]:
    return {
        "field": one.field,
        "value": str(one.value),
        "label": visit.say(FIELDS[one.field]),
        "told": _told(visit, one),
        "evidence": one.evidence,
        "differs": one.differs,
    }


def _told(visit: Visit, one: Suggestion) -> str:
    """The value as the reader calls it."""
    if isinstance(one.value, float):
        return visit.say("%(number)s cm", number=number(one.value, locale=visit.language.locale))
    kind = SINGLE.get(one.field) or LISTS[one.field]
    code = visit.language.code
    return VOCABULARY[kind][one.value].name(code if code in LANGUAGES else LANGUAGES[0])


@router.post("/suggestions/{verdict}")
def judge_suggestions(
    visit: Writer,
    verdict: str,
    code: Annotated[str, Form(max_length=120)] = "",
    revision: Annotated[int, Form(ge=0, le=2**31 - 1)] = 0,
    chosen: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Write one suggestion of a product, or all, into its row; or say that it is wrong."""
    field, _, value = chosen.partition("=")
    named = [Chosen(field=field, value=value)] if chosen else []
    item = Judged.model_construct(code=code.replace("\0", ""), revision=revision, suggestions=named)
    try:
        one, meant = judged(visit.session, visit.principal, item)
    except Problem:
        visit.session.rollback()
        told = visit.say("The product has changed meanwhile: look at it again.")
        return visit.to("/suggestions", told, Tone.ERROR)
    before = shown(one)
    if verdict == "refuse":
        suggestions.refuse(visit.session, one, meant)
        told = visit.say("You will not be asked about it again.")
    else:
        suggestions.take(one, meant)
        told = visit.say("It was written into %(product)s.", product=one.product.code)
    record(visit, f"product.suggestions-{_verb(verdict)}", f"product:{code}", before=before)
    return visit.to("/suggestions", told)


def _verb(verdict: str) -> str:
    return "refuse" if verdict == "refuse" else "accept"
