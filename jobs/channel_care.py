"""What is done to a channel once it is there: changed, paused, opened anew, and taken away."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, exists, func
from sqlmodel import Session, col, select

from catalog.models import Product
from catalog.pricing.rates import Rate
from catalog.refusals import Refused, because
from connectors.protocol import Marketplace
from connectors.registry import marketplace
from jobs import policies
from jobs.channels import Sealer, credentials_missing
from jobs.models import Channel, Listing, ListingFacet, ListingIssue, Notification, Order, Run
from jobs.terms import differ, terms_of

# What stands well in an address and in the name of a file.
CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
BY_HAND = "paused by hand"


def named(session: Session, code: str) -> Channel | None:
    """The channel of that code; None where there is none."""
    return session.exec(select(Channel).where(Channel.code == code)).first()


def change(
    channel: Channel,
    *,
    settings: Mapping[str, str] | None = None,
    locales: Sequence[str] | None = None,
    policy: Mapping[str, Any] | None = None,
) -> None:
    """Give a channel other settings, locales or another policy; what is None stays.

    Raises:
        LookupError: the channel's marketplace or site is gone.
        ValueError: the policy is none, or there is no locale; the message says why.
    """
    if policy is not None:
        policies.check(channel, policy)
        channel.policy = dict(policy)
    if locales is not None:
        if not locales:
            raise Refused(because("locale_missing", "name one language at least, such as en-US"))
        channel.locales = list(locales)
    if settings is not None:
        channel.settings = dict(settings)


def drafted_anew(
    session: Session, channel: Channel, market: Marketplace, rates: Mapping[str, Rate]
) -> int:
    """How many listings the next pass drafts anew for what `channel` is now; two counts at most.

    0 where its drafts cannot be others. What is held waits until it is approved.

    Raises:
        LookupError: the marketplace has no such site any more.
        ValueError: the channel's policy cannot be followed; the message says why.
    """
    if not differ(channel, terms_of(channel, market, rates)):
        return 0
    held = select(func.count()).where(
        Listing.channel_id == channel.id, col(Listing.held_at).is_not(None)
    )
    products = select(func.count()).select_from(Product)
    return session.exec(products).one() - session.exec(held).one()


def pause(channel: Channel, reason: str) -> None:
    """Leave a channel alone until it is resumed; `reason` tells others why."""
    channel.paused_reason = reason


def resume(channel: Channel) -> None:
    """Let a channel work again."""
    channel.paused_reason = None


def enter_credentials(
    session: Session, sealer: Sealer, channel: Channel, given: Mapping[str, str]
) -> None:
    """Put other credentials in the place of those that are sealed, and let the channel work.

    All channels of its account get them: they are the account's.

    Raises:
        LookupError: the marketplace is not installed.
        ValueError: some are missing; the message names them.
    """
    market = marketplace(channel.marketplace)
    if missing := [name for name in market.credentials if not given.get(name)]:
        raise Refused(credentials_missing(market.name, missing))
    of_account = select(Channel).where(
        Channel.account == channel.account, Channel.marketplace == channel.marketplace
    )
    for one in session.exec(of_account):
        one.sealed_credentials = sealer.seal_json(given)
        resume(one)


def was_used(session: Session, channel: Channel) -> bool:
    """Whether anything was ever listed on a channel, or ordered there."""
    begun = col(Listing.remote_id).is_not(None) | col(Listing.in_flight_since).is_not(None)
    listed = exists().where(col(Listing.channel_id) == channel.id, begun)
    ordered = exists().where(col(Order.channel_id) == channel.id)
    return bool(session.exec(select(listed | ordered)).one())


def remove(session: Session, channel: Channel) -> None:
    """Take away a channel on which nothing was ever listed or ordered.

    Raises:
        ValueError: something was, so that its history would be lost: pause it instead.
    """
    if was_used(session, channel):
        raise Refused(
            because(
                "channel_used", "something was listed or ordered there already: pause it instead"
            )
        )
    mine = select(Listing.id).where(Listing.channel_id == channel.id)
    for table in (ListingFacet, ListingIssue):
        session.execute(delete(table).where(col(table.listing_id).in_(mine)))
    for owned in (Listing, Run, Notification):
        session.execute(delete(owned).where(col(owned.channel_id) == channel.id))
    session.delete(channel)
