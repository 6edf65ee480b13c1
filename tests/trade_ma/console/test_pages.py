"""Every page in every language: read by all, wide enough for a phone, and with nothing refused."""

import re
from collections.abc import Sequence

import pytest

from tests.trade_ma.console.conftest import DESKTOP, PHONE, Visit
from trade_ma.console.headers import POLICY
from trade_ma.console.languages import LOCALES, language
from trade_ma.identity.permissions import Role

pytestmark = pytest.mark.browser

OPEN = ("/sign-in", "/set-up?token=x", "/invitation?token=x")
INSIDE = (
    *("/", "/profile", "/gallery", "/no-such-page"),
    *(
        "/imports",
        "/products",
        "/products/new",
        "/products/1",
        "/listings",
        "/listings/1",
        "/needs-work",
    ),
    *("/texts", "/texts/1-de", "/suggestions", "/photos"),
    *("/prices", "/prices?sku=T-0", "/prices/rates", "/prices/try?channel=etsy&margin=20"),
    *("/channels", "/channels/shopify", "/channels/amazon-de", "/add-channel", "/add-channel/etsy"),
    *("/add-channel/amazon?by=hand", "/add-channel/shopify", "/practice", "/settings"),
    *("/plan", "/runs", "/runs/1"),
    *("/users", "/users/1", "/audit"),
)
SELLING = (
    *("/orders", "/orders?stage=unreadable", "/orders/1", "/orders/21", "/orders/to-ship"),
    *("/orders/21/pack", "/orders/21/slip", "/conflicts", "/reconcile", "/reconcile/1"),
    *("/adoptions", "/statistics", "/statistics?by=country&months=3"),
)
STATUSES = {"/no-such-page": 404}
# What stays of English where words were not translated. In Arabic three Latin words in a row: two
# are the name of a maker, or what a marketplace calls a place of its own. In French words of
# English that French has not, nor any name here. In English two Arabic words in a row: one is the
# name of the language, as its own readers call it.
FOREIGN = {
    "ar": re.compile(r"[A-Za-zÀ-ÿ][\w'’.-]*(?:[ ,]+[A-Za-zÀ-ÿ][\w'’.-]*){2}"),
    "fr": re.compile(
        r"\b(the|of|is|are|was|and|with|there|not|no|this|to|by|for|it|its|in|has)\b", re.IGNORECASE
    ),
    "en": re.compile(r"[\u0600-\u06ff]+ +[\u0600-\u06ff]+"),
}


@pytest.mark.parametrize("code", LOCALES)
@pytest.mark.parametrize(
    ("role", "paths"), [(None, OPEN), (Role.ADMIN, INSIDE), (Role.MANAGER, SELLING)]
)
def test_every_page_is_there_in_its_reader_s_language_without_a_barrier_and_fits_a_phone(
    visit: Visit, role: Role | None, paths: Sequence[str], code: str
) -> None:
    visitor = visit(role, code, PHONE)
    found = {}
    for path in paths:
        visitor.go(path)
        foreign = list(filter(FOREIGN[code].search, visitor.words()))
        if code != "en":
            # What a template was not given, in place of words; in English it may be one.
            foreign += visitor.page.get_by_text("None", exact=True).all_inner_texts()
        found[path] = (visitor.status, foreign, visitor.barriers(), visitor.sideways())
    assert found == {path: (STATUSES.get(path, 200), [], [], 0) for path in paths}
    assert visitor.complaints == []


def test_a_wide_page_has_no_barrier_by_day_and_by_night(visit: Visit) -> None:
    visitor = visit(Role.ADMIN, "fr", DESKTOP, color_scheme="dark")
    page = visitor.go("/gallery")
    by_night = visitor.barriers()
    page.emulate_media(color_scheme="light")
    assert (by_night, visitor.barriers(), visitor.sideways(), visitor.complaints) == ([], [], 0, [])


@pytest.mark.parametrize("code", LOCALES)
def test_the_menu_stands_where_reading_begins(visit: Visit, code: str) -> None:
    page = visit(Role.ADMIN, code).go("/")
    menu, content = (page.locator(one).bounding_box() for one in ("#menu", "main"))
    assert menu
    assert content
    begins_right = menu["x"] > content["x"]
    assert begins_right == (language(code).direction == "rtl")
    assert page.locator("html").get_attribute("dir") == language(code).direction


def test_the_policy_lets_nothing_run_that_is_not_ours(visit: Visit) -> None:
    visitor = visit(Role.ADMIN)
    answer = visitor.page.goto(visitor.address)
    assert answer
    assert answer.headers["content-security-policy"] == POLICY
    with visitor.page.expect_console_message(lambda said: "inline event handler" in said.text):
        visitor.page.evaluate("document.body.innerHTML = '<img src=x onerror=\"window.ran = 1\">'")
    assert visitor.page.evaluate("window.ran") is None


def test_files_are_kept_for_good_by_browsers(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go("/sign-in")
    style = page.locator("link[rel=stylesheet]").get_attribute("href")
    assert style
    assert re.fullmatch(r"/static/[0-9a-f]{16}/console\.css", style)
    answer = page.request.get(visitor.address + style)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("role", "sections"),
    [
        (
            Role.ADMIN,
            [
                "What needs you now",
                "Channels",
                "Sales of the last four weeks",
                "Exports of the last twelve months",
            ],
        ),
        (
            Role.MAKER,
            [
                "What needs you now",
                "Sales of the last four weeks",
                "Exports of the last twelve months",
            ],
        ),
        (Role.SHIPPER, ["What needs you now"]),
    ],
)
def test_the_home_page_shows_what_a_role_may_see(
    visit: Visit, role: Role, sections: list[str]
) -> None:
    page = visit(role).go("/")
    assert page.locator("main h2").all_inner_texts() == sections


def test_what_needs_a_person_is_told_in_words(visit: Visit) -> None:
    page = visit(Role.ADMIN, "ar").go("/")
    alert = page.locator("#alerts li").inner_text()
    assert alert.startswith("لا تصل طلبات من etsy: هل الخدمة تعمل؟")
    assert page.locator("#needs li").all_inner_texts() == [
        "قطعة واحدة بيعت مرتين: قرّر لأي طلب تكون",
        "قناة واحدة متوقفة إلى أن تعيد تشغيلها",
        "3 إعلانات رُفضت: اطّلع على السبب وصحّحها",
        "نص مترجم واحد ينتظر المراجعة",
        "8 منتجات صورها صغيرة جدا: أعد تصويرها من قرب",
    ]


def test_a_failure_is_told_in_words_with_the_number_of_the_request(visit: Visit) -> None:
    page = visit(Role.ADMIN).go("/no-such-page")
    assert page.locator("h1").inner_text() == "There is no such page"
    assert re.search(r"Number of this request: [0-9a-f]{32}", page.locator("main").inner_text())


def test_a_stranger_is_shown_the_way_in_and_back(visit: Visit) -> None:
    page = visit().go("/profile")
    assert page.url.endswith("/sign-in?next=%2Fprofile")
