"""Below each layer: two histograms of chosen quantities, and a chip that tells of its saturated and dead units."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from serving import until

from browser.stage import ACTIVATION, GRADIENT

QUANTITIES = ["pre-activation", "activation", "gradient", "weight", "weight gradient", "update / weight"]
ROWS = {"Upper histograms": "activation", "Lower histograms": "gradient"}
NUMBERS = re.compile(r"(mean|mean size) \S*\d.*standard deviation \S*\d")


@pytest.mark.slow
def test_either_row_shows_each_quantity(stage):
    stage.train(30)
    for row, first in ROWS.items():
        assert stage.picker(row).locator("option").all_inner_texts() == QUANTITIES
        x, y = stage.find(f"Layer 1: {first}", stage.column("Layer 1"))
        for quantity in [name for name in QUANTITIES if name != first] + [first]:
            stage.pick(row, quantity)
            stage.page.mouse.move(x, y + 1)
            stage.page.mouse.move(x, y)
            expect(stage.tooltip).to_contain_text(f"Layer 1: {quantity}")
            expect(stage.tooltip).to_contain_text(NUMBERS)
        stage.page.mouse.move(1, 1)


@pytest.mark.slow
def test_colours_say_which_way_and_log_counts_are_higher(stage):
    stage.train(200)
    stage.pick("Upper histograms", "weight gradient")
    until(lambda: stage.painted(stage.network, GRADIENT["light"]) > 500, "weight gradients are on the way back")
    stage.pick("Upper histograms", "weight")
    stage.pick("Lower histograms", "activation")
    until(lambda: stage.painted(stage.network, GRADIENT["light"]) == 0, "nothing is on the way back")
    before = stage.painted(stage.network, ACTIVATION["light"])
    assert before > 500
    stage.toggle("Log counts")
    until(lambda: stage.painted(stage.network, ACTIVATION["light"]) > 1.2 * before, "there is more ink")


def test_a_layer_in_trouble_says_so_in_red_and_explains_itself(stage):
    expect(stage.saturation(1)).to_have_attribute("data-trouble", "false")
    stage.set(initializer="orthogonal", initializer_orthogonal_gain=10)
    expect(stage.saturation(1)).to_have_attribute("data-trouble", "true")
    expect(stage.saturation(1)).to_contain_text(re.compile(r"[6-9]\d% saturated"))
    stage.saturation(1).click()
    card = stage.page.get_by_role("dialog", name="Saturated and dead units of layer 1")
    expect(card).to_contain_text("the slope of Tanh is below 1% of its largest")
    expect(card).to_contain_text("0 of 4 units dead")
    expect(card).to_contain_text("Try smaller first weights")
    stage.page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(stage.saturation(1)).to_be_focused()

    stage.set(initializer="zeros", activation=["relu", "relu"])
    for layer, units in (1, 4), (2, 2):
        expect(stage.saturation(layer)).to_contain_text(f"{units} dead")
        expect(stage.saturation(layer)).to_have_attribute("data-trouble", "true")
    stage.set(initializer="he_normal")
    expect(stage.saturation(1)).not_to_contain_text("4 dead")


@pytest.mark.slow
def test_dropped_units_are_crossed_out_while_one_looks_at_training(stage):
    stage.choose("Dropout", "0.5")
    plain = stage.picture(stage.network)
    stage.expect_change(stage.network, lambda: stage.pick("View", "Training"))
    stage.pick("View", "Evaluation")
    until(lambda: stage.picture(stage.network) == plain, "the whole network is back")


# Gradient check

CHECKED = [
    {"hidden": [4, 2]},
    {"activation": ["gelu", "elu"], "batch_norm": ["before", "after"], "regularization": "l2"},
    {"activation": ["relu", "maxout"], "batch_norm": ["off", "off"], "dropout": [0.3, 0.3], "dataset": "blobs3"},
    {"hidden": [32] * 11, "activation": ["tanh"] * 11, "batch_norm": ["off"] * 11, "dropout": [0] * 11},
]


def test_the_gradients_are_right(stage):
    card = stage.page.get_by_role("dialog", name="Gradient check")
    for settings in CHECKED:
        stage.set(**settings)
        stage.press("Check gradients")
        expect(card).to_contain_text("agree on the next batch")
        rows = card.locator("tbody tr")
        assert rows.count() >= 2 * (len(stage.setting("hidden")) + 1)
        # With dropout a maxout unit may get nothing but zeros: all its biases then stand at kinks.
        assert {row.get_attribute("class") for row in rows.all()} - {"unjudged"} == {"right"}
        assert all(float(text) < 1e-4 for text in card.locator("tr.right td:last-child").all_inner_texts())
        stage.page.keyboard.press("Escape")
        expect(card).to_be_hidden()
        expect(stage.button("Check gradients")).to_be_focused()
