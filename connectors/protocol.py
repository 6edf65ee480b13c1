"""What a marketplace connector is given, what it answers, and the protocol it follows.

Everything here is a value: jobs/ builds drafts and changes from the catalog and hands them over;
a connector turns them into calls on its marketplace and yields outcomes. A connector never sees
the database, and the rest of the program never sees a marketplace's payload.

Third parties import `connectors` alone.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from moneyed import Money

from connectors.clock import Clock, SystemClock
from connectors.quotas import Buckets
from images.rules import ImageRule


class Facet(StrEnum):
    """A part of a listing that is compared, sent and accepted on its own, in order of urgency."""

    STOCK = "stock"
    PRESENCE = "presence"
    PRICE = "price"
    CONTENT = "content"
    MEDIA = "media"


ALL_FACETS = frozenset(Facet)


@dataclass(frozen=True, slots=True)
class Text:
    """The words of a listing in one locale (BCP 47, such as en-US). Plain text, never HTML.

    `materials` and `colours` are the product's, named in that locale's language.
    """

    locale: str
    title: str
    description: str
    bullets: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Maker:
    """Who made it: an artisan or a cooperative, and where."""

    name: str
    is_cooperative: bool = True
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of the product: the SHA-256 of its original's bytes, and its words."""

    sha256: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Measures:
    """Size in centimetres and weight in grams, as far as they are known.

    A round piece has a diameter; a flat one a width and a length.
    """

    length_cm: float | None = None
    width_cm: float | None = None
    height_cm: float | None = None
    diameter_cm: float | None = None
    weight_g: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """One SKU of a listing: what it costs, how many there are, and what tells it from its siblings.

    `options` are (name, value) pairs, such as (("Size", "38"), ("Colour", "blue")); all offers of
    a draft name the same options in the same order, in the language of its first text.
    """

    sku: str
    price: Money
    available: int
    options: tuple[tuple[str, str], ...] = ()
    measures: Measures = field(default_factory=Measures)
    gtin: str | None = None
    photo: Photo | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a channel should show of one product now.

    `key` is ours and never changes. `texts` and `offers` are never empty; the first text is the
    one to show where a marketplace shows one, and its locale is the language it is really in.
    `craft` is a code of the vocabulary, None where nobody said; each connector maps codes to its
    own categories. `made_in` is an ISO 3166 code.
    """

    key: str
    craft: str | None
    maker: Maker
    texts: tuple[Text, ...]
    offers: tuple[Offer, ...]
    photos: tuple[Photo, ...] = ()
    made_in: str = "MA"
    made_in_year: int | None = None
    made_to_order: bool = False
    lead_time_days: int | None = None
    hs_code: str | None = None
    present: bool = True


def facet_value(draft: Draft, facet: Facet) -> dict[str, Any]:
    """What `draft` says of `facet`, as plain JSON: compared to find and to show a difference."""
    match facet:
        case Facet.STOCK:
            return {offer.sku: offer.available for offer in draft.offers}
        case Facet.PRESENCE:
            return {"present": draft.present}
        case Facet.PRICE:
            return {o.sku: f"{o.price.amount} {o.price.currency.code}" for o in draft.offers}
        case Facet.MEDIA:
            return {
                "photos": [[photo.sha256, photo.alt] for photo in draft.photos],
                "variants": {o.sku: o.photo.sha256 for o in draft.offers if o.photo},
            }
        case Facet.CONTENT:
            return _content(draft)


def _content(draft: Draft) -> dict[str, Any]:
    return {
        "craft": draft.craft,
        "maker": [draft.maker.name, draft.maker.is_cooperative, draft.maker.region],
        "texts": {
            text.locale: {
                "title": text.title,
                "description": text.description,
                "bullets": list(text.bullets),
                "tags": list(text.tags),
                "materials": list(text.materials),
                "colours": list(text.colours),
            }
            for text in draft.texts
        },
        "origin": [draft.made_in, draft.made_in_year, draft.hs_code],
        "made_to_order": [draft.made_to_order, draft.lead_time_days],
        "variants": {
            o.sku: {
                "options": [list(pair) for pair in o.options],
                "gtin": o.gtin,
                "length_cm": o.measures.length_cm,
                "width_cm": o.measures.width_cm,
                "height_cm": o.measures.height_cm,
                "diameter_cm": o.measures.diameter_cm,
                "weight_g": o.measures.weight_g,
            }
            for o in draft.offers
        },
    }


def digest(value: Mapping[str, Any]) -> str:
    """A short name for a facet's value: equal values have equal digests, on every machine."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class Severity(StrEnum):
    """ERROR keeps a listing off the market; WARNING does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Issue:
    """A complaint about one listing, in words a person can act on.

    `code` is the marketplace's own, or ours; `field` names the part of the draft (title, price,
    photos ...) as well as the marketplace let us tell.
    """

    code: str
    message: str
    severity: Severity = Severity.ERROR
    field: str | None = None
    sku: str | None = None


@dataclass(frozen=True, slots=True)
class Remote:
    """A listing's place on the marketplace.

    `parts` is the connector's own memory of it (ids of variants, inventory items, images), kept
    by us and handed back unread.
    """

    id: str
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """Bring `facets` of one listing to what `draft` says.

    Without `remote` the listing is to be created, whole. `unsure` marks a create that was begun
    before and whose outcome nobody heard: look for the listing by SKU before creating it again.
    A change of PRESENCE to a draft that is not present ends the listing.
    """

    draft: Draft
    facets: frozenset[Facet]
    remote: Remote | None = None
    unsure: bool = False

    @property
    def key(self) -> str:
        """The draft's key."""
        return self.draft.key


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where the answer for one listing will be found.

    `operation` is the marketplace's id of a feed or bulk operation, `place` the listing's place
    in it (a message id, a line).
    """

    key: str
    facets: frozenset[Facet]
    operation: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A remote id exists from now on: yielded at once, so that a crash resumes this listing."""

    key: str
    remote: Remote


