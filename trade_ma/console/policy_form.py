"""The common things of a channel's policy as fields of a form; the rest keeps its JSON."""

import copy
import json
from collections.abc import Mapping
from typing import Any

from catalog.refusals import Refused, because
from jobs.policies import ChannelPolicy, read_channel_policy

PARTS = ("price", "stock", "presence", "text", "images")
# Their places in the JSON of docs/prices.md.
_PLACES: Mapping[str, tuple[str, ...]] = {
    "buffer": ("buffer",),
    "last_unit": ("last_unit",),
    "text": ("text",),
    "margin": ("price", "margin"),
    "charm": ("price", "charm"),
    **{f"drift_{part}": ("drift", part) for part in PARTS},
}
_WHOLE = frozenset({"buffer"})


def shown(policy: Mapping[str, Any]) -> dict[str, str]:
    """The fields as they stand, defaults filled in."""
    read = read_channel_policy(policy)
    return {
        "buffer": str(read.buffer),
        "last_unit": read.last_unit,
        "text": read.text,
        "margin": str(read.price.margin),
        "charm": _charm(read),
        **{f"drift_{part}": getattr(read.drift, part) for part in PARTS},
    }


def _charm(read: ChannelPolicy) -> str:
    charm = read.price.charm
    return charm if isinstance(charm, str) else ", ".join(charm)


def filled(policy: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    """`policy` with those fields of the form; what is no field of it stays as it is."""
    whole = copy.deepcopy(dict(policy))
    for name, place in _PLACES.items():
        if name in fields:
            inner = whole
            for step in place[:-1]:
                inner = inner.setdefault(step, {})
            inner[place[-1]] = _value(name, fields[name].strip())
    return whole


def _value(name: str, text: str) -> Any:
    if name in _WHOLE and text.lstrip("-").isdigit():
        return int(text)
    if name == "charm" and text not in {"auto", "none"}:
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def from_json(text: str) -> dict[str, Any]:
    """The policy that a text of JSON says.

    Raises:
        Refused: it is no JSON object.
    """
    try:
        read = json.loads(text or "{}")
    except RecursionError as error:
        raise Refused(because("policy_unread", "too deep")) from error
    except ValueError as error:
        raise Refused(because("policy_unread", str(error))) from error
    if not isinstance(read, dict):
        raise Refused(because("policy_unread", "no JSON object"))
    return read
