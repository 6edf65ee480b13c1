"""What a channel's drafts depend on beside their products, and noticing when it changes."""

from collections.abc import Mapping

from catalog.pricing.rates import Rate
from jobs.drafts import Terms
from jobs.models import Channel


def terms_of(channel: Channel, rates: Mapping[str, Rate]) -> Terms:
    """The terms of `channel` at these rates."""
    return Terms(
        currency=channel.currency,
        locales=tuple(channel.locales),
        rates=rates,
        buffer=int(channel.policy.get("buffer", 0)),
    )


def refresh(channel: Channel, terms: Terms) -> bool:
    """Count a change of the channel's terms, so that all its listings are compared again.

    Returns whether they changed; the caller commits.
    """
    now = terms.digest()
    if channel.inputs_digest == now:
        return False
    channel.inputs_digest = now
    channel.policy_revision += 1
    return True
