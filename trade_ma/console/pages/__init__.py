"""The pages, a module for each subject; one line here puts its router to work."""

from trade_ma.console.pages import (
    adoptions,
    conflicts,
    home,
    language,
    orders,
    packing,
    profile,
    reconcile,
    session,
    setup,
    statistics,
)

ROUTERS = (
    home.router,
    language.router,
    profile.router,
    session.router,
    setup.router,
    orders.router,
    packing.router,
    conflicts.router,
    reconcile.router,
    adoptions.router,
    statistics.router,
)
