"""Check the catalog's photos: each measured once, then judged for every channel that shows it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from catalog.chunks import chunks
from catalog.models import Maker, Product
from connectors.protocol import Marketplace
from connectors.registry import marketplace
from images.advice import sentence
from images.checks import (
    Finding,
    Severity,
    check,
    check_rule,
    duplicate,
    shows_something,
    unreadable,
)
from images.errors import BadPhoto
from images.fingerprints import first_alike
from images.measures import VERSION, Measures, measure
from images.rules import rule_at
from images.store import PhotoStore
from jobs.models import Channel, PhotoCheck
from jobs.shown_photos import WORKERS, ShownPhoto, missing_photo, shown_photos

# Measured photos in one transaction: so few are measured again after a crash.
BATCH = 20
# Told how many photos are measured, of how many that were not yet.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class CheckedPhoto:
    """A photo with all that is to be said of it."""

    photo: ShownPhoto
    findings: tuple[Finding, ...]

    @property
    def readable(self) -> bool:
        """Whether it could be read at all."""
        return all(finding.severity is not Severity.UNREADABLE for finding in self.findings)

    def as_json(self, language: str) -> dict[str, Any]:
        """Plain JSON, with sentences in one of images.advice.LANGUAGES."""
        return {
            "product": self.photo.product,
            "photo": self.photo.name,
            "sha256": self.photo.sha256,
            "findings": [
                {
                    "code": str(finding.code),
                    "severity": str(finding.severity),
                    "details": dict(finding.details),
                    "message": sentence(finding, language),
                }
                for finding in self.findings
            ],
        }


def check_photos(
    sessions: Callable[[], Session],
    store: PhotoStore,
    *,
    products: Sequence[str] = (),
    maker: str | None = None,
    channels: Sequence[Channel] = (),
    progress: Progress = lambda _done, _total: None,
) -> list[CheckedPhoto]:
    """Check the photos of these products, or of a maker, or of the whole catalog.

    Sizes and grounds are judged for the marketplaces of `channels`. A photo is compared with all
    of the catalog that were ever checked, and the later one of two alike is told of. Photos that
    are not in the store yet are passed over.

    Raises:
        LookupError: there is no such product or maker, or a channel's marketplace is not
            installed.
    """
    markets = [marketplace(code) for code in sorted({one.marketplace for one in channels})]
    with sessions() as session:
        wanted = _chosen(session, products, maker)
        everything = shown_photos(session)
    measured = measure_photos(sessions, store, [photo.sha256 for photo in wanted], progress)
    alike = _alike(everything, measured)
    return [
        CheckedPhoto(photo, tuple(_findings(photo, measured[photo.sha256], markets, alike)))
        for photo in wanted
    ]


def measure_photos(
    sessions: Callable[[], Session],
    store: PhotoStore,
    digests: Sequence[str],
    progress: Progress = lambda _done, _total: None,
) -> dict[str, Measures | BadPhoto]:
    """The measures of all photos that were ever measured, and of those of `digests`, now.

    Measures are kept; what cannot be read is told as the reason why.
    """
    with sessions() as session:
        measured: dict[str, Measures | BadPhoto] = {**_known(session)}
    missing = [digest for digest in dict.fromkeys(digests) if digest not in measured]
    for batch in _measured(missing, store):
        _keep(sessions, batch)
        measured |= batch
        progress(sum(digest in measured for digest in missing), len(missing))
    return measured


def measure_some(sessions: Callable[[], Session], store: PhotoStore, digests: Sequence[str]) -> int:
    """Measure those photos and keep it, with no transaction open meanwhile; how many could be."""
    done = 0
    for batch in _measured(digests, store):
        _keep(sessions, batch)
        done += sum(isinstance(one, Measures) for one in batch.values())
    return done


def _chosen(session: Session, products: Sequence[str], maker: str | None) -> list[ShownPhoto]:
    for code in products:
        if session.exec(select(Product.id).where(Product.code == code)).first() is None:
            raise LookupError(f"no product {code!r}")
    if maker and session.exec(select(Maker.id).where(Maker.slug == maker)).first() is None:
        raise LookupError(f"no maker {maker!r}")
    among = set(products)
    return [one for one in shown_photos(session, maker) if not among or one.product in among]


def _known(session: Session) -> dict[str, Measures]:
    rows = session.exec(
        select(PhotoCheck.sha256, PhotoCheck.measures).where(PhotoCheck.version == VERSION)
    )
    return {sha256: Measures(**kept) for sha256, kept in rows}


def _measured(
    digests: Sequence[str], store: PhotoStore
) -> Iterator[dict[str, Measures | BadPhoto]]:
    """Measures by SHA-256, or why there are none, some at a time."""
    with ThreadPoolExecutor(WORKERS) as threads:
        for batch in chunks(digests, BATCH):
            found = threads.map(lambda digest: _measure(digest, store), batch)
            yield dict(zip(batch, found, strict=True))


def _measure(sha256: str, store: PhotoStore) -> Measures | BadPhoto:
    try:
        return measure(store.open(sha256))
    except FileNotFoundError:
        return missing_photo()
    except BadPhoto as bad:
        return bad


def _keep(sessions: Callable[[], Session], measured: Mapping[str, Measures | BadPhoto]) -> None:
    """Keep measures; what could not be read is tried again the next time."""
    with sessions() as session:
        for sha256, one in measured.items():
            if isinstance(one, Measures):
                # There may be a row of an older version.
                session.merge(PhotoCheck(sha256=sha256, version=VERSION, measures=asdict(one)))
        # Another process that checks may have kept the same measures a moment ago.
        with suppress(IntegrityError):
            session.commit()


def _alike(
    photos: Iterable[ShownPhoto], measured: Mapping[str, Measures | BadPhoto]
) -> dict[ShownPhoto, ShownPhoto]:
    """For each photo that looks like an earlier one of the catalog, that one."""
    fingerprints = {}
    for photo in photos:
        one = measured.get(photo.sha256)
        # Two photos on which nothing is seen look alike, and are not the same.
        if isinstance(one, Measures) and shows_something(one):
            fingerprints[photo] = one.fingerprint
    return first_alike(fingerprints)


def _findings(
    photo: ShownPhoto,
    measured: Measures | BadPhoto,
    markets: Sequence[Marketplace],
    alike: Mapping[ShownPhoto, ShownPhoto],
) -> Iterator[Finding]:
    if isinstance(measured, BadPhoto):
        yield unreadable(measured)
        return
    yield from check(measured)
    for market in markets:
        if rule := rule_at(market.limits.photos, photo.place):
            yield from check_rule(measured, rule, market.name)
    if first := alike.get(photo):
        yield duplicate(first.product, first.name)
