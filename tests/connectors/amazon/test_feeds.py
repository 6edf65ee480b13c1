"""Feeds and their processing reports."""

import pytest

from connectors.amazon import feeds
from connectors.amazon.client import SellerApi
from connectors.amazon.feeds import Report, parse_report, report_of
from connectors.protocol import Issue
from tests.connectors.amazon.conftest import Seller


@pytest.fixture
def api(seller: Seller) -> SellerApi:
    return seller.connector._api


def message(number: int, quantity: int) -> dict[str, object]:
    stock = [{"fulfillment_channel_code": "DEFAULT", "quantity": quantity}]
    patch = {"op": "replace", "path": "/attributes/fulfillment_availability", "value": stock}
    head = {"messageId": number, "sku": f"S{number}", "operationType": "PATCH"}
    return head | {"productType": "RUG", "patches": [patch]}


def test_issues_without_a_message_are_of_the_whole_feed() -> None:
    told = parse_report(
        {
            "issues": [
                {"severity": "ERROR", "message": "No list of messages."},
                {"severity": "WARNING", "message": "Old version."},
                {"severity": "WARNING", "message": "Short.", "messageId": 2, "code": "7"},
            ]
        }
    )
    assert (told.fatal, [i.message for i in told.issues[2]]) == ("No list of messages.", ["Short."])


def test_a_report_of_many_refusals_comes_compressed_and_is_read(
    seller: Seller, api: SellerApi
) -> None:
    # Nothing is listed under these SKUs, so a patch alone makes no listing.
    feed_id = feeds.submit(api, [message(number, 1) for number in range(1, 101)])
    seller.market.clock.sleep(3600)
    report = report_of(api, feed_id)
    assert report
    assert set(report.issues) == set(range(1, 101))
    assert all(isinstance(issue, Issue) for told in report.issues.values() for issue in told)


def test_a_feed_that_amazon_does_not_take_says_so(seller: Seller, api: SellerApi) -> None:
    api.seller_id = "A0ANOTHERSELLER"
    feed_id = feeds.submit(api, [message(1, 1)])
    seller.market.clock.sleep(3600)
    report = report_of(api, feed_id)
    assert report == Report(fatal=report.fatal if report else None)
    assert report.fatal
    assert report.fatal.startswith(f"Amazon did not process feed {feed_id} (FATAL)")


def test_a_feed_at_work_has_no_report_yet(api: SellerApi) -> None:
    assert report_of(api, feeds.submit(api, [message(1, 1)])) is None


def test_words_of_every_script_are_sent_as_they_are(seller: Seller, api: SellerApi) -> None:
    odd = message(1, 1) | {"sku": "زربية-é"}
    feed_id = feeds.submit(api, [odd])
    seller.market.clock.sleep(3600)
    report = report_of(api, feed_id)
    assert report
    assert {issue.sku for told in report.issues.values() for issue in told} == {"زربية-é"}
