"""One server and one browser for all browser tests, a fresh context for each, and a watch over what must not happen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromium
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from serving import ROOT, Server, until

from browser.race import RacePage
from browser.stage import Stage

DESKTOP = {"width": 1280, "height": 800}
HARMLESS = re.compile(r"\[bokeh|Bokeh items were rendered")
TROUBLE = re.compile(r"Traceback|ERROR|CRITICAL|WARNING|Warning:")

expect.set_options(timeout=20_000)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The one browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(playwright), args=chromium.FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that all tests share."""
    server = Server(tmp_path_factory.mktemp("server"))
    server.start()
    yield server
    server.stop()


class Watch:
    """Notes what must not happen: complaints of the browser or of a server, and requests to other hosts."""

    def __init__(self) -> None:
        self._seen: list[str] = []
        self._expected: list[str] = []
        self._servers: dict[Server, int] = {}

    def expect(self, pattern: str) -> None:
        """Let complaints pass that this regular expression finds."""
        self._expected.append(pattern)

    def over_server(self, server: Server) -> None:
        """Read its log from here on."""
        self._servers.setdefault(server, len(server.log()))

    def over_browser(self, context: BrowserContext) -> None:
        """Listen to all its pages."""
        context.on("console", lambda message: self._hear(message.type, message.text))
        context.on("weberror", lambda error: self._seen.append(f"page error: {error.error}"))
        context.on("request", lambda request: self._visit(request.url))

    def complaints(self) -> list[str]:
        """All that was seen and nobody expected. Call it when the pages are closed."""
        for server, start in self._servers.items():
            until(lambda server=server, start=start: _is_left(server, start), "the server has let go of the pages")
            self._seen += [f"server: {line}" for line in server.log(start).splitlines() if TROUBLE.search(line)]
        return [line for line in self._seen if not any(re.search(pattern, line) for pattern in self._expected)]

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") or not HARMLESS.match(text):
            self._seen.append(f"console {kind}: {text}")

    def _visit(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "localhost":
            self._seen.append(f"request to another host: {url}")


def _is_left(server: Server, start: int) -> bool:
    """Whether all pages that were opened since then are closed, or the server itself is."""
    log = server.log(start)
    return not server.runs or log.count("WebSocket connection opened") <= log.count("WebSocket connection closed")


@pytest.fixture(autouse=True)
def watch(server: Server) -> Iterator[Watch]:
    """At the end of every test: nothing that must not happen has happened."""
    watch = Watch()
    watch.over_server(server)
    yield watch
    assert not watch.complaints()


@pytest.fixture
def new_page(browser: Browser, watch: Watch, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Make an empty page in a fresh context: ``new_page(viewport=..., color_scheme=...)``."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> Page:
        context = browser.new_context(**{"viewport": DESKTOP, "color_scheme": "light", **options})
        context.set_default_timeout(20_000)
        contexts.append(context)
        watch.over_browser(context)
        return context.new_page()

    yield make
    if getattr(request.node, "failed", False):
        _photograph(contexts, request.node.name)
    for context in contexts:
        context.close()


@pytest.fixture
def visit(new_page: Callable[..., Page], server: Server) -> Callable[..., Stage]:
    """Open a page in a fresh context: ``visit(url=..., viewport=..., color_scheme=...)``."""
    return lambda url=server.url, **options: Stage(new_page(**options)).open(url)


@pytest.fixture
def stage(visit: Callable[..., Stage]) -> Stage:
    """A page, just opened."""
    return visit()


@pytest.fixture
def visit_race(new_page: Callable[..., Page], server: Server) -> Callable[..., RacePage]:
    """Open the race page in a fresh context, as ``visit`` does the network page."""
    return lambda **options: RacePage(new_page(**options)).open(f"{server.url}?page=optimizers")


@pytest.fixture
def race(visit_race: Callable[..., RacePage]) -> RacePage:
    """A race page, just opened."""
    return visit_race()


@pytest.fixture
def own_server(tmp_path: Path, watch: Watch) -> Iterator[Server]:
    """A server for this test alone."""
    server = Server(tmp_path)
    server.start()
    watch.over_server(server)
    yield server
    server.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember that a test failed, for ``new_page`` to take pictures."""
    report = yield
    item.failed = getattr(item, "failed", False) or report.failed  # type: ignore[attr-defined]
    return report


def _photograph(contexts: list[BrowserContext], name: str) -> None:
    """Save what the pages of a failed test show to test-results/."""
    folder = ROOT / "test-results"
    pages = [page for context in contexts for page in context.pages]
    stem = re.sub(r"[^-.\w]+", "_", name)
    for number, page in enumerate(pages):
        page.screenshot(path=folder / f"{stem}-{number}.png")
