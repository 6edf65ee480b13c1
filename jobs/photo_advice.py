"""What is said of one product's photos, from the measures that are kept: none is decoded for it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict

from sqlmodel import Session, col, select

from catalog.models import Photo
from connectors.protocol import Marketplace
from connectors.registry import marketplace
from images.checks import Finding, check, check_rule
from images.measures import VERSION, Measures, measure
from images.rules import rule_at
from jobs.models import Channel, PhotoCheck


def keep_measures(session: Session, sha256: str, content: bytes) -> None:
    """Measure a photo that was just added, and keep that. The caller commits.

    Raises:
        BadPhoto: it is no whole picture.
    """
    measures = asdict(measure(content))
    session.merge(PhotoCheck(sha256=sha256, version=VERSION, measures=measures))


def photo_advice(session: Session, photos: Sequence[Photo]) -> Mapping[str, list[Finding]]:
    """What to say of each of a product's photos by its SHA-256, given in their order.

    One that was never measured is not spoken of.
    """
    stored = [photo.sha256 for photo in photos if photo.sha256]
    kept = session.exec(
        select(PhotoCheck).where(
            col(PhotoCheck.sha256).in_(stored), col(PhotoCheck.version) == VERSION
        )
    )
    measured = {row.sha256: Measures(**row.measures) for row in kept}
    markets = list(_markets(session))
    return {
        sha256: list(_findings(measured[sha256], place, markets))
        for place, sha256 in enumerate(stored)
        if sha256 in measured
    }


def _markets(session: Session) -> Iterator[Marketplace]:
    for code in session.exec(select(Channel.marketplace).distinct()):
        # One that is not installed any more wants nothing.
        with suppress(LookupError):
            yield marketplace(code)


def _findings(measures: Measures, place: int, markets: Sequence[Marketplace]) -> Iterator[Finding]:
    yield from check(measures)
    for market in markets:
        if rule := rule_at(market.limits.photos, place):
            yield from check_rule(measures, rule, market.name)
