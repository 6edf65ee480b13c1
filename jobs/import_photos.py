"""The photos of an import: which row names each, and what would make it sell better."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from connectors.protocol import Marketplace
from connectors.registry import marketplace
from images.checks import Finding, Severity, check, check_rule, unreadable
from images.errors import BadPhoto
from images.measures import Measures
from images.rules import rule_at
from images.store import PhotoStore
from jobs.import_models import ImportPhoto
from jobs.import_rows import Naming
from jobs.models import Channel
from jobs.photo_checks import measure_photos

Findings = Mapping[str, list[dict[str, Any]]]


def advice(
    sessions: Callable[[], Session],
    store: PhotoStore,
    import_id: int,
    named: Mapping[str, Naming],
) -> Findings:
    """What is to be said of the photos that the file names, by their SHA-256.

    They are in the store by now. Sizes are judged for the marketplaces of all channels.
    """
    with sessions() as session:
        photos = session.exec(
            select(ImportPhoto.key, ImportPhoto.sha256).where(
                ImportPhoto.import_id == import_id, col(ImportPhoto.trouble).is_(None)
            )
        )
        wanted = [sha256 for key, sha256 in photos if key in named]
        codes = session.exec(select(Channel.marketplace).distinct().order_by(Channel.marketplace))
        markets = [marketplace(code) for code in codes]
    measured = measure_photos(sessions, store, wanted)
    return {sha256: list(_findings(measured[sha256], markets)) for sha256 in wanted}


def _findings(
    measured: Measures | BadPhoto, markets: Sequence[Marketplace]
) -> Iterator[dict[str, Any]]:
    if isinstance(measured, BadPhoto):
        yield plain(unreadable(measured))
        return
    yield from map(plain, check(measured))
    for market in markets:
        # Which place a photo has is not known before the file is in: the first is asked the most.
        if rule := rule_at(market.limits.photos, 0):
            yield from map(plain, check_rule(measured, rule, market.name))


def plain(finding: Finding) -> dict[str, Any]:
    """A finding as it is kept."""
    return {
        "code": str(finding.code),
        "severity": str(finding.severity),
        "details": dict(finding.details),
    }


def finding_of(plain: Mapping[str, Any]) -> Finding:
    """A finding as it was kept, to be put into words."""
    return Finding(plain["code"], Severity(plain["severity"]), plain["details"])


def match_photos(
    session: Session, import_id: int, named: Mapping[str, Naming], findings: Findings
) -> int:
    """Write down which row names each photo of an import; how many are named by one."""
    matched = 0
    for photo in session.exec(select(ImportPhoto).where(ImportPhoto.import_id == import_id)):
        naming = named.get(photo.key)
        photo.row, photo.sku = (naming.row, naming.sku[:200]) if naming else (None, None)
        if photo.trouble is None:
            photo.findings = findings.get(photo.sha256, []) if naming else []
        session.add(photo)
        matched += naming is not None and photo.trouble is None
    session.flush()
    return matched
