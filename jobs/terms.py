"""What a channel's drafts depend on beside their products, and noticing when it changes."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from catalog.pricing.rates import Rate
from connectors.protocol import Marketplace, digest
from jobs.drafts import Terms
from jobs.listing_texts import TextTerms, text_limits
from jobs.models import Channel
from jobs.offers import UnitTerms
from jobs.policies import read_channel_policy
from jobs.pricing import digest_inputs, price_terms_under, staleness_of

# Grows when drafting makes another draft from the same inputs, so that every channel is compared
# again after an upgrade.
VERSION = 2


def terms_of(channel: Channel, market: Marketplace, rates: Mapping[str, Rate]) -> Terms:
    """The terms of `channel` at these rates.

    Raises:
        LookupError: the marketplace has no such site any more.
        ValueError: the channel's policy cannot be followed; the message says why.
    """
    policy = read_channel_policy(channel.policy)
    site = market.site(channel.site)
    return Terms(
        price=price_terms_under(policy.price, channel.currency, site, rates, staleness_of(channel)),
        text=TextTerms(tuple(channel.locales), text_limits(market.limits), policy.text),
        units=UnitTerms(policy.buffer, policy.last_unit),
        channel=channel.code,
    )


def refresh(channel: Channel, terms: Terms) -> bool:
    """Count a change of the channel's terms, so that all its listings are compared again.

    Returns whether they changed; the caller commits.
    """
    if not differ(channel, terms):
        return False
    channel.inputs_digest = digest(_inputs(terms))
    channel.policy_revision += 1
    return True


def differ(channel: Channel, terms: Terms) -> bool:
    """Whether drafts under `terms` may be others than those the channel's last pass looked at."""
    return channel.inputs_digest != digest(_inputs(terms))


def _inputs(terms: Terms) -> dict[str, Any]:
    return {
        "version": VERSION,
        "price": digest_inputs(terms.price),
        "text": asdict(terms.text),
        "units": asdict(terms.units),
        "channel": terms.channel,
    }
