"""What a marketplace shows of a listing, against what it accepted from us: pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from connectors.protocol import Facet, Limits, RemoteListing, RemoteOffer, Text
from connectors.told import says, says_description, says_title
from jobs.drift_models import DifferenceKind
from jobs.plan import Known
from jobs.pricing import money_text

FOR_SALE, OFF_SALE, GONE = "for sale", "off the market", "not there"


@dataclass(frozen=True, slots=True)
class Believed:
    """A listing of ours, as we believe that it stands on the marketplace.

    `read_from` is when the marketplace began to be read.
    """

    listing_id: int
    product_id: int
    key: str
    known: Known
    read_from: datetime | None = None

    def accepted(self, facet: Facet) -> Mapping[str, Any] | None:
        """What was accepted of `facet`.

        None where that is not what we wait to see: nothing was accepted yet, it is to be sent
        again, refused, still judged, or accepted only while the marketplace was read.
        """
        known = self.known.facet(facet)
        settled = known.accepted_digest and not (known.refused_digest or known.pending_digest)
        late = self.read_from and known.accepted_at and known.accepted_at > self.read_from
        return known.accepted if settled and not late else None

    @property
    def is_sold(self) -> bool:
        """Whether buyers should find something to buy there."""
        presence, stock = self.accepted(Facet.PRESENCE), self.accepted(Facet.STOCK)
        return bool(presence and presence["present"] and stock and any(stock.values()))


@dataclass(frozen=True, slots=True)
class Drift:
    """One thing that a marketplace shows otherwise than it accepted it.

    `subject` is a SKU or the listing's key. `facets` would bring ours back; none where that is
    not to be had by sending anything. `shown` is None where nothing is there.
    """

    kind: DifferenceKind
    subject: str
    ours: str
    theirs: str
    believed: Believed
    shown: RemoteListing | None = None
    facets: frozenset[Facet] = frozenset()


def compare(believed: Believed, shown: RemoteListing, limits: Limits) -> Iterator[Drift]:
    """Where `shown` differs from what is `believed` of the same listing.

    What is off the market, on either side, is compared no further: nobody keeps it up to date.
    """
    presence = believed.accepted(Facet.PRESENCE)
    wanted = bool(presence and presence["present"])
    if presence is not None and wanted != shown.present and (shown.present or believed.is_sold):
        ours, theirs = (FOR_SALE, OFF_SALE) if wanted else (OFF_SALE, FOR_SALE)
        yield Drift(
            DifferenceKind.PRESENCE,
            believed.key,
            ours,
            theirs,
            believed,
            shown,
            frozenset({Facet.PRESENCE}),
        )
    elif wanted and shown.present:
        yield from _skus(believed, shown)
        yield from _prices(believed, shown)
        yield from _stock(believed, shown, limits.most_available)
        yield from _text(believed, shown)
        yield from _images(believed, shown, limits)


def _skus(believed: Believed, shown: RemoteListing) -> Iterator[Drift]:
    stock = believed.accepted(Facet.STOCK)
    if stock is None:
        return
    there = {offer.sku for offer in shown.offers if offer.sku}
    for sku in sorted(set(stock) - there):
        yield Drift(DifferenceKind.PRESENCE, sku, FOR_SALE, GONE, believed, shown, frozenset(Facet))
    for sku in sorted(there - set(stock)):
        # Nothing that we did not put there is taken away.
        yield Drift(DifferenceKind.UNKNOWN_LISTING, sku, GONE, FOR_SALE, believed, shown)


def _prices(believed: Believed, shown: RemoteListing) -> Iterator[Drift]:
    for offer, ours in _offers(believed, Facet.PRICE, shown):
        if offer.price is not None and not _same_price(ours, money_text(offer.price)):
            theirs = money_text(offer.price)
            facets = frozenset({Facet.PRICE})
            yield Drift(DifferenceKind.PRICE, offer.sku, str(ours), theirs, believed, shown, facets)


def _same_price(one: str, other: str) -> bool:
    (amount, currency), (another, other_currency) = one.split(" "), other.split(" ")
    return currency == other_currency and Decimal(amount) == Decimal(another)


def _stock(believed: Believed, shown: RemoteListing, most: int | None) -> Iterator[Drift]:
    for offer, units in _offers(believed, Facet.STOCK, shown):
        ours = units if most is None else min(units, most)
        if offer.available is not None and offer.available != ours:
            yield Drift(
                DifferenceKind.STOCK,
                offer.sku,
                str(ours),
                str(offer.available),
                believed,
                shown,
                frozenset({Facet.STOCK}),
            )


def _offers(
    believed: Believed, facet: Facet, shown: RemoteListing
) -> Iterator[tuple[RemoteOffer, Any]]:
    accepted = believed.accepted(facet) or {}
    return ((offer, accepted[offer.sku]) for offer in shown.offers if offer.sku in accepted)


def explained(drift: Drift, available: int) -> bool:
    """Whether a sale, or a change that is not sent yet, tells why a stock figure differs.

    `available` is what our ledger has for the channel now. A marketplace on its way from what it
    accepted to there may show any figure between the two, as orders come in.
    """
    low, high = sorted((int(drift.ours), available))
    return low <= int(drift.theirs) <= high


def _text(believed: Believed, shown: RemoteListing) -> Iterator[Drift]:
    texts = accepted_texts(believed)
    if not texts or any(says(shown, text) for text in texts):
        return
    ours, theirs = [], []
    text = nearest(texts, shown)
    if not says_title(shown, text):
        ours.append(text.title)
        theirs.append(shown.title)
    if not says_description(shown, text):
        ours.append(text.description)
        theirs.append(shown.description or "")
    yield Drift(
        DifferenceKind.TEXT,
        believed.key,
        "\n\n".join(ours),
        "\n\n".join(theirs),
        believed,
        shown,
        frozenset({Facet.CONTENT}),
    )


def accepted_texts(believed: Believed) -> list[Text]:
    """The words that were accepted, in each locale: titles, descriptions and bullets."""
    content = believed.accepted(Facet.CONTENT) or {"texts": {}}
    return [
        Text(locale, text["title"], text["description"], tuple(text["bullets"]))
        for locale, text in content["texts"].items()
    ]


def nearest(texts: Sequence[Text], shown: RemoteListing) -> Text:
    """Which of our texts a listing shows, though with other words: the one it shares a part with.

    The first one where it shares none.
    """
    alike = (t for t in texts if says_title(shown, t) or says_description(shown, t))
    return next(alike, texts[0])


def _images(believed: Believed, shown: RemoteListing, limits: Limits) -> Iterator[Drift]:
    """Fewer pictures than the listing's own, or more than those and the variants' together.

    Marketplaces count a variant's picture among the listing's, or apart.
    """
    media = believed.accepted(Facet.MEDIA)
    if media is None or shown.photos is None:
        return
    room = sum(rule.count for rule in limits.photos)
    own = {sha256 for sha256, _ in media["photos"]}
    everything = own | set(media["variants"].values())
    if not min(len(own), room) <= shown.photos <= min(len(everything), room):
        yield Drift(
            DifferenceKind.IMAGES,
            believed.key,
            str(len(own)),
            str(shown.photos),
            believed,
            shown,
            frozenset({Facet.MEDIA}),
        )


def missing(believed: Believed) -> Drift | None:
    """That a listing is there no more; None where nobody expects it."""
    judged = any(known.pending_digest for known in believed.known.facets.values())
    if judged or not believed.is_sold:
        return None
    return Drift(DifferenceKind.MISSING_LISTING, believed.key, FOR_SALE, GONE, believed)
