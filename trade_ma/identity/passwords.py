"""Passwords, kept as argon2id hashes with the parameters of RFC 9106's second choice."""

from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# Source: NIST SP 800-63B-4, 3.1.1.2: at least 15 characters where it is the only factor is the
# wish, 8 the floor; no rules of composition; long ones are welcome.
SHORTEST, LONGEST = 10, 200

_hasher = PasswordHasher()
# A hash takes 64 MB: a crowd at the door must not take all memory.
_few = BoundedSemaphore(4)


def check(password: str, name: str) -> None:
    """Refuse a password that is no secret.

    Raises:
        ValueError: it is too short or too long, or the name itself; the message says which.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise ValueError(f"a password has {SHORTEST} to {LONGEST} characters")
    if password.casefold() in {name.casefold(), name.partition("@")[0].casefold()}:
        raise ValueError("a password must not be the name")
    if len(set(password)) < SHORTEST // 2:
        raise ValueError("a password must not repeat a few characters")


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _few:
        return _hasher.hash(password)


def matches(password: str, kept: str) -> bool:
    """Whether it is the password of that hash. Takes as long where there is none."""
    with _few:
        try:
            return _hasher.verify(kept or _nobodys(), password) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return _hasher.hash("the password of nobody")
