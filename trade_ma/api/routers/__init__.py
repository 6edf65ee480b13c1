"""The subjects of the API, one module each. A new one is added here, with one line."""

from trade_ma.api.routers import audit, auth, health, imports, tokens, users

ROUTERS = (
    health.router,
    auth.router,
    users.router,
    tokens.router,
    audit.router,
    imports.router,
)
