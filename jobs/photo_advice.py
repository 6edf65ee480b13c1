"""Photos that need a person, by what was measured of them: some at a time, one maker's or all."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select
from sqlmodel import Session, col

from catalog.models import Maker, Photo, Product
from connectors.protocol import Marketplace
from connectors.registry import marketplace
from images.checks import Finding, check, check_rule, duplicate, shows_something
from images.fingerprints import first_alike
from images.measures import VERSION, Measures
from images.rules import ImageRule, rule_at
from jobs.channels import find
from jobs.models import PhotoCheck
from jobs.photos import PhotoTask

# Photos that are looked through for a page, and that stand on a contact sheet at most.
LOOKED_THROUGH = 400
ON_A_SHEET = 200


@dataclass(frozen=True, slots=True)
class Which:
    """Which photos: of one maker, of the maker of that short name, or of one product."""

    maker_id: int | None = None
    maker: str | None = None
    product: str | None = None


@dataclass(frozen=True, slots=True)
class Advised:
    """A photo, the place where its product shows it from 0, and what is to be said of it.

    What was not measured yet has no findings.
    """

    id: int
    product_id: int
    product: str
    title: str
    maker: str
    name: str
    sha256: str
    place: int
    measured: bool
    findings: tuple[Finding, ...] = ()


def markets_of(session: Session) -> list[Marketplace]:
    """The marketplaces that we sell on, by their codes, as far as they are installed."""
    found = []
    for code in sorted({channel.marketplace for channel in find(session)}):
        try:
            found.append(marketplace(code))
        except LookupError:
            # Nothing can be said for a marketplace that is not there any more.
            continue
    return found


def photos(which: Which) -> Select[Any]:
    """The photos in the store that products on sale show."""
    query = (
        select(
            col(Photo.id),
            col(Photo.product_id),
            col(Photo.position),
            col(Photo.name),
            col(Photo.sha256),
            col(Product.code),
            col(Product.title),
            col(Maker.name).label("maker"),
            col(PhotoCheck.measures),
            col(PhotoCheck.version),
        )
        .join(Product, col(Product.id) == col(Photo.product_id))
        .join(Maker, col(Maker.id) == col(Product.maker_id))
        .join(PhotoCheck, col(PhotoCheck.sha256) == col(Photo.sha256), isouter=True)
        .where(col(Photo.sha256).is_not(None), col(Product.withdrawn).is_(False))
    )
    if which.maker_id is not None:
        query = query.where(col(Product.maker_id) == which.maker_id)
    if which.maker is not None:
        query = query.where(col(Maker.slug) == which.maker)
    return query if which.product is None else query.where(col(Product.code) == which.product)


def looked_through(
    session: Session, which: Which, after: int, most: int
) -> tuple[list[Advised], int | None]:
    """The first photos behind the id `after` of which something is to be said, `most` of them.

    Some hundred are looked through at a time: there may be fewer, and still the id behind which
    to go on. None once all were looked at.
    """
    query = photos(which).where(col(Photo.id) > after).order_by(col(Photo.id))
    rows = session.execute(query.limit(LOOKED_THROUGH)).all()
    told = [one for one in _advised(session, rows, which.maker_id) if one.findings]
    if len(told) > most:
        return told[:most], told[most - 1].id
    return told, rows[-1].id if len(rows) == LOOKED_THROUGH else None


def one_photo(session: Session, photo_id: int, maker_id: int | None = None) -> Advised | None:
    """One photo; None where there is none, or none of that maker's."""
    query = photos(Which(maker_id)).where(col(Photo.id) == photo_id)
    return next(_advised(session, session.execute(query).all(), maker_id), None)


def rules_of(session: Session, photo: Advised) -> Mapping[str, ImageRule]:
    """What each marketplace wants of the photo at its place, by the marketplaces' codes."""
    wanted = ((one.code, rule_at(one.limits.photos, photo.place)) for one in markets_of(session))
    return {code: rule for code, rule in wanted if rule}


def for_sheet(session: Session, which: Which) -> list[PhotoTask]:
    """The photos of a contact sheet, by product."""
    ordered = photos(which).order_by(col(Product.code), col(Photo.position), col(Photo.id))
    rows = session.execute(ordered.limit(ON_A_SHEET))
    return [PhotoTask(row.sha256, row.name, row.code, {}) for row in rows]


def unmeasured(session: Session, which: Which) -> list[str]:
    """The photos that were not measured yet, by their SHA-256."""
    never = or_(col(PhotoCheck.version).is_(None), col(PhotoCheck.version) != VERSION)
    rows = session.execute(photos(which).where(never).order_by(col(Photo.id)))
    return list(dict.fromkeys(row.sha256 for row in rows))


def _advised(session: Session, rows: Sequence[Any], maker_id: int | None) -> Iterator[Advised]:
    around = _around(session, rows, maker_id)
    markets, places, alike = markets_of(session), _places(around), _alike(around)
    for row in rows:
        measured = _measures(row)
        found = tuple(_findings(measured, markets, places[row.id])) if measured else ()
        if (first := alike.get(row.id)) is not None:
            found = (*found, duplicate(first.code, first.name))
        yield Advised(
            row.id,
            row.product_id,
            row.code,
            row.title,
            row.maker,
            row.name,
            row.sha256,
            places[row.id],
            measured is not None,
            found,
        )


def _around(session: Session, rows: Sequence[Any], maker_id: int | None) -> Sequence[Any]:
    """The photos of the same products, and the same files elsewhere, in the catalog's order."""
    beside = or_(
        col(Photo.product_id).in_({row.product_id for row in rows}),
        col(Photo.sha256).in_({row.sha256 for row in rows}),
    )
    query = photos(Which(maker_id)).where(beside)
    ordered = query.order_by(col(Product.code), col(Photo.position), col(Photo.id))
    return session.execute(ordered).all()


def _places(rows: Collection[Any]) -> dict[int, int]:
    shown: dict[int, list[int]] = {}
    for row in rows:
        shown.setdefault(row.product_id, []).append(row.id)
    return {photo: place for photos in shown.values() for place, photo in enumerate(photos)}


def _alike(rows: Sequence[Any]) -> dict[int, Any]:
    """For each photo that looks like an earlier one of these, that one's row."""
    by_id = {row.id: row for row in rows}
    measures = {row.id: _measures(row) for row in rows}
    prints = {
        number: one.fingerprint for number, one in measures.items() if one and shows_something(one)
    }
    return {number: by_id[first] for number, first in first_alike(prints).items()}


def _measures(row: Any) -> Measures | None:
    return Measures(**row.measures) if row.version == VERSION else None


def _findings(measured: Measures, markets: Sequence[Marketplace], place: int) -> Iterator[Finding]:
    yield from check(measured)
    for market in markets:
        if rule := rule_at(market.limits.photos, place):
            yield from check_rule(measured, rule, market.name)
