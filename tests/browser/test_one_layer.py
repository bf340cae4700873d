"""One layer in detail, in place of the histograms: its distribution, how that changed, its activation, batch norm."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from serving import until

UNITS, TRAIN = 4, 250


@pytest.fixture
def opened(stage):
    """A page with layer 1 in detail."""
    stage.page.mouse.click(*stage.find("Layer 1: activation", stage.column("Layer 1")))
    expect(stage.inspector).to_be_visible()
    until(lambda: stage.chart_title("layer_detail distribution"), "the charts are there")
    return stage


def counted(stage):
    return sum(stage.chart_columns("layer_detail distribution").get("count", []))


def test_a_click_on_a_histogram_opens_it_and_escape_closes_it(opened):
    assert counted(opened) == UNITS * TRAIN
    bars = opened.chart_columns("layer_detail distribution")
    assert sum(bars["share"]) == pytest.approx(1)
    assert bars["left"][1:] == pytest.approx(bars["right"][:-1])

    box = opened.inspector.locator(".bk-Figure").first.bounding_box()
    opened.page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    tooltip = opened.page.locator(".bk-Tooltip:visible").first
    for word in "from", "to", "count", "share":
        expect(tooltip).to_contain_text(word)

    opened.button("Back to all layers").focus()
    opened.page.keyboard.press("Escape")
    expect(opened.inspector).to_be_hidden()
    until(lambda: opened.setting("layer_detail") == 0, "Python need not compute it any longer")


def test_it_is_reached_and_walked_through_without_a_mouse(stage):
    stage.saturation(2).focus()
    stage.page.keyboard.press("Enter")
    stage.button("See this layer in detail").press("Enter")
    expect(stage.inspector).to_contain_text("Layer 2")
    until(lambda: counted(stage) == 2 * TRAIN, "it shows the second layer")
    for _ in range(2):
        stage.button("Next layer").press("Enter")
        expect(stage.inspector.locator("b")).to_have_text("Output")
    until(lambda: counted(stage) == TRAIN, "the output has one number a point")
    shown = "() => Bokeh.documents[0].get_model_by_name('layer_detail activation').visible"
    until(lambda: not stage.page.evaluate(shown), "the output has no activation to show")
    stage.button("Layer before").press("Enter")
    until(lambda: stage.page.evaluate(shown), "its chart is back")
    for quantity, start in ("weight", "Weight: mean"), ("gradient", "Gradient: mean size"):
        stage.pick("Quantity", quantity)
        until(
            lambda start=start: stage.chart_title("layer_detail distribution").startswith(start),
            f"{start} is the title",
        )
        expect(stage.picker("Upper histograms").locator("option:checked")).to_have_text(quantity)


@pytest.mark.slow
def test_the_history_grows_while_it_trains_and_goes_with_its_network(opened):
    opened.train(300)
    until(lambda: opened.chart_columns("layer_detail history")["image"] != [], "there is a heat map")
    before = opened.chart_columns("layer_detail history")["image"]
    assert max(before) > 100
    opened.train(300)
    until(lambda: opened.chart_columns("layer_detail history")["image"] != before, "the heat map goes on")
    assert counted(opened) == UNITS * TRAIN

    opened.press("Next layer", "Remove a hidden layer")
    expect(opened.inspector).to_contain_text("Output")
    opened.press("Remove a hidden layer")
    expect(opened.inspector).to_be_hidden()
    opened.take_step(1)


@pytest.mark.slow
def test_batch_norm_has_charts_of_its_own(opened):
    expect(opened.button("Batch norm")).to_be_hidden()
    opened.choose("Batch norm", "before")
    opened.press("Batch norm")
    until(lambda: len(opened.chart_columns("layer_detail learned")["value"]) == UNITS, "gamma is there")
    assert opened.chart_columns("layer_detail learned")["value"] == [1] * UNITS
    assert opened.chart_columns("layer_detail learned", 1)["value"] == [0] * UNITS
    batch, running = (opened.chart_columns("layer_detail statistics", 2 * k + 1)["value"] for k in range(2))
    assert running == [0] * UNITS, "running means begin at 0"
    assert any(batch), "those of a batch do not"
    opened.train(300)
    until(lambda: opened.chart_columns("layer_detail learned")["value"] != [1] * UNITS, "gamma has moved")
