"""The two sides of a difference, in the reader's words."""

import pytest

from jobs.drift import OFF_SALE
from jobs.drift_models import DifferenceKind
from jobs.order_gaps import NOT_UNDERSTOOD
from tests.trade_ma.console.speaking import visit_in
from trade_ma.console.difference_words import side_told


@pytest.mark.parametrize(
    ("kind", "side", "told"),
    [
        (DifferenceKind.PRESENCE, OFF_SALE, "Retiré de la vente"),
        (DifferenceKind.ORDER, NOT_UNDERSTOOD, "Illisible"),
        (DifferenceKind.ORDER, "paid, 79.00 EUR", "Payée, 79.00 EUR"),
        (DifferenceKind.IMAGES, "3", "3 photos"),
        (DifferenceKind.STOCK, "3", "3"),
        (DifferenceKind.PRICE, "79.00 EUR", "79.00 EUR"),
        (DifferenceKind.TEXT, "for sale", "for sale"),
    ],
)
def test_a_side_is_told_in_the_language_of_the_reader(
    kind: DifferenceKind, side: str, told: str
) -> None:
    assert side_told(visit_in("fr"), kind, side) == told
