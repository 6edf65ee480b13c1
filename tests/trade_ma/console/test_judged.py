"""What comes next while marketplaces judge listings: told on the page of runs."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import col, select

from connectors.protocol import Facet
from jobs.models import Channel, Listing, ListingFacet
from tests.trade_ma.console.conftest import PHONE, Served, Visit
from tests.trade_ma.console.filling import fill
from trade_ma.console.judged import next_pass
from trade_ma.identity.permissions import Role

NOON, EVENING = datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2026, 11, 23, 18, tzinfo=UTC)


def due(job: str, subject: str, at: datetime) -> Mapping[str, str]:
    return {"job": job, "subject": subject, "next": at.isoformat()}


@pytest.mark.parametrize(
    ("work", "told"),
    [
        (None, None),
        ({"executors": {}, "jobs": [due("push", "etsy", NOON)]}, None),
        ({"executors": {"a": "1"}, "jobs": [due("push", "shopify", NOON)]}, None),
        ({"executors": {"a": "1"}, "jobs": [due("rates", "etsy", NOON)]}, None),
        (
            {"executors": {"a": "1"}, "jobs": [due("push", "etsy", EVENING)]},
            EVENING,
        ),
        (
            {
                "executors": {"a": "1"},
                "jobs": [due("push", "etsy", EVENING), due("orders", "etsy", NOON)],
            },
            NOON,
        ),
    ],
)
def test_the_next_pass_is_the_first_that_a_living_worker_makes_over_such_a_channel(
    work: Mapping[str, Any] | None, told: datetime | None
) -> None:
    assert next_pass(work, {"etsy"}) == told


@pytest.mark.browser
def test_without_a_worker_the_page_of_runs_offers_to_ask_for_the_answers(
    visit: Visit, new_site: Served
) -> None:
    fill(new_site.app)
    with new_site.app.session() as session:
        of_etsy = select(Listing).join(Channel, col(Channel.id) == col(Listing.channel_id))
        for one in session.exec(of_etsy.where(Channel.code == "etsy").limit(2)):
            session.add(
                ListingFacet(
                    listing_id=one.id or 0, facet=Facet.CONTENT, pending_operation="feed-1"
                )
            )
        session.commit()
    visitor = visit(Role.ADMIN, "fr", PHONE, on=new_site)
    page = visitor.go("/runs")
    assert page.get_by_text("2 annonces sont examinées").inner_text() == (
        "2 annonces sont examinées par leurs places de marché. Un autre passage demande les "
        "réponses : laissez quelques minutes, puis lancez-le."
    )
    assert page.get_by_role("button", name="Demander les réponses maintenant").count() == 1
    assert (visitor.barriers(), visitor.sideways(), visitor.complaints) == ([], 0, [])
