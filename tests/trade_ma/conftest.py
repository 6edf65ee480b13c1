"""A practice: an installation with a small catalog, and a Shopify channel on a practice market."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from starlette.types import ASGIApp
from typer.testing import CliRunner, Result

from connectors.clock import SystemClock
from connectors.sandbox.shopify import ShopifyMarket
from tests.trade_ma.small_catalog import fill
from trade_ma.cli import main
from trade_ma.identity import passwords
from trade_ma.installation import App, open_app


@dataclass
class Practice:
    """The command line at work in a data folder, and the market that its channel is on."""

    app: App
    market: ShopifyMarket
    address: str

    def run(self, *words: str, code: int = 0) -> Result:
        """Run a verb; its exit code is `code`."""
        result = CliRunner().invoke(main, words)
        assert result.exit_code == code, (result.output, result.exception)
        return result

    def json(self, *words: str, code: int = 0) -> Any:
        """What a verb prints as JSON."""
        return json.loads(self.run(*words, "--json", code=code).stdout)

    def add_channel(self, *more: str, **credentials: str) -> None:
        """Open a channel on the market, as its user would."""
        given = {**self.market.credentials, **credentials}
        pairs = [f"--credential={name}={value}" for name, value in given.items()]
        pairs += [f"--setting={name}={value}" for name, value in self.market.settings.items()]
        base = f"--base-url={self.address}"
        self.run("channels", "add", "shopify-us", "shopify", base, *pairs, *more)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hashes that are quick to make; argon2 is slow on purpose."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher.from_parameters(CHEAPEST))
        yield


@pytest.fixture
def bare(
    monkeypatch: pytest.MonkeyPatch,
    data_dir: Path,
    serve_judged: Callable[[str, ASGIApp], str],
) -> Iterator[Practice]:
    """A catalog, a market, and no channel yet."""
    monkeypatch.setenv("TRADE_MA_DATA_DIR", str(data_dir))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    app = open_app()
    with app.session() as session:
        fill(app, session)
        session.commit()
    market = ShopifyMarket(SystemClock())
    yield Practice(app, market, serve_judged("shopify", market.app()))
    app.engine.dispose()


@pytest.fixture
def practice(bare: Practice) -> Practice:
    """The same with a channel."""
    bare.add_channel()
    return bare
