"""The errors that leave a connector, named by the reaction they call for.

Nothing else leaves one. A refusal of one listing inside `push` is data (protocol.Rejected); what
is raised is trouble with the channel, and a timed-out refusal never looks like a refused listing.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectors.protocol import Issue


class ConnectorError(Exception):
    """Trouble with a channel."""


class Throttled(ConnectorError):
    """The marketplace asks to wait. `retry_after` is in seconds, None where it did not say."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(ConnectorError):
    """The marketplace cannot answer now, and surely did not act: try later."""


class OutcomeUnknown(ConnectorError):
    """The marketplace may have acted, and nobody heard: look before you repeat."""


class CredentialsRejected(ConnectorError):
    """The marketplace does not know us any more: pause the channel and tell a person."""


class NotAuthentic(ConnectorError):
    """A notification that the marketplace did not sign: answer 401 and do nothing."""


class Refused(ConnectorError):
    """This one listing or order is refused, for `issues`; the channel is well."""

    def __init__(self, issues: "Sequence[Issue]") -> None:
        super().__init__("; ".join(issue.message for issue in issues))
        self.issues = tuple(issues)
