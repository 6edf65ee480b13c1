"""Photos from the web, and what an address must not reach."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx
import pytest
import respx

from images.errors import BadPhoto
from images.fetch import REDIRECTS, Web, is_public

PUBLIC, OTHER = "93.184.215.14", "151.101.1.195"
HOSTS = {
    "shop.example": [PUBLIC],
    "cdn.example": [OTHER],
    "inside.example": ["10.0.0.8"],
    "both.example": [PUBLIC, "127.0.0.1"],
    "metadata.example": ["169.254.169.254"],
}


@dataclass
class Names:
    """A resolver of its own hosts."""

    hosts: Mapping[str, Sequence[str]]

    def __call__(self, host: str) -> Sequence[str]:
        if host not in self.hosts:
            raise OSError
        return self.hosts[host]


WEB = Web(Names(HOSTS))


def refusal(address: str, web: Web = WEB) -> tuple[str, str]:
    with pytest.raises(BadPhoto) as bad:
        web.photo(address)
    return bad.value.code, str(bad.value)


@respx.mock
def test_the_checked_address_is_asked_in_the_name_of_the_host() -> None:
    route = respx.get(f"https://{PUBLIC}/tapis.jpg?v=1").respond(content=b"bytes")
    assert WEB.photo("https://shop.example/tapis.jpg?v=1") == b"bytes"
    request = route.calls.last.request
    assert request.headers["host"] == "shop.example"
    assert request.extensions["sni_hostname"] == "shop.example"


@respx.mock
def test_a_redirect_is_followed_within_the_same_rule() -> None:
    respx.get(f"https://{PUBLIC}/a").respond(302, headers={"location": "//cdn.example/b"})
    respx.get(f"https://{OTHER}/b").respond(content=b"bytes")
    assert WEB.photo("https://shop.example/a") == b"bytes"


@respx.mock
@pytest.mark.parametrize(
    "location", ["https://inside.example/", "http://shop.example/", "file:///etc/passwd"]
)
def test_a_redirect_leads_nowhere_that_an_address_may_not(location: str) -> None:
    respx.get(f"https://{PUBLIC}/a").respond(302, headers={"location": location})
    assert refusal("https://shop.example/a")[0] == "not_fetched"


@respx.mock
def test_redirects_come_to_an_end() -> None:
    route = respx.get(f"https://{PUBLIC}/a").respond(302, headers={"location": "/a"})
    assert "more than 5 times" in refusal("https://shop.example/a")[1]
    assert route.call_count == REDIRECTS + 1


@respx.mock
@pytest.mark.parametrize(
    "address",
    [
        "https://inside.example/a",
        "https://both.example/a",
        "https://metadata.example/latest/meta-data",
        "https://unknown.example/a",
        "http://shop.example/a",
        "https://shop.example:8443/a",
        "https://user:secret@shop.example/a",
        "ftp://shop.example/a",
        "https://",
    ],
)
def test_an_address_that_is_not_plain_and_public_is_never_asked(address: str) -> None:
    # Nothing is mocked: asking anything would fail in another way.
    code, message = refusal(address)
    assert (code, "secret" in message) == ("not_fetched", False)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        (PUBLIC, True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),  # noqa: S104  # an address under test, bound to by nobody
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d70e", True),
        ("localhost", False),
    ],
)
def test_private_addresses_are_known_in_every_wrapping(address: str, *, public: bool) -> None:
    assert is_public(address) is public


@respx.mock
def test_a_refusing_server_and_a_broken_line_are_told() -> None:
    respx.get(f"https://{PUBLIC}/gone").respond(404)
    respx.get(f"https://{PUBLIC}/slow").mock(side_effect=httpx.ReadTimeout)
    assert "answers 404" in refusal("https://shop.example/gone")[1]
    assert "ReadTimeout" in refusal("https://shop.example/slow")[1]


@respx.mock
def test_what_is_too_large_or_too_slow_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    respx.get(f"https://{PUBLIC}/a").respond(content=b"x" * 200_000)
    late = Web(Names(HOSTS), now=itertools.count(0, 61).__next__)
    assert "60 seconds" in refusal("https://shop.example/a", late)[1]
    monkeypatch.setattr("images.fetch.BYTE_LIMIT", 100_000)
    assert refusal("https://shop.example/a")[0] == "too_large"
