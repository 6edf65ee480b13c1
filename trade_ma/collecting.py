"""How often this process looks for garbage in circles, set for passes over large catalogs."""

import gc

# New objects before a look at the young, and looks at the young before one at the older.
YOUNG, OLDER = 50_000, 20


def collect_seldom() -> None:
    """Look for circles more seldom than Python does by itself.

    Drafting makes millions of values, hardly one in a circle, and the vocabulary beside them is
    never garbage: looking through both cost a pass over 100,000 products a tenth of its time
    (benchmarks/drafting.py), and held one request in a hundred up by 150 ms (benchmarks/api.py).
    """
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, OLDER)
