"""The page as it opens: what it shows, by which names, and that it fits the screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from serving import until

BUTTONS = ["Play", "Step", "Reset"]
SELECTS = [
    "Dataset", "Activation", "Initialisation", "Optimizer", "Learning rate", "Penalty", "Batch size", "Speed",
]  # fmt: skip

ELEMENTS = """
    const all = (node) => [node, ...[...(node.shadowRoot?.children ?? []), ...node.children].flatMap(all)];
    const name = (node) => `${node.tagName.toLowerCase()}.${node.getAttribute("class") ?? ""}`;
    const visible = all(document.body).filter((node) => !node.matches("input, .bk-GlyphRenderer")
        && node.checkVisibility({visibilityProperty: true}) && node.getBoundingClientRect().width);
"""
"""All that is visible, but for what Material UI and Bokeh lay invisibly below and above it."""

OVERFLOWING = f"""() => {{ {ELEMENTS}
    const scrolls = (node) => /auto|scroll/.test(getComputedStyle(node).overflow)
        && (node.scrollHeight > node.clientHeight + 1 || node.scrollWidth > node.clientWidth + 1);
    const sticksOut = ({{left, top, right, bottom}}) =>
        left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1;
    return visible.filter((node) => scrolls(node) || sticksOut(node.getBoundingClientRect())).map(name);
}}"""
"""Visible elements that reach out of the window or hide a part of what they hold behind a scroll bar."""

TOO_WIDE = f"""() => {{ {ELEMENTS}
    const sticksOut = ({{left, right}}) => left < -1 || right > innerWidth + 1;
    return visible.filter((node) => !node.closest(".scroller") && sticksOut(node.getBoundingClientRect())).map(name);
}}"""
"""Visible elements that reach out of the window sideways; the network may, inside its own box."""

BLANK = "({width, height}) => Object.assign(document.createElement('canvas'), {width, height}).toDataURL()"
"""A canvas of the same size that nobody has painted."""

EXTENT = "() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]"

SECTIONS = ["Optimizer", "Schedule and end", "First weights", "Inputs and noise"]
PROJECTOR = {"width": 1280, "height": 800}
LARGE = {"width": 1920, "height": 1080}
PHONE = {"width": 390, "height": 844}
ZOOMED = {"width": 640, "height": 400}
"""A projector at 200 %."""


def test_opens_with_the_default_network_at_step_0_paused(stage, capsys):
    seconds = stage.page.evaluate("performance.now()") / 1000
    with capsys.disabled():
        print(f"\nfirst picture painted {seconds:.2f} s after opening, cold")
    expect(stage.button("Play")).to_be_enabled()
    stage.expect(step=0, epoch=0, status="paused")
    stage.expect_chosen("Dataset", "Circle")
    expect(stage.page.get_by_role("radio", checked=True)).to_have_accessible_name("Circle")
    inputs = stage.page.get_by_role("group", name="Inputs")
    assert inputs.get_by_role("button", pressed=True).all_inner_texts() == ["x₁", "x₂"]
    expect(stage.page.get_by_text("2 hidden layers", exact=True)).to_be_visible()
    for title in SECTIONS:
        expect(stage.section(title)).not_to_have_attribute("open", "")
    expect(stage.page.get_by_label("View").locator("option:checked")).to_have_text("Evaluation")
    for layer, units in (1, "4"), (2, "2"):
        expect(stage.units(layer)).to_have_text(units)
        expect(stage.chip(layer)).to_have_text("Tanh")
    for canvas in (stage.map, stage.network):
        blank = canvas.evaluate(BLANK)
        assert len(stage.picture(canvas)) > 4 * len(blank)


@pytest.mark.slow
def test_controls_are_found_by_their_visible_names(stage):
    for name in BUTTONS:
        for exact in (True, False):
            button = stage.page.get_by_role("button", name=name, exact=exact)
            expect(button, name).to_have_count(1)
            expect(button, name).to_be_enabled()
    for label in SELECTS:
        select = stage.page.get_by_label(label, exact=True)
        expect(select, label).to_have_count(1)
        expect(select, label).to_be_visible()
        expect(stage.page.get_by_text(label, exact=True).locator("visible=true"), label).not_to_have_count(0)


def test_fits_projectors_and_large_screens_without_scrolling(stage):
    """On a large one with all of Adam's hyperparameters too."""
    for size in PROJECTOR, LARGE:
        stage.page.set_viewport_size(size)
        width, height = stage.page.evaluate(EXTENT)
        assert width <= size["width"]
        assert height <= size["height"]
        until(lambda: not stage.page.evaluate(OVERFLOWING), f"all is visible at {size}")
    stage.choose("Optimizer", "Adam")
    expect(stage.slider("Beta 1")).to_be_visible()
    until(lambda: not stage.page.evaluate(OVERFLOWING), "all is visible with Adam")
    stage.page.set_viewport_size(PROJECTOR)
    assert stage.page.evaluate(EXTENT) == [*PROJECTOR.values()]


@pytest.mark.slow
def test_a_projector_has_room_for_all_sections(stage):
    """The page stays where it is, and its left panel scrolls."""
    for title in SECTIONS:
        stage.open_section(title)
    for label in "Gradient clipping", "Stop when", "First biases", "Shuffle":
        stage.select(label).scroll_into_view_if_needed()
        expect(stage.select(label)).to_be_in_viewport(ratio=0.99)
    assert stage.page.evaluate(EXTENT) == [*PROJECTOR.values()]
    expect(stage.button("Play")).to_be_in_viewport()


def test_never_scrolls_sideways(visit):
    stage = visit(viewport=PHONE)
    for size in PHONE, ZOOMED:
        stage.page.set_viewport_size(size)
        until(lambda: not stage.page.evaluate(TOO_WIDE), f"nothing sticks out at {size}")
        assert stage.page.evaluate(EXTENT)[0] <= size["width"]
        stage.press("Reset")
        stage.take_step(1)
    for title in SECTIONS:
        stage.open_section(title)
    stage.open_menu(1)
    until(lambda: not stage.page.evaluate(TOO_WIDE), "nothing sticks out with all that opens open")
    stage.press("Remove layer")
    stage.expect(step=0)
