"""The subjects of the API, one module each. A new one is added here, with one line."""

from trade_ma.api.routers import audit, auth, channels, health, plans, syncs, tokens, users
from trade_ma.api.routers import (
    adoptions,
    alerts,
    audit,
    auth,
    conflicts,
    health,
    orders,
    reconcile,
    statistics,
    tokens,
    users,
)

ROUTERS = (
    health.router,
    auth.router,
    users.router,
    tokens.router,
    audit.router,
    channels.router,
    plans.router,
    syncs.syncs,
    syncs.runs,
    syncs.queue,
    syncs.schedule,
    orders.router,
    conflicts.router,
    reconcile.router,
    adoptions.router,
    alerts.router,
    statistics.router,
)
