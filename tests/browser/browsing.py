"""What can be done with any page: press, choose, wait for it, read it, look at its pictures."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from playwright.sync_api import Locator, Page, TimeoutError, expect
from serving import until

Own = TypeVar("Own", bound="Browsing")

LISTEN = """() => Bokeh.documents[0].on_message("bokeh_event", ({data}) => {
    if (data?.type === "scene") window[data.scene.racers ? "lastRace" : "lastScene"] = data.scene;
})"""
"""Keep what the server last said about the settings, to know when it has taken one over."""

SEND = """([name, message]) => {
    const component = [...Bokeh.documents[0].all_models].find((model) => model.class_name === name);
    Bokeh.index.find_one(component).model_proxy.send_msg(message);
}"""

COLUMNS = """([name, which]) => {
    const {data} = Bokeh.documents[0].get_model_by_name(name)?.renderers[which].data_source ?? {data: {}};
    const flat = (column) => column.flatMap((one) => (typeof one === "object" ? [...one] : one));
    return Object.fromEntries(Object.entries(data).map(([name, column]) => [name, flat([...column])]));
}"""

TITLE = "(name) => Bokeh.documents[0].get_model_by_name(name)?.title.text"

COUNT = """(canvas, [red, green, blue]) => {
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


class Browsing(ABC):
    """One open page of either kind.

    Attributes
    ----------
    page : Page
        Playwright's.
    root : Locator
        The element on which the page writes what it has painted.
    tooltip, alert : Locator
        What is said beside the mouse, and what is said of trouble.
    """

    ROOT: ClassVar[str]
    """Where its root element is; another page of the window may have one too."""

    PAINTED: ClassVar[str]
    """What the root element has as soon as a picture is painted."""

    COMPONENT: ClassVar[str]
    """The name of its component in Python."""

    SCENE: ClassVar[str]
    """Where LISTEN keeps what the server says."""

    MENU: ClassVar[str]
    """What has a menu of its own, as the menu's name says it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(self.ROOT)
        self.tooltip = page.get_by_role("tooltip")
        self.alert = page.get_by_role("alert")

    # Coming and going

    def open(self: Own, url: str) -> Own:
        """Go there and return when the first picture is painted."""
        self.page.goto(url)
        return self.settle()

    def reload(self: Own) -> Own:
        """Load the page again."""
        self.page.reload()
        return self.settle()

    def settle(self: Own) -> Own:
        """Return when the page shows its first picture."""
        self.page.locator(self.ROOT + self.PAINTED).wait_for(timeout=60_000)
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

    def chart_columns(self, name: str, which: int = 0) -> dict[str, list[float]]:
        """What a Bokeh chart draws, by its name and which of its glyphs; nothing while there is no such chart."""
        return self.page.evaluate(COLUMNS, [name, which])

    def chart_title(self, name: str) -> str:
        """The title of a Bokeh chart."""
        return self.page.evaluate(TITLE, name)

    def setting(self, name: str) -> Any:
        """What the server last said about a setting; None before it said anything."""
        return self.page.evaluate("([scene, name]) => window[scene]?.settings[name]", [self.SCENE, name])

    def menu(self, number: int) -> Locator:
        """The open menu of a layer or a racer, counted from 1."""
        return self.page.get_by_role("dialog", name=f"{self.MENU} {number}", exact=True)

    def menu_select(self, number: int, label: str) -> Locator:
        """A select in such a menu."""
        return self.menu(number).get_by_role("combobox", name=f"{self.MENU} {number} {label.lower()}", exact=True)

    def hyperparameter(self, number: int, label: str) -> Locator:
        """The field of a number in such a menu."""
        return self.menu(number).get_by_role("spinbutton", name=f"{self.MENU} {number} {label.lower()}", exact=True)

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

    def wait_for_step(self, target: int, timeout: float = 60.0) -> None:
        """Return when so many steps are painted."""
        until(lambda: self.step >= target, f"step {target} is painted", timeout)

    def expect(self, **attributes: Any) -> None:
        """Wait until the root element says so, for instance ``step=3, status="paused"``."""
        wanted = {f"data-{name}": str(value) for name, value in attributes.items()}
        marked = "".join(f'[{name}="{value}"]' for name, value in wanted.items())
        try:
            # The browser itself looks at each refresh, which is sooner than asking it again and again.
            self.page.locator(f"{self.ROOT}{marked}").wait_for()
        except TimeoutError:
            actual = {name: self.root.get_attribute(name) for name in wanted}
            raise AssertionError(f"The page should have {wanted}; it has {actual}.") from None

    @abstractmethod
    def select(self, label: str) -> Locator:
        """A select of the page, not of one of its menus, by its label."""

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

    def slider(self, label: str) -> Locator:
        """A slider by how its label begins; a unit may follow."""
        return self.page.get_by_role("slider", name=re.compile(f"^{label}"))

    def slide(self, label: str, key: str = "ArrowRight") -> None:
        """Move a slider by a key."""
        self.slider(label).press(key)

    def toggle(self, label: str) -> None:
        """Switch a checkbox of the page."""
        self.page.get_by_role("checkbox", name=label, exact=True).click()

    def set(self, **values: Any) -> None:
        """Choose settings by their names in Python and return when the page knows them."""
        self.send({"type": "set", "values": values})
        for name, value in values.items():
            until(lambda name=name, value=value: self.setting(name) == value, f"{name} is {value}")

    def send(self, message: Any) -> None:
        """Say something to the server that the page itself would not say."""
        self.page.evaluate(SEND, [self.COMPONENT, message])

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
        return canvas.evaluate(COUNT, color)

    def color(self, canvas: Locator, x: float, y: float) -> tuple[int, int, int]:
        """Colour of a canvas at a place in CSS pixels."""
        return tuple(canvas.evaluate(COLOR, [x, y]))
