"""The pages, a module for each subject; one line here puts its router to work."""

from trade_ma.console.pages import (
    home,
    language,
    listing,
    listings,
    photos,
    product,
    products,
    profile,
    session,
    setup,
)

ROUTERS = (
    home.router,
    language.router,
    listing.router,
    listings.router,
    photos.router,
    products.router,
    product.router,
    profile.router,
    session.router,
    setup.router,
)
