"""What is told of errors that nobody foresaw; that the database went away is no mistake of ours."""

import logging

from sqlalchemy.exc import DBAPIError, OperationalError

# Sources: https://sqlite.org/rescode.html and PostgreSQL's appendix A, by class: no connection,
# no room, and a server that is going or coming.
_SQLITE_AWAY = (
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_CANTOPEN",
    "SQLITE_IOERR",
    "SQLITE_FULL",
)
_AWAY = ("08", "53", "57P")


def outage(error: BaseException) -> str | None:
    """Why the database cannot be reached, in words; None where the error is something else.

    Of the driver's words the first line alone: they speak of the connection, never of a row.
    """
    if not isinstance(error, DBAPIError):
        return None
    if not error.connection_invalidated and not _is_away(error):
        return None
    reason, *_ = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
    return f"the database cannot be reached: {reason}"


def _is_away(error: DBAPIError) -> bool:
    # A deadlock or a wrong statement is operational to a driver as well, and ours to mend.
    if name := getattr(error.orig, "sqlite_errorname", None):
        return str(name).startswith(_SQLITE_AWAY)
    state = getattr(error.orig, "sqlstate", None)
    return isinstance(error, OperationalError) and (state is None or state.startswith(_AWAY))


def told(log: logging.Logger, subject: str, error: Exception) -> str:
    """What a person reads of an error met with `subject`; a mistake of ours is logged as well."""
    if gone := outage(error):
        return gone
    log.error("%s: a mistake of this program", subject, exc_info=error)
    return f"a mistake of this program ({type(error).__name__}): see the log"


def tell(log: logging.Logger, subject: str, error: Exception) -> None:
    """Log an error met with `subject`: a mistake of ours with its trace, an outage in a line."""
    if gone := outage(error):
        log.warning("%s: trouble begins: %s", subject, gone)
    else:
        told(log, subject, error)
