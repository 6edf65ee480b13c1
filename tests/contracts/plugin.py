"""The pytest side of the recorder: a fixture that serves a sandbox, and a summary at the end."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp

from connectors.sandbox.server import serve
from tests.contracts.amazon import AmazonJudge
from tests.contracts.etsy import EtsyJudge
from tests.contracts.recorder import Judge, Recorder, Verdicts
from tests.contracts.shopify import ShopifyJudge

CONTRACTS = Path(__file__).parents[3] / "shared" / "contracts"
JUDGES: dict[str, Callable[[Path], Judge]] = {
    "amazon": AmazonJudge,
    "etsy": EtsyJudge,
    "shopify": ShopifyJudge,
}
VERDICTS = Verdicts()


@cache
def judge_of(marketplace: str) -> Judge | None:
    """The judge of that marketplace; None where the contracts are not here."""
    folder = CONTRACTS / marketplace
    return JUDGES[marketplace](folder) if folder.is_dir() else None


def deliver(marketplace: str, recorder: Recorder) -> list[str]:
    """Have every recorded exchange judged; what is invalid."""
    judge = judge_of(marketplace)
    if judge is None:
        return []
    VERDICTS.known[marketplace] = len(judge.operations)
    invalid = []
    for exchange in recorder.exchanges:
        operation = judge.operation(exchange)
        if operation is None:
            continue
        VERDICTS.calls[marketplace][operation] += 1
        invalid += [f"{marketplace} {operation}: {fault}" for fault in judge.faults(exchange)]
    VERDICTS.invalid.extend(invalid)
    return invalid


@pytest.fixture
def serve_judged() -> Iterator[Callable[[str, ASGIApp], str]]:
    """Serve a marketplace's sandbox on loopback; its exchanges are judged when the test ends."""
    recorders: list[tuple[str, Recorder]] = []
    with ExitStack() as servers:

        def start(marketplace: str, app: ASGIApp) -> str:
            recorder = Recorder(app)
            recorders.append((marketplace, recorder))
            return servers.enter_context(serve(recorder))

        yield start
    invalid = [fault for name, recorder in recorders for fault in deliver(name, recorder)]
    assert invalid == []


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand this worker's verdicts to the process that prints the summary."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["verdicts"] = json.dumps(
            {"calls": VERDICTS.calls, "known": VERDICTS.known, "invalid": VERDICTS.invalid}
        )


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add a worker's verdicts to ours."""
    told = json.loads(getattr(node, "workeroutput", {}).get("verdicts", "{}"))
    for marketplace, calls in told.get("calls", {}).items():
        VERDICTS.calls[marketplace].update(calls)
    VERDICTS.known.update(told.get("known", {}))
    VERDICTS.invalid.extend(told.get("invalid", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much of each contract the tests spoke, and that none of it was invalid."""
    if not VERDICTS.calls:
        return
    terminalreporter.section("official contracts")
    for marketplace, calls in sorted(VERDICTS.calls.items()):
        terminalreporter.write_line(
            f"{marketplace}: {sum(calls.values())} calls of {len(calls)} operations "
            f"({VERDICTS.known[marketplace]} described): {', '.join(sorted(calls))}"
        )
    terminalreporter.write_line(f"invalid: {len(VERDICTS.invalid)}")
