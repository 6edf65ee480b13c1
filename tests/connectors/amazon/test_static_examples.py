"""Amazon's own examples, those that its static sandbox answers, replayed through our parsers."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from connectors.amazon.client import trouble
from connectors.amazon.complaints import issue
from connectors.amazon.feeds import parse_report
from connectors.amazon.limits import RATES
from connectors.amazon.notifications import read_notification
from connectors.amazon.order_payloads import old_order, order
from connectors.amazon.reading import listings
from connectors.errors import Refused
from connectors.protocol import NoticeKind, RemoteOrder

CONTRACTS = Path(__file__).parents[4] / "shared" / "contracts" / "amazon"
Parser = Callable[[Any], Any]


def _orders(answer: Any) -> list[RemoteOrder]:
    told = answer.get("orders") or [answer["order"]]
    return _readable(order(one, "USD") for one in told)


def _old_orders(answer: Any) -> list[RemoteOrder]:
    payload = answer["payload"]
    told = payload.get("Orders") or [payload]
    return _readable(old_order(one, [], None, "USD") for one in told)


def _old_items(answer: Any) -> list[RemoteOrder]:
    head = {"AmazonOrderId": "1", "OrderStatus": "Unshipped"} | dict.fromkeys(
        ("PurchaseDate", "LastUpdateDate"), "2026-01-01T00:00:00Z"
    )
    return _readable([old_order(head, answer["payload"]["OrderItems"], None, "USD")])


def _readable(orders: Any) -> list[RemoteOrder]:
    told = list(orders)
    assert all(isinstance(one, RemoteOrder) for one in told), told
    return told


def _listings(answer: Any) -> list[Any]:
    items = {item["sku"]: item for item in answer.get("items") or [answer]}
    return list(listings(items, "ATVPDKIKX0DER"))


def _submission(answer: Any) -> list[Any]:
    return [answer["status"], *map(issue, answer["issues"])]


# What is read of each operation's success. Refusals of all of them are read the same way.
PARSERS: Mapping[str, Parser] = {
    "orders_2026-01-01 searchOrders": _orders,
    "orders_2026-01-01 getOrder": _orders,
    "ordersV0 getOrders": _old_orders,
    "ordersV0 getOrder": _old_orders,
    "ordersV0 getOrderItems": _old_items,
    "listingsItems_2021-08-01 getListingsItem": _listings,
    "listingsItems_2021-08-01 searchListingsItems": _listings,
    "listingsItems_2021-08-01 putListingsItem": _submission,
    "listingsItems_2021-08-01 patchListingsItem": _submission,
}
SPOKEN = {
    *(name.split()[0] for name in PARSERS),
    "feeds_2021-06-30",
    "definitionsProductTypes_2020-09-01",
    "listingsRestrictions_2021-08-01",
    "tokens_2021-03-01",
}


def _examples() -> Iterator[Any]:
    """Every static example of the models that we speak: the operation, its status, the answer."""
    for name in sorted(SPOKEN):
        path = CONTRACTS / f"{name}.json"
        model = json.loads(path.read_text("utf-8")) if path.is_file() else {"paths": {}}
        described = (o for path in model["paths"].values() for o in path.values())
        for operation in (one for one in described if "responses" in one):
            yield from _examples_of(f"{name} {operation['operationId']}", operation["responses"])


def _examples_of(operation: str, answers: Mapping[str, Any]) -> Iterator[Any]:
    for status, answer in answers.items():
        for number, example in enumerate(answer.get("x-amzn-api-sandbox", {}).get("static", ())):
            name = f"{operation} {status} {number}"
            yield pytest.param(operation, int(status), example.get("response"), id=name)


EXAMPLES = list(_examples())


@pytest.mark.skipif(not EXAMPLES, reason="no official models beside this checkout")
@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        pytest.param(*(e.values[0], e.values[2]), id=e.id)
        for e in EXAMPLES
        if e.values[0] in PARSERS and e.values[1] < 400
    ],
)
def test_a_success_is_understood(operation: str, answer: Any) -> None:
    assert PARSERS[operation](answer)


@pytest.mark.skipif(not EXAMPLES, reason="no official models beside this checkout")
@pytest.mark.parametrize(
    ("operation", "status", "answer"),
    [
        pytest.param(*e.values, id=e.id)
        for e in EXAMPLES
        if e.values[0].split()[1] in RATES and e.values[1] >= 400
    ],
)
def test_a_refusal_says_why(operation: str, status: int, answer: Any) -> None:
    error = trouble(operation, status, json.dumps(answer).encode())
    assert isinstance(error, Refused)
    assert all(
        issue.code != "unnamed" and "no reason" not in issue.message for issue in error.issues
    )


def test_the_official_example_of_a_processing_report_is_read_by_message(shared: Path) -> None:
    path = shared / "contracts/amazon/feeds/listings-feed-processing-report-schema-v2.example.json"
    report = parse_report(json.loads(path.read_text("utf-8")))
    fields = {n: [issue.field for issue in issues] for n, issues in report.issues.items()}
    assert (fields, set(report.items), report.fatal) == (
        {4: ["batteries_required", "supplier_declared_dg_hz_regulation"], 5: ["price"]},
        {"My-SKU-B", "My-SKU-C"},
        None,
    )


@pytest.mark.parametrize(
    ("schema", "kind", "references"),
    [
        ("OrderChangeNotification", NoticeKind.ORDERS, ("903-8868176-2219830",)),
        (
            "ListingsItemIssuesChangeNotification_2023-12-13",
            NoticeKind.LISTINGS,
            ("NLS-SHOES-03",),
        ),
        ("ListingsItemStatusChangeNotification", NoticeKind.LISTINGS, ("NLS-SHOES-03",)),
        ("ListingsItemMfnQuantityChange", NoticeKind.STOCK, ("NLS-SHOES-03",)),
        ("FeedProcessingFinishedNotification", NoticeKind.OPERATION, ("53347018456",)),
    ],
)
def test_the_official_example_of_a_notification_is_understood(
    schema: str, kind: NoticeKind, references: tuple[str, ...], shared: Path
) -> None:
    path = shared / f"contracts/amazon/notifications/{schema}.json"
    [example, *_] = json.loads(path.read_text("utf-8"))["examples"]
    told = read_notification(json.dumps(example).encode())
    assert (told.kind, told.references, told.topic) == (
        kind,
        references,
        example.get("NotificationType") or example["notificationType"],
    )
