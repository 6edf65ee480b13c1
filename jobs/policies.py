"""The whole policy of a channel: what we decide about it, read from JSON and refused in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from catalog.pricing.policy import PricePolicy, read_policy, validated
from connectors.registry import marketplace
from jobs import pricing
from jobs.models import Channel


class TextRule(StrEnum):
    """Which words may go live: composed from the vocabulary, machine-translated, or reviewed."""

    COMPOSED = "composed"
    MACHINE = "machine"
    REVIEWED = "reviewed"


class DriftRule(StrEnum):
    """What to do where a marketplace shows something else than it accepted from us."""

    OVERWRITE = "overwrite"  # send ours again
    ACCEPT = "accept"  # take theirs into the catalog
    REPORT = "report"  # leave it to a person


@dataclass(frozen=True, slots=True)
class DriftPolicy:
    """The rule for each part of a listing.

    Figures are ours to say; words and pictures that somebody changed there may be better than
    ours. That a listing is there, and its pictures, cannot be accepted: the catalog has no word
    for one that a single marketplace ended, nor their originals.
    """

    price: DriftRule = DriftRule.OVERWRITE
    stock: DriftRule = DriftRule.OVERWRITE
    presence: DriftRule = DriftRule.OVERWRITE
    text: DriftRule = DriftRule.REPORT
    images: DriftRule = DriftRule.REPORT


class LastUnit(StrEnum):
    """Whether a channel shows the last available unit of a SKU.

    Where all channels but one hide it, the last unit cannot be sold twice.
    """

    SHOW = "show"
    HIDE = "hide"


@dataclass(frozen=True, slots=True)
class ChannelPolicy:
    """Units held back, which texts may go live, how prices are made, and what answers drift."""

    buffer: int = 0
    last_unit: LastUnit = LastUnit.SHOW
    text: TextRule = TextRule.REVIEWED
    price: PricePolicy = field(default_factory=PricePolicy)
    drift: DriftPolicy = field(default_factory=DriftPolicy)


def _whole(value: object) -> object:
    """Refuse true and false, which Python counts as 1 and 0."""
    if isinstance(value, bool):
        raise ValueError("write a whole number")  # noqa: TRY004 - pydantic tells a ValueError
    return value


_OursOrNothing = Literal[DriftRule.OVERWRITE, DriftRule.REPORT]


class _Drift(BaseModel):
    model_config = ConfigDict(extra="forbid")

    price: DriftRule = DriftRule.OVERWRITE
    stock: DriftRule = DriftRule.OVERWRITE
    presence: _OursOrNothing = DriftRule.OVERWRITE
    text: DriftRule = DriftRule.REPORT
    images: _OursOrNothing = DriftRule.REPORT


class _Policy(BaseModel):
    model_config = ConfigDict(extra="forbid")

    buffer: Annotated[int, BeforeValidator(_whole)] = Field(default=0, ge=0)
    last_unit: LastUnit = LastUnit.SHOW
    # Until a person decides otherwise, no machine's words go live unread.
    text: TextRule = TextRule.REVIEWED
    price: dict[str, Any] = Field(default_factory=dict)
    drift: _Drift = Field(default_factory=_Drift)


_POLICY = TypeAdapter(_Policy)


def read_channel_policy(mapping: Mapping[str, Any]) -> ChannelPolicy:
    """The policy that a channel's JSON says; what it leaves out keeps its default.

    Raises:
        ValueError: a name is unknown or a value is none; the message says each in a line.
    """
    read = validated(_POLICY, dict(mapping), "policy")
    drift = DriftPolicy(**dict(read.drift))
    price = read_policy(read.price)
    return ChannelPolicy(read.buffer, read.last_unit, read.text, price, drift)


def check(channel: Channel, mapping: Mapping[str, Any]) -> None:
    """Refuse a policy that `channel` cannot follow in its currency and its buyers' country.

    Raises:
        LookupError: the channel's marketplace or site is gone.
        ValueError: the policy is none, or does not fit; the message says why.
    """
    read = read_channel_policy(mapping)
    site = marketplace(channel.marketplace).site(channel.site)
    pricing.price_terms_under(read.price, channel.currency, site, {})
