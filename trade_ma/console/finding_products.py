"""The product of an address, as far as it is any business of the visitor's."""

from sqlmodel import select

from catalog.models import Product
from trade_ma.api.problems import not_found
from trade_ma.console.visits import Visit


def product_of(visit: Visit, product_id: int) -> Product:
    """The product of that id; another maker's does not exist for a maker.

    Raises:
        Problem: 404 where there is none.
    """
    query = select(Product).where(Product.id == product_id)
    if visit.principal.maker_id is not None:
        query = query.where(Product.maker_id == visit.principal.maker_id)
    if (product := visit.session.exec(query).first()) is None:
        raise not_found(f"There is no product {product_id}.")
    return product
