"""A message that the next page shows once: carried by a cookie across the redirect of a form."""

import base64
import json
import textwrap
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import Response

_COOKIE = "flash"
# Characters of a quotation: a browser drops a cookie of more than 4,096 bytes (RFC 6265, 6.1).
LONGEST_QUOTE = 500


class Tone(StrEnum):
    """What a message is about."""

    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Flash:
    """A message in its reader's language; `quote` is what a marketplace said, in English."""

    message: str
    tone: Tone = Tone.SUCCESS
    quote: str = ""


def leave(response: Response, flash: Flash) -> None:
    """Leave `flash` for the next page."""
    short = replace(flash, quote=textwrap.shorten(flash.quote, LONGEST_QUOTE, placeholder=" …"))
    told = json.dumps(asdict(short), ensure_ascii=False)
    text = base64.urlsafe_b64encode(told.encode()).decode()
    response.set_cookie(_COOKIE, text, max_age=60, httponly=True, samesite="lax")


def waiting(request: Request) -> Flash | None:
    """What was left for this page; None where it is nothing of ours."""
    try:
        said = json.loads(base64.urlsafe_b64decode(request.cookies.get(_COOKIE, "")))
        return Flash(str(said["message"]), Tone(said["tone"]), str(said.get("quote", "")))
    except (ValueError, KeyError, TypeError):
        return None


def clear(response: Response) -> None:
    """Forget it: the page shows it now."""
    response.delete_cookie(_COOKIE, httponly=True, samesite="lax")
