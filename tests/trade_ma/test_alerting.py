"""Alerts reach a real SMTP server and a real webhook, and a hook that fails stops nothing."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from socket import socket
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from aiosmtpd.smtp import AuthResult, LoginPassword
from fastapi import FastAPI, Request, Response
from pydantic import SecretStr

from connectors.clock import VirtualClock
from connectors.sandbox.server import serve
from jobs.alert_models import AlertKind
from jobs.alert_news import News, Turn
from jobs.models import Channel
from tests.certificates import Certificate, new_certificate
from tests.conftest import NOON
from tests.trade_ma.conftest import Practice
from trade_ma.alert_email import Email, SmtpServer, Tls, letter, smtp_server
from trade_ma.alert_hooks import HookFailed
from trade_ma.alert_webhook import SIGNATURE, Webhook, signature
from trade_ma.alerting import Alerted, alert
from trade_ma.installation import App, open_app
from trade_ma.settings import Settings

BEGAN = News(1, Turn.BEGAN, AlertKind.GAP, "us", "us has a gap", NOON)
ENDED = News(2, Turn.ENDED, AlertKind.CONFLICT, "eu #7", "BO-001 was sold twice", NOON)


class Letters(MessageHandler):
    """A mailbox."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[Message] = []

    def handle_message(self, message: Message) -> None:
        self.all.append(message)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return new_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def trusted(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    """The certificate, trusted by us."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    return certificate


@contextmanager
def mail(**options: Any) -> Iterator[tuple[str, Letters]]:
    """An SMTP server on loopback: its host and port, and what it took."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    letters = Letters()
    server = Controller(letters, hostname="127.0.0.1", port=port, **options)
    server.start()
    try:
        yield f"127.0.0.1:{port}", letters
    finally:
        server.stop()


def knows(_server: object, _session: object, _envelope: object, _how: str, given: Any) -> Any:
    known = LoginPassword(b"trade", b"s/cret")
    return AuthResult(success=given == known, handled=False)


def test_a_letter_says_all_that_is_new_and_all_that_is_over() -> None:
    written = letter([BEGAN, ENDED], to="a@example.org, b@example.org", sender="t@example.org")
    assert (written["Subject"], written["To"]) == (
        "Trade.ma alerts: 1 new, 1 over",
        "a@example.org, b@example.org",
    )
    assert written.get_content() == "gap: us\nus has a gap\n\nover: conflict: eu #7\n"


def test_a_letter_goes_by_starttls_with_a_login(trusted: Certificate) -> None:
    options = {"tls_context": trusted.context, "require_starttls": True, "authenticator": knows}
    with mail(auth_required=True, **options) as (place, letters):
        Email("a@example.org", "t@example.org", f"smtp://trade:s%2Fcret@{place}").tell([BEGAN])
    assert [(one["To"], one["From"]) for one in letters.all] == [("a@example.org", "t@example.org")]


def test_a_letter_goes_by_tls_from_the_start(trusted: Certificate) -> None:
    with mail(ssl_context=trusted.context) as (place, letters):
        Email("a@example.org", "t@example.org", f"smtps://{place}").tell([BEGAN])
    assert len(letters.all) == 1


def test_a_server_that_cannot_prove_who_it_is_gets_no_letter(certificate: Certificate) -> None:
    with mail(ssl_context=certificate.context) as (place, letters):
        hook = Email("a@example.org", "t@example.org", f"smtps://{place}")
        with pytest.raises(HookFailed, match="SSLCertVerificationError"):
            hook.tell([BEGAN])
    assert letters.all == []


def test_a_server_without_tls_gets_a_letter_only_where_that_is_wanted() -> None:
    with mail() as (place, letters):
        with pytest.raises(HookFailed, match="SMTPNotSupportedError"):
            Email("a@example.org", "t@example.org", f"smtp://{place}").tell([BEGAN])
        Email("a@example.org", "t@example.org", f"smtp://{place}?starttls=no").tell([BEGAN])
    assert len(letters.all) == 1


def test_a_wrong_login_is_told_by_its_code_alone(trusted: Certificate) -> None:
    options = {"tls_context": trusted.context, "require_starttls": True, "authenticator": knows}
    with mail(**options) as (place, _):
        hook = Email("a@example.org", "t@example.org", f"smtp://trade:wrong@{place}")
        with pytest.raises(HookFailed) as failed:
            hook.tell([BEGAN])
    assert str(failed.value) == "the SMTP server answered 535"
    assert "wrong" not in repr(hook)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtps://u:p%40@mail.org", SmtpServer("mail.org", 465, Tls.IMPLICIT, "u", "p@")),
        ("smtp://mail.org", SmtpServer("mail.org", 587, Tls.STARTTLS)),
        ("smtp://relay:25?starttls=no", SmtpServer("relay", 25, Tls.NONE)),
    ],
)
def test_an_smtp_address_is_read(url: str, server: SmtpServer) -> None:
    assert smtp_server(url) == server


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "write TRADE_MA_SMTP_URL as"),
        ("https://mail.org", "write TRADE_MA_SMTP_URL as"),
        ("smtp://u:hidden/word@mail.org", "percent-encoded"),
        ("smtp://u:hidden@mail.org?starttls=no", "in the clear"),
    ],
)
def test_what_is_no_smtp_address_is_told_without_its_secret(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refused:
        smtp_server(url)
    assert "hidden" not in str(refused.value)


@dataclass
class Inbox:
    """A webhook of an operator's, that can be made to fail."""

    status: int = 204
    taken: list[tuple[bytes, str | None]] = field(default_factory=list)

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/hook")
        async def take(request: Request) -> Response:
            if self.status == 204:
                signed = request.headers.get(SIGNATURE)
                self.taken.append((await request.body(), signed))
            return Response(status_code=self.status)

        return app

    def heard(self) -> list[list[tuple[str, str]]]:
        return [
            [(one["kind"], one["turn"]) for one in json.loads(content)["alerts"]]
            for content, _ in self.taken
        ]


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def address(inbox: Inbox) -> Iterator[str]:
    with serve(inbox.app()) as url:
        yield f"{url}/hook"


def test_a_webhook_gets_signed_json(inbox: Inbox, address: str) -> None:
    Webhook(address, "shared").tell([BEGAN])
    Webhook(address).tell([ENDED])
    [(content, signed), (_, unsigned)] = inbox.taken
    assert json.loads(content)["alerts"] == [
        {
            "turn": "began",
            "kind": "gap",
            "subject": "us",
            "message": "us has a gap",
            "began_at": "2026-11-23T12:00:00+00:00",
        }
    ]
    assert (signed, unsigned) == (signature(content, "shared"), None)
    # As printf 'body' | openssl dgst -sha256 -hmac shared says.
    assert signature(b"body", "shared") == (
        "sha256=42c9dce7510db234da57db2aa4046ef5cb224ca8a62c236255525dae66663346"
    )


def test_a_webhook_that_fails_is_told_without_its_address(inbox: Inbox, address: str) -> None:
    inbox.status = 500
    with pytest.raises(HookFailed) as answered:
        Webhook(address).tell([BEGAN])
    with pytest.raises(HookFailed) as unreachable:
        Webhook("http://127.0.0.1:1/secret-token").tell([BEGAN])
    assert (str(answered.value), str(unreachable.value)) == (
        "the webhook answered 500",
        "the webhook cannot be reached: ConnectError",
    )
    assert "secret-token" not in repr(Webhook("http://127.0.0.1:1/secret-token"))


@pytest.fixture
def watched(data_dir: Path, address: str) -> Iterator[App]:
    """An installation with a paused channel, a webhook, and an e-mail address without a server."""
    settings = Settings(
        data_dir=data_dir,
        alert_webhook_url=SecretStr(address),
        alert_email_to="a@example.org",
    )
    app = open_app(settings)
    with app.session() as session:
        session.add(
            Channel(
                code="us",
                marketplace="memory",
                site="world",
                account="us",
                currency="USD",
                paused_reason="the token was withdrawn",
                created_at=NOON,
            )
        )
        session.commit()
    yield app
    app.engine.dispose()


def resume(app: App) -> None:
    with app.session() as session:
        session.get_one(Channel, 1).paused_reason = None
        session.commit()


def test_a_hook_that_fails_stops_no_other_and_is_tried_again(
    watched: App, inbox: Inbox, clock: VirtualClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    inbox.status = 503
    first = alert(watched, clock)
    assert ([one.subject for one in first.standing], first.told, sorted(first.failed)) == (
        ["us"],
        {},
        ["email", "webhook"],
    )
    inbox.status = 204
    assert [alert(watched, clock).told for _ in range(2)] == [{"webhook": 1}, {"webhook": 0}]
    resume(watched)
    alert(watched, clock)
    assert inbox.heard() == [[("channel_paused", "began")], [("channel_paused", "ended")]]
    assert alert(watched, clock) == Alerted((), {"email": 0, "webhook": 0}, {})
    assert "alerts by email: write TRADE_MA_SMTP_URL as" in caplog.text


def test_the_verb_shows_what_stands_and_sends_nothing(
    practice: Practice, inbox: Inbox, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice.run("sync")
    assert "Nobody is told" in practice.run("alerts").stdout
    monkeypatch.setenv("TRADE_MA_ALERT_WEBHOOK_URL", address)
    with practice.app.session() as session:
        channel = session.get_one(Channel, 1)
        channel.paused_reason = "no reason"
        session.commit()
    told = practice.json("alerts")
    assert ([one["kind"] for one in told["alerts"]], told["hooks"]) == (
        ["channel_paused"],
        ["webhook"],
    )
    assert "shopify-us is paused: no reason" in practice.run("alerts").stdout
    assert inbox.taken == []


def test_a_trial_goes_to_every_hook(
    bare: Practice, inbox: Inbox, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no hook is set" in bare.run("alerts", "--test", code=2).stderr
    monkeypatch.setenv("TRADE_MA_ALERT_WEBHOOK_URL", address)
    assert bare.json("alerts", "--test") == {"told": ["webhook"], "failed": {}}
    inbox.status = 404
    told = bare.run("alerts", "--test", code=1).stdout
    assert told == "webhook: the webhook answered 404\n"
    assert len(inbox.taken) == 1
