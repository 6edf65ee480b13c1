"""The pages, a module for each subject; one line here puts its router to work."""

from trade_ma.console.pages import (
    home,
    language,
    photos,
    prices,
    profile,
    rates,
    session,
    setup,
    suggestions,
    texts,
)

ROUTERS = (
    home.router,
    language.router,
    photos.router,
    prices.router,
    profile.router,
    rates.router,
    session.router,
    setup.router,
    suggestions.router,
    texts.router,
)
