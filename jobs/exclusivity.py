"""Products that one channel alone sells."""

from sqlmodel import Session, select

from catalog.models import Product
from catalog.revisions import revise
from jobs.channels import find


def set_exclusive(session: Session, code: str, channel: str | None) -> bool:
    """List the product of `code` on `channel` alone, on every channel with None.

    Returns whether that changes anything; the next pass then ends its listings elsewhere, or
    brings them back. The caller commits.

    Raises:
        LookupError: there is no such product, or no such channel.
    """
    if channel is not None:
        find(session, [channel])
    product = session.exec(select(Product).where(Product.code == code)).first()
    if product is None:
        raise LookupError(f"there is no product {code!r}: name it by its code")
    if product.exclusive_to == channel:
        return False
    product.exclusive_to = channel
    revise(session, [product.id or 0])
    return True
