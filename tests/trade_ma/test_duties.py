"""What a worker does for a tick."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from catalog.models import Photo, Product
from jobs.models import Channel, PhotoCheck, Run
from jobs.work_queue import Job, Tick, open_queue, queue_url
from tests.trade_ma.conftest import Practice
from trade_ma.duties import doing


def do(practice: Practice, job: Job) -> None:
    """A tick of the house, as a worker does it."""
    app = practice.app
    with closing(open_queue(queue_url(str(app.engine.url)), app.locks)) as queue:
        doing(app, queue)(Tick(job, "", "", "now"), lambda: False)


def test_photos_are_measured_and_products_judged_in_between(practice: Practice) -> None:
    with practice.app.session() as session:
        before = set(session.exec(select(Product.completeness)))
        assert session.exec(select(PhotoCheck)).all() == []
    do(practice, Job.PHOTOS)
    with practice.app.session() as session:
        photos = set(session.exec(select(Photo.sha256)))
        assert {row.sha256 for row in session.exec(select(PhotoCheck))} == photos
        after = set(session.exec(select(Product.completeness)))
    assert (before, min(after) > 0) == ({0}, True)


def test_the_night_forgets_runs_of_long_ago(practice: Practice) -> None:
    app, now = practice.app, datetime.now(UTC)
    with app.session() as session:
        channel = session.exec(select(Channel.id)).one()
        for days in (400, 300, 1):
            begun = now - timedelta(days=days)
            session.add(Run(channel_id=channel or 0, job="sync", started_at=begun))
        session.commit()
    do(practice, Job.TIDY)
    with app.session() as session:
        kept = [(now - started).days for started in session.exec(select(Run.started_at))]
    assert kept == [1]
