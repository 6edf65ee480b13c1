"""The subjects of the API, one module each. A new one is added here, with one line."""

from trade_ma.api.routers import (
    audit,
    auth,
    health,
    images,
    prices,
    rates,
    suggestions,
    text_files,
    texts,
    tokens,
    translation,
    users,
)

ROUTERS = (
    health.router,
    auth.router,
    users.router,
    tokens.router,
    audit.router,
    text_files.router,
    translation.router,
    texts.router,
    suggestions.router,
    prices.router,
    rates.router,
    images.router,
)
