"""Practice markets are served until stopped, and what they print opens a channel."""

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from connectors.sandbox.registry import SANDBOXES
from trade_ma.cli import main

TRADE_MA = Path(sys.executable).parent / "trade-ma"


@pytest.fixture
def served(tmp_path: Path, worker_port: int) -> Iterator[dict[str, Any]]:
    """What a running `sandbox serve` printed."""
    with subprocess.Popen(
        [TRADE_MA, "sandbox", "serve", "--json", f"--port={worker_port}"],
        env={**os.environ, "TRADE_MA_DATA_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line == "}\n":
                break
        yield json.loads("".join(lines))
        process.send_signal(signal.SIGTERM)
    assert process.returncode == 0


@pytest.fixture
def worker_port(worker_id: str) -> int:
    """A first port that no other test worker uses."""
    return 28_800 + 10 * int(worker_id.removeprefix("gw") if worker_id != "master" else 0)


def test_what_it_prints_opens_a_channel_on_each_market(
    served: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRADE_MA_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    runner = CliRunner()
    for told in served.values():
        _, *words = shlex.split(told["command"])
        added = runner.invoke(main, words)
        assert added.exit_code == 0, added.output
    checked = runner.invoke(main, ["channels", "check", "--json"])
    assert checked.exit_code == 0, checked.output
    assert {one["code"] for one in json.loads(checked.stdout)} == {
        f"practice-{code}" for code in SANDBOXES
    }


def test_an_unknown_weather_names_those_there_are() -> None:
    told = CliRunner().invoke(main, ["sandbox", "serve", "--faults=monsoon"])
    assert (told.exit_code, "bad-day" in told.stderr) == (2, True)
