"""Getting in and out: by the keyboard alone, with a second step, and without any script."""

import re
from datetime import UTC, datetime

import pyotp
import pytest
import segno
from playwright.sync_api import Page, expect
from sqlmodel import select

from tests.trade_ma.console.conftest import Served, Visit
from trade_ma.console.addresses import own
from trade_ma.identity import totp, users
from trade_ma.identity.models import User
from trade_ma.identity.permissions import Role

pytestmark = pytest.mark.browser

PASSWORD = "seven red rugs of wool"


@pytest.fixture
def secret(new_site: Served) -> str:
    """The key of the authenticator app of an admin, amina, who signs in with a second step."""
    with new_site.app.session() as session:
        user = users.add(session, name="amina", role=Role.ADMIN, locale="en")
        users.set_password(session, user, PASSWORD)
        enrolment = totp.enrol(session, new_site.app.sealer, user)
        user.totp_confirmed_at = datetime.now(UTC)
        session.commit()
        return enrolment.secret


def type_in(page: Page, words: str) -> None:
    """Go on to the next field by the keyboard, and write there."""
    page.keyboard.press("Tab")
    page.keyboard.type(words)


def test_one_signs_in_with_two_steps_by_the_keyboard_alone(
    visit: Visit, new_site: Served, secret: str
) -> None:
    page = visit(on=new_site).go("/profile")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    type_in(page, "amina")
    type_in(page, PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Code")).to_be_visible()
    assert PASSWORD not in page.content()
    page.locator("#content").focus()
    type_in(page, "000 000")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Code")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Code").focus()
    page.keyboard.type(pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    page.wait_for_url("**/profile")
    assert page.locator("h1").inner_text() == "Your profile"


def test_a_wrong_password_is_told_at_the_field_and_in_the_reader_s_language(
    visit: Visit, new_site: Served
) -> None:
    page = visit(language="ar", on=new_site).go("/sign-in")
    page.fill("[name=name]", "nobody")
    page.fill("[name=password]", "wrong")
    page.click("main button")
    described = page.locator("[name=name]").get_attribute("aria-describedby") or ""
    assert page.locator(f"#{described}").inner_text() == "الاسم أو كلمة السر غير صحيحة."
    assert page.locator("[name=name]").input_value() == "nobody"


def test_the_first_admin_is_made_by_a_link_that_works_once(visit: Visit, new_site: Served) -> None:
    with new_site.app.session() as session:
        invited = users.invite_first(session, datetime.now(UTC))
        session.commit()
    assert invited
    page = visit(language="fr", on=new_site, java_script_enabled=False).go(
        f"/set-up?token={invited.token}"
    )
    choose(page, "Amina", "a" * 12, "a" * 12)
    assert "Choisissez un autre mot de passe" in page.locator("#wrong-password").inner_text()
    choose(page, "Amina", PASSWORD, PASSWORD + "!")
    assert "ne sont pas les mêmes" in page.locator("#wrong-again").inner_text()
    choose(page, "Amina", PASSWORD, PASSWORD)
    assert page.locator(".flash.success").inner_text() == "Bienvenue. Votre compte est prêt."
    assert page.locator(".empty-title").all_inner_texts()[0] == "Pas encore de canal"
    page.goto(f"{new_site.address}/set-up?token={invited.token}")
    choose(page, "Other", PASSWORD, PASSWORD)
    assert page.locator("h1").inner_text() == "Ce lien n’est plus valable"
    with new_site.app.session() as session:
        assert [(u.name, u.role, u.locale) for u in session.exec(select(User))] == [
            ("amina", Role.ADMIN, "fr")
        ]


def choose(page: Page, name: str, password: str, again: str) -> None:
    page.fill("[name=name]", name)
    page.fill("[name=password]", password)
    page.fill("[name=again]", again)
    page.click("main form:first-of-type button")


def test_an_invited_person_chooses_a_password_and_is_in(visit: Visit, new_site: Served) -> None:
    with new_site.app.session() as session:
        user = users.add(session, name="samir", role=Role.SHIPPER, locale="en")
        token = users.invite(session, user, datetime.now(UTC)).token
        session.commit()
    page = visit(on=new_site).go(f"/invitation?token={token}")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.click("main button")
    assert page.locator(".flash.success").inner_text() == "Welcome. Your account is ready."


def test_a_second_step_is_set_up_and_given_up_in_the_profile(
    visit: Visit, new_site: Served
) -> None:
    with new_site.app.session() as session:
        users.set_password(session, users.add(session, name="amina", role=Role.ADMIN), PASSWORD)
        session.commit()
    page = visit(Role.ADMIN, on=new_site).go("/profile")
    page.fill("#field-proof", "not mine")
    page.click("text=Set it up")
    assert page.locator("#wrong-proof").inner_text() == "This is not your password."
    page.fill("#field-proof", PASSWORD)
    page.click("text=Set it up")
    key = page.locator("main code").inner_text().replace(" ", "")
    link = page.get_by_role("link", name="Open the app").get_attribute("href")
    drawn = page.get_by_role("img", name="QR code").locator("path").last.get_attribute("d")
    assert link == pyotp.TOTP(key).provisioning_uri(name="amina", issuer_name=totp.ISSUER)
    assert drawn
    assert drawn in segno.make(link, micro=False).svg_inline()
    page.fill("#field-code", pyotp.TOTP(key).now())
    page.click("text=Turn it on")
    assert page.locator(".flash.success").inner_text() == "The second step is on."
    page.fill("#field-proof", PASSWORD)
    page.click("text=Turn it off")
    assert page.locator(".flash.success").inner_text() == "The second step is off."


def test_another_password_is_chosen_with_the_old_one(visit: Visit, new_site: Served) -> None:
    with new_site.app.session() as session:
        users.set_password(session, users.add(session, name="amina", role=Role.ADMIN), PASSWORD)
        session.commit()
    page = visit(Role.ADMIN, on=new_site).go("/profile")
    for now, wanted in ((PASSWORD + "?", "current"), (PASSWORD, "")):
        page.fill("#field-current", now)
        page.fill("#field-password", PASSWORD * 2)
        page.fill("#field-again", PASSWORD * 2)
        page.click("text=Change the password")
        assert page.locator(f"#wrong-{wanted or 'current'}").count() == bool(wanted)
    assert page.locator(".flash.success").inner_text() == "Your password was changed."


def test_the_language_is_switched_on_any_page_without_a_script(visit: Visit) -> None:
    page = visit(Role.VIEWER, "fr", java_script_enabled=False).go("/profile?a=b")
    page.click(".languages [value=ar]")
    assert page.url.endswith("/profile?a=b")
    assert page.locator("html").get_attribute("lang") == "ar"
    page.context.clear_cookies(name="language")
    assert page.reload()
    assert page.locator("html").get_attribute("lang") == "ar"


def test_one_signs_out_from_the_menu_of_a_phone(visit: Visit) -> None:
    page = visit(Role.VIEWER, "en", (320, 640)).go("/")
    page.click("text=Menu")
    page.click("text=Sign out")
    assert page.locator(".flash.success").inner_text() == "You are signed out."
    page.goto(re.sub(r"/sign-in.*", "/", page.url))
    assert page.url.endswith("/sign-in")


def test_a_form_of_another_session_changes_nothing(visit: Visit) -> None:
    page = visit(Role.VIEWER).go("/profile")
    page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach(f => f.value = 'x')")
    page.click("text=Sign out")
    assert page.locator("h1").inner_text() == "This page was out of date"
    assert page.reload()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/products?q=a", "/products?q=a"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/a\nb", "/"),
        ("", "/"),
    ],
)
def test_a_visitor_is_sent_on_to_our_own_pages_alone(address: str, expected: str) -> None:
    assert own(address) == expected
