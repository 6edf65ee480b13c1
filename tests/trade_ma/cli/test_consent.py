"""An Etsy shop is opened as its owner would: consent in a browser, and then a channel."""

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.types import ASGIApp
from typer.testing import CliRunner

from connectors import registry
from connectors.clock import SystemClock
from connectors.sandbox.etsy.market import EtsyMarket
from trade_ma.cli import main


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> CliRunner:
    monkeypatch.setenv("TRADE_MA_DATA_DIR", str(tmp_path_factory.mktemp("data")))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return CliRunner()


def test_consent_in_a_browser_opens_a_channel(
    runner: CliRunner,
    serve_judged: Callable[[str, ASGIApp], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    market = EtsyMarket(SystemClock())
    base = serve_judged("etsy", market.app())
    app = [f"--credential={n}={market.credentials[n]}" for n in ("keystring", "shared_secret")]

    def browser(_question: str, **_: object) -> str:
        """The owner opens the address that was printed, and copies the one it ends at."""
        asked = urlsplit(opened[-1]).query
        return httpx.get(f"{base}/oauth/connect?{asked}").headers["location"]

    opened: list[str] = []
    monkeypatch.setattr("trade_ma.cli.channels.err.print", lambda *words, **_: opened.extend(words))
    monkeypatch.setattr("trade_ma.cli.channels.typer.prompt", browser)
    words = ("channels", "consent", "etsy", "--redirect-uri=https://coop.example/etsy")
    told = runner.invoke(main, [*words, *app, f"--base-url={base}"])
    assert told.exit_code == 0, told.output

    add = ("channels", "add", "etsy", "etsy", f"--base-url={base}", "--credentials-from=-")
    added = runner.invoke(main, add, input=told.stdout)
    assert added.exit_code == 0, added.output
    checked = runner.invoke(main, ["channels", "check", "--json"])
    assert (checked.exit_code, "error" in json.loads(checked.stdout)[0]) == (0, False)


def test_a_marketplace_that_asks_in_no_browser_says_so(
    runner: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    unasking = replace(registry.marketplace("amazon"), consent=None)
    monkeypatch.setattr("connectors.registry.marketplace", lambda _code: unasking)
    words = ("channels", "consent", "amazon", "--redirect-uri=https://coop.example")
    told = runner.invoke(main, words)
    assert (told.exit_code, "does not ask for consent" in told.stderr) == (2, True)


def test_a_missing_credential_is_named(runner: CliRunner) -> None:
    told = runner.invoke(main, ["channels", "consent", "etsy", "--redirect-uri=https://x.example"])
    assert (told.exit_code, "keystring" in told.stderr) == (2, True)
