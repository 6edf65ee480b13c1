"""The seller's listings: submissions taken at once, and judged a little later."""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any

from connectors.sandbox.amazon.attributes import ATTRIBUTES, attribute_schema
from connectors.sandbox.amazon.checks import issue, issues_of, issues_of_parts
from connectors.sandbox.amazon.listing import Json, Listing, item
from connectors.sandbox.amazon.pictures import Pictures
from connectors.sandbox.amazon.stores import STORES
from connectors.sandbox.amazon.verdicts import verdict


@dataclass(frozen=True, slots=True)
class Submission:
    """A whole listing, or changes to one, for one SKU in one store."""

    sku: str
    marketplace_id: str
    product_type: str
    attributes: Mapping[str, Any]
    requirements: str = "LISTING"


@dataclass
class Shelf:
    """All listings, by store and SKU. `delay` is the time from acceptance to judgement.

    `settle` is for one thread at a time; the rest is safe between threads.
    """

    pictures: Pictures
    delay: timedelta
    listings: dict[tuple[str, str], Listing] = field(default_factory=dict)
    _families: dict[tuple[str, str | None], dict[str, Listing]] = field(default_factory=dict)
    # A heap: a feed's messages have their own times, and come after calls that were made later.
    _due: list[tuple[datetime, int, Listing]] = field(default_factory=list)
    _asins: Iterator[int] = field(default_factory=count)
    _turns: Iterator[int] = field(default_factory=count)

    def put(self, given: Submission, now: datetime, *, preview: bool = False) -> list[Json]:
        """Create or replace a listing; the issues for which it is refused."""
        refusals = issues_of(
            given.attributes, given.product_type, given.marketplace_id, given.requirements
        )
        if not refusals and not preview:
            self._keep(given, deepcopy(dict(given.attributes)), now)
        return refusals

    def patch(
        self,
        given: Submission,
        patches: Iterable[Mapping[str, Any]],
        now: datetime,
        *,
        preview: bool = False,
    ) -> list[Json]:
        """Change attributes of a listing; the issues for which the change is refused."""
        known = self.listings.get((given.marketplace_id, given.sku))
        before = known.attributes if known else {}
        after, touched, refusals = _patched(before, patches, given)
        if known and touched <= after.keys():
            parts = {name: after[name] for name in touched}
            refusals += issues_of_parts(parts, given.product_type, given.marketplace_id)
        else:
            refusals += issues_of(
                after, given.product_type, given.marketplace_id, given.requirements
            )
        if not refusals and not preview:
            self._keep(given, after, now)
        return refusals

    def delete(self, marketplace_id: str, sku: str) -> None:
        """Remove a listing; nothing where there is none."""
        if listing := self.listings.pop((marketplace_id, sku), None):
            self._families.get((marketplace_id, listing.parent_sku), {}).pop(sku, None)

    def _keep(self, given: Submission, attributes: dict[str, list[Json]], now: datetime) -> None:
        key = (given.marketplace_id, given.sku)
        listing = self.listings.get(key)
        if listing is None:
            asin = f"B0{next(self._asins):08d}"
            listing = Listing(given.sku, given.marketplace_id, asin, given.product_type, now, now)
            self.listings[key] = listing
        self._families.get((given.marketplace_id, listing.parent_sku), {}).pop(given.sku, None)
        listing.product_type = given.product_type
        listing.attributes = attributes
        family = self._families.setdefault((given.marketplace_id, listing.parent_sku), {})
        family[given.sku] = listing
        listing.updated = now
        listing.judge_at = now + self.delay
        heappush(self._due, (listing.judge_at, next(self._turns), listing))

    def settle(self, now: datetime) -> None:
        """Judge the submissions whose time has come."""
        while self._due and self._due[0][0] <= now:
            when, _, listing = heappop(self._due)
            if listing.judge_at == when:
                listing.judge_at = None
                listing.issues = verdict(listing, self.pictures)
                listing.on_sale = not listing.issues

    def children(self, parent: Listing) -> dict[str, Listing]:
        """The variations of `parent`, by SKU."""
        return dict(self._families.get((parent.marketplace_id, parent.sku), {}))

    def item(self, listing: Listing, asked: list[str]) -> Json:
        """`listing` as the Listings Items API tells it, with the data sets asked for."""
        children = self.children(listing) if "relationships" in asked else {}
        return item(listing, children, asked)

    def on_sale(self, sku: str) -> Listing:
        """The listing of `sku` that buyers see. Raises LookupError where there is none."""
        for marketplace_id in STORES:
            listing = self.listings.get((marketplace_id, sku))
            if listing and "DISCOVERABLE" in listing.status and listing.price:
                return listing
        raise LookupError(f"{sku} is not for sale")


def _patched(
    before: Mapping[str, list[Json]], patches: Iterable[Mapping[str, Any]], given: Submission
) -> tuple[dict[str, list[Json]], set[str], list[Json]]:
    """The attributes after `patches`, the names touched, and what cannot be done."""
    after = deepcopy(dict(before))
    touched: set[str] = set()
    refusals = []
    for patch in patches:
        name = str(patch["path"]).removeprefix("/attributes/")
        if name not in ATTRIBUTES:
            message = "The attributes are invalid."
            refusals.append(issue("90000900", message, name, categories=("INVALID_ATTRIBUTE",)))
            continue
        touched.add(name)
        entries = _applied(after.get(name, []), patch, _selectors(name, given.marketplace_id))
        if entries:
            after[name] = entries
        else:
            after.pop(name, None)
    return after, touched, refusals


def _applied(
    entries: list[Json], patch: Mapping[str, Any], selectors: tuple[str, ...]
) -> list[Json]:
    """One attribute after one operation."""
    given = deepcopy(patch.get("value", []))
    match patch["op"]:
        case "delete":
            if not given:
                return []
            return [e for e in entries if not any(each.items() <= e.items() for each in given)]
        case "merge":
            merged = {_key(entry, selectors): entry for entry in entries}
            for entry in given:
                key = _key(entry, selectors)
                merged[key] = {**merged.get(key, {}), **entry}
            return list(merged.values())
        case _:
            return list(given)


def _selectors(name: str, marketplace_id: str) -> tuple[str, ...]:
    schema = attribute_schema(ATTRIBUTES[name], STORES[marketplace_id])
    return tuple(schema["selectors"])


def _key(entry: Mapping[str, Any], selectors: tuple[str, ...]) -> tuple[str, ...]:
    # An offer without an audience is for all.
    defaults = {"audience": "ALL"}
    return tuple(str(entry.get(name, defaults.get(name))) for name in selectors)