@dataclass(frozen=True, slots=True)
class Accepted:
    """The marketplace shows these facets as drafted. `issues` are its warnings."""

    key: str
    facets: frozenset[Facet]
    remote: Remote
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Pending:
    """The marketplace took it and will judge later: ask again with `receipt`."""

    key: str
    receipt: Receipt
    remote: Remote | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """The marketplace refuses these facets, for `issues`."""

    key: str
    facets: frozenset[Facet]
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not sent: the quota is spent until `until`. The next pass after that takes it up again."""

    key: str
    facets: frozenset[Facet]
    until: datetime
    reason: str


Outcome = Claimed | Accepted | Pending | Rejected | Deferred


@dataclass(frozen=True, slots=True)
class RemoteOffer:
    """What the marketplace shows of one SKU; None where it did not tell.

    The SKU is empty where nobody gave one, and the GTIN tells what it is.
    """

    sku: str
    price: Money | None = None
    available: int | None = None
    gtin: str | None = None


@dataclass(frozen=True, slots=True)
class RemoteListing:
    """What the marketplace shows of one listing, for drift and adoption.

    `title` and `description` are those of its main language, as plain text; `photos` counts its
    pictures. `description` and `photos` are None where the marketplace did not tell. `photo_urls`
    are where pictures can be fetched, the main one first.
    """

    remote: Remote
    title: str
    offers: tuple[RemoteOffer, ...]
    present: bool
    photos: int | None = None
    description: str | None = None
    photo_urls: tuple[str, ...] = ()


class OrderStatus(StrEnum):
    """The life of an order, as far as stock and shipping care."""

    PENDING = "pending"
    PAID = "paid"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class RemoteOrderLine:
    """One line of an order.

    `cancelled` and `returned` count units that are back in stock, `shipped` those that left.
    """

    id: str
    sku: str | None
    title: str
    quantity: int
    unit_price: Money
    cancelled: int = 0
    returned: int = 0
    shipped: int = 0


@dataclass(frozen=True, slots=True)
class Address:
    """Where a parcel goes: a buyer's personal data, so it never shows in a repr or a log."""

    name: str = field(repr=False)
    lines: tuple[str, ...] = field(repr=False)
    city: str = field(repr=False)
    postal_code: str = field(repr=False)
    country: str
    region: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class RemoteOrder:
    """An order as the marketplace tells it now; the whole of it, each time.

    `refunded` is the money given back so far, None where the order itself does not tell. A paid
    order `on_hold` must not be shipped yet. `delivered_at` is None where nobody said so.
    """

    id: str
    number: str
    status: OrderStatus
    placed_at: datetime
    updated_at: datetime
    total: Money
    lines: tuple[RemoteOrderLine, ...]
    ship_to: Address | None = field(default=None, repr=False)
    refunded: Money | None = None
    on_hold: bool = False
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UnreadableOrder:
    """An order that could not be understood: kept raw and flagged, never in the way of others."""

    id: str
    updated_at: datetime
    reason: str
    raw: str = field(repr=False)


class SettlementKind(StrEnum):
    """What a marketplace's booking is for."""

    SALE = "sale"
    REFUND = "refund"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Settlement:
    """One booking of the marketplace's books; told with the same `id` each time.

    `gross` is what the buyer paid, below zero where it went back to them. `fees` is what the
    marketplace kept, below zero where it gave fees back.
    """

    id: str
    order_id: str | None
    kind: SettlementKind
    posted_at: datetime
    gross: Money
    fees: Money


