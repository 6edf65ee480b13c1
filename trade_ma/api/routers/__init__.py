"""The subjects of the API, one module each. A new one is added here, with one line."""

from trade_ma.api.routers import (
    audit,
    auth,
    health,
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
)
