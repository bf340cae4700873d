"""A page of one's own: what the runtime has for any page is enough, and nothing outside of the page is touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect
from serving import PANEL, Server, until

HERE = Path(__file__).parent / "counter"
MOST_LINES = {"counter.py": 60, "counter.js": 40}


def lines_of(path: Path) -> int:
    """All lines that are not blank, imports and brackets included."""
    return sum(bool(line.strip()) for line in path.read_text(encoding="utf-8").splitlines())


@pytest.fixture
def counter_server(tmp_path, watch):
    """A server of all pages and the third one."""
    command = [str(HERE / "counter.py") if part == "playground" else part for part in PANEL]
    server = Server(tmp_path, command)
    server.url = server.url.replace("/playground", "/counter")
    server.start()
    watch.over_server(server)
    yield server
    server.stop()


@pytest.fixture
def counter(counter_server, new_page):
    """The third page, opened from the network page."""
    page = new_page()
    page.goto(counter_server.url)
    page.get_by_role("button", name="Counter").click()
    return page.locator(".playground.counter")


@pytest.mark.parametrize(("name", "most"), MOST_LINES.items())
def test_it_is_small(name, most):
    assert lines_of(HERE / name) < most


def count_of(page: Locator) -> int:
    return int(page.get_attribute("data-step"))


def test_it_plays_beside_the_others(counter):
    expect(counter).to_have_attribute("data-step", "0")
    counter.get_by_role("button", name="Step").click()
    expect(counter).to_have_attribute("data-step", "1")
    slider = counter.get_by_role("slider", name="Speed")
    slider.focus()
    slider.press("End")
    expect(slider).to_have_attribute("aria-valuenow", "1000")
    counter.get_by_role("button", name="Play").click()
    until(lambda: count_of(counter) > 1000, "it counts a thousand at a thousand a second")
    counter.get_by_role("button", name="Pause").click()
    expect(counter).to_have_attribute("data-status", "paused")
    until(lambda: count_of(counter) % 100, "the bar is not empty")
    blue = counter.get_by_role("img").evaluate(
        "(canvas) => [...canvas.getContext('2d').getImageData(0, 10, 1, 1).data]"
    )
    assert blue == [8, 119, 189, 255]


def test_the_pages_beside_it_work_as_ever(counter):
    counter.get_by_role("button", name="Network").click()
    stage = counter.page.locator(".playground:not(.counter)")
    stage.get_by_role("button", name="Play").click()
    until(lambda: count_of(stage) > 10, "the network trains")
    expect(counter).to_be_hidden()
