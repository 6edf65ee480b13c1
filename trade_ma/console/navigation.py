"""The sections of the console, and which of them a visitor finds in the menu."""

from collections.abc import Collection
from dataclasses import dataclass

from trade_ma.console.languages import marked
from trade_ma.identity.permissions import Permission
from trade_ma.identity.principal import Principal


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the console: its first page, and what one must be allowed to see it."""

    path: str
    name: str
    permission: Permission | None = None


SECTIONS = (
    Section("/", marked("Home")),
    Section("/imports", marked("Imports"), Permission.IMPORT_RUN),
    Section("/products", marked("Products"), Permission.CATALOG_READ),
    Section("/listings", marked("Listings"), Permission.LISTINGS_READ),
    Section("/texts", marked("Texts"), Permission.TEXTS_REVIEW),
    Section("/suggestions", marked("Suggestions"), Permission.CATALOG_WRITE),
    Section("/photos", marked("Photos"), Permission.CATALOG_READ),
    Section("/prices", marked("Prices"), Permission.PRICES_READ),
    Section("/orders", marked("Orders"), Permission.ORDERS_READ),
    Section("/statistics", marked("Statistics"), Permission.STATISTICS_READ),
    Section("/reconcile", marked("Reconcile"), Permission.RECONCILE_RUN),
    Section("/runs", marked("Runs"), Permission.CHANNELS_READ),
    Section("/practice", marked("Practice"), Permission.PRACTICE_RUN),
    Section("/channels", marked("Channels"), Permission.CHANNELS_READ),
    Section("/settings", marked("Settings"), Permission.CHANNELS_WRITE),
    Section("/users", marked("Users"), Permission.USERS_ADMIN),
    Section("/audit", marked("Audit"), Permission.AUDIT_READ),
)


def menu(principal: Principal, pages: Collection[str]) -> list[Section]:
    """The sections that `principal` may see, of those whose first page is among `pages`."""
    return [
        section
        for section in SECTIONS
        if section.path in pages
        and (section.permission is None or principal.may(section.permission))
    ]


def is_within(section: Section, path: str) -> bool:
    """Whether `path` is the section's first page or one under it."""
    return path == section.path or (section.path != "/" and path.startswith(section.path + "/"))
