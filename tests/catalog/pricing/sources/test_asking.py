"""A source that accepts a call and never answers is given up."""

import socket

import pytest

from catalog.pricing.sources import SourceUnavailable
from catalog.pricing.sources.asking import Asker


def test_a_silent_source_is_given_up_after_its_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        slept: list[float] = []
        with pytest.raises(SourceUnavailable, match=r"A bank does not answer in 0\.05 seconds"):
            Asker("A bank", timeout=0.05, sleep=slept.append).get(address)
    assert len(slept) == 2
