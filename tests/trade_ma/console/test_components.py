"""What components do in a browser: ask once more, follow a run, filter in place, tell a failure."""

import pytest
from playwright.sync_api import expect

from tests.trade_ma.console.conftest import Visit
from trade_ma.identity.permissions import Role

pytestmark = pytest.mark.browser


def test_a_button_that_cannot_be_undone_asks_once_more(visit: Visit) -> None:
    page = visit(Role.ADMIN, java_script_enabled=False).go("/gallery")
    question = page.get_by_text("End 3 listings?")
    expect(question).to_be_hidden()
    page.get_by_role("button", name="End the listings").press("Enter")
    expect(question).to_be_visible()
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    expect(page.get_by_role("button", name="End the listings")).to_be_focused()


def test_a_bar_follows_what_happens_by_server_sent_events(visit: Visit) -> None:
    visitor = visit(Role.ADMIN)
    page = visitor.go("/gallery")
    expect(page.locator("#live")).to_contain_text("3 of 3")
    assert visitor.complaints == []


def test_a_list_is_filtered_in_place_at_an_address_of_its_own(visit: Visit) -> None:
    visitor = visit(Role.ADMIN)
    page = visitor.go("/gallery")
    page.evaluate("window.stayed = true")
    page.get_by_label("Search").fill("zellige")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/gallery?q=zellige&craft=&sort=title")
    assert page.evaluate("window.stayed")
    assert visitor.complaints == []


def test_what_a_role_may_not_see_is_told_above_the_page_that_is_there(visit: Visit) -> None:
    page = visit(Role.SHIPPER).go("/gallery")
    page.click("text=Look at users")
    expect(page.locator("#flashes")).to_contain_text("This is not open to you")
    expect(page.locator("#import")).to_contain_text("40 of 100")
    page.goto(page.url + "/users")
    assert page.locator("h1").inner_text() == "This is not open to you"


def test_a_mistake_of_ours_is_told_without_its_words(visit: Visit) -> None:
    page = visit(Role.ADMIN, "fr").go("/gallery/broken")
    assert page.locator("h1").inner_text() == "Quelque chose n’a pas marché chez nous"
    assert "ArithmeticError" not in page.content()


def test_somebody_who_was_signed_out_meanwhile_is_shown_the_way_in(visit: Visit) -> None:
    page = visit(Role.ADMIN).go("/gallery")
    page.context.clear_cookies()
    page.click("text=Look at users")
    page.wait_for_url("**/sign-in?next=%2Fgallery%2Fusers")


def test_an_unreachable_server_is_told(visit: Visit) -> None:
    page = visit(Role.ADMIN).go("/gallery")
    page.context.set_offline(True)
    page.click("text=Look at users")
    expect(page.get_by_role("alert").filter(has_text="cannot be reached")).to_be_visible()
