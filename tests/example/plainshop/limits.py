"""PlainShop's published numbers. Source: its own server, tests/example/sandbox.py."""

from connectors.protocol import Limits
from connectors.quotas import Rate
from images.rules import ImageRule, Role

PHOTO = ImageRule(Role.GALLERY, min_side=200, max_side=1600, max_bytes=2_000_000, count=8)

LIMITS = Limits(
    title_length=120,
    description_length=4000,
    tags=10,
    tag_length=30,
    options=2,
    variants=50,
    photos=(PHOTO,),
)

REQUESTS = Rate("request", per_second=20, burst=40)
