"""``panel serve playground`` in a process of its own."""

import asyncio
import re

import pytest
import pytest_asyncio
from headless import Page
from serving import Server

from playground.runtime.flow_control import PATIENCE
from playground.runtime.session_loop import FULL_SPEED

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server"))
    server.start()
    yield server
    server.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def page(server):
    page = await Page.open(server.url, restore={"speed": FULL_SPEED})
    yield page
    await page.close()


def memory(server):
    """Bytes that the server's process holds."""
    number = re.search(r"process id: (\d+)", server.log())[1]
    with open(f"/proc/{number}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096


async def test_it_plays_and_says_nothing_in_the_log(server, page):
    await page.tell("play")
    await page.until(lambda: len(page.pictures) > 60)
    assert page.pictures[-1].step > 1000
    assert not re.search(r"Traceback|ERROR|WARNING|Warning:", server.log())


async def test_the_page_asks_no_other_host(server, page):
    assert re.findall(r"""(?:src|href)=["'](?:https?:)?//[^"']*""", page.html) == []


async def test_memory_stays_flat_whether_the_page_paints_or_not(server, page):
    await page.tell("play")
    await page.until(lambda: len(page.pictures) > 60)
    before = memory(server)
    await page.until(lambda: len(page.pictures) > 120)
    page.painting = False
    await asyncio.sleep(PATIENCE + 1)
    # A frame of 14 kB sixty times a second would be 5 MB in the time.
    assert memory(server) - before < 2e6


async def test_a_page_that_comes_and_goes_is_nothing_to_complain_about(server):
    start = len(server.log())
    for _ in range(3):
        page = await Page.open(server.url)
        await page.tell("play")
        await page.close()
    page = await Page.open(server.url)
    await page.close()
    assert not re.search(r"Traceback|ERROR|WARNING", server.log(start))
