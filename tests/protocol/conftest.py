"""A server for pages without a browser."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Callable
from weakref import WeakSet

import pytest
import pytest_asyncio
from bokeh.document import Document
from headless import Page
from panel.io.server import get_server
from tornado.httpserver import HTTPServer

from playground import Playground, app, pages

LIFETIME = 2000
"""Milliseconds that a session without a page lives on."""


class House:
    """A server in this process and this loop, so that its tasks and sessions can be counted."""

    def __init__(self) -> None:
        self.plays: WeakSet[Playground] = WeakSet()
        self.pages: list[Page] = []
        self.server = get_server(
            {"playground": app.serve_page},
            port=0,
            address="localhost",
            check_unused_sessions_milliseconds=100,
            unused_session_lifetime_milliseconds=LIFETIME,
        )
        self.server.start()
        self.url = f"http://localhost:{self.server.port}/playground"

    async def open(self, **how: object) -> Page:
        """Open a page that is closed after the test."""
        page = await Page.open(self.url, **how)
        self.pages.append(page)
        return page

    async def enter(self, **how: object) -> tuple[Page, Playground]:
        """Open a page, and return with it what the server made for it."""
        page = await self.open(**how)
        document = self.server.get_session("/playground", page.session).document
        (play,) = (play for play in self.plays if play._doc is document)
        return page, play

    async def close_pages(self) -> None:
        """Close all pages."""
        while self.pages:
            await self.pages.pop().close()

    async def empty(self) -> None:
        """Close all pages and wait until the server has forgotten them."""
        await self.close_pages()
        await self.until(lambda: not self.server.get_sessions("/playground"))

    @property
    def clocks(self) -> list[asyncio.Task[None]]:
        """The tasks of all sessions."""
        return [task for task in asyncio.all_tasks() if task.get_name() == "playground session"]

    @property
    def remains(self) -> tuple[int, int]:
        """Playgrounds and documents that are still in memory."""
        gc.collect()
        return len(self.plays), sum(type(thing) is Document for thing in gc.get_objects())

    @staticmethod
    async def until(condition: Callable[[], object], seconds: float = 15.0) -> None:
        """Wait until something is true."""
        async with asyncio.timeout(seconds):
            while not condition():
                await asyncio.sleep(0.02)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house() -> AsyncIterator[House]:
    """One server for all tests of a module."""
    with pytest.MonkeyPatch.context() as patch:
        house = House()

        class Recorded(Playground):
            """One that the house knows of."""

            def __init__(self, **values: object) -> None:
                super().__init__(**values)
                house.plays.add(self)

        patch.setattr(pages, "Playground", Recorded)
        yield house
        await house.close_pages()
        for play in house.plays:
            play.stop()
        await house.until(lambda: not house.clocks)
        server: HTTPServer = house.server._http
        house.server.stop()
        server.stop()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(server.close_all_connections(), 1)


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def _no_page_is_left_open(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    yield
    if "house" in request.fixturenames:
        await request.getfixturevalue("house").close_pages()
