"""What a listing's page says: facets, states, and each difference of a plan, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moneyed import Money

from connectors.protocol import Facet, Severity
from images.rules import ImageRule, Role
from jobs.listing_sides import Standing
from jobs.models import ListingIssue, ListingState
from jobs.plan import Action, Difference
from trade_ma.console.complaint_words import complaint_told
from trade_ma.console.differences import Sides, compared
from trade_ma.console.languages import marked
from trade_ma.console.price_steps import amount
from trade_ma.console.visits import Visit

FACETS: Mapping[Facet, str] = {
    Facet.STOCK: marked("Stock"),
    Facet.PRESENCE: marked("On sale or not"),
    Facet.PRICE: marked("Prices"),
    Facet.CONTENT: marked("Words and facts"),
    Facet.MEDIA: marked("Photos"),
}
STANDINGS: Mapping[Standing, tuple[str, str]] = {
    Standing.UNSENT: (marked("Not sent yet"), "plain"),
    Standing.JUDGED: (marked("The marketplace is judging it"), "busy"),
    Standing.REFUSED: (marked("Refused"), "bad"),
    Standing.ACCEPTED: (marked("Accepted"), "good"),
}
STATES: Mapping[ListingState, tuple[str, str]] = {
    ListingState.WAITING: (marked("Waiting"), "plain"),
    ListingState.IN_FLIGHT: (marked("Being put on"), "busy"),
    ListingState.JUDGED: (marked("Being judged"), "busy"),
    ListingState.REFUSED: (marked("Refused"), "bad"),
    ListingState.BEGUN: (marked("Begun"), "busy"),
    ListingState.LIVE: (marked("On sale"), "good"),
    ListingState.CHANGE_REFUSED: (marked("On sale, a change refused"), "warning"),
    ListingState.ENDED: (marked("Ended"), "plain"),
}
SEVERITIES: Mapping[Severity, tuple[str, str]] = {
    Severity.ERROR: (marked("Keeps it off the market"), "bad"),
    Severity.WARNING: (marked("Advice"), "warning"),
}
ACTIONS: Mapping[Action, str] = {
    Action.CREATE: marked("The next pass puts it on the market, with all of it."),
    Action.UPDATE: marked("The next pass sends this:"),
    Action.END: marked("The next pass takes it off the market."),
    Action.WAIT: marked("Nothing is sent now: there is nothing to sell, or an answer is awaited."),
    Action.REFUSED: marked("Nothing is sent until what was refused is mended."),
    Action.NOTHING: marked("Nothing: the market shows what it should."),
}
ROLES: Mapping[Role, str] = {
    Role.MAIN: marked("First photo"),
    Role.GALLERY: marked("Further photo"),
    Role.SWATCH: marked("Swatch"),
    Role.ZOOM: marked("Close-up"),
}
# The parts of a listing's words and facts, by the names of the facet's values.
PARTS: Mapping[str, str] = {
    "title": marked("Title"),
    "description": marked("Description"),
    "bullets": marked("Bullet points"),
    "tags": marked("Tags"),
    "materials": marked("Materials"),
    "colours": marked("Colours"),
    "craft": marked("Craft"),
    "maker": marked("Maker"),
    "origin": marked("Origin"),
    "made_to_order": marked("Made to order"),
    "options": marked("Choice"),
    "gtin": marked("Barcode"),
    "length_cm": marked("Length (cm)"),
    "width_cm": marked("Width (cm)"),
    "height_cm": marked("Height (cm)"),
    "diameter_cm": marked("Diameter (cm)"),
    "weight_g": marked("Weight (g)"),
    "photos": marked("Photos"),
    "present": marked("On sale"),
}


def state_told(visit: Visit, state: ListingState) -> Mapping[str, str]:
    """A state as a badge."""
    label, tone = STATES[state]
    return {"label": visit.say(label), "tone": tone}


def issue_told(visit: Visit, issue: ListingIssue) -> Mapping[str, Any]:
    """A complaint: how grave it is, of what, and the words of who complains."""
    label, tone = SEVERITIES[issue.severity]
    part = PARTS.get(issue.field or "") or FACETS[issue.facet]
    return {
        "severity": {"label": visit.say(label), "tone": tone},
        "part": visit.say(part),
        "message": complaint_told(visit, issue.code, issue.message),
        "sku": issue.sku,
        "raised_at": issue.raised_at,
    }


@dataclass(frozen=True, slots=True)
class Change:
    """A difference in words; what it concerns (a locale, a SKU) stands beside its name."""

    name: str
    of: str
    sides: Sides


def changes(visit: Visit, facet: Facet, differences: tuple[Difference, ...]) -> Iterator[Change]:
    """The differences of a facet as the visitor reads them."""
    for one in differences:
        name, of = _named(visit, facet, one.name)
        before, after = (told(visit, facet, value) for value in (one.old, one.new))
        yield Change(name, of, compared(before, after))


def _named(visit: Visit, facet: Facet, path: str) -> tuple[str, str]:
    """The words for a value's path, and the locale or the SKU in it, which may have dots."""
    if facet in {Facet.STOCK, Facet.PRICE}:
        return visit.say(FACETS[facet]), path
    first, _, rest = path.partition(".")
    if first == "variants" and facet is Facet.MEDIA:
        return visit.say(FACETS[facet]), rest
    of, _, last = rest.rpartition(".")
    part = PARTS.get(last or first)
    return visit.say(part) if part else path, of


def told(visit: Visit, facet: Facet, value: Any) -> str:
    """A value of a facet in words."""
    match value:
        case None | "" | []:
            return "—"
        case bool():
            return visit.say("Yes") if value else visit.say("No")
        case list() if facet is Facet.MEDIA:
            return visit.counted("%(count)s photo", "%(count)s photos", len(value))
        case list():
            return " · ".join(told(visit, facet, one) for one in value if one not in (None, ""))
        case _:
            return price_told(visit, value) if facet is Facet.PRICE else str(value)


def price_told(visit: Visit, text: str) -> str:
    """A price as the price facet writes it ('89.00 USD'), as the visitor writes it."""
    number, _, currency = text.partition(" ")
    return amount(visit, Money(number, currency))


def rule_told(visit: Visit, rule: ImageRule) -> str:
    """What a marketplace asks of the photo at its place."""
    return visit.say(
        "%(place)s: %(least)s to %(most)s pixels",
        place=visit.say(ROLES[rule.role]),
        least=str(rule.min_side),
        most=str(rule.max_side),
    )
