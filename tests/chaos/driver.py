"""The process under trial: `trade-ma` with our clock, forked from one that has imported it all.

What a kill interrupts is work; a second and a half of imports before each would be most of a run.
"""

import os
import resource
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import trade_ma.workshop
from tests.chaos.shared_clock import SharedClock
from trade_ma.cli import main

_CONTEXT = get_context("forkserver")
# What a pass imports late, beside what this module does.
_LATE = ("connectors.amazon", "connectors.etsy", "connectors.shopify", "httpcore")
_CONTEXT.set_forkserver_preload([__name__, *_LATE])


@dataclass(frozen=True, slots=True)
class Driver:
    """A command of ours and what surrounds it.

    No file may grow beyond `file_limit` bytes, as on a full disk. Its stdout goes to `log`.out, its
    stderr to `log`.err.
    """

    words: Sequence[str]
    environment: Mapping[str, str]
    clock: SharedClock
    log: Path
    file_limit: int | None = None

    def start(self) -> ForkServerProcess:
        """Run it in a process of its own."""
        process = _CONTEXT.Process(target=_run, args=(self,), daemon=True)
        process.start()
        return process


def _run(driver: Driver) -> None:
    os.environ.update(driver.environment)
    _print_to(driver.log)
    vars(trade_ma.workshop)["SystemClock"] = lambda: driver.clock
    if driver.file_limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (driver.file_limit, driver.file_limit))
    main(driver.words)


def _print_to(log: Path) -> None:
    for descriptor, suffix in ((1, ".out"), (2, ".err")):
        os.dup2(os.open(log.with_suffix(suffix), os.O_WRONLY | os.O_CREAT), descriptor)
    # Those that pytest put in their places do not speak to these descriptors.
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
