"""Photos from the web: https only, public hosts only, bounded in size and time.

An address in a cooperative's file must not make this machine ask its own network for something.
So each host is resolved here, every address of it must be public, and the connection goes to the
address that was checked: a name that answers otherwise the next time gains nothing.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import httpx

from images.decode import BYTE_LIMIT
from images.errors import BadPhoto

Resolve = Callable[[str], Sequence[str]]

REDIRECTS = 5
# Seconds for any one step on the net, and for all of a photo.
STEP, WHOLE = 10.0, 60.0
_REDIRECTED = frozenset({301, 302, 303, 307, 308})


def resolve(host: str) -> list[str]:
    """The addresses of a host, by this machine's resolver.

    Raises:
        OSError: it has none.
    """
    found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@cache
def _trusted() -> ssl.SSLContext:
    """Whom TLS believes. Reading it takes 30 ms, and a file names a thousand photos."""
    return httpx.create_ssl_context(trust_env=False)


@dataclass(frozen=True, slots=True)
class Web:
    """The way to photos on the web; tests have resolvers and clocks of their own."""

    resolve: Resolve = resolve
    now: Callable[[], float] = time.monotonic

    def photo(self, address: str) -> bytes:
        """The bytes at an https address; whether they are a photo, `images.inspect` says.

        Raises:
            BadPhoto: not_fetched, too_large.
        """
        url, until = address, self.now() + WHOLE
        # The environment may name a proxy, which would choose the address for us.
        with httpx.Client(
            verify=_trusted(), timeout=STEP, trust_env=False, follow_redirects=False
        ) as client:
            for _ in range(REDIRECTS + 1):
                try:
                    answer = self._asked(client, httpx.URL(url), until)
                except (httpx.HTTPError, httpx.InvalidURL) as error:
                    raise _not_fetched(f"{type(error).__name__} at its address") from error
                if isinstance(answer, bytes):
                    return answer
                url = str(answer)
        raise _not_fetched(f"its address leads on more than {REDIRECTS} times")

    def _asked(self, client: httpx.Client, url: httpx.URL, until: float) -> bytes | httpx.URL:
        """The content at `url`, or where it is to be found."""
        if url.scheme != "https" or url.userinfo or (url.port or 443) != 443:  # noqa: PLR2004
            raise _not_fetched("its address is not a plain https one")
        pinned = url.copy_with(host=self._public_address(url.host))
        request = client.build_request(
            "GET",
            pinned,
            # Nothing packed: a few bytes could unfold to gigabytes.
            headers={"Host": url.host, "Accept": "image/*", "Accept-Encoding": "identity"},
            # The certificate must be of the host, not of the address that we connect to.
            extensions={"sni_hostname": url.host},
        )
        answer = client.send(request, stream=True)
        try:
            if answer.status_code in _REDIRECTED and "location" in answer.headers:
                return url.join(answer.headers["location"])
            if answer.status_code != httpx.codes.OK:
                raise _not_fetched(f"the server answers {answer.status_code}")
            return self._read(answer, until)
        finally:
            answer.close()

    def _read(self, answer: httpx.Response, until: float) -> bytes:
        content = bytearray()
        for part in answer.iter_raw(65_536):
            content += part
            if len(content) > BYTE_LIMIT:
                raise BadPhoto(
                    "too_large",
                    f"The file has more than {BYTE_LIMIT // 10**6} MB",
                    most=BYTE_LIMIT,
                )
            if self.now() > until:
                raise _not_fetched(f"it takes more than {WHOLE:.0f} seconds")
        return bytes(content)

    def _public_address(self, host: str) -> str:
        try:
            found = self.resolve(host)
        except (OSError, UnicodeError) as error:
            raise _not_fetched("its host is not known") from error
        if not found or not all(map(is_public, found)):
            raise _not_fetched("its host is not on the public internet")
        # Many a cooperative's line has no IPv6.
        return min(found, key=lambda address: ":" in address)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, whichever way it is wrapped in IPv6."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        # A zone, as of fe80::1%eth0, is of a local network.
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or _translated(ip)
        if inner:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _translated(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a NAT64 gateway would ask for. Source: RFC 6052, section 2.1."""
    if ip not in ipaddress.IPv6Network("64:ff9b::/96"):
        return None
    return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)


def _not_fetched(why: str) -> BadPhoto:
    return BadPhoto("not_fetched", f"The photo could not be fetched: {why}")
