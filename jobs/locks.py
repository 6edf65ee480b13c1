"""Locks that end with their holder: one pass at a time on an account, one process in a slot.

Whoever is killed leaves nothing behind: the kernel or the database server lets go of its locks.
"""

import fcntl
import hashlib
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from connectors.clock import Clock

# Seconds between two tries for a lock that somebody else holds.
STEP = 0.1


class Hold(Protocol):
    """A lock that is ours."""

    def held(self) -> bool:
        """Whether it still is: a server's lock is lost with the connection."""
        ...

    def release(self) -> None:
        """Let go of it."""
        ...


class Locks(Protocol):
    """Named locks. A lock that this process holds is as taken for itself as for others."""

    def take(self, name: str) -> Hold | None:
        """The lock of that name; None where somebody holds it."""
        ...

    def holder(self, name: str) -> str | None:
        """Who holds it, in words; None where nobody does."""
        ...


def wait_for(
    locks: Locks, name: str, clock: Clock, patience: float, given_up: Callable[[], bool]
) -> Hold | None:
    """The lock of that name, waited for up to `patience` seconds; None where it stays taken."""
    for _ in range(max(1, int(patience / STEP))):
        if hold := locks.take(name):
            return hold
        if given_up():
            return None
        clock.sleep(STEP)
    return None


def this_process() -> str:
    """This process in words."""
    return f"process {os.getpid()} on {socket.gethostname()}"


@dataclass(frozen=True, slots=True)
class _ThreadHold:
    lock: threading.Lock

    def held(self) -> bool:
        return True

    def release(self) -> None:
        self.lock.release()


@dataclass(frozen=True, slots=True)
class ThreadLocks:
    """Locks between the threads of one process."""

    _locks: dict[str, threading.Lock] = field(default_factory=dict)

    def take(self, name: str) -> Hold | None:
        """The lock of that name; None where another thread holds it."""
        lock = self._locks.setdefault(name, threading.Lock())
        return _ThreadHold(lock) if lock.acquire(blocking=False) else None

    def holder(self, name: str) -> str | None:
        """This process, where a thread of it does."""
        lock = self._locks.get(name)
        return this_process() if lock and lock.locked() else None


@dataclass(frozen=True, slots=True)
class _FileHold:
    descriptor: int

    def held(self) -> bool:
        return True

    def release(self) -> None:
        os.close(self.descriptor)


@dataclass(frozen=True, slots=True)
class FileLocks:
    """Locks between the processes of one machine: flock on files that are never removed.

    A file that was removed while it is held would let a second process lock its successor.
    """

    folder: Path

    def take(self, name: str) -> Hold | None:
        """The lock of that name; None where anybody holds it."""
        descriptor = self._open(name)
        if not _flock(descriptor):
            os.close(descriptor)
            return None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, this_process().encode(), 0)
        return _FileHold(descriptor)

    def holder(self, name: str) -> str | None:
        """Who wrote the name of its process into the locked file."""
        descriptor = self._open(name)
        try:
            if _flock(descriptor):
                return None
            return os.pread(descriptor, 200, 0).decode() or "another process"
        finally:
            os.close(descriptor)

    def _open(self, name: str) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{quote(name, safe='')}.lock"
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _flock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _ServerHold:
    connection: Connection
    lock: threading.Lock = field(default_factory=threading.Lock)

    def held(self) -> bool:
        try:
            with self.lock:
                if not self.connection.invalidated:
                    self.connection.execute(text("SELECT 1"))
        except DBAPIError:
            # Marks the connection as invalid where it was lost.
            return False
        return not self.connection.invalidated

    def release(self) -> None:
        # Closed and not pooled: the session ends, and its lock with it.
        self.connection.close()


# A worker whose machine lost its power is noticed in half a minute instead of two hours.
# Source: PostgreSQL, connection settings, tcp_keepalives_idle and those after it.
_KEEPALIVES = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=4"


class ServerLocks:
    """Locks between machines: advisory locks of PostgreSQL, each on a session of its own."""

    def __init__(self, engine: Engine) -> None:
        # A name is cut by the server at 63 characters.
        self._engine = create_engine(
            engine.url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"options": _KEEPALIVES, "application_name": this_process()[:63]},
        )

    def take(self, name: str) -> Hold | None:
        """The lock of that name; None where anybody holds it."""
        connection = self._engine.connect()
        asked = text("SELECT pg_try_advisory_lock(:key)")
        if connection.execute(asked, {"key": _key(name)}).scalar_one():
            return _ServerHold(connection)
        connection.close()
        return None

    def holder(self, name: str) -> str | None:
        """The process that the server knows by the session that holds the lock."""
        high, low = divmod(_key(name) % 2**64, 2**32)
        asked = text(
            "SELECT coalesce(application_name, '') FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE locktype = 'advisory' AND objsubid = 1 AND granted"
            " AND classid = CAST(:high AS bigint)::oid AND objid = CAST(:low AS bigint)::oid"
        )
        with self._engine.connect() as connection:
            found = connection.execute(asked, {"high": high, "low": low}).scalar_one_or_none()
        return None if found is None else str(found)


def _key(name: str) -> int:
    """A name as the signed number of 64 bits that PostgreSQL locks by."""
    digest = hashlib.blake2b(f"trade-ma {name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
