"""Amazon's books: the Finances API 2024-06-19, its bookings as ours."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from moneyed import Money
from sp_api.base import ApiResponse

from connectors.amazon.client import Books, SellerApi, iso
from connectors.amazon.limits import BOOKS_SPAN, BOOKS_YOUNGEST
from connectors.bookings import Payload, readable
from connectors.errors import CredentialsRejected, Refused
from connectors.protocol import Issue, Settlement, SettlementKind

# SPEC transactionType names Shipment alone; the others are what sellers have shown: issues 4268
# and 4274 of amzn/selling-partner-api-models, and the event lists of the Finances API v0.
_KINDS = {
    "Shipment": SettlementKind.SALE,
    "Refund": SettlementKind.REFUND,
    "GuaranteeClaim": SettlementKind.REFUND,
    "Chargeback": SettlementKind.REFUND,
}
# Money on its way to or from the bank is no booking of a sale or a fee.
_TRANSFERS = {"Transfer", "Disbursement"}
# Breakdowns whose amounts Amazon keeps, or gives back.
_FEES = ("Fees", "Fee", "Commission")


def read(api: SellerApi, since: datetime) -> Iterator[Settlement]:
    """Bookings of this market posted at or after `since`.

    The market is no parameter of the search: with one, Amazon leaves out orders that sellers in
    the US ship themselves [SPEC marketplaceId].

    Raises:
        Refused: Amazon does not let this account read its books; or, at the end, some bookings
            could not be understood.
    """
    here, currency = api.market.site.remote_id, api.account.currency
    return readable(
        _transactions(api, since),
        lambda told: settlements(told) if is_ours(told, here, currency) else (),
    )


def _transactions(api: SellerApi, since: datetime) -> Iterator[Payload]:
    latest = api.account.clock.now() - BOOKS_YOUNGEST
    while since < latest:
        until = min(since + BOOKS_SPAN, latest)
        query = {"postedAfter": iso(since), "postedBefore": iso(until)}
        token: str | None = ""
        while token is not None:
            answer = _page(api, query | ({"nextToken": token} if token else {}))
            yield from answer.payload.get("transactions") or ()
            token = answer.payload.get("nextToken") or None
        since = until


def _page(api: SellerApi, query: Mapping[str, str]) -> ApiResponse:
    try:
        return api.call("listTransactions", Books, lambda client: client.list_transactions(**query))
    except CredentialsRejected as error:
        # Books have a role of their own: an account without it can sell all the same.
        message = f"{error}; books need the role Finance and Accounting"
        raise Refused([Issue("no_role", message)]) from error


def is_ours(told: Payload, marketplace_id: str, currency: str) -> bool:
    """Whether a booking is of that market; one of no market is, in its currency."""
    place = (told.get("marketplaceDetails") or {}).get("marketplaceId")
    place = place or (told.get("sellingPartnerMetadata") or {}).get("marketplaceId")
    if place:
        return bool(place == marketplace_id)
    return bool(told["totalAmount"]["currencyCode"] == currency)


def settlements(told: Payload) -> Iterator[Settlement]:
    """A transaction as a booking of ours; none for one that moves money already booked.

    Its total is what the seller gets: what the buyer paid, less what Amazon keeps.
    """
    related = {
        one["relatedIdentifierName"]: one["relatedIdentifierValue"]
        for one in told.get("relatedIdentifiers") or ()
    }
    if told["transactionType"] in _TRANSFERS or "DEFERRED_TRANSACTION_ID" in related:
        # What was deferred was booked when it was, and its release has another id.
        return
    total = _money(told["totalAmount"])
    kind = _KINDS.get(told["transactionType"], SettlementKind.OTHER)
    fees = -total if kind is SettlementKind.OTHER else -_kept(told, total)
    yield Settlement(
        id=told["transactionId"],
        order_id=related.get("ORDER_ID"),
        kind=kind,
        posted_at=datetime.fromisoformat(told["postedDate"]),
        gross=total + fees,
        fees=fees,
    )


def _kept(told: Payload, total: Money) -> Money:
    """The fees among the breakdowns, below zero where Amazon kept them.

    Those of the whole transaction where it has any, else those of its items: they are the same.
    """
    whole = told.get("breakdowns")
    parts = [whole] if whole else [i.get("breakdowns") or () for i in told.get("items") or ()]
    return sum((fee for part in parts for fee in _fees(part)), Money(0, total.currency))


def _fees(breakdowns: Iterable[Payload]) -> Iterator[Money]:
    """The outermost breakdowns that are fees: what is inside of one makes it up."""
    for breakdown in breakdowns:
        if breakdown["breakdownType"].endswith(_FEES):
            yield _money(breakdown["breakdownAmount"])
        else:
            yield from _fees(breakdown.get("breakdowns") or ())


def _money(told: Payload) -> Money:
    return Money(Decimal(str(told["currencyAmount"])), told["currencyCode"])
