"""The subjects of the API, one module each. A new one is added here, with one line."""

from trade_ma.api.routers import (
    audit,
    auth,
    health,
    listings,
    makers,
    photos,
    products,
    stock,
    tokens,
    users,
)

ROUTERS = (
    health.router,
    auth.router,
    users.router,
    tokens.router,
    audit.router,
    makers.router,
    products.router,
    photos.router,
    photos.pictures,
    stock.router,
    listings.router,
)
