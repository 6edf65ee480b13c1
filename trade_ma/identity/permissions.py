"""What may be done, and which role may do it: the one place where that is decided."""

from collections.abc import Mapping
from enum import StrEnum


class Permission(StrEnum):
    """One thing that may be done; the scopes of service tokens are the same words."""

    CATALOG_READ = "catalog:read"
    CATALOG_WRITE = "catalog:write"
    IMPORT_RUN = "import:run"
    CHANNELS_READ = "channels:read"
    CHANNELS_WRITE = "channels:write"
    LISTINGS_READ = "listings:read"
    SYNC_RUN = "sync:run"
    PRICES_READ = "prices:read"
    TEXTS_REVIEW = "texts:review"
    ORDERS_READ = "orders:read"
    ORDERS_SHIP = "orders:ship"
    BUYERS_READ = "buyers:read"
    BUYERS_ERASE = "buyers:erase"
    RECONCILE_RUN = "reconcile:run"
    STATISTICS_READ = "statistics:read"
    PRACTICE_RUN = "practice:run"
    AUDIT_READ = "audit:read"
    USERS_ADMIN = "users:admin"


class Role(StrEnum):
    """What a user is to the cooperative."""

    ADMIN = "admin"
    MANAGER = "manager"
    MAKER = "maker"  # sees and edits what is their own maker's, and nothing else
    SHIPPER = "shipper"
    VIEWER = "viewer"


_ALL = frozenset(Permission)

# A buyer's name and address are for those who write the parcel's label.
PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.ADMIN: _ALL,
    Role.MANAGER: _ALL - {Permission.USERS_ADMIN},
    Role.MAKER: frozenset(
        {
            Permission.CATALOG_READ,
            Permission.CATALOG_WRITE,
            Permission.IMPORT_RUN,
            Permission.LISTINGS_READ,
            Permission.PRICES_READ,
            Permission.TEXTS_REVIEW,
            Permission.STATISTICS_READ,
            Permission.PRACTICE_RUN,
        }
    ),
    Role.SHIPPER: frozenset(
        {
            Permission.CATALOG_READ,
            Permission.ORDERS_READ,
            Permission.ORDERS_SHIP,
            Permission.BUYERS_READ,
        }
    ),
    Role.VIEWER: frozenset(
        {
            Permission.CATALOG_READ,
            Permission.CHANNELS_READ,
            Permission.LISTINGS_READ,
            Permission.PRICES_READ,
            Permission.ORDERS_READ,
            Permission.STATISTICS_READ,
        }
    ),
}
