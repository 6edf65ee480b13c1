"""How many pixels all threads may decode at once: memory is bounded by pixels, not by files."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from images.decode import PIXEL_LIMIT


class PixelBudget:
    """So many pixels, lent to whoever decodes; the others wait until some come back."""

    def __init__(self, pixels: int) -> None:
        self._all = self._left = pixels
        self._changed = Condition()

    @contextmanager
    def of(self, pixels: int) -> Iterator[None]:
        """Hold `pixels` of the budget. One picture larger than all of it goes alone."""
        held = min(pixels, self._all)
        with self._changed:
            self._changed.wait_for(lambda: self._left >= held)
            self._left -= held
        try:
            yield
        finally:
            with self._changed:
                self._left += held
                self._changed.notify_all()


# One budget for the whole process. The largest picture that we take fits.
BUDGET = PixelBudget(PIXEL_LIMIT)
