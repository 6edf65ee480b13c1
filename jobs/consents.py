"""A seller's consent, asked for in one request and given in another.

What is asked lies sealed beside the channel's credentials: good once, for a while, and for the
one who asked.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlmodel import Session

from catalog.refusals import Missing, Refused, because
from connectors.clock import Clock
from connectors.protocol import Consent, ConsentDesk
from connectors.registry import marketplace
from jobs.channel_care import enter_credentials
from jobs.channels import Sealer
from jobs.models import Channel

_ASKED = "consent_asked"
# Marketplaces' codes are good for ten minutes or less; signing in there may take as long.
GOOD_FOR = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Question:
    """A consent that was asked for, taken out to be finished: `credentials` are those before."""

    desk: ConsentDesk
    consent: Consent
    credentials: Mapping[str, str]
    base_url: str | None

    def answered(self, came_back: str, clock: Clock) -> Mapping[str, str]:
        """The credentials that open the account. Asks the marketplace.

        Raises:
            CredentialsRejected: it is no answer to this question, or was refused.
            Unavailable: the marketplace does not answer.
        """
        return self.desk.finish(
            self.credentials, self.consent, came_back, clock=clock, base_url=self.base_url
        )


def ask(
    sealer: Sealer,
    channel: Channel,
    *,
    redirect_uri: str,
    asker: str,
    now: datetime,
    given: Mapping[str, str] | None = None,
) -> str:
    """The page of the marketplace that its seller opens; `asker` alone can bring the answer.

    `given` are credentials that name the app, where they are others than the channel's. An
    earlier question is over. The caller commits.

    Raises:
        LookupError: the marketplace asks for no consent in a browser.
        ValueError: credentials that it begins with are missing; the message names them.
    """
    desk = _desk(channel)
    credentials = _without(sealer.open_json(channel.sealed_credentials)) | dict(given or {})
    if missing := [name for name in desk.asks if not credentials.get(name)]:
        raise Refused(
            because(
                "consent_needs",
                "to ask for consent, give %(names)s",
                names=", ".join(missing),
            )
        )
    consent = desk.start(credentials, redirect_uri)
    asked = {
        "url": consent.url,
        "redirect_uri": redirect_uri,
        "proof": dict(consent.proof),
        "asker": asker,
        "until": (now + GOOD_FOR).isoformat(),
    }
    kept = {**credentials, _ASKED: json.dumps(asked)}
    channel.sealed_credentials = sealer.seal_json(kept)
    return _at(channel.settings.get("base_url"), consent.url)


def take(sealer: Sealer, channel: Channel, *, asker: str, now: datetime) -> Question:
    """The open question of `asker`, which is none any more. The caller commits, then finishes.

    Raises:
        LookupError: there is none of theirs, or its time is over: ask again.
    """
    credentials = sealer.open_json(channel.sealed_credentials)
    asked = json.loads(credentials.get(_ASKED, "{}"))
    if not asked or asked["asker"] != asker or datetime.fromisoformat(asked["until"]) < now:
        raise Missing(
            because(
                "consent_over",
                "no open request for consent is yours, or it took too long: begin again",
            )
        )
    kept = _without(credentials)
    channel.sealed_credentials = sealer.seal_json(kept)
    consent = Consent(asked["url"], asked["redirect_uri"], asked["proof"])
    return Question(_desk(channel), consent, kept, channel.settings.get("base_url"))


def keep(session: Session, sealer: Sealer, channel: Channel, told: Mapping[str, str]) -> None:
    """Let the channel work with the credentials that consent brought. The caller commits.

    Raises:
        ValueError: some are missing; the message names them.
    """
    enter_credentials(session, sealer, channel, told)


def _desk(channel: Channel) -> ConsentDesk:
    market = marketplace(channel.marketplace)
    if market.consent is None:
        raise Missing(
            because(
                "consent_none",
                "%(market)s asks for no consent in a browser: enter credentials",
                market=market.name,
            )
        )
    return market.consent


def _without(credentials: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in credentials.items() if name != _ASKED}


def _at(base_url: str | None, url: str) -> str:
    """`url` on the server at `base_url`: a sandbox has its consent page where the real one has."""
    if not base_url:
        return url
    there, asked = urlsplit(base_url), urlsplit(url)
    return asked._replace(scheme=there.scheme, netloc=there.netloc).geturl()