@dataclass(frozen=True, slots=True)
class Shipment:
    """Units of an order handed to a carrier. `lines` maps order line ids to quantities."""

    order_id: str
    lines: Mapping[str, int]
    carrier: str
    tracking_number: str
    shipped_at: datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """A marketplace's published numbers that concern every draft. Filled by limits.py.

    `orders_every` is the seconds between two pulls of orders that the quota allows day and night,
    0 where it allows more than anybody wants.

    `title_signs` are refused in a title, of `title_signs_once` each may stand there once, and a
    word may be said there `title_word_times`, 0 for as often as one likes. Of more units than
    `most_available` that many are shown. `tells_listings` is False where an account has no
    listings of its own to tell, as the price list of a shop. `renames_skus` is False where a
    SKU is what a listing is known by, so that under another one it is another listing.
    """

    title_length: int
    description_length: int
    tags: int
    tag_length: int
    options: int
    variants: int
    photos: tuple[ImageRule, ...]
    bullets: int = 0
    bullet_length: int = 0
    orders_every: int = 0
    title_signs: str = ""
    title_signs_once: str = ""
    title_word_times: int = 0
    most_available: int | None = None
    tells_listings: bool = True
    renames_skus: bool = True


@dataclass(frozen=True, slots=True)
class Shop:
    """Who the marketplace says we are: the answer to `check`."""

    id: str
    name: str
    currency: str
    locales: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendition:
    """A photo made ready for a marketplace."""

    content: bytes = field(repr=False)
    media_type: str
    filename: str


class PhotoSource(Protocol):
    """Where a connector gets photos made ready for its marketplace."""

    def rendition(self, photo: Photo, rule: ImageRule) -> Rendition:
        """The photo as `rule` wants it.

        Raises:
            Refused: the photo cannot be read or does not satisfy the rule.
        """
        ...

    def url(self, photo: Photo, rule: ImageRule) -> str | None:
        """A public https address of that rendition; None where we serve none."""
        ...


class Vault(Protocol):
    """An account's credentials, sealed at rest, shared by all workers."""

    def read(self) -> Mapping[str, str]:
        """The credentials now."""
        ...

    def renew(
        self,
        stale: Mapping[str, str],
        exchange: Callable[[Mapping[str, str]], Mapping[str, str]],
    ) -> Mapping[str, str]:
        """The credentials that follow `stale`: exchanged by whichever worker comes first.

        `exchange` is called, and its answer kept, only while the stored credentials still equal
        `stale`; a worker that comes later gets what the first one stored.
        """
        ...


@dataclass(frozen=True, slots=True)
class Account:
    """One account on one marketplace and site: all that a connector needs to open it.

    `base_url` points at another server than the marketplace's own: the sandbox, a test.
    `settings` are the channel's, named by the connector. `buckets` are shared with whoever else
    works on the account.
    """

    channel: str
    site: str
    currency: str
    locales: tuple[str, ...]
    vault: Vault = field(repr=False)
    buckets: Buckets = field(repr=False)
    settings: Mapping[str, str] = field(default_factory=dict)
    base_url: str | None = None
    clock: Clock = field(default_factory=SystemClock)


class NoticeKind(StrEnum):
    """What a marketplace's notification is about, by what we do next."""

    ORDERS = "orders"  # pull orders
    LISTINGS = "listings"  # read back listings: state, issues
    STOCK = "stock"  # somebody changed stock there
    OPERATION = "operation"  # a feed or bulk operation ended: poll
    PRIVACY = "privacy"  # a buyer asks what is kept of them: a person answers
    ERASURE = "erasure"  # a buyer's data is to be erased
    GONE = "gone"  # the account has left us


@dataclass(frozen=True, slots=True)
class Notice:
    """A marketplace's notification, authenticated and understood.

    `id` is the same when it is delivered again. `topic` is the marketplace's own word.
    `references` are remote ids of what it speaks of; they may be none.
    """

    id: str
    kind: NoticeKind
    topic: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Consent:
    """A seller's consent, asked for in a browser.

    `url` is the page to open; the browser ends at `redirect_uri` with a code. `proof` is what
    finishing needs to know that the answer is to this question: a secret until then.
    """

    url: str
    redirect_uri: str
    proof: Mapping[str, str] = field(repr=False)


