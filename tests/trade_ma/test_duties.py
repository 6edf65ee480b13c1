"""What a worker does for a tick."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from jobs.models import Channel, Run
from jobs.work_queue import Job, Tick, open_queue, queue_url
from tests.trade_ma.conftest import Practice
from trade_ma.duties import doing


def test_the_night_forgets_runs_of_long_ago(practice: Practice) -> None:
    app, now = practice.app, datetime.now(UTC)
    with app.session() as session:
        channel = session.exec(select(Channel.id)).one()
        for days in (400, 300, 1):
            begun = now - timedelta(days=days)
            session.add(Run(channel_id=channel or 0, job="sync", started_at=begun))
        session.commit()
    url = queue_url(str(app.engine.url))
    with closing(open_queue(url, app.locks)) as queue:
        doing(app, queue)(Tick(Job.TIDY, "all", "all", "night"), lambda: False)
    with app.session() as session:
        kept = [(now - started).days for started in session.exec(select(Run.started_at))]
    assert kept == [1]
