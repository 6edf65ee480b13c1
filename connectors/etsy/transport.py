"""Where requests of the SDK go, and how long they may take: it lets nobody choose either."""

from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from connectors.etsy.limits import TIMEOUT

# Written into the SDK's every address.
SDK_HOST = "https://api.etsy.com"


class BaseUrlAdapter(HTTPAdapter):
    """Sends requests to another server, with a time-out. Mounted on SDK_HOST."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        """The answer of the other server to the same path and query."""
        parts = urlsplit(request.url or "")
        query = f"?{parts.query}" if parts.query else ""
        request.url = f"{self._base_url}{parts.path}{query}"
        kwargs["timeout"] = kwargs.get("timeout") or TIMEOUT
        return super().send(request, *args, **kwargs)
