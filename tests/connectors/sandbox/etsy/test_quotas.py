import httpx
import pytest

from connectors.clock import VirtualClock
from connectors.sandbox.etsy.quotas import Quotas
from tests.connectors.sandbox.etsy.seller import Seller

PING = "/openapi-ping"


def counters(headers: httpx.Headers) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.startswith("x-")}


@pytest.fixture
def quotas(clock: VirtualClock) -> Quotas:
    return Quotas(clock)


def test_the_eleventh_call_of_a_second_is_too_many(seller: Seller) -> None:
    answers = [seller.http.get(PING, headers=seller.headers) for _ in range(11)]
    last = answers[-1]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert last.json() == {"error": "Exceeded rate limit"}
    assert last.headers["retry-after"] == "1"
    assert counters(last.headers) == {
        "x-limit-per-second": "10",
        "x-remaining-this-second": "0",
        "x-limit-per-day": "10000",
        "x-remaining-today": "9990",
    }


def test_a_refusal_tells_of_the_quotas_too(seller: Seller) -> None:
    answer = seller.asks("GET", "/listings/1")

    assert (answer.status_code, answer.headers["x-remaining-today"]) == (404, "9999")


def test_the_next_second_has_calls_of_its_own(quotas: Quotas, clock: VirtualClock) -> None:
    waits = [quotas.take() for _ in range(11)]
    clock.sleep(waits[-1])

    assert waits == [0.0] * 10 + [1.0]
    assert quotas.take() == 0.0


def test_a_day_has_ten_thousand_calls(quotas: Quotas, clock: VirtualClock) -> None:
    waits = []
    for _ in range(10_000):
        waits.append(quotas.take())
        clock.sleep(0.1)

    assert set(waits) == {0.0}
    assert quotas.take() == 24 * 3600 + 1 - 1000
    assert quotas.headers()["x-remaining-today"] == "0"


def test_calls_come_back_twenty_four_hours_after_they_were_made(
    quotas: Quotas, clock: VirtualClock
) -> None:
    for _ in range(10_000):
        quotas.take()
        clock.sleep(0.1)
    clock.sleep(quotas.take())

    assert quotas.headers()["x-remaining-today"] == "10"
