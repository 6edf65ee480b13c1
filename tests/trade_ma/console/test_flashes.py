"""A message that is carried to the next page, whatever a marketplace had to say."""

from starlette.requests import Request
from starlette.responses import Response

from trade_ma.console.flashes import LONGEST_QUOTE, Flash, Tone, leave, waiting

# Bytes of a cookie that every browser keeps: RFC 6265, section 6.1.
MOST = 4_096


def carried(flash: Flash) -> tuple[int, Flash | None]:
    """The bytes of its cookie, and what the next page finds."""
    response = Response()
    leave(response, flash)
    cookie, _, _ = response.headers["set-cookie"].partition(";")
    headers = [(b"cookie", cookie.encode())]
    return len(cookie), waiting(Request({"type": "http", "headers": headers}))


def test_a_long_quotation_is_cut_and_the_message_arrives() -> None:
    message = "لم يقبل السوق هذا المنتج، صحّح ثم أعد المحاولة. " * 4
    size, found = carried(Flash(message, Tone.ERROR, "كلمة " * 3_000))
    assert size < MOST
    assert found is not None
    assert (found.message, found.tone) == (message, Tone.ERROR)
    assert len(found.quote) <= LONGEST_QUOTE
    assert found.quote.endswith("…")
