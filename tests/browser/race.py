"""The race page as a person works it: what can be pressed, chosen and read there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, expect

from browser.browsing import Browsing

CURVES = """() => {
    const {data} = Bokeh.documents[0].get_model_by_name("race").renderers[0].data_source;
    const known = (height) => (Number.isNaN(height) ? null : height);
    return [...data.label].map((label, k) => [label, [...data.ys[k]].map(known)]);
}"""

START = re.compile(r"start \((\S+), (\S+)\)")

HOLD_WORDS = """() => {
    window.words = [];
    window.realSend = WebSocket.prototype.send;
    WebSocket.prototype.send = function (word) { words.push(() => realSend.call(this, word)); };
}"""
"""Keep what the page says to the server."""

RELEASE_WORDS = """() => {
    WebSocket.prototype.send = realSend;
    words.forEach((say) => say());
}"""


class RacePage(Browsing):
    """The race page, open.

    Attributes
    ----------
    ground, map : Locator
        The canvas with the surface, and the one above it with the start, paths and heads.
    scrubber : Locator
        The slider through all steps.
    formula, facts : Locator
        The surface as a formula, and what is known of it.
    own : Locator
        The field for one's own formula.
    racers : Locator
        The racers' rows.
    card : Locator
        The update of one racer, written out.
    chart : Locator
        The chart of the race.
    """

    ROOT = ".playground.race"
    PAINTED = "[data-generation]"
    COMPONENT = "RaceComponent"
    MENU = "Racer"
    SCENE = "lastRace"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.ground = page.get_by_role("img", name=re.compile("^Map of"))
        self.map = page.get_by_role("application", name=re.compile("^Paths of the racers"))
        self.scrubber = page.get_by_role("slider", name="Step", exact=True)
        self.formula = self.root.locator(".formula")
        self.facts = self.root.locator(".about .soft")
        self.own = page.get_by_role("textbox", name="Your formula in x and y")
        self.racers = self.root.locator(".racer")
        self.card = page.get_by_role("region", name="Step by step")
        self.chart = self.root.locator(".bk-Figure")

    # What it shows

    @property
    def known(self) -> int:
        """How many steps of the race are known."""
        return int(self.number("known"))

    @property
    def generation(self) -> int:
        """The number of the race."""
        return int(self.number("generation"))

    @property
    def start(self) -> tuple[float, float]:
        """Where the race begins, as the line below the map says."""
        found = START.search(self.facts.inner_text())
        assert found is not None
        return number_of(found[1]), number_of(found[2])

    def racer(self, number: int) -> Locator:
        """The row of a racer, counted from 1."""
        return self.racers.nth(number - 1)

    def loss(self, number: int) -> float:
        """The loss that a racer's row says."""
        return number_of(self.racer(number).locator("em").inner_text())

    def tab(self, label: str) -> Locator:
        """What can stand below the racers."""
        return self.page.get_by_role("tab", name=label, exact=True)

    def curves(self) -> list[tuple[str, list[float | None]]]:
        """What the chart draws: the label and the heights of each curve, None where there is none."""
        return [(label, heights) for label, heights in self.page.evaluate(CURVES)]

    # What one can do

    def select(self, label: str) -> Locator:
        """A select of the top bar by its label."""
        return self.page.get_by_role("group", name="Race").get_by_role("combobox", name=label, exact=True)

    def race(self, steps: int) -> None:
        """Play for at least so many steps more, then pause."""
        target = self.step + steps
        self.press("Play")
        self.wait_for_step(target)
        self.press("Pause")
        self.expect(status="paused")

    def open_menu(self, number: int) -> None:
        """Open the menu of a racer."""
        self.racer(number).get_by_role("button", name=re.compile("^Change")).click()
        expect(self.menu(number)).to_be_visible()

    def open_card(self, number: int, name: str) -> None:
        """Have the next update of a racer written out."""
        self.racer(number).get_by_role("button", name=re.compile(f"^{name}")).click()
        expect(self.card).to_contain_text(f"{name}: step")

    def set_rate(self, number: int, rate: float) -> None:
        """Give a racer another learning rate, in its open menu."""
        field = self.hyperparameter(number, "Learning rate")
        field.fill(f"{rate:g}")
        field.press("Enter")

    def place(self, across: float, down: float) -> tuple[float, float]:
        """A place of the map in px of the window, by its shares of width and height."""
        box = self.map.bounding_box()
        assert box is not None
        return box["x"] + across * box["width"], box["y"] + down * box["height"]

    @contextmanager
    def unheard(self) -> Iterator[None]:
        """Let the server hear only afterwards what the page says meanwhile."""
        self.page.evaluate(HOLD_WORDS)
        yield
        self.page.evaluate(RELEASE_WORDS)


def number_of(text: str) -> float:
    """A number as the page writes it, with a real minus sign."""
    return float(text.replace("\u2212", "-"))
