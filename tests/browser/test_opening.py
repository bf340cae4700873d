"""The page as it opens: what it shows, by which names, and that it fits the screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

BUTTONS = ["Play", "Step", "Reset"]
SELECTS = [
    "Dataset", "Activation", "Initialisation", "Optimizer", "Learning rate", "Penalty", "Batch size", "Speed",
]  # fmt: skip

OVERFLOWING = """() => {
    const all = (node) => [node, ...[...(node.shadowRoot?.children ?? []), ...node.children].flatMap(all)];
    const name = (node) => `${node.tagName.toLowerCase()}.${node.getAttribute("class") ?? ""}`;
    const scrolls = (node) => /auto|scroll/.test(getComputedStyle(node).overflow)
        && (node.scrollHeight > node.clientHeight + 1 || node.scrollWidth > node.clientWidth + 1);
    const sticksOut = (node) => {
        const {left, top, right, bottom, width, height} = node.getBoundingClientRect();
        return width && height && (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1);
    };
    return all(document.querySelector("body")).filter((node) => node.checkVisibility({visibilityProperty: true}))
        .filter((node) => node.tagName !== "INPUT" && (scrolls(node) || sticksOut(node))).map(name);
}"""
"""Visible elements that reach out of the window or hide a part of what they hold behind a scroll bar."""

WIDTHS = "() => [document.documentElement.scrollWidth, innerWidth]"


def test_shows_the_default_network_at_step_0_paused(stage):
    stage.expect(step=0, epoch=0, status="paused")
    stage.expect_chosen("Dataset", "Circle")
    expect(stage.page.get_by_role("radio", checked=True)).to_have_accessible_name("Circle")
    inputs = stage.page.get_by_role("group", name="Inputs")
    assert inputs.get_by_role("button", pressed=True).all_inner_texts() == ["x₁", "x₂"]
    expect(stage.page.get_by_text("2 hidden layers", exact=True)).to_be_visible()
    for layer, units in (1, "4"), (2, "2"):
        expect(stage.units(layer)).to_have_text(units)
        expect(stage.chip(layer)).to_have_text("Tanh")


def test_paints_map_and_network_at_once(stage):
    for canvas in (stage.map, stage.network):
        blank = canvas.evaluate("(c) => Object.assign(document.createElement('canvas'), c).toDataURL()")
        assert len(stage.picture(canvas)) > 4 * len(blank)


@pytest.mark.parametrize("kind", ["exact", "loose"])
def test_buttons_are_found_by_name(stage, kind):
    for name in BUTTONS:
        button = stage.page.get_by_role("button", name=name, exact=kind == "exact")
        expect(button).to_have_count(1)
        expect(button).to_be_enabled()


def test_selects_are_found_by_their_visible_labels(stage):
    for label in SELECTS:
        select = stage.page.get_by_label(label, exact=True)
        expect(select, label).to_have_count(1)
        expect(select, label).to_be_visible()
        expect(stage.page.get_by_text(label, exact=True).locator("visible=true"), label).not_to_have_count(0)


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_fits_a_projector_without_scrolling(stage, optimizer):
    """With all of Adam's knobs too."""
    stage.choose("Optimizer", optimizer)
    stage.page.mouse.move(0, 0)
    assert stage.page.evaluate("document.documentElement.scrollHeight") <= 800
    assert stage.page.evaluate(OVERFLOWING) == []


def test_fits_a_large_screen(visit):
    stage = visit(viewport={"width": 1920, "height": 1080})
    assert stage.page.evaluate(OVERFLOWING) == []


@pytest.mark.parametrize(("width", "height"), [(390, 844), (640, 400)], ids=["phone", "zoomed to 200 %"])
def test_never_scrolls_sideways(visit, width, height):
    stage = visit(viewport={"width": width, "height": height})
    content, window = stage.page.evaluate(WIDTHS)
    assert content <= window
    stage.button("Play").scroll_into_view_if_needed()
    stage.take_step(1)


def test_is_interactive_soon(visit, capsys):
    """Measured and told, not judged: machines differ."""
    stage = visit()
    expect(stage.button("Play")).to_be_enabled()
    seconds = stage.page.evaluate("performance.now()") / 1000
    with capsys.disabled():
        print(f"\nfirst picture painted and Play enabled {seconds:.2f} s after opening, cold")
