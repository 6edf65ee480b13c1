"""Random tokens, of which only a digest is kept."""

import hashlib
import secrets

# Bytes of randomness in a token; far beyond guessing, so that a fast digest is enough.
RANDOMNESS = 32


def new_token() -> str:
    """A new random token, fit for a cookie, a header and an address."""
    return secrets.token_urlsafe(RANDOMNESS)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(left: str, right: str) -> bool:
    """Whether two secrets are the same, told in constant time."""
    return secrets.compare_digest(left.encode(), right.encode())
