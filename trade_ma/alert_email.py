"""Alerts by e-mail, through somebody's SMTP server."""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from jobs.alert_news import News, Turn
from trade_ma.alert_hooks import HookFailed

# A server that takes longer is tried again at the next tick, in seconds.
TIMEOUT = 10


class Tls(StrEnum):
    """How a connection to the server is made private."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed in, and as whom."""

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = field(default="", repr=False)


def smtp_server(url: str) -> SmtpServer:
    """The server of an address such as smtps://user:password@host or smtp://host:587.

    smtps speaks TLS at once (port 465), smtp by STARTTLS (port 587), which it insists on unless
    the address ends in ?starttls=no, as for a relay on the same machine.

    Raises:
        ValueError: the address is none, or would send a password in the clear; it is not repeated.
    """
    split = urlsplit(url)
    try:
        port = split.port
    except ValueError:
        port = -1
    if split.scheme not in {"smtp", "smtps"} or not split.hostname or port == -1:
        raise ValueError(
            "write TRADE_MA_SMTP_URL as smtps://user:password@host or smtp://host:587, with signs "
            "such as / and @ in a password percent-encoded"
        )
    tls = _tls(split)
    if split.password and tls is Tls.NONE:
        raise ValueError("a password would go in the clear: leave out ?starttls=no")
    return SmtpServer(
        split.hostname,
        port or (465 if tls is Tls.IMPLICIT else 587),
        tls,
        unquote(split.username or ""),
        unquote(split.password or ""),
    )


def _tls(split: SplitResult) -> Tls:
    if split.scheme == "smtps":
        return Tls.IMPLICIT
    return Tls.NONE if parse_qs(split.query).get("starttls") == ["no"] else Tls.STARTTLS


def letter(news: Sequence[News], *, to: str, sender: str) -> EmailMessage:
    """One letter with all the news."""
    began = [one for one in news if one.turn is Turn.BEGAN]
    ended = [one for one in news if one.turn is Turn.ENDED]
    message = EmailMessage()
    message["To"], message["From"] = to, sender
    counts = [f"{len(began)} new"] * bool(began) + [f"{len(ended)} over"] * bool(ended)
    message["Subject"] = f"Trade.ma alerts: {', '.join(counts)}"
    parts = [f"{one.kind}: {one.subject}\n{one.message}" for one in began]
    parts += [f"over: {one.kind}: {one.subject}" for one in ended]
    message.set_content("\n\n".join(parts) + "\n")
    return message


@dataclass(frozen=True, slots=True)
class Email:
    """Tells by e-mail."""

    to: str
    sender: str
    url: str = field(repr=False)

    @property
    def name(self) -> str:
        """As alerts remember it."""
        return "email"

    def tell(self, news: Sequence[News]) -> None:
        """Send one letter.

        Raises:
            HookFailed: it was not taken, or the settings are no server.
        """
        try:
            _send(smtp_server(self.url), letter(news, to=self.to, sender=self.sender))
        except smtplib.SMTPResponseException as error:
            # What servers say may repeat addresses and names; their code is enough.
            raise HookFailed(f"the SMTP server answered {error.smtp_code}") from None
        except OSError as error:
            raise HookFailed(f"the SMTP server cannot be used: {type(error).__name__}") from None
        except ValueError as error:
            raise HookFailed(str(error)) from None


def _send(server: SmtpServer, message: EmailMessage) -> None:
    context = ssl.create_default_context()
    with _connected(server, context) as client:
        if server.tls is Tls.STARTTLS:
            client.starttls(context=context)
        if server.user:
            client.login(server.user, server.password)
        client.send_message(message)


def _connected(server: SmtpServer, context: ssl.SSLContext) -> smtplib.SMTP:
    if server.tls is Tls.IMPLICIT:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
