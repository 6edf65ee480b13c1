"""Receipts of submissions, and what Amazon's listings say of them later: pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from connectors.amazon.complaints import concerning, errors, facet_of, item_issues
from connectors.amazon.limits import CLOCK_SKEW, FIRST_LOOK_AFTER, SETTLED_AFTER
from connectors.protocol import (
    Accepted,
    Claimed,
    Deferred,
    Issue,
    Outcome,
    Receipt,
    Rejected,
    Remote,
)

# The operation of receipts for single calls; that of a feed is its id.
CALLS = "calls"
Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the answer for one listing will be found.

    `sku` stands for the listing and `items` is how many items show it; `message` is the number of
    the first of `items` messages in a feed, 0 for calls; `whole` says that they were put, not
    patched.
    """

    sku: str
    items: int
    sent_at: datetime
    whole: bool
    message: int = 0

    def __str__(self) -> str:
        """As a receipt keeps it."""
        sent = int(self.sent_at.timestamp())
        return f"{self.message}|{self.items}|{int(self.whole)}|{sent}|{self.sku}"

    @property
    def messages(self) -> range:
        """The numbers of its messages in the feed."""
        return range(self.message, self.message + self.items)


def read_place(text: str) -> Place:
    """The place that a receipt kept."""
    message, items, whole, sent, sku = text.split("|", 4)
    sent_at = datetime.fromtimestamp(int(sent), UTC)
    return Place(sku, int(items), sent_at, whole == "1", int(message))


def due(place: Place, now: datetime) -> bool:
    """Whether Amazon may have decided by now."""
    return now >= place.sent_at + FIRST_LOOK_AFTER


def refused(receipt: Receipt, issues: Sequence[Issue], now: datetime) -> Iterator[Outcome]:
    """What became of a submission that Amazon did not take, none of it.

    The facets that nobody complained of go with another submission, on their own.
    """
    blamed = frozenset(map(facet_of, issues)) & receipt.facets or receipt.facets
    yield Rejected(receipt.key, blamed, tuple(issues))
    if rest := receipt.facets - blamed:
        yield Deferred(receipt.key, rest, now, "refused together with another part")


def lost(receipt: Receipt, reason: str, now: datetime) -> Deferred:
    """A submission of which Amazon tells nothing: to be sent again, though not at once."""
    return Deferred(receipt.key, receipt.facets, now + SETTLED_AFTER, reason)


def judged(
    receipt: Receipt, items: Sequence[Item], marketplace_id: str, now: datetime
) -> Iterator[Outcome]:
    """What Amazon's items say of a receipt; nothing while it is still at work.

    Until SETTLED_AFTER, an item that has not changed since the submission has not been judged
    by it, and one that is neither buyable nor discoverable is on its way. Later we believe what
    is shown: an update that changes nothing need not move an item's date.
    """
    place = read_place(receipt.place)
    issues = [issue for item in items for issue in item_issues(item, marketplace_id)]
    concerned = concerning(issues, receipt.facets)
    faults = errors(concerned)
    if now < place.sent_at + SETTLED_AFTER and not _is_decided(
        items, place, marketplace_id, refused=bool(faults)
    ):
        return
    if len(items) < place.items:
        reason = f"Amazon shows {len(items)} of {place.items} items of this listing"
        yield lost(receipt, reason, now)
        return
    remote = remote_of(place.sku, items, marketplace_id)
    if faults:
        # A listing that came by a feed has not been claimed yet, and it is there.
        yield Claimed(receipt.key, remote)
        yield Rejected(receipt.key, receipt.facets, faults)
    else:
        yield Accepted(receipt.key, receipt.facets, remote, concerned)


def _is_decided(items: Sequence[Item], place: Place, marketplace_id: str, *, refused: bool) -> bool:
    """Whether Amazon shows all of a submission, and has put it on the market or refused to."""
    if len(items) < place.items:
        return False
    summaries = [_summary(item, marketplace_id) for item in items]
    since = place.sent_at - CLOCK_SKEW
    moved = all(s and datetime.fromisoformat(s["lastUpdatedDate"]) >= since for s in summaries)
    return moved and (refused or not place.whole or all(s["status"] for s in summaries))


def _summary(item: Item, marketplace_id: str) -> Mapping[str, Any]:
    here = (s for s in item.get("summaries") or () if s["marketplaceId"] == marketplace_id)
    return next(here, {})


def remote_of(sku: str, items: Sequence[Item], marketplace_id: str) -> Remote:
    """A listing's place: its SKU, its product type, and the SKUs that it sells."""
    summaries = [_summary(item, marketplace_id) for item in items]
    types = [summary["productType"] for summary in summaries if summary]
    sold = sorted(item["sku"] for item in items if not children_of(item))
    parts = {"skus": "\n".join(sold)} | ({"product_type": types[0]} if types else {})
    return Remote(sku, parts)


def children_of(item: Item) -> tuple[str, ...]:
    """The SKUs of an item's variations; none unless it is a parent."""
    return tuple(_relatives(item, "childSkus"))


def parents_of(item: Item) -> tuple[str, ...]:
    """The SKU of the parent that an item is a variation of."""
    return tuple(_relatives(item, "parentSkus"))


def _relatives(item: Item, kind: str) -> Iterator[str]:
    for here in item.get("relationships") or ():
        for relation in here["relationships"]:
            if relation["type"] == "VARIATION":
                yield from relation.get(kind) or ()
