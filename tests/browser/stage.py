"""The network page as a person works it: what can be pressed, chosen and read there."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect
from serving import until

from browser.browsing import Browsing

Point = tuple[float, float]

ACTIVATION = {"light": (42, 127, 142), "dark": (79, 179, 194)}
GRADIENT = {"light": (123, 94, 167), "dark": (171, 143, 219)}
"""The colours of activations and gradients in each theme, everywhere."""


class Stage(Browsing):
    """The network page, open.

    Attributes
    ----------
    map, network, chart : Locator
        The large map, the network's canvas and the loss chart.
    curve : Locator
        The picture of an activation in the open menu of its layer.
    inspector : Locator
        One layer in detail.
    """

    ROOT = ".playground:not(.race)"
    PAINTED = "[data-train-loss]"
    COMPONENT = "Stage"
    MENU = "Layer"
    SCENE = "lastScene"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.map = page.get_by_role("img", name=re.compile("every point of the plane"))
        self.network = page.get_by_role("application", name=re.compile("network"))
        self.chart = page.locator(".bk-Figure")
        self.curve = page.get_by_role("img", name=re.compile("^The activation function"))
        self.inspector = page.get_by_role("region", name="One layer in detail")
        self.heading = page.get_by_role("region", name="Output").get_by_role("heading")

    # What it shows

    @property
    def losses(self) -> tuple[float, float]:
        """Training and test loss."""
        return self.number("train-loss"), self.number("test-loss")

    def readout(self, label: str) -> Locator:
        """The number below a caption above the large map."""
        return self.page.locator(".readout", has_text=label).locator(".number")

    def chip(self, layer: int) -> Locator:
        """The button that says what a hidden layer, counted from 1, does, and opens its menu."""
        return self.page.get_by_role("button", name=re.compile(f"^Layer {layer}:"))

    def section(self, title: str) -> Locator:
        """The choices under a heading of the left panel."""
        return self.page.locator("details.section", has=self.page.get_by_text(title, exact=True))

    def units(self, layer: int) -> Locator:
        """The number of units above a hidden layer."""
        return self.page.get_by_role("status", name=f"Units in layer {layer}.")

    def loss_columns(self) -> dict[str, list[float]]:
        """What the loss chart draws."""
        return self.chart_columns("loss")

    def saturation(self, layer: int) -> Locator:
        """The button that tells of saturated and dead units of a hidden layer, counted from 1."""
        return self.page.get_by_role("button", name=re.compile(f"^Saturation of layer {layer}: "))

    def picker(self, label: str) -> Locator:
        """A select of the stage by its name."""
        return self.page.get_by_role("combobox", name=label, exact=True)

    # What one can do

    def train(self, steps: int, timeout: float = 60.0) -> None:
        """Play for at least so many steps more, then pause."""
        target = self.step + steps
        self.press("Play")
        self.wait_for_step(target, timeout)
        self.press("Pause")
        self.expect(status="paused")

    def select(self, label: str) -> Locator:
        """A select of the page, not of a layer's menu, by its label."""
        bar, panel = self.page.get_by_role("group", name="Training"), self.page.get_by_role("region", name="Data")
        return bar.or_(panel).get_by_role("combobox", name=label, exact=True)

    def open_section(self, title: str) -> None:
        """Open the choices under a heading of the left panel, if they are not open."""
        section = self.section(title)
        if section.get_attribute("open") is None:
            section.locator("summary").click()
        expect(section).to_have_attribute("open", "")

    def open_menu(self, layer: int) -> None:
        """Open the menu of a hidden layer and wait for the picture in it."""
        self.chip(layer).click()
        expect(self.menu(layer)).to_be_visible()
        until(lambda: self.painted(self.curve, ACTIVATION[self.root.get_attribute("data-theme")]), "the curve is drawn")

    def pick(self, label: str, option: str) -> None:
        """Choose an option of a select of the stage."""
        self.picker(label).select_option(label=option)

    # The network, by mouse

    def column(self, header: str) -> float:
        """Where the middle of a column is, by its header: "Layer 1", "Output"."""
        box = self.page.locator(".header", has_text=header).bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2

    def find(self, title: str, x: float) -> Point:
        """Move the mouse down the network at ``x`` until the tooltip begins with ``title``; return where."""
        for y in self._way_down(4):
            self.page.mouse.move(x, y)
            if self._points_at(title):
                return x, y
        raise AssertionError(f"Nothing says {title!r} at x = {x:g}.")

    def find_unit(self, title: str) -> tuple[float, float, float]:
        """Move the mouse onto a unit by its title; return its middle and its side."""
        x, top = self.find(title, self.column(title.partition(",")[0]))
        top = max(y for y in range(int(top) - 4, int(top) + 1) if not self._at(title, x, y))
        bottom = next(y for y in range(int(top) + 5, int(top) + 100) if not self._at(title, x, y))
        middle = (top + bottom) / 2
        self.page.mouse.move(x, middle)
        return x, middle, bottom - top - 3.0

    def _way_down(self, stride: int) -> range:
        box = self.network.bounding_box()
        assert box is not None
        return range(int(box["y"]) + 80, int(box["y"] + box["height"]), stride)

    def _at(self, title: str, x: float, y: float) -> bool:
        self.page.mouse.move(x, y)
        return self._points_at(title)

    def _points_at(self, title: str) -> bool:
        return self.tooltip.is_visible() and self.tooltip.inner_text().startswith(title)
