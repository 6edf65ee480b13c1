"""Sales before the first exchange rate: told as such, instead of as nothing."""

import pytest
from sqlalchemy import update

from jobs.models import Order
from tests.trade_ma.console.conftest import PHONE, Served, Visit
from tests.trade_ma.console.filling import fill
from trade_ma.identity.permissions import Role

pytestmark = pytest.mark.browser


@pytest.fixture
def unrated(new_site: Served) -> Served:
    """A console whose orders were all paid in euros, of which no rate is known."""
    fill(new_site.app)
    with new_site.app.session() as session:
        session.execute(
            update(Order).values(currency="EUR", total_minor=9_00, total_mad_minor=None)
        )
        session.commit()
    return new_site


def test_home_says_how_many_orders_have_no_rate_and_leads_to_the_rates(
    visit: Visit, unrated: Served
) -> None:
    visitor = visit(Role.ADMIN, "fr", PHONE, on=unrated)
    page = visitor.go("/")
    told = page.locator(".flash.warning").first
    assert told.inner_text() == (
        "22 commandes n’ont pas encore de cours de leur jour : elles manquent dans les dirhams. "
        "Voir comment obtenir les cours"
    )
    assert "0 MAD" not in page.locator("main").inner_text()
    told.get_by_role("link").click()
    assert page.url.endswith("/prices/rates")
    assert "Appuyez sur « Chercher les cours du jour »" in page.locator("main").inner_text()
    assert "EUR · 22 commandes, depuis le" in page.locator("main").inner_text()
    assert (visitor.barriers(), visitor.sideways()) == ([], 0)


def test_statistics_do_not_know_dirhams_without_a_rate(visit: Visit, unrated: Served) -> None:
    visitor = visit(Role.VIEWER, "fr", PHONE, on=unrated)
    page = visitor.go("/statistics")
    assert page.locator(".figures dd").all_inner_texts() == ["Inconnu", "22", "Inconnu", "Inconnu"]
    assert "0,00 MAD" not in page.locator("main").inner_text()
    assert page.locator(".chart").count() == 0
    assert (visitor.barriers(), visitor.sideways()) == ([], 0)
