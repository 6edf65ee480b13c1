"""What every request goes through, whatever it asks for."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from connectors.sandbox.server import serve
from tests.trade_ma.api.conftest import House, housed
from trade_ma.api.application import api
from trade_ma.api.problems import Problem
from trade_ma.api.safeguards import LARGEST_BODY, Rates
from trade_ma.api.subject import subject
from trade_ma.identity.permissions import Role

LOGIN = "/api/v1/auth/login"
SECRET = "a buyer's address"


def test_an_answer_says_who_it_is_for_and_is_kept_and_framed_by_nobody(house: House) -> None:
    headers = house.client().get("/api/v1/health").headers
    assert {name: headers[name] for name in headers if name not in {"date", "server"}} == {
        "cache-control": "no-store",
        "content-length": "15",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "content-type": "application/json",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "x-request-id": headers["x-request-id"],
    }
    assert len(headers["x-request-id"]) == 32


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not-found"),
        ("PUT", "/api/v1/health", 405, "method-not-allowed"),
        ("GET", "/api/v1/users/7", 401, "unauthenticated"),
        ("GET", "/api/v1/../../etc/passwd", 404, "not-found"),
    ],
)
def test_a_failure_of_any_kind_is_a_problem(
    house: House, method: str, path: str, status: int, code: str
) -> None:
    told = house.client().request(method, path)
    assert (told.status_code, told.headers["content-type"], told.json()["code"]) == (
        status,
        "application/problem+json",
        code,
    )
    assert told.json()["request_id"] == told.headers["X-Request-Id"]


def test_what_was_sent_is_not_repeated_in_a_problem(house: House) -> None:
    told = house.client().post(LOGIN, json={"name": ["x"], "password": {"secret": SECRET}})
    assert (told.status_code, SECRET in told.text) == (422, False)
    assert [one["field"] for one in told.json()["errors"]] == ["body.name", "body.password"]


def test_a_body_beyond_the_cap_is_refused_before_it_is_read(house: House) -> None:
    told = house.client().post(LOGIN, content=b" " * (LARGEST_BODY + 1))
    assert (told.status_code, told.json()["code"]) == (413, "too-large")


def test_a_body_that_hides_its_length_is_not_read_beyond_the_cap(house: House) -> None:
    pieces = (b" " * 65536 for _ in range(LARGEST_BODY // 65536 + 1))
    headers = {"Content-Type": "application/json"}
    told = house.client().post(LOGIN, content=pieces, headers=headers)
    assert told.status_code in {400, 413}


def broken(house: House) -> FastAPI:
    """The API with a route that fails in the middle."""
    router = subject("broken")

    @router.get("")
    def fail() -> None:
        raise RuntimeError(SECRET)

    app = api(house.installation)
    app.include_router(router)
    return app


def test_a_fault_of_ours_tells_nothing_but_its_request_id(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with serve(broken(house)) as address:
        told = httpx.get(f"{address}/api/v1/broken")
    assert (told.status_code, told.json()["code"], SECRET in told.text) == (500, "internal", False)
    assert told.headers["X-Content-Type-Options"] == "nosniff"
    assert told.json()["request_id"] in caplog.text
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text


def test_the_log_of_requests_has_no_query_and_no_name(
    data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "trade_ma.access")
    # The line is written after the answer: it is there for sure once the server has ended.
    with housed(data_dir) as house:
        house.signed_in(Role.ADMIN).get("/api/v1/audit", params={"action": SECRET})
    [line] = [r.getMessage() for r in caplog.records if r.name == "trade_ma.access"]
    assert "GET /api/v1/audit 200" in line
    assert line.endswith("user:1")
    assert "buyer" not in line


def test_who_asks_too_fast_waits_and_others_do_not() -> None:
    clock = [datetime(2026, 11, 23, 12, tzinfo=UTC)]
    rates = Rates(2, now=lambda: clock[0])
    for _ in range(12):
        rates.check("10.0.0.1")
    with pytest.raises(Problem) as refused:
        rates.check("10.0.0.1")
    assert (refused.value.code, refused.value.headers) == (
        "too-many-requests",
        {"Retry-After": "1"},
    )
    rates.check("10.0.0.2")
    clock[0] += timedelta(seconds=0.5)
    rates.check("10.0.0.1")


@pytest.mark.parametrize(("header", "status"), [("Host", 401), ("Origin", 403)])
def test_an_address_that_is_none_breaks_nothing(house: House, header: str, status: int) -> None:
    body = {"name": "amina", "password": "seven red rugs"}
    told = house.client().post(LOGIN, json=body, headers={header: "http://[::"})
    assert told.status_code == status


def test_a_text_that_no_encoding_has_is_refused(house: House) -> None:
    body = rb'{"name": "amina", "password": "\ud800"}'
    headers = {"Content-Type": "application/json"}
    told = house.client().post(LOGIN, content=body, headers=headers)
    assert (told.status_code, told.json()["code"]) == (422, "invalid")
