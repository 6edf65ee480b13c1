"""What would change: drafts against what each marketplace last accepted, facet by facet. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from connectors.protocol import ALL_FACETS, Change, Draft, Facet, Remote, digest, facet_value


class Action(StrEnum):
    """What happens to a listing as a whole."""

    CREATE = "create"
    UPDATE = "update"
    END = "end"
    WAIT = "wait"  # nothing to sell yet, or the marketplace is still judging
    REFUSED = "refused"  # as it was when the marketplace refused it
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class KnownFacet:
    """What we know of one facet on the marketplace."""

    accepted_digest: str | None = None
    accepted: Mapping[str, Any] | None = None
    refused_digest: str | None = None
    pending_digest: str | None = None
    accepted_at: datetime | None = None

    def differs(self, wanted: str) -> bool:
        """Whether the marketplace has other than `wanted`, or will once it has judged."""
        return wanted != self.accepted_digest or self.pending_digest not in {None, wanted}


@dataclass(frozen=True, slots=True)
class Known:
    """What we know of one listing on the marketplace; nothing of a product never listed."""

    remote: Remote | None = None
    unsure: bool = False
    facets: Mapping[Facet, KnownFacet] = field(default_factory=dict)

    def facet(self, facet: Facet) -> KnownFacet:
        """What we know of `facet`."""
        return self.facets.get(facet, KnownFacet())


@dataclass(frozen=True, slots=True)
class Difference:
    """One value of a facet as the marketplace has it, and as it should be."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class ListingPlan:
    """What one listing needs: its action, and the facets to send with their differences.

    `held` says that a facet has moved on while the marketplace still judges what was sent.
    """

    draft: Draft
    action: Action
    facets: Mapping[Facet, tuple[Difference, ...]] = field(default_factory=dict)
    known: Known = field(default_factory=Known)
    held: bool = False


def compare(draft: Draft, known: Known) -> ListingPlan:
    """What `draft` asks for beyond what is `known`."""
    values = {facet: facet_value(draft, facet) for facet in Facet}
    digests = {facet: digest(value) for facet, value in values.items()}
    differing = {f for f in Facet if known.facet(f).differs(digests[f])}
    refused = {f for f in differing if digests[f] == known.facet(f).refused_digest}
    judged = {f for f in differing if known.facet(f).pending_digest}
    if known.remote is None:
        action = _first_action(draft, known, refused=bool(refused), judged=bool(judged))
        wanted = set(ALL_FACETS) if action is Action.CREATE else set()
    else:
        wanted = _wanted(draft, known, differing - refused - judged)
        action = _next_action(draft, wanted, refused=bool(refused), judged=bool(judged))
    differences = {
        facet: tuple(_differences(known.facet(facet).accepted, values[facet]))
        for facet in Facet
        if facet in wanted
    }
    held = any(digests[facet] != known.facet(facet).pending_digest for facet in judged)
    return ListingPlan(draft, action, differences, known, held)


def _first_action(draft: Draft, known: Known, *, refused: bool, judged: bool) -> Action:
    if refused:
        return Action.REFUSED
    sells_something = any(offer.available for offer in draft.offers)
    # A create that was begun must be settled, even of what sold out meanwhile.
    if judged or not (draft.present and (sells_something or known.unsure)):
        return Action.WAIT
    return Action.CREATE


def _wanted(draft: Draft, known: Known, open_facets: set[Facet]) -> set[Facet]:
    if not draft.present:
        # What is off the market is not kept up to date there; it is when it comes back.
        return open_facets & {Facet.PRESENCE}
    listed = known.facet(Facet.STOCK).accepted
    new_skus = listed is not None and set(listed) != {offer.sku for offer in draft.offers}
    # A SKU that the marketplace does not know has no stock or price of its own to set there.
    return set(ALL_FACETS) if new_skus and open_facets else open_facets


def _next_action(draft: Draft, wanted: set[Facet], *, refused: bool, judged: bool) -> Action:
    if wanted:
        return Action.UPDATE if draft.present else Action.END
    if judged:
        return Action.WAIT
    return Action.REFUSED if refused else Action.NOTHING


def _differences(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> Iterator[Difference]:
    before, after = _flat(old or {}), _flat(new)
    for name in before | after:
        if before.get(name) != after.get(name):
            yield Difference(name, before.get(name), after.get(name))


def _flat(value: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, part in value.items():
        path = f"{prefix}{name}"
        flat |= _flat(part, f"{path}.") if isinstance(part, Mapping) else {path: part}
    return flat


class Phase(StrEnum):
    """The order of a pass: what can be sold twice goes first, what can wait last."""

    END = "end"
    LESS_STOCK = "less stock"
    MORE_STOCK = "more stock"
    PRICE = "price"
    CONTENT = "content"


def changes(plan: ListingPlan) -> dict[Phase, Change]:
    """The changes that `plan` sends, at most one in each phase."""
    facets = frozenset(plan.facets)
    if plan.action is Action.END:
        return {Phase.END: _change(plan, facets)}
    if plan.action is Action.CREATE or facets == ALL_FACETS:
        return {Phase.CONTENT: _change(plan, facets)}
    sent: dict[Phase, Change] = {}
    if stock := facets & {Facet.STOCK, Facet.PRESENCE}:
        sent[_stock_phase(plan)] = _change(plan, stock)
    if rest := facets - stock:
        phase = Phase.PRICE if rest == {Facet.PRICE} else Phase.CONTENT
        sent[phase] = _change(plan, rest)
    return sent


def _change(plan: ListingPlan, facets: frozenset[Facet]) -> Change:
    return Change(plan.draft, facets, plan.known.remote, plan.known.unsure)


def _stock_phase(plan: ListingPlan) -> Phase:
    differences = plan.facets.get(Facet.STOCK)
    # Sent again without any: the market moved its own figure, and may offer what is gone.
    unknown = differences == ()
    fewer = any((d.new or 0) < (d.old or 0) for d in differences or ())
    return Phase.LESS_STOCK if unknown or fewer else Phase.MORE_STOCK
