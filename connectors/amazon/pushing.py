"""Changes on their way: made into submissions, and sent singly or as feeds."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connectors.amazon import feeds
from connectors.amazon.client import Listings, SellerApi
from connectors.amazon.complaints import errors, issue
from connectors.amazon.crafts import ProductType, product_type
from connectors.amazon.definitions import Library
from connectors.amazon.limits import PREVIEW
from connectors.amazon.mapper import Page, main_sku, patches, puts, withdrawal
from connectors.amazon.receipts import (
    CALLS,
    Place,
)
from connectors.amazon.route import Work, batches, route
from connectors.amazon.submissions import Put, Submission, body, message
from connectors.errors import Refused
from connectors.protocol import (
    ALL_FACETS,
    Change,
    Claimed,
    Facet,
    Issue,
    Outcome,
    Pending,
    Receipt,
    Rejected,
    Remote,
)

log = logging.getLogger(__name__)
# Facets whose attributes every product type has: no definition is needed to send them.
_PLAIN = frozenset({Facet.STOCK, Facet.PRESENCE})


@dataclass(frozen=True, slots=True)
class Desk:
    """What a push works with."""

    api: SellerApi
    library: Library
    page: Page

    @property
    def marketplace_id(self) -> str:
        """Amazon's id of the market."""
        return self.page.market.site.remote_id


def push(desk: Desk, changes: Sequence[Change]) -> Iterator[Outcome]:
    """Send the changes, the refused ones told first, in their order otherwise."""
    works = []
    for change in changes:
        match _prepared(desk, change):
            case Rejected() as rejected:
                yield rejected
            case work:
                works.append(work)
    way = route(works, desk.api.rate)
    if works:
        log.info("%s: %d changes %s", desk.api.account.channel, len(works), way)
    yield from _by_feed(desk, works) if way.by_feed else _by_calls(desk, works)


def rehearse(desk: Desk, changes: Sequence[Change]) -> Iterator[Rejected]:
    """What Amazon would refuse, asked by VALIDATION_PREVIEW where our own checks say nothing."""
    for change in changes:
        match _prepared(desk, change):
            case Rejected() as rejected:
                yield rejected
            case Work(submissions=submissions):
                issues = [i for s in submissions for i in _submitted(desk, s, mode=PREVIEW)]
                if issues:
                    yield Rejected(change.key, change.facets, tuple(issues))


def _prepared(desk: Desk, change: Change) -> Work | Rejected:
    """The change as submissions, unless the account or the product type forbids it."""
    try:
        work = _work(desk, change)
        issues = [i for s in work.submissions for i in desk.library.complaints(s)]
        if change.remote is None:
            issues += desk.library.restrictions(work.submissions[0].product_type)
    except Refused as refusal:
        issues = list(refusal.issues)
    return Rejected(change.key, change.facets, tuple(issues)) if issues else work


def _work(desk: Desk, change: Change) -> Work:
    kind = product_type(change.draft.craft)
    if change.remote is None or change.facets == ALL_FACETS:
        shown: tuple[Submission, ...] = puts(change.draft, kind, desk.page)
    else:
        kind = replace(kind, name=change.remote.parts.get("product_type", kind.name))
        shown = patches(change.draft, change.facets, kind, desk.page)
    if not change.facets <= _PLAIN:
        shown = tuple(desk.library.fitted(submission) for submission in shown)
    gone = _withdrawn(change, kind) if change.facets == ALL_FACETS else ()
    return Work(change, (*shown, *gone), len(shown))


def _withdrawn(change: Change, kind: ProductType) -> tuple[Submission, ...]:
    """What ends items of this listing that the draft does not offer any more."""
    known = change.remote.parts.get("skus", "").split("\n") if change.remote else []
    kept = {offer.sku for offer in change.draft.offers}
    return tuple(withdrawal(sku, kind) for sku in known if sku and sku not in kept)


def _place(desk: Desk, work: Work, number: int = 0) -> Place:
    whole = isinstance(work.submissions[0], Put)
    sent_at = desk.api.account.clock.now()
    return Place(main_sku(work.change.draft), work.items, sent_at, whole, number)


def _by_calls(desk: Desk, works: Sequence[Work]) -> Iterator[Outcome]:
    for work in works:
        yield from _send(desk, work)


def _send(desk: Desk, work: Work) -> Iterator[Outcome]:
    change, issues = work.change, list[Issue]()
    place = _place(desk, work)
    remote = change.remote
    for number, submission in enumerate(work.submissions):
        issues += _submitted(desk, submission)
        if number == 0 and issues:
            # Without a parent there are no children.
            break
        if remote is None:
            # Say so at once: from here on a crash must resume this listing, not repeat it.
            remote = Remote(place.sku, {"product_type": submission.product_type})
            yield Claimed(change.key, remote)
    if issues:
        yield Rejected(change.key, change.facets, tuple(issues))
        return
    yield Pending(change.key, Receipt(change.key, change.facets, CALLS, str(place)), remote)


def _submitted(desk: Desk, submission: Submission, mode: str | None = None) -> tuple[Issue, ...]:
    """Send one item; why Amazon does not take it, nothing where it does."""
    api = desk.api
    query = {"marketplaceIds": desk.marketplace_id, "issueLocale": api.market.language_tags[0]}
    query |= {"mode": mode} if mode else {}
    place, told = (api.seller_id, submission.sku), body(submission, desk.marketplace_id)
    try:
        if isinstance(submission, Put):
            answer = api.call(
                "putListingsItem",
                Listings,
                lambda client: client.put_listings_item(*place, body=told, **query),
                plan=mode,
            ).payload
        else:
            answer = api.call(
                "patchListingsItem",
                Listings,
                lambda client: client.patch_listings_item(*place, body=told, **query),
                plan=mode,
            ).payload
    except Refused as refusal:
        return tuple(replace(issue, sku=submission.sku) for issue in refusal.issues)
    faults = errors(issue(told, submission.sku) for told in answer.get("issues") or ())
    if answer["status"] != "INVALID":
        return faults if mode else ()
    return faults or (Issue("INVALID", "Amazon refuses this item without a reason"),)


def _by_feed(desk: Desk, works: Sequence[Work]) -> Iterator[Outcome]:
    """One feed after the other. What one carries is claimed when its report shows it."""
    for batch in batches(works):
        messages: list[dict[str, Any]] = []
        receipts = []
        for work in batch:
            change, place = work.change, _place(desk, work, len(messages) + 1)
            receipts.append((change, place))
            for submission in work.submissions:
                number = len(messages) + 1
                messages.append(message(submission, desk.marketplace_id, number))
        feed_id = feeds.submit(desk.api, messages)
        for change, place in receipts:
            receipt = Receipt(change.key, change.facets, feed_id, str(place))
            yield Pending(change.key, receipt, change.remote)
