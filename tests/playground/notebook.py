"""Pages as in a notebook: a loop, no server, and a page that keeps and acknowledges all it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from playground.runtime.frame import unpack
from playground.runtime.page import Page

P = TypeVar("P", bound=Page)


def loops() -> list[asyncio.Task]:
    """The session loops that run."""
    return [task for task in asyncio.all_tasks() if task.get_name() == "playground session"]


async def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait until something is true."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.002)


@asynccontextmanager
async def shown(page: P) -> AsyncIterator[P]:
    """Show a page to somebody who keeps what it tells in ``page.told``; stop it in the end."""
    page.told = []

    def tell(message: dict) -> None:
        page.told.append(message)
        if message["type"] == "frame":
            page._stage._handle_msg({"type": "ack", "seq": unpack(message["buf"])[0]})

    page._stage.tell = tell
    yield page
    page.stop()
    await until(lambda: not loops())
