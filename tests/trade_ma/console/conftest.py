"""A console that is served, people of every role, and a browser that looks at it."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from connectors.sandbox.server import serve
from tests.trade_ma.console.filling import PEOPLE, fill, ticket
from tests.trade_ma.console.gallery import gallery
from trade_ma.api.access import COOKIE
from trade_ma.identity.permissions import Role
from trade_ma.installation import App, open_app
from trade_ma.settings import Settings
from trade_ma.site import site as site_of

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
PHONE = (320, 640)
DESKTOP = (1280, 800)
# Elements that say whose words they hold, or in which language they are.
NOT_OURS = "[lang]:not(html), bdi, q, code, textarea, address"
# The words of a page outside of those, and of its attributes that are read aloud.
OUR_WORDS = """notOurs => {
  const words = [document.title];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode())
    if (!texts.currentNode.parentElement.closest(`${notOurs}, script, style`))
      words.push(texts.currentNode.data);
  for (const name of ["aria-label", "title", "placeholder", "alt", "data-label"])
    for (const one of document.querySelectorAll(`[${name}]`))
      if (!one.closest(notOurs)) words.push(one.getAttribute(name));
  return words;
}"""
# What axe-core calls these two is a barrier to somebody.
BARRIERS = {"serious", "critical"}


def pytest_configure(config: pytest.Config) -> None:
    """Let tests that need a browser be chosen or left out, by -m browser."""
    config.addinivalue_line("markers", "browser: looks at pages in Chromium")


@dataclass
class Served:
    """A console at its address, and the installation behind it."""

    address: str
    app: App


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """The console of a new installation in `folder`, on loopback."""
    app = open_app(Settings(data_dir=folder, database_url=None))
    everything = site_of(app)
    everything.include_router(gallery)
    with serve(everything) as address:
        yield Served(address, app)
    app.engine.dispose()


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A console over a filled database; its tests only look, or change what is their own."""
    with served(tmp_path_factory.mktemp("site")) as site:
        fill(site.app)
        yield site


@pytest.fixture
def new_site(data_dir: Path) -> Iterator[Served]:
    """A console over an empty database, before its first user."""
    with served(data_dir) as site:
        yield site


def chromium() -> str | None:
    """Where Chromium is: named by the environment, or in the path; put there once in CI."""
    return os.environ.get("CHROMIUM") or _in_path() or _installed()


def _in_path() -> str | None:
    names = ("chromium", "google-chrome", "chromium-browser")
    return next(filter(None, map(shutil.which, names)), None)


def _installed() -> str | None:
    if os.environ.get("CI") and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-q", "chromium"], check=False)
    return _in_path()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of the console."""
    place = chromium()
    if place is None:
        pytest.skip("there is no Chromium: apt-get install chromium, or name one in CHROMIUM")
    with sync_playwright() as playwright:
        # A container has no user of its own that Chromium could confine itself to.
        browser = playwright.chromium.launch(executable_path=place, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Visitor:
    """A browser window and what its pages complained of in the console."""

    page: Page
    address: str
    complaints: list[str]
    status: int = 0

    def go(self, path: str) -> Page:
        """Open that page; `status` is then that of its answer."""
        answer = self.page.goto(self.address + path)
        self.status = answer.status if answer else 0
        return self.page

    def barriers(self) -> list[str]:
        """What axe-core finds serious or critical on the page, with where it is."""
        self.page.evaluate(AXE.read_text())
        found: dict[str, Any] = self.page.evaluate("axe.run({resultTypes: ['violations']})")
        return [
            f"{one['id']}: {node['target']} {node['failureSummary']}"
            for one in found["violations"]
            if one["impact"] in BARRIERS
            for node in one["nodes"]
        ]

    def words(self) -> list[str]:
        """What the page says in its own language, piece by piece."""
        words: list[str] = self.page.evaluate(OUR_WORDS, NOT_OURS)
        return [" ".join(piece.split()) for piece in words]

    def sideways(self) -> int:
        """By how many pixels the page is wider than its window."""
        width: int = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return width


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, site: Served) -> Iterator[Visit]:
    """Opens a window for somebody of a role (nobody without one), in a language, of a size."""
    contexts: list[BrowserContext] = []

    def open_window(
        role: Role | None = None,
        language: str = "en",
        size: Sequence[int] = DESKTOP,
        on: Served = site,
        **options: Any,
    ) -> Visitor:
        # Without motion: a colour on its way from day to night is none of the page's colours.
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=language,
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        if role is not None:
            token = ticket(on.app, PEOPLE[role], language)
            context.add_cookies([{"name": COOKIE, "value": token, "url": on.address}])
        page = context.new_page()
        visitor = Visitor(page, on.address, [])
        page.on("console", lambda said: _heard(visitor, said))
        page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        return visitor

    yield open_window
    for context in contexts:
        context.close()


def _heard(visitor: Visitor, said: ConsoleMessage) -> None:
    """Errors and refusals of the content security policy; an error page's own status is none."""
    if said.type in {"error", "warning"} and "Failed to load resource" not in said.text:
        visitor.complaints.append(said.text)