class ConsentDesk(Protocol):
    """How a marketplace asks a seller's consent in a browser (OAuth).

    `asks` names the credentials that must be there before; consent brings the others.
    """

    @property
    def asks(self) -> tuple[str, ...]:
        """What names the app, and the shop where the marketplace wants to know it."""
        ...

    def start(self, credentials: Mapping[str, str], redirect_uri: str) -> Consent:
        """Ask, in the name of the app that `credentials` name."""
        ...

    def finish(
        self,
        credentials: Mapping[str, str],
        consent: Consent,
        came_back: str,
        *,
        clock: Clock,
        base_url: str | None = None,
    ) -> Mapping[str, str]:
        """The credentials that open the account, from the address where the browser ended.

        Raises:
            CredentialsRejected: it answers another question, or the marketplace refuses it.
            Unavailable: the marketplace does not answer.
        """
        ...


class Connector(Protocol):
    """One account on one marketplace. Not shared between threads.

    Raises nothing but connectors.errors. `calls` counts the requests sent, by operation.
    """

    @property
    def limits(self) -> Limits:
        """The marketplace's published numbers."""
        ...

    @property
    def calls(self) -> Counter[str]:
        """Requests sent so far, by the marketplace's name of the operation."""
        ...

    def check(self) -> Shop:
        """Who we are there. Raises CredentialsRejected where nobody."""
        ...

    def validate(self, draft: Draft) -> list[Issue]:
        """What the marketplace would surely refuse or complain of. No network."""
        ...

    def rehearse(self, changes: Sequence[Change]) -> Iterator[Rejected]:
        """What the marketplace itself would refuse, asked without changing anything.

        Yields nothing where the marketplace has no way to ask.
        """
        ...

    def push(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        """Bring each listing to its draft; what has been yielded has happened.

        `Claimed` comes the moment a remote id exists, then one final outcome for each change.
        Order is kept as far as batches allow: the caller puts the urgent first.
        """
        ...

    def poll(self, receipts: Sequence[Receipt]) -> Iterator[Outcome]:
        """The outcomes that are known by now; a receipt still pending yields nothing."""
        ...

    def listings(self) -> Iterator[RemoteListing]:
        """All that the account shows, each listing once."""
        ...

    def orders(self, since: datetime) -> Iterator[RemoteOrder | UnreadableOrder]:
        """Orders changed at or after `since`, oldest change first; one may come more than once."""
        ...

    def reread(self, raw: str) -> RemoteOrder | UnreadableOrder:
        """An order that could not be understood before, from the raw text kept. No network."""
        ...

    def settlements(self, since: datetime) -> Iterator[Settlement]:
        """Bookings posted at or after `since`; one may come more than once.

        Yields nothing where the marketplace tells of none.
        """
        ...

    def ship(self, shipment: Shipment) -> None:
        """Tell the marketplace and its buyer of a parcel; told again, it is not told twice.

        A parcel is known by its tracking number.

        Raises:
            Refused: with the marketplace's reason.
        """
        ...

    def close(self) -> None:
        """Let go of connections. Nothing is asked of it afterwards."""
        ...


@dataclass(frozen=True, slots=True)
class Fee:
    """What a marketplace keeps of a sale: a share of what the buyer pays and a fixed amount.

    Together they are at least `minimum`. `source` says who published it, and when.
    """

    name: str
    percent: Decimal = Decimal(0)
    fixed: Money | None = None
    minimum: Money | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """One country's market of a marketplace: its currency, main locale and published fees.

    `country` is the ISO 3166 code of its buyers, empty where they come from everywhere.
    """

    code: str
    name: str
    currency: str
    locale: str
    remote_id: str = ""
    country: str = ""
    fees: tuple[Fee, ...] = ()


@dataclass(frozen=True, slots=True)
class Marketplace:
    """What a connector package registers in the entry point group `trade_ma.connectors`.

    `credentials` names what an operator must give to open an account. A marketplace that sells in
    the shop's own currency has one site, whose currency the channel may replace. `notice`
    understands a notification by its headers (lower case) and raw body, and raises
    errors.NotAuthentic where it was not signed with the account's credentials. `consent` gets
    credentials from a seller in a browser, where that is how they are given.
    """

    code: str
    name: str
    limits: Limits
    sites: tuple[Site, ...]
    credentials: tuple[str, ...]
    connect: Callable[[Account, PhotoSource], Connector]
    notice: Callable[[Account, Mapping[str, str], bytes], Notice] | None = None
    consent: ConsentDesk | None = None

    def site(self, code: str) -> Site:
        """The site of that code. Raises LookupError, with the known ones, where there is none."""
        for site in self.sites:
            if site.code == code:
                return site
        known = ", ".join(site.code for site in self.sites)
        raise LookupError(f"{self.name} has no site {code!r}; it has {known}")
