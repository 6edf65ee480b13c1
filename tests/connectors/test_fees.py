"""What is said of the fees that prices are made with."""

import pytest

from connectors.protocol import Fee
from connectors.registry import codes, marketplace

# They stand in a table's column.
LONGEST = 90
FEES = {
    f"{code} {site.code} {fee.name}": fee
    for code in codes()
    for site in marketplace(code).sites
    for fee in site.fees
}


@pytest.mark.parametrize("fee", FEES.values(), ids=FEES)
def test_a_fee_says_in_few_words_where_it_is_from(fee: Fee) -> None:
    assert 0 < len(fee.source) <= LONGEST


def test_what_nobody_has_read_at_its_source_says_so() -> None:
    read = {name for name, fee in FEES.items() if "unverified" not in fee.source}
    assert read == {"etsy world listing fee"}
