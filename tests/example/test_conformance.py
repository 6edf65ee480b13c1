"""A stranger's package, installed, found by its entry point, and put to the conformance tests."""

import shutil
import subprocess
import sys
from importlib import invalidate_caches
from pathlib import Path

import pytest

from connectors import registry
from connectors.clock import VirtualClock
from connectors.conformance import ConnectorConformance
from connectors.protocol import Marketplace
from tests.example.sandbox import PlainShopMarket

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def plainshop(tmp_path_factory: pytest.TempPathFactory) -> Marketplace:
    """The package's marketplace, from an installation of its own."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("site")
    shutil.copytree(HERE / "plainshop", source / "plainshop")
    shutil.copy(HERE / "pyproject.toml", source)
    subprocess.run(
        [
            *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--offline"),
            *("--no-build-isolation", "--python", sys.executable, "--target", target, source),
        ],
        check=True,
    )
    sys.path.append(str(target))
    invalidate_caches()
    return registry.marketplace("plainshop")


class TestPlainShop(ConnectorConformance):
    tells_delivery = False
    tells_settlements = False

    @pytest.fixture(autouse=True)
    def _installed(self, plainshop: Marketplace) -> None:
        type(self).marketplace = plainshop

    @pytest.fixture
    def market(self, clock: VirtualClock) -> PlainShopMarket:
        return PlainShopMarket(clock)


def test_the_example_stays_short() -> None:
    lines = [len(file.read_text("utf-8").splitlines()) for file in HERE.glob("plainshop/*.py")]
    assert sum(lines) < 300
