"""Pixels lent to threads."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Lock

import pytest

from images.budget import PixelBudget


def test_what_fits_goes_side_by_side() -> None:
    budget, together = PixelBudget(100), Barrier(2, timeout=10)

    def work(_: int) -> int:
        with budget.of(50):
            # Passed only if both are inside at once.
            return together.wait() * 0

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(work, range(2))) == [0, 0]


def test_no_more_is_lent_than_there_is() -> None:
    budget, lock, held, most = PixelBudget(100), Lock(), [0], [0]

    def work(pixels: int) -> None:
        with budget.of(pixels):
            with lock:
                held[0] += pixels
                most[0] = max(most[0], held[0])
            Event().wait(0.001)
            with lock:
                held[0] -= pixels

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, [40, 30, 60, 100, 10] * 8))
    assert 0 < most[0] <= 100


def test_a_picture_larger_than_all_of_it_goes_alone_and_gives_back_what_it_held() -> None:
    budget = PixelBudget(100)
    with budget.of(500):
        pass
    with budget.of(100):
        pass


def test_a_failure_gives_back_what_it_held() -> None:
    budget = PixelBudget(100)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), budget.of(100):
            _ = 1 / 0
    with budget.of(100):
        pass
