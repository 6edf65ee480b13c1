"""What the console's tests look at: a small catalog, channels in every state, and people."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlmodel import Session, col, select

from catalog.models import Maker, Photo, Product, Variant
from catalog.translation.models import Segment, Translation
from connectors.protocol import Address, Facet, OrderStatus, Severity
from images.measures import VERSION, measure
from jobs import buyers
from jobs.alert_models import Alert, AlertKind
from jobs.drift import FOR_SALE, OFF_SALE
from jobs.drift_models import (
    Adoption,
    Answer,
    Difference,
    DifferenceKind,
    Likeness,
    ReconcileReport,
)
from jobs.models import (
    Channel,
    Listing,
    ListingIssue,
    Order,
    OrderLine,
    OrderStage,
    PhotoCheck,
    Run,
    RunState,
)
from jobs.order_gaps import NEVER_HEARD_OF
from jobs.order_models import Conflict
from jobs.texts import register
from tests.trade_ma import small_catalog
from trade_ma.identity import sessions
from trade_ma.identity.models import User
from trade_ma.identity.permissions import Role
from trade_ma.installation import App

PEOPLE: Mapping[Role, str] = {
    Role.ADMIN: "amina",
    Role.MANAGER: "mehdi",
    Role.MAKER: "tifawin",
    Role.SHIPPER: "samir",
    Role.VIEWER: "vera",
}
DAYS_OF_SALES = 20
SITES = {"amazon": "DE", "etsy": "world", "shopify": "shop"}


def fill(app: App) -> None:
    """A catalog, three channels, and something of everything that needs a person."""
    with app.session() as session:
        small_catalog.fill(app, session)
        _people(session)
        _channels(session)
        _orders(session)
        _to_ship(app, session)
        _compared(session)
        _complaints(session)
        _texts_and_photos(app, session)
        session.commit()


def ticket(app: App, name: str, language: str) -> str:
    """The cookie of a new session of that person, who reads that language."""
    with app.session() as session:
        user = session.exec(select(User).where(User.name == name)).one()
        user.locale = language
        begun = sessions.begin(session, user, datetime.now(UTC))
        session.commit()
        return begun.token


def _people(session: Session) -> None:
    maker = session.exec(select(Maker)).one()
    for role, name in PEOPLE.items():
        session.add(User(name=name, role=role, maker_id=maker.id if role is Role.MAKER else None))


def _channels(session: Session) -> None:
    now = datetime.now(UTC)
    paused, trouble = "The credentials were refused", "Answers slowly"
    states = {"amazon-de": (paused, paused), "etsy": (None, trouble), "shopify": (None, None)}
    products = session.exec(select(Product)).all()
    for code, (paused_reason, met) in states.items():
        channel = Channel(
            code=code,
            marketplace=code.partition("-")[0],
            site=SITES[code.partition("-")[0]],
            account=code,
            currency="EUR",
            locales=["de"],
            paused_reason=paused_reason,
            trouble=met,
        )
        session.add(channel)
        session.flush()
        session.add(
            Run(
                channel_id=channel.id or 0,
                job="sync",
                state=RunState.DONE,
                finished_at=now - timedelta(minutes=5),
            )
        )
        for product in products:
            session.add(Listing(channel_id=channel.id or 0, product_id=product.id or 0))
    session.flush()


def _orders(session: Session) -> None:
    channel = session.exec(select(Channel).where(Channel.code == "shopify")).one()
    now = datetime.now(UTC)
    for number in range(DAYS_OF_SALES):
        session.add(
            Order(
                channel_id=channel.id or 0,
                remote_id=f"order-{number}",
                number=f"10{number}",
                stage=OrderStage.SHIPPED,
                currency="MAD",
                total_mad_minor=(number * 37 % 11 + 1) * 45_000,
                placed_at=now - timedelta(days=number),
                updated_at=now,
            )
        )
    session.flush()


def _to_ship(app: App, session: Session) -> None:
    """Two orders that wait for a packer, with their buyer; and one that nobody can read."""
    channel = session.exec(select(Channel).where(Channel.code == "shopify")).one()
    variants = session.exec(select(Variant).order_by(Variant.sku)).all()
    now = datetime.now(UTC)
    address = Address("Jane Roe", ("1 High Street",), "York", "YO1 7EP", "GB")
    for number, variant in enumerate(variants[:2]):
        order = Order(
            channel_id=channel.id or 0,
            remote_id=f"open-{number}",
            number=f"#200{number}",
            status=OrderStatus.PAID,
            stage=OrderStage.TO_SHIP,
            currency="EUR",
            total_minor=149_00,
            total_mad_minor=1609_20,
            mad_rate=Decimal("10.80"),
            mad_rate_date=now.date(),
            ship_to_country="GB",
            placed_at=now - timedelta(hours=1),
            updated_at=now,
        )
        buyers.keep(order, address, app.sealer)
        session.add(order)
        session.flush()
        session.add(
            OrderLine(
                order_id=order.id or 0,
                remote_id="1",
                variant_id=variant.id,
                sku=variant.sku,
                title="Tapis Beni Ouarain",
                quantity=2,
                unit_price_minor=70_00,
            )
        )
    session.add(
        Order(
            channel_id=channel.id or 0, remote_id="odd", updated_at=now, unreadable="has no lines"
        )
    )
    session.flush()


def _compared(session: Session) -> None:
    """A comparison that found something, and a listing that may be one of ours."""
    channel = session.exec(select(Channel).where(Channel.code == "shopify")).one()
    product = session.exec(select(Product)).first()
    now = datetime.now(UTC)
    report = ReconcileReport(
        channel_id=channel.id or 0,
        started_at=now,
        finished_at=now,
        counts={"listings_theirs": 8, "orders": 20},
    )
    session.add(report)
    session.flush()
    session.add(
        Difference(
            report_id=report.id or 0,
            kind=DifferenceKind.PRICE,
            subject="T-1",
            ours="EUR 99.00",
            theirs="EUR 79.00",
            answer=Answer.OVERWRITTEN,
        )
    )
    for kind, ours, theirs in (
        (DifferenceKind.PRESENCE, FOR_SALE, OFF_SALE),
        (DifferenceKind.MISSING_ORDER, NEVER_HEARD_OF, "paid, 79.00 EUR"),
        (DifferenceKind.TEXT, "Tapis de laine", "A rug of the finest wool"),
    ):
        session.add(
            Difference(
                report_id=report.id or 0,
                kind=kind,
                subject="T-2",
                ours=ours,
                theirs=theirs,
                answer=Answer.REPORTED,
            )
        )
    session.add(
        Adoption(
            channel_id=channel.id or 0,
            remote_id="gid-77",
            title="Berber rug",
            product_id=product.id if product else None,
            likeness=Likeness.LOOKS,
            score=88,
        )
    )
    session.add(Alert(kind=AlertKind.ORDERS_LATE, subject="etsy", message="No orders"))


def _complaints(session: Session) -> None:
    for listing in session.exec(select(Listing).limit(3)):
        session.add(
            ListingIssue(
                listing_id=listing.id or 0,
                facet=Facet.CONTENT,
                code="title",
                severity=Severity.ERROR,
                message="The title is too long",
            )
        )
    order = session.exec(select(Order).order_by(col(Order.id))).first()
    variant = session.exec(select(Variant)).first()
    assert order
    assert variant
    line = OrderLine(
        order_id=order.id or 0,
        remote_id="1",
        variant_id=variant.id,
        quantity=1,
        unit_price_minor=850_00,
    )
    session.add(line)
    session.flush()
    session.add(Conflict(order_line_id=line.id or 0, variant_id=variant.id or 0, units=1))


def _texts_and_photos(app: App, session: Session) -> None:
    register(session)
    segment = session.exec(select(Segment).where(Segment.text == "Tapis 0")).one()
    said = Translation(segment_id=segment.id or 0, language="de", text="Teppich 0", engine="x")
    session.add(said)
    for photo in session.exec(select(Photo)):
        measures = asdict(measure(app.photos.open(photo.sha256 or "")))
        session.add(PhotoCheck(sha256=photo.sha256 or "", version=VERSION, measures=measures))
