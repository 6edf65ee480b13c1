"""Alerts by a webhook: JSON posted to an address of the operator's, signed where asked."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import httpx

from jobs.alert_news import News
from trade_ma.alert_hooks import HookFailed

# A server that takes longer is tried again at the next tick, in seconds.
TIMEOUT = 10
SIGNATURE = "X-Trade-Ma-Signature"


def body(news: Sequence[News], sent_at: datetime) -> bytes:
    """The news as JSON. The moment is signed with the rest, against replays."""
    alerts = [
        {name: value for name, value in asdict(one).items() if name != "alert_id"}
        | {"began_at": one.began_at.isoformat()}
        for one in news
    ]
    return json.dumps(
        {"sent_at": sent_at.isoformat(), "alerts": alerts}, ensure_ascii=False
    ).encode()


def signature(content: bytes, secret: str) -> str:
    """The HMAC-SHA256 of the body, as the receiver computes it: sha256=HEX."""
    return "sha256=" + hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Webhook:
    """Tells by a POST."""

    # Addresses of chat services are secrets themselves.
    url: str = field(repr=False)
    secret: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """As alerts remember it."""
        return "webhook"

    def tell(self, news: Sequence[News]) -> None:
        """Post the news.

        Raises:
            HookFailed: nobody took them.
        """
        content = body(news, datetime.now(UTC))
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers[SIGNATURE] = signature(content, self.secret)
        try:
            answer = httpx.post(self.url, content=content, headers=headers, timeout=TIMEOUT)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise HookFailed(f"the webhook cannot be reached: {type(error).__name__}") from None
        if not answer.is_success:
            raise HookFailed(f"the webhook answered {answer.status_code}")
