"""What is told of errors that nobody foresaw; that the database went away is no mistake of ours."""

import logging

from sqlalchemy.exc import DBAPIError, OperationalError


def outage(error: BaseException) -> str | None:
    """Why the database cannot be reached, in words; None where the error is something else.

    Of the driver's words the first line alone: they speak of the connection, never of a row.
    """
    if not isinstance(error, DBAPIError):
        return None
    if not error.connection_invalidated and not _is_operational(error):
        return None
    reason, *_ = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
    return f"the database cannot be reached: {reason}"


def _is_operational(error: DBAPIError) -> bool:
    # SQLite's driver has no other name for a statement that is wrong, which is ours to mend.
    wrong = getattr(error.orig, "sqlite_errorname", None) == "SQLITE_ERROR"
    return isinstance(error, OperationalError) and not wrong


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
