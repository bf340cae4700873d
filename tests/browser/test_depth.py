"""Many layers are drawn as a strip: a column a layer, and the signal's and the gradient's size against depth."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from serving import until

from browser.stage import ACTIVATION

DEEP = {"hidden": [64] * 50, "activation": ["tanh"] * 50}


@pytest.fixture
def deep(stage):
    """A page with 50 layers of 64 units."""
    stage.set(**DEEP)
    expect(stage.chip(1)).to_have_count(0)
    return stage


def middle(stage):
    box = stage.network.bounding_box()
    return box["x"] + box["width"] / 2


def spread_in_the_middle(stage):
    """The size of the signal half way down, by the tooltip of the chart of depth."""
    box = stage.network.bounding_box()
    x, y = middle(stage), box["y"] + box["height"] - 60
    stage.page.mouse.move(x, y + 1)
    stage.page.mouse.move(x, y)
    expect(stage.tooltip).to_contain_text(re.compile(r"^Layer \d\d"))
    found = re.search(r"signal spread (\S+?),? gradient norm (\S+?)$", stage.tooltip.inner_text().strip())
    return float(found[1].replace("\u2212", "-").rstrip(","))


def test_initialise_and_look(deep):
    """Without a single training step the whole profile follows the first weights."""
    usual = spread_in_the_middle(deep)
    assert 0.05 < usual < 1
    deep.set(initializer="small_normal")
    until(lambda: spread_in_the_middle(deep) < 1e-20, "the signal has died away")
    deep.set(batch_norm=["before"] * 50)
    until(lambda: spread_in_the_middle(deep) > 0.3, "batch norm keeps it alive")
    deep.expect(step=0)


@pytest.mark.slow
def test_it_trains_and_comes_back_to_the_whole_network(deep):
    deep.set(speed=1e9)
    deep.train(20)
    assert deep.painted(deep.network, ACTIVATION["light"]) > 100
    deep.set(hidden=[3] * 10, activation=["tanh"] * 10)
    expect(deep.chip(10)).to_be_visible()
    deep.take_step(1)
    deep.press("Add a hidden layer")
    expect(deep.chip(1)).to_have_count(0)
    deep.press("Remove a hidden layer")
    expect(deep.chip(10)).to_be_visible()


@pytest.mark.slow
def test_a_column_opens_the_layer_in_detail_and_from_there_its_menu(deep):
    box = deep.network.bounding_box()
    deep.page.mouse.click(middle(deep), box["y"] + box["height"] - 60)
    expect(deep.inspector.locator("b")).to_have_text(re.compile(r"^Layer \d\d$"))
    until(lambda: sum(deep.chart_columns("layer_detail distribution").get("count", [])) > 0, "the charts are there")
    deep.button("Change\u2026").click()
    dialog = deep.page.get_by_role("dialog", name=re.compile(r"^Layer \d\d$"))
    dialog.get_by_role("combobox", name=re.compile("activation$")).select_option("ReLU")
    until(lambda: deep.setting("activation").count("relu") == 1, "one layer has another activation")
    deep.page.keyboard.press("Escape")
    deep.inspector.get_by_role("button", name=re.compile("saturated|dead")).click()
    told = deep.page.get_by_role("dialog", name=re.compile("^Saturated and dead units of layer"))
    expect(told).to_contain_text("units dead")
    deep.page.keyboard.press("Escape")

    deep.network.focus()
    start = int(deep.inspector.locator("b").inner_text().split()[1])
    for key, layer in ("ArrowRight", start + 1), ("ArrowRight", start + 2), ("ArrowLeft", start + 1):
        deep.network.press(key)
        expect(deep.inspector.locator("b")).to_have_text(f"Layer {layer}")


@pytest.mark.slow
def test_a_network_beyond_all_measure_is_drawn(stage):
    """Fifty linear layers of weights of 10: signals of 1e140, gradients of 1e280."""
    stage.set(dataset="plane", loss="squared_error", hidden=[64] * 50, activation=["linear"] * 50)
    stage.set(initializer="constant", initializer_constant_value=10)
    until(lambda: spread_in_the_middle(stage) > 1e50, "the chart reaches that far")
    stage.set(layer_detail=25, upper="weight_gradient")
    until(
        lambda: sum(stage.chart_columns("layer_detail distribution").get("count", [])) == 64 * 64,
        "all weights are drawn",
    )
    stage.press("Step")
    stage.expect(status="diverged")
