"""From a product to what a channel should show of it now: pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from catalog.pricing.price import Shown
from catalog.pricing.terms import PriceTerms
from catalog.snapshots import Snapshot
from catalog.translation.memory import Translated
from connectors import protocol
from connectors.protocol import Draft, Issue
from jobs import offers
from jobs.facts import facts_of
from jobs.listing_texts import TextTerms, texts
from jobs.offers import UnitTerms


@dataclass(frozen=True, slots=True)
class Terms:
    """What a channel decides about every draft: prices, words, and the units it shows.

    `channel` is its code, which a product may be exclusive to.
    """

    price: PriceTerms
    text: TextTerms
    units: UnitTerms = field(default_factory=UnitTerms)
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Background:
    """What else a draft depends on: translations by language, and what is shown now, by SKU."""

    translated: Mapping[str, Translated] = field(default_factory=dict)
    shown: Mapping[str, Shown] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft, what a person should know of it, and when it is due again though nothing changes."""

    draft: Draft
    remarks: tuple[Issue, ...] = ()
    again: datetime | None = None


def draft(
    snapshot: Snapshot, terms: Terms, now: datetime, background: Background | None = None
) -> Drafted:
    """What a channel with `terms` should show of the product now.

    Raises:
        LookupError: a price needs a rate that is missing, or too old for a first price.
    """
    background = background or Background()
    product, maker = snapshot.product, snapshot.maker
    priced = offers.prices(snapshot, terms.price, background.shown, now)
    facts = facts_of(snapshot)
    spoken, falling_short = texts(product, facts, terms.text, background.translated)
    main = spoken[0]
    options = offers.choices(snapshot.variants, main.locale)
    shown = Draft(
        key=product.code,
        craft=product.craft,
        maker=protocol.Maker(maker.name, maker.is_cooperative, product.region or maker.region),
        texts=spoken,
        offers=tuple(
            offers.offer(variant, snapshot, priced[variant.sku], options[variant.sku], terms.units)
            for variant in snapshot.variants
        ),
        photos=tuple(_photos(snapshot, main.title)),
        made_in_year=product.made_in_year,
        made_to_order=product.made_to_order,
        lead_time_days=product.lead_time_days,
        hs_code=facts.craft.hs if facts.craft else None,
        present=not product.withdrawn and product.exclusive_to in {None, terms.channel},
    )
    freed = (one.held_until for one in priced.values() if one.held_until)
    remarks = tuple(chain(falling_short, offers.remarks(priced)))
    return Drafted(shown, remarks, min(freed, default=None))


def _photos(snapshot: Snapshot, title: str) -> Iterator[protocol.Photo]:
    for photo in snapshot.photos:
        if photo.sha256:
            yield protocol.Photo(photo.sha256, photo.alt or title)
