"""The network's picture: hover a unit, link or bias to see more of it, click to change it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from serving import until

CORNERS = [(0.15, 0.15), (0.85, 0.15), (0.15, 0.85), (0.85, 0.85)]
"""Where the circle has no points."""


@pytest.mark.slow
def test_a_unit_below_the_mouse_has_its_map_large_and_a_clicked_one_keeps_it(stage):
    output = stage.picture(stage.map)
    x, y, side = stage.find_unit("Layer 1, unit 3")
    expect(stage.heading).to_have_text("Layer 1, unit 3")
    until(lambda: maps_agree(stage, x, y, side), "the large map has the small one's colours")
    stage.page.mouse.move(1, 1)
    expect(stage.heading).to_be_hidden()
    until(lambda: stage.picture(stage.map) == output, "the output is back")

    stage.page.mouse.click(x, y)
    stage.page.mouse.move(1, 1)
    expect(stage.tooltip).to_be_hidden()
    expect(stage.heading).to_have_text("Layer 1, unit 3")
    stage.page.keyboard.press("Escape")
    expect(stage.heading).to_be_hidden()


def maps_agree(stage, x, y, side):
    """Whether the large map has the colours that a unit's small one has on the network's canvas."""
    box, width = stage.network.bounding_box(), stage.map.bounding_box()["width"]
    for across, down in CORNERS:
        small = stage.color(stage.network, x - box["x"] + (across - 0.5) * side, y - box["y"] + (down - 0.5) * side)
        large = stage.color(stage.map, across * width, down * width)
        if max(abs(a - b) for a, b in zip(small, large, strict=True)) > 40:
            return False
    return True


def point_at(stage, what):
    """Move the mouse onto a link or a bias; return where that is."""
    if what == "Weight":
        return stage.find("Weight", (stage.column("Layer 1") + stage.column("Layer 2")) / 2)
    x, y, side = stage.find_unit("Layer 2, unit 1")
    place = x - side / 2 - 4, y + side / 2 - 4
    stage.page.mouse.move(*place)
    return place


@pytest.mark.slow
def test_the_number_below_the_mouse_is_live(stage):
    for what in "Weight", "Bias":
        number = re.compile(rf"^{what} −?\d+\.\d+")
        point_at(stage, what)
        expect(stage.tooltip).to_have_text(number)
        before = stage.tooltip.inner_text()
        stage.page.keyboard.press("Space")
        until(lambda before=before: stage.tooltip.inner_text() != before, f"the {what} changes")
        expect(stage.tooltip).to_have_text(number)
        stage.page.keyboard.press("Space")
        stage.expect(status="paused")


@pytest.mark.slow
def test_a_clicked_number_is_changed_by_enter_and_not_by_escape(stage):
    for what in "Weight", "Bias":
        loss = stage.losses
        place = point_at(stage, what)
        stage.page.mouse.click(*place)
        box = stage.page.get_by_role("spinbutton", name=what)
        expect(box).to_be_focused()
        expect(box).to_have_value(re.compile(r"\d"))
        box.fill("-2.5")
        box.press("Enter")
        expect(box).to_be_hidden()
        until(lambda loss=loss: stage.losses != loss, f"the loss is another after a change of the {what}")
        stage.page.mouse.move(1, 1)
        stage.page.mouse.move(*place)
        expect(stage.tooltip).to_contain_text(f"{what} −2.5")
        stage.page.mouse.click(*place)
        box.fill("7")
        box.press("Escape")
        expect(box).to_be_hidden()
        stage.page.mouse.move(1, 1)
        stage.page.mouse.move(*place)
        expect(stage.tooltip).to_contain_text(f"{what} −2.5")
    stage.expect(step=0)


def test_the_keyboard_walks_through_the_units(stage):
    stage.network.focus()
    expect(stage.heading).to_have_text("Layer 1, unit 1")
    for key, title in ("ArrowDown", "Layer 1, unit 2"), ("ArrowRight", "Layer 2, unit 2"):
        stage.network.press(key)
        expect(stage.heading).to_have_text(title)
    stage.network.press("Enter")
    expect(stage.page.get_by_role("spinbutton", name="Bias")).to_be_focused()
    stage.expect(step=0)
