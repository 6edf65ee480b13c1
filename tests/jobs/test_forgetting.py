"""What grows with every pass is forgotten when nobody asks for it any more."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from connectors.clock import VirtualClock
from connectors.protocol import NoticeKind
from jobs import notifications, runs
from jobs.models import Channel, Notification, Run
from tests.conftest import NOON
from tests.jobs.conftest import Atelier

DAY = timedelta(days=1)


@pytest.fixture
def session(engine: Engine, clock: VirtualClock) -> Session:
    """A session on a database with two channels."""
    atelier = Atelier(engine, clock)
    atelier.channel("us")
    atelier.channel("de")
    return atelier.session()


def test_a_season_of_runs_is_kept_and_the_last_of_each_channel(session: Session) -> None:
    for channel, days in ((1, 200), (1, 91), (1, 90), (1, 0), (2, 300), (2, 200)):
        session.add(Run(channel_id=channel, job="sync", started_at=NOON - days * DAY))
        session.flush()
    with session:
        runs.forget_old(session, NOON)
        session.commit()
        kept = session.exec(select(Run).order_by("id")).all()
    assert [(one.channel_id, (NOON - one.started_at).days) for one in kept] == [
        (1, 90),
        (1, 0),
        (2, 200),
    ]


def test_notices_that_wait_for_somebody_are_kept_however_old(session: Session) -> None:
    handled = {"long ago": NOON - 31 * DAY, "lately": NOON - 30 * DAY, "never": None}
    with session:
        for name, moment in handled.items():
            session.add(
                Notification(
                    channel_id=session.exec(select(Channel.id)).first() or 0,
                    remote_id=name,
                    kind=NoticeKind.PRIVACY,
                    topic="customers/data_request",
                    received_at=NOON - 90 * DAY,
                    handled_at=moment,
                )
            )
        session.commit()
        notifications.forget_old(session, NOON)
        session.commit()
        kept = session.exec(select(Notification.remote_id).order_by("id")).all()
    assert kept == ["lately", "never"]
