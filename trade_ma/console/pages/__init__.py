"""The pages, a module for each subject; one line here puts its router to work."""

from trade_ma.console.pages import home, imports, language, profile, session, setup

ROUTERS = (
    home.router,
    imports.router,
    language.router,
    profile.router,
    session.router,
    setup.router,
)
