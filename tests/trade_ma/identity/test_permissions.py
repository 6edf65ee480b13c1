"""Which role may do what."""

from datetime import UTC, datetime

from trade_ma.identity.models import ApiToken, User, UserSession
from trade_ma.identity.permissions import PERMISSIONS, Permission, Role
from trade_ma.identity.principal import of_command_line, of_token, of_user

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def session_of(user: User) -> UserSession:
    return UserSession(
        id=5,
        user_id=user.id or 0,
        token_digest="d",
        csrf_token="c",
        created_at=NOON,
        seen_at=NOON,
        expires_at=NOON,
    )


def test_buyers_are_seen_by_those_who_ship_alone() -> None:
    ship = {role for role, may in PERMISSIONS.items() if Permission.ORDERS_SHIP in may}
    see = {role for role, may in PERMISSIONS.items() if Permission.BUYERS_READ in may}
    assert ship == see == {Role.ADMIN, Role.MANAGER, Role.SHIPPER}


def test_a_viewer_writes_nothing() -> None:
    assert all(one.endswith(":read") for one in PERMISSIONS[Role.VIEWER])


def test_users_are_the_admins_business_alone() -> None:
    assert [r for r, may in PERMISSIONS.items() if Permission.USERS_ADMIN in may] == [Role.ADMIN]


def test_a_maker_is_confined_to_their_own_maker() -> None:
    user = User(id=3, name="amina", role=Role.MAKER, maker_id=7)
    principal = of_user(user, session_of(user))
    assert [principal.sees(maker_id) for maker_id in (7, 8, None)] == [True, False, False]
    assert principal.may(Permission.CATALOG_WRITE)


def test_a_maker_without_a_maker_may_do_nothing() -> None:
    user = User(id=3, name="amina", role=Role.MAKER)
    assert of_user(user, session_of(user)).permissions == frozenset()


def test_others_see_every_maker() -> None:
    user = User(id=3, name="nadia", role=Role.MANAGER)
    assert all(of_user(user, session_of(user)).sees(maker_id) for maker_id in (7, 8, None))


def test_a_scope_that_is_no_longer_known_counts_for_nothing() -> None:
    token = ApiToken(
        id=4,
        name="x",
        token_digest="d",
        created_by="user:1",
        scopes=["orders:read", "moon:read"],
    )
    principal = of_token(token)
    assert (principal.reference, principal.permissions) == (
        "token:4",
        frozenset({Permission.ORDERS_READ}),
    )


def test_the_command_line_may_do_all() -> None:
    assert of_command_line().permissions == frozenset(Permission)
