"""The pages, a module for each subject; one line here puts its router to work."""

from trade_ma.console.pages import (
    adding_channels,
    audit,
    channels,
    home,
    language,
    practice,
    profile,
    runs,
    session,
    settings,
    setup,
    users,
)

ROUTERS = (
    home.router,
    language.router,
    profile.router,
    session.router,
    setup.router,
    adding_channels.router,
    audit.router,
    channels.router,
    practice.router,
    runs.router,
    settings.router,
    users.router,
)
