"""What needs a person: counted once each, and of a maker only what is theirs."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from catalog.models import Maker, Photo, Product, Variant
from catalog.translation.models import Segment, SegmentUse, TextField, Translation
from connectors.protocol import Facet, Severity
from jobs.attention import Need, attention, wanted_side
from jobs.models import Channel, Listing, ListingIssue, Order, OrderLine, PhotoCheck
from jobs.order_models import Conflict, Settled

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def troubled(engine: Engine) -> Iterator[Session]:
    """Two makers with a product each, and everything that can be wrong wrong with the first's."""
    with Session(engine) as session:
        etsy = paused_channel(session)
        for slug in ("tifawin", "mogador"):
            offer(session, etsy, slug)
        first = session.exec(select(Product).where(Product.code == "tifawin")).one()
        refuse(session, first)
        translate(session, first)
        sell_twice(session, etsy, first)
        measure(session, "tifawin", 400)
        measure(session, "mogador", 4000)
        session.commit()
        yield session


def paused_channel(session: Session) -> Channel:
    channel = Channel(
        code="etsy",
        marketplace="etsy",
        site="world",
        account="etsy",
        currency="USD",
        paused_reason="the credentials were refused",
    )
    session.add(channel)
    session.flush()
    return channel


def offer(session: Session, channel: Channel, slug: str) -> None:
    """A maker with one product of one variant, a photo and a listing, all of that name."""
    maker = Maker(slug=slug, name=slug)
    session.add(maker)
    session.flush()
    product = Product(maker_id=maker.id or 0, code=slug, title="Tapis", language="fr")
    session.add(product)
    session.flush()
    session.add(Variant(product_id=product.id or 0, sku=slug, price_minor=100))
    session.add(Photo(product_id=product.id or 0, name="1.jpg", sha256=f"{slug:x<64}"))
    session.add(Listing(channel_id=channel.id or 0, product_id=product.id or 0))
    session.flush()


def refuse(session: Session, product: Product) -> None:
    """Two complaints about its one listing, and a remark that keeps nothing off the market."""
    listing = session.exec(select(Listing).where(Listing.product_id == product.id)).one()
    for severity in (Severity.ERROR, Severity.ERROR, Severity.WARNING):
        session.add(
            ListingIssue(
                listing_id=listing.id or 0,
                facet=Facet.CONTENT,
                code="title",
                severity=severity,
                message="too long",
            )
        )


def translate(session: Session, product: Product) -> None:
    """A text that stands in its title and in its description, once in English."""
    segment = Segment(language="fr", digest="d", text="Tapis")
    session.add(segment)
    session.flush()
    for field in TextField:
        session.add(
            SegmentUse(
                product_id=product.id or 0, field=field, position=0, segment_id=segment.id or 0
            )
        )
    session.add(Translation(segment_id=segment.id or 0, language="en", text="Rug", engine="x"))


def sell_twice(session: Session, channel: Channel, product: Product) -> None:
    """One conflict that is open, and one that a person has settled."""
    variant = session.exec(select(Variant).where(Variant.product_id == product.id)).one()
    order = Order(channel_id=channel.id or 0, remote_id="1", updated_at=NOON)
    session.add(order)
    session.flush()
    for number, settled in enumerate((None, Settled.KEPT)):
        line = OrderLine(
            order_id=order.id or 0, remote_id=str(number), quantity=1, unit_price_minor=1
        )
        session.add(line)
        session.flush()
        session.add(
            Conflict(
                order_line_id=line.id or 0, variant_id=variant.id or 0, units=1, settled=settled
            )
        )


def measure(session: Session, slug: str, side: int) -> None:
    size = {"width": side, "height": side // 2}
    session.add(PhotoCheck(sha256=f"{slug:x<64}", version=1, measures=size))


def test_each_need_is_counted_once(troubled: Session) -> None:
    assert attention(troubled) == {
        Need.CONFLICTS: 1,
        Need.PAUSED: 1,
        Need.REFUSED: 1,
        Need.TEXTS: 1,
        Need.PHOTOS: 1,
    }


def test_nothing_is_counted_to_its_end(troubled: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.attention.MANY", 0)
    assert attention(troubled) == {**dict.fromkeys(Need, 0), Need.PAUSED: 1}


def test_a_maker_is_told_of_nothing_that_is_another_s(troubled: Session) -> None:
    other = troubled.exec(select(Maker).where(Maker.slug == "mogador")).one()
    assert attention(troubled, other.id) == dict.fromkeys(Need, 0)


def test_photos_are_measured_by_the_most_demanding_market(troubled: Session) -> None:
    assert wanted_side(troubled) == 2000
    troubled.exec(select(Channel)).one().marketplace = "not installed any more"
    assert wanted_side(troubled) == 0
    assert attention(troubled)[Need.PHOTOS] == 0
