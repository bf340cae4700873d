"""The page as a person works it: what can be pressed, chosen and read there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, TimeoutError, expect
from serving import until

Point = tuple[float, float]

ACTIVATION = {"light": (42, 127, 142), "dark": (79, 179, 194)}
GRADIENT = {"light": (123, 94, 167), "dark": (171, 143, 219)}
"""The colours of activations and gradients in each theme, everywhere."""

LISTEN = """() => Bokeh.documents[0].on_message("bokeh_event", ({data}) => {
    if (data?.type === "scene") window.lastScene = data.scene;
})"""
"""Keep what the server last said about the settings, to know when it has taken one over."""

SEND = """(message) => {
    const stage = [...Bokeh.documents[0].all_models].find((model) => model.class_name === "Stage");
    Bokeh.index.find_one(stage).model_proxy.send_msg(message);
}"""

COLUMNS = """([name, which]) => {
    const {data} = Bokeh.documents[0].get_model_by_name(name)?.renderers[which].data_source ?? {data: {}};
    const flat = (column) => column.flatMap((one) => (typeof one === "object" ? [...one] : one));
    return Object.fromEntries(Object.entries(data).map(([name, column]) => [name, flat([...column])]));
}"""

TITLE = "(name) => Bokeh.documents[0].get_model_by_name(name)?.title.text"

PAINTED = """(canvas, [red, green, blue]) => {
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", {willReadFrequently: true});
    copy.drawImage(canvas, 0, 0);
    const {data} = copy.getImageData(0, 0, canvas.width, canvas.height);
    const near = (k, value) => Math.abs(data[k] - value) < 12;
    let count = 0;
    for (let k = 0; k < data.length; k += 4) {
        count += data[k + 3] > 200 && near(k, red) && near(k + 1, green) && near(k + 2, blue);
    }
    return count;
}"""

COLOR = """(canvas, [x, y]) => {
    const ratio = canvas.width / canvas.clientWidth;
    const pixel = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
    pixel.drawImage(canvas, x * ratio, y * ratio, 1, 1, 0, 0, 1, 1);
    return [...pixel.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}"""


class Stage:
    """One open page.

    Attributes
    ----------
    page : Page
        Playwright's.
    root, map, network, chart : Locator
        The stage's root element, the large map, the network's canvas and the loss chart.
    curve : Locator
        The picture of an activation in the open menu of its layer.
    inspector : Locator
        One layer in detail.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".playground")
        self.map = page.get_by_role("img", name=re.compile("every point of the plane"))
        self.network = page.get_by_role("application", name=re.compile("network"))
        self.chart = page.locator(".bk-Figure")
        self.curve = page.get_by_role("img", name=re.compile("^The activation function"))
        self.tooltip = page.get_by_role("tooltip")
        self.alert = page.get_by_role("alert")
        self.inspector = page.get_by_role("region", name="One layer in detail")
        self.heading = page.get_by_role("region", name="Output").get_by_role("heading")

    # Coming and going

    def open(self, url: str) -> Stage:
        """Go there and return when the first picture is painted."""
        self.page.goto(url)
        return self.settle()

    def reload(self) -> Stage:
        """Load the page again."""
        self.page.reload()
        return self.settle()

    def settle(self) -> Stage:
        """Return when the page shows its first picture."""
        self.page.locator(".playground[data-train-loss]").wait_for(timeout=60_000)
        self.page.evaluate(LISTEN)
        return self

    # What it shows

    def number(self, name: str) -> float:
        """A number on the root element: step, epoch, train-loss, test-loss."""
        return float(self.root.get_attribute(f"data-{name}") or "nan")

    @property
    def step(self) -> int:
        """The painted step."""
        return int(self.number("step"))

    @property
    def status(self) -> str | None:
        """Paused, playing or diverged."""
        return self.root.get_attribute("data-status")

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

    def menu(self, layer: int) -> Locator:
        """The open menu of a hidden layer."""
        return self.page.get_by_role("dialog", name=f"Layer {layer}", exact=True)

    def menu_select(self, layer: int, label: str) -> Locator:
        """A select in the open menu of a hidden layer."""
        return self.menu(layer).get_by_role("combobox", name=f"Layer {layer} {label.lower()}", exact=True)

    def knob(self, layer: int, label: str) -> Locator:
        """The field of an activation's number in the open menu of a hidden layer."""
        return self.menu(layer).get_by_role("spinbutton", name=f"Layer {layer} {label.lower()}", exact=True)

    def section(self, title: str) -> Locator:
        """The choices under a heading of the left panel."""
        return self.page.locator("details.section", has=self.page.get_by_text(title, exact=True))

    def units(self, layer: int) -> Locator:
        """The number of units above a hidden layer."""
        return self.page.get_by_role("status", name=f"Units in layer {layer}.")

    def loss_columns(self) -> dict[str, list[float]]:
        """What the loss chart draws."""
        return self.chart_columns("loss")

    def chart_columns(self, name: str, which: int = 0) -> dict[str, list[float]]:
        """What a Bokeh chart draws, by its name and which of its glyphs; nothing while there is no such chart."""
        return self.page.evaluate(COLUMNS, [name, which])

    def chart_title(self, name: str) -> str:
        """The title of a Bokeh chart."""
        return self.page.evaluate(TITLE, name)

    def health(self, layer: int) -> Locator:
        """The button that says how a hidden layer, counted from 1, fares."""
        return self.page.get_by_role("button", name=re.compile(f"^How layer {layer} fares"))

    def picker(self, label: str) -> Locator:
        """A select of the stage by its name."""
        return self.page.get_by_role("combobox", name=label, exact=True)

    def setting(self, name: str) -> Any:
        """What the server last said about a setting; None before it said anything."""
        return self.page.evaluate("(name) => window.lastScene?.settings[name]", name)

    # What one can do

    def button(self, name: str) -> Locator:
        """A button by its whole name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def press(self, *names: str) -> None:
        """Press buttons, one after another."""
        for name in names:
            self.button(name).click()

    def take_step(self, wanted: int) -> None:
        """Press Step and see that this leads to step ``wanted``."""
        self.press("Step")
        self.expect(step=wanted)

    def train(self, steps: int, timeout: float = 60.0) -> None:
        """Play for at least so many steps more, then pause."""
        target = self.step + steps
        self.press("Play")
        self.wait_for_step(target, timeout)
        self.press("Pause")
        self.expect(status="paused")

    def wait_for_step(self, target: int, timeout: float = 60.0) -> None:
        """Return when so many steps are painted."""
        until(lambda: self.step >= target, f"step {target} is painted", timeout)

    def expect(self, **attributes: Any) -> None:
        """Wait until the root element says so, for instance ``step=3, status="paused"``."""
        wanted = {f"data-{name}": str(value) for name, value in attributes.items()}
        marked = "".join(f'[{name}="{value}"]' for name, value in wanted.items())
        try:
            # The browser itself looks at each refresh, which is sooner than asking it again and again.
            self.page.locator(f".playground{marked}").wait_for()
        except TimeoutError:
            actual = {name: self.root.get_attribute(name) for name in wanted}
            raise AssertionError(f"The page should have {wanted}; it has {actual}.") from None

    def select(self, label: str) -> Locator:
        """A select of the page, not of a layer's menu, by its label."""
        bar, panel = self.page.get_by_role("group", name="Training"), self.page.get_by_role("region", name="Data")
        return bar.or_(panel).get_by_role("combobox", name=label, exact=True)

    def choose(self, label: str, option: str) -> None:
        """Choose an option of a select."""
        self.select(label).select_option(label=option)
        self.expect_chosen(label, option)

    def expect_chosen(self, label: str, option: str) -> None:
        """Wait until a select shows an option."""
        expect(self.select(label).locator("option:checked"), label).to_have_text(option)

    def options(self, label: str) -> list[str]:
        """The options that a select offers."""
        return self.select(label).locator("option").all_inner_texts()

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

    def slider(self, label: str) -> Locator:
        """A slider by how its label begins; a unit may follow."""
        return self.page.get_by_role("slider", name=re.compile(f"^{label}"))

    def slide(self, label: str, key: str = "ArrowRight") -> None:
        """Move a slider by a key."""
        self.slider(label).press(key)

    def toggle(self, label: str) -> None:
        """Switch a checkbox of the page."""
        self.page.get_by_role("checkbox", name=label, exact=True).click()

    def pick(self, label: str, option: str) -> None:
        """Choose an option of a select of the stage."""
        self.picker(label).select_option(label=option)

    def set(self, **values: Any) -> None:
        """Choose settings by their names in Python and return when the page knows them."""
        self.send({"type": "set", "values": values})
        for name, value in values.items():
            until(lambda name=name, value=value: self.setting(name) == value, f"{name} is {value}")

    def send(self, message: Any) -> None:
        """Say something to the server that the page itself would not say."""
        self.page.evaluate(SEND, message)

    # Pictures

    def picture(self, canvas: Locator) -> str:
        """What a canvas shows, to compare."""
        return canvas.evaluate("(canvas) => canvas.toDataURL()")

    def expect_change(self, canvas: Locator, action: Callable[[], object]) -> None:
        """See that an action changes what a canvas shows."""
        before = self.picture(canvas)
        action()
        until(lambda: self.picture(canvas) != before, "the picture changes")

    def painted(self, canvas: Locator, color: tuple[int, int, int]) -> int:
        """How many pixels of a canvas have about this colour."""
        return canvas.evaluate(PAINTED, color)

    def color(self, canvas: Locator, x: float, y: float) -> tuple[int, int, int]:
        """Colour of a canvas at a place in CSS pixels."""
        return tuple(canvas.evaluate(COLOR, [x, y]))

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
