"""Channels: added with their credentials sealed, and opened as connectors."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlmodel import Session, select

from catalog.refusals import Missing, Refused, Why, because
from connectors.clock import Clock
from connectors.errors import Unavailable
from connectors.protocol import Account
from connectors.registry import marketplace
from jobs import policies
from jobs.buckets import StoredBuckets
from jobs.locks import Locks, wait_for
from jobs.models import Channel

# Seconds that a worker waits for another's token exchange: longer than any takes.
RENEWAL_PATIENCE = 60.0
AWAITS_CONSENT = "waits for the owner's consent: connect it"


class Sealer(Protocol):
    """Seals and opens credentials with the installation's key."""

    def seal_json(self, values: Mapping[str, str]) -> bytes:
        """A mapping of texts, sealed."""
        ...

    def open_json(self, sealed: bytes) -> dict[str, str]:
        """The mapping that was sealed."""
        ...


@dataclass(frozen=True, slots=True)
class ChannelVault:
    """A channel's credentials in the database; renewed by one worker at a time."""

    sessions: Callable[[], Session]
    channel_id: int
    account: str
    sealer: Sealer
    clock: Clock
    locks: Locks

    def read(self) -> Mapping[str, str]:
        """The credentials now."""
        with self.sessions() as session:
            return self.sealer.open_json(
                session.get_one(Channel, self.channel_id).sealed_credentials
            )

    def renew(
        self,
        stale: Mapping[str, str],
        exchange: Callable[[Mapping[str, str]], Mapping[str, str]],
    ) -> Mapping[str, str]:
        """The credentials that follow `stale`, exchanged by the worker that gets the lock.

        No transaction is open while the marketplace is asked. A worker that is killed meanwhile
        lets go of the lock.

        Raises:
            Unavailable: another worker holds the lock and does not finish.
        """
        name = f"credentials {self.account}"
        hold = wait_for(self.locks, name, self.clock, RENEWAL_PATIENCE, lambda: False)
        if hold is None:
            raise Unavailable("another worker is renewing the credentials and does not finish")
        try:
            current = self.read()
            same = dict(current) == dict(stale)
            return self._keep(exchange(stale)) if same else current
        finally:
            hold.release()

    def _keep(self, fresh: Mapping[str, str]) -> Mapping[str, str]:
        with self.sessions() as session:
            channel = session.get_one(Channel, self.channel_id)
            channel.sealed_credentials = self.sealer.seal_json(fresh)
            session.commit()
        return fresh


def channel_id(session: Session, code: str) -> int:
    """The id of the channel of that code.

    Raises:
        LookupError: there is none.
    """
    found = session.exec(select(Channel.id).where(Channel.code == code)).first()
    if found is None:
        raise LookupError(f"there is no channel {code!r}")
    return found


def add(
    session: Session,
    sealer: Sealer,
    *,
    code: str,
    account: str | None = None,
    marketplace_code: str,
    site_code: str | None,
    credentials: Mapping[str, str],
    settings: Mapping[str, str],
    currency: str | None = None,
    locales: Sequence[str] = (),
    policy: Mapping[str, object] | None = None,
    by_consent: bool = False,
) -> Channel:
    """A new channel, with an account of its own unless it shares one. The caller commits.

    With `by_consent` the credentials are those that a consent begins with, and the channel is
    paused until its owner has given it: see jobs.consents.

    Raises:
        LookupError: no such marketplace or site.
        ValueError: the code is taken, credentials are missing, or the policy is none; the message
            says which.
    """
    market = marketplace(marketplace_code)
    site = market.site(site_code) if site_code else market.sites[0]
    if session.exec(select(Channel).where(Channel.code == code)).first():
        raise Refused(because("channel_taken", "there is a channel '%(code)s' already", code=code))
    needed = market.consent.asks if by_consent and market.consent else market.credentials
    if missing := [name for name in needed if not credentials.get(name)]:
        raise Refused(credentials_missing(market.name, missing))
    channel = Channel(
        code=code,
        account=account or code,
        marketplace=market.code,
        site=site.code,
        currency=(currency or site.currency).upper(),
        locales=list(locales) or [site.locale],
        settings=dict(settings),
        policy=dict(policy or {}),
        sealed_credentials=sealer.seal_json(credentials),
        paused_reason=AWAITS_CONSENT if by_consent else None,
    )
    policies.check(channel, channel.policy)
    session.add(channel)
    return channel


def credentials_missing(market: str, names: Sequence[str]) -> Why:
    """That a marketplace asks for more than it was given: the credentials of those names."""
    told = ", ".join(names)
    return because("credentials_missing", "%(market)s needs %(names)s", market=market, names=told)


def find(session: Session, codes: Sequence[str] = ()) -> list[Channel]:
    """The channels of those codes, or all.

    Raises:
        LookupError: one of them does not exist; the message names those that do.
    """
    channels = session.exec(select(Channel).order_by(Channel.code)).all()
    known = {channel.code: channel for channel in channels}
    for code in codes:
        if code not in known:
            raise Missing(
                because(
                    "channel_unknown",
                    "no channel '%(code)s'; there are: %(known)s",
                    code=code,
                    known=", ".join(known) or "none yet",
                )
            )
    return [known[code] for code in codes] if codes else list(channels)


def account_of(
    channel: Channel,
    *,
    sessions: Callable[[], Session],
    sealer: Sealer,
    clock: Clock,
    locks: Locks,
) -> Account:
    """The account of `channel`, its credentials in the vault and its buckets in the database."""
    settings = dict(channel.settings)
    return Account(
        channel=channel.code,
        site=channel.site,
        currency=channel.currency,
        locales=tuple(channel.locales),
        vault=ChannelVault(sessions, channel.id or 0, channel.account, sealer, clock, locks),
        buckets=StoredBuckets(sessions, channel.account, clock),
        base_url=settings.pop("base_url", None),
        settings=settings,
        clock=clock,
    )
