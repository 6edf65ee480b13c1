"""What a connector warns of: kept with the listing, and no reason to send anything."""

from collections.abc import Callable

from sqlalchemy import event
from sqlmodel import Session, col, select

from connectors.memory import MemoryConnector
from connectors.protocol import Connector, Draft, Issue, Severity
from jobs.attention import Need, attention
from jobs.listing_desk import rows
from jobs.models import Channel, Listing, ListingIssue, Origin
from jobs.status import status
from tests.jobs.conftest import Atelier

PLAIN = Issue("plain", "Buyers search for colours: name some", Severity.WARNING, "tags")


class Advising(MemoryConnector):
    """A marketplace that would rather see tags."""

    def validate(self, draft: Draft) -> list[Issue]:
        advice = [] if draft.texts[0].tags else [PLAIN]
        return [*super().validate(draft), *advice]


def advising(atelier: Atelier) -> Callable[[Channel], Connector]:
    def connect(channel: Channel) -> MemoryConnector:
        opened = atelier.connect(channel)
        assert isinstance(opened, MemoryConnector)
        return Advising(opened._market, opened._account)

    return connect


def advised(session: Session) -> list[tuple[int, str]]:
    told = select(ListingIssue).where(ListingIssue.origin == Origin.DRAFT)
    issues = session.exec(told.order_by(col(ListingIssue.listing_id)))
    return [(one.listing_id, one.message) for one in issues]


def writes(atelier: Atelier, connect: Callable[[Channel], Connector]) -> list[str]:
    """The statements of a pass that write advice, or take it away."""
    found: list[str] = []

    def heard(*said: object) -> None:
        statement = str(said[2])
        # What a marketplace judged takes away its own complaints, of each listing.
        if statement.startswith("INSERT INTO listing_issue") or "listing_issue.id IN" in statement:
            found.append(statement)

    event.listen(atelier.engine, "before_cursor_execute", heard)
    atelier.sync(connect)
    event.remove(atelier.engine, "before_cursor_execute", heard)
    return found


def test_a_warning_stands_with_its_listing_and_keeps_nothing_off_the_market(
    atelier: Atelier,
) -> None:
    market = atelier.channel("us")
    atelier.product("BO-001")
    [one] = atelier.sync(advising(atelier))
    assert (one.desk.tally, len(market.shown())) == ({"accepted": 1}, 1)
    with atelier.session() as session:
        [channel] = session.exec(select(Channel)).all()
        [row] = rows(session, session.exec(select(Listing)).all())
        told = status(session, channel)
        assert [(i.code, i.severity, i.message) for i in told.issues] == [
            ("plain", "warning", PLAIN.message)
        ]
        assert [(i.origin, i.code) for i in row.issues] == [(Origin.DRAFT, "plain")]
        assert (told.listings, attention(session)[Need.REFUSED]) == ({"live": 1}, 0)


def test_a_warning_that_appears_sends_nothing_and_one_that_is_mended_goes(
    atelier: Atelier,
) -> None:
    market = atelier.channel("us", buffer=0)
    atelier.product("BO-001", stock=3)
    atelier.sync()
    atelier.edit("BO-001")
    atelier.sync(advising(atelier))
    assert dict(market.calls) == {"orders": 1}
    with atelier.session() as session:
        assert advised(session) == [(1, PLAIN.message)]
    atelier.edit("BO-001", tags=["bleu"])
    atelier.sync(advising(atelier))
    with atelier.session() as session:
        assert advised(session) == []


def test_warnings_are_written_once_and_outlast_a_change_of_something_else(
    atelier: Atelier,
) -> None:
    atelier.channel("us")
    for number in range(5):
        atelier.product(f"T-{number}", stock=9)
    connect = advising(atelier)
    first = writes(atelier, connect)
    for number in range(5):
        atelier.count(f"T-{number}", 3, "second")
        atelier.edit(f"T-{number}", price_minor=200_00)
    assert (len(first), writes(atelier, connect), writes(atelier, connect)) == (1, [], [])
    with atelier.session() as session:
        assert advised(session) == [(listing, PLAIN.message) for listing in range(1, 6)]


def test_of_what_is_withdrawn_nothing_is_advised(atelier: Atelier) -> None:
    atelier.channel("us")
    atelier.product("BO-001")
    atelier.sync(advising(atelier))
    atelier.edit("BO-001", withdrawn=True)
    atelier.sync(advising(atelier))
    with atelier.session() as session:
        assert advised(session) == []


def test_what_keeps_a_listing_off_is_told_before_any_advice(atelier: Atelier) -> None:
    atelier.channel("us")
    atelier.product("BO-001", title="Counterfeit rug")
    atelier.sync(advising(atelier))
    with atelier.session() as session:
        [row] = rows(session, session.exec(select(Listing)).all())
        [channel] = session.exec(select(Channel)).all()
        severities = [issue.severity for issue in row.issues]
        assert severities == [Severity.ERROR, Severity.WARNING]
        assert [one.severity for one in status(session, channel).issues] == severities
