"""Etsy's refusals as issues that a person can act on. Pure."""

import re

from connectors.protocol import Issue

_PLACE = re.compile(r"(?:problem with /|parameter: \[|value for ')([\w/]+)")
_FIELDS = {
    "quantity": "available",
    "state": "present",
    "image": "photos",
    "images": "photos",
    "image_ids": "photos",
    "alt_text": "photos",
    "taxonomy_id": "craft",
    "products": "options",
    "property_values": "options",
}
# Words that tell a field where Etsy names none; the first match counts.
_HINTS = (("image", "photos"), ("quantity", "available"), ("price", "price"))


def issue_of(status: int, error: str) -> Issue:
    """The issue for an answer's `error`, with the part of the draft it speaks of.

    Source of the wordings: the texts that sellers quote in github.com/etsy/open-api, issues 168,
    385, 395, 409, 430 and 538. The contract gives the error no structure.
    """
    place = _PLACE.search(error)
    # The last word of a path such as products/0/offerings/0/price.
    words = [word for word in place[1].split("/") if not word.isdigit()] if place else []
    named = words[-1] if words else ""
    hinted = (field for word, field in _HINTS if word in error.lower())
    field = _FIELDS.get(named, named) or next(hinted, None)
    return Issue(f"etsy_{status}", f"Etsy refuses it: {error}", field=field)


def speaks_of_credentials(error: str) -> bool:
    """Whether a 403 is about who we are, rather than about one listing."""
    return any(word in error.lower() for word in ("scope", "api key", "api-key", "secret", "token"))
