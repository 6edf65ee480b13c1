import json
import re
from pathlib import Path

from connectors.sandbox.amazon.operations import OPERATIONS
from connectors.sandbox.faults import Fault, FaultKind
from tests.connectors.sandbox.amazon.conftest import FRANCE, Seller, rug

USAGE_PLAN = re.compile(r"\| *([\d.]+) *\| *([\d.]+) *\|")


def test_rates_are_those_that_the_models_publish(shared: Path) -> None:
    published = {}
    for path in (shared / "contracts" / "amazon").glob("*.json"):
        for address, methods in json.loads(path.read_text("utf-8"))["paths"].items():
            for method, described in methods.items():
                plan = USAGE_PLAN.search(str(getattr(described, "get", str)("description")))
                if plan:
                    published[method.upper(), address] = (float(plan[1]), float(plan[2]))

    ours = {(each.method, each.path): (each.per_second, each.burst) for each in OPERATIONS}

    # For product types the model says "selling partner specific".
    specific = {key for key in ours if key[1].startswith("/definitions/")}
    assert {key: ours[key] for key in ours.keys() - specific} == {
        key: published[key] for key in ours.keys() - specific
    }


def test_a_spent_burst_is_refused_until_time_gives_a_token_back(seller: Seller) -> None:
    token = seller.token()

    def search() -> int:
        after = "2026-11-01T00:00:00Z"
        return seller.get("/orders/2026-01-01/orders", token, createdAfter=after).status_code

    burst = [search() for _ in range(21)]
    seller.clock.sleep(1 / 0.0056)
    token = seller.token()

    assert burst == [200] * 20 + [429]
    assert [search(), search()] == [200, 429]


def test_the_answer_to_too_many_calls_tells_the_rate(seller: Seller) -> None:
    token = seller.token()
    path = "/sellers/v1/marketplaceParticipations"

    last = [seller.get(path, token) for _ in range(16)][-1]

    assert (last.status_code, last.headers["x-amzn-RateLimit-Limit"]) == (429, "0.016")
    assert last.json() == {
        "errors": [
            {
                "code": "QuotaExceeded",
                "message": "You exceeded your quota for the requested resource.",
                "details": "",
            }
        ]
    }


def test_a_gateway_throttles_without_a_word(seller: Seller) -> None:
    seller.market.faults.arm(Fault(kind=FaultKind.THROTTLE))

    answer = seller.get("/sellers/v1/marketplaceParticipations")

    assert (answer.status_code, answer.content) == (429, b"")


def test_a_preview_has_a_plan_of_its_own(seller: Seller) -> None:
    token = seller.token()

    def preview() -> int:
        return seller.http.put(
            f"/listings/2021-08-01/items/{seller.id}/RUG-1",
            params={"marketplaceIds": FRANCE, "mode": "VALIDATION_PREVIEW"},
            headers={"x-amz-access-token": token},
            json={"productType": "RUG", "attributes": rug()},
        ).status_code

    assert [preview(), preview()] == [200, 429]
    assert seller.put("RUG-1", rug())["status"] == "ACCEPTED"
