"""Where a visitor is sent on to: only ever to a page of ours."""

from urllib.parse import urlsplit


def own(address: str) -> str:
    """`address` where it is a path of this console, else the home page.

    A browser reads backslashes as slashes and // as another host: both are none of ours.
    """
    parts = urlsplit(address)
    is_own = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if is_own and not parts.netloc and address.isprintable() else "/"
