"""Who is asking: a user with a session, a service token, or the command line."""

import getpass
from dataclasses import dataclass

from trade_ma.identity.models import ApiToken, User, UserSession
from trade_ma.identity.permissions import PERMISSIONS, Permission, Role


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking, and all that they may do.

    `reference` is how the audit trail names them, such as user:3 or token:7. `maker_id` confines
    them to one maker's things. `csrf_token` is there for those who came with a cookie: an unsafe
    request must repeat it.
    """

    reference: str
    name: str
    permissions: frozenset[Permission]
    role: Role | None = None
    maker_id: int | None = None
    locale: str = "en"
    user_id: int | None = None
    session_id: int | None = None
    csrf_token: str | None = None

    def may(self, permission: Permission) -> bool:
        """Whether they may do that."""
        return permission in self.permissions

    def sees(self, maker_id: int | None) -> bool:
        """Whether that maker's things are any of their business."""
        return self.maker_id is None or self.maker_id == maker_id


def of_user(user: User, session: UserSession) -> Principal:
    """The user of a session."""
    # A maker without a maker would not be confined to anything: they may do nothing.
    stray = user.role is Role.MAKER and user.maker_id is None
    return Principal(
        reference=f"user:{user.id}",
        name=user.name,
        permissions=frozenset() if stray else PERMISSIONS[user.role],
        role=user.role,
        maker_id=user.maker_id if user.role is Role.MAKER else None,
        locale=user.locale,
        user_id=user.id,
        session_id=session.id,
        csrf_token=session.csrf_token,
    )


def of_token(token: ApiToken) -> Principal:
    """The program of a service token; scopes that are no longer known count for nothing."""
    known = frozenset(Permission(scope) for scope in token.scopes if scope in set(Permission))
    return Principal(reference=f"token:{token.id}", name=token.name, permissions=known)


def of_command_line() -> Principal:
    """Whoever may run the command line has the database in their hands: they may do all."""
    return Principal("command-line", _login_name(), frozenset(Permission))


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's bare user number has no name
        return "unknown"
