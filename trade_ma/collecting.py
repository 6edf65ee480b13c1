"""How this process looks for garbage in circles: for passes over large catalogs, and for answers.

What was loaded before, the vocabulary above all, is never garbage: neither looks through it.
"""

import gc

# New objects before a look at the young, and looks at the young before one at the older.
YOUNG, OLDER = 50_000, 20


def collect_seldom() -> None:
    """For passes: look more seldom than Python does by itself.

    Drafting makes millions of values, hardly one in a circle: looking cost a pass over 100,000
    products a tenth of its time (benchmarks/drafting.py).
    """
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, OLDER)


def collect_in_small_steps() -> None:
    """For answers: look as often as Python does by itself, at little each time.

    With what was loaded among it, a look held one request in a hundred up by 150 ms; at 50,000 new
    objects at once, by 15 to 35 ms (benchmarks/api.py).
    """
    gc.freeze()
