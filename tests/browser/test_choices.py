"""What happens when a choice changes: applied live, or a new network from step 0."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from serving import until

LIVE = [
    ("learning_rate", 0.1, lambda stage: stage.choose("Learning rate", "0.1")),
    ("batch_size", 30, lambda stage: stage.choose("Batch size", "30")),
    ("regularization", "l2", lambda stage: stage.choose("Penalty", "L2")),
    ("regularization_rate", 0.01, lambda stage: stage.choose("Penalty rate", "0.01")),
    ("dropout", [0.2, 0.2], lambda stage: stage.choose("Dropout", "0.2")),
    ("activation", ["relu", "relu"], lambda stage: stage.choose("Activation", "ReLU")),
    ("optimizer", "momentum", lambda stage: stage.choose("Optimizer", "Momentum")),
    ("optimizer_momentum_momentum", 0, lambda stage: stage.slide("Momentum", "Home")),
    ("clipping", "norm", lambda stage: stage.choose("Gradient clipping", "By norm")),
    ("clipping_norm_limit", 0.1, lambda stage: stage.choose("Limit", "0.1")),
    ("momentum_schedule", "staged", lambda stage: stage.choose("Momentum schedule", "In stages")),
    ("schedule", "step", lambda stage: open_and_choose(stage, "Schedule and end", "Rate schedule", "Step")),
    ("schedule_step_every", 100, lambda stage: stage.choose("Every", "100")),
    ("averaging", "exponential", lambda stage: stage.choose("Average of weights", "Running")),
    ("stopping", "epochs", lambda stage: stage.choose("Stop when", "Epochs")),
    ("input_noise", 0.1, lambda stage: open_and_choose(stage, "Inputs and noise", "Input noise", "0.1")),
    ("drop_connect", [0.3, 0.3], lambda stage: stage.choose("DropConnect", "0.3")),
    ("shuffle", False, lambda stage: stage.choose("Shuffle", "off")),
    ("view", "train", lambda stage: stage.page.get_by_label("View").select_option("Training")),
    ("loss", "squared_error", lambda stage: stage.choose("Loss", "Squared error")),
    ("speed", 1e9, lambda stage: stage.choose("Speed", "as fast as it goes")),
    ("show_test", True, lambda stage: stage.toggle("Test points")),
    ("discretize", True, lambda stage: stage.toggle("Discretise")),
    ("log_loss", True, lambda stage: stage.toggle("Log scale")),
    ("dark", True, lambda stage: stage.press("Dark mode")),
]

REBUILDING = [
    ("dataset", "xor", lambda stage: stage.choose("Dataset", "XOR")),
    ("dataset", "gauss", lambda stage: stage.page.get_by_role("radio", name="Gauss", exact=True).click()),
    ("samples", 550, lambda stage: stage.slide("Samples")),
    ("noise", 5, lambda stage: stage.slide("Noise")),
    ("train_fraction", 0.6, lambda stage: stage.slide("Train share")),
    ("features", ["x1", "x2", "x1_squared"], lambda stage: stage.press("Input x1 squared")),
    ("hidden", [4, 2, 2], lambda stage: stage.press("Add a hidden layer")),
    ("hidden", [4, 2], lambda stage: stage.press("Remove a hidden layer")),
    ("hidden", [5, 2], lambda stage: stage.press("Add a unit to layer 1")),
    ("hidden", [5, 1], lambda stage: stage.press("Remove a unit from layer 2")),
    ("initializer", "he_normal", lambda stage: stage.choose("Initialisation", "He normal")),
    ("initializer", "orthogonal", lambda stage: stage.choose("Initialisation", "Orthogonal")),
    ("initializer_orthogonal_gain", 10, lambda stage: stage.choose("Gain", "10")),
    ("bias_initializer", "constant", lambda stage: stage.choose("First biases", "Constant")),
    ("bias_initializer_constant_value", 10, lambda stage: stage.slide("Value", "End")),
    ("batch_norm", ["before", "before"], lambda stage: stage.choose("Batch norm", "before")),
    ("batch_norm", ["after", "after"], lambda stage: stage.choose("Batch norm", "after")),
    ("preprocessing", "pca", lambda stage: open_and_choose(stage, "Inputs and noise", "Preprocessing", "PCA")),
    ("activation", ["maxout", "maxout"], lambda stage: stage.choose("Activation", "Maxout")),
    ("seed", 7, lambda stage: fill(stage.page.get_by_role("textbox", name="Seed"), "7")),
]


def open_and_choose(stage, title, label, option):
    stage.open_section(title)
    stage.choose(label, option)


def fill(box, text):
    box.fill(text)
    box.press("Enter")


def taken_over(stage, name, value):
    until(lambda: stage.setting(name) == value, f"{name} is {value}")


def test_live_changes_keep_the_network(stage):
    stage.take_step(1)
    for step, (name, value, change) in enumerate(LIVE, start=2):
        change(stage)
        taken_over(stage, name, value)
        stage.take_step(step)


def test_other_changes_start_a_new_network(stage):
    for name, value, change in REBUILDING:
        stage.take_step(1)
        change(stage)
        taken_over(stage, name, value)
        stage.expect(step=0)


@pytest.mark.slow
def test_each_layer_has_its_own_menu(stage):
    stage.open_section("Inputs and noise")
    stage.chip(2).click()
    stage.menu_select(2, "Activation").select_option("ReLU")
    stage.menu_select(2, "Dropout").select_option("0.2")
    stage.menu_select(2, "DropConnect").select_option("0.1")
    stage.menu_select(2, "Batch norm").select_option("before")
    expect(stage.chip(2)).to_have_text("ReLU · BN · drop 0.2 · DC 0.1")
    expect(stage.chip(1)).to_have_text("Tanh")
    for label in "Activation", "Batch norm", "Dropout", "DropConnect":
        stage.expect_chosen(label, "mixed")
    taken_over(stage, "batch_norm", ["off", "before"])
    stage.menu_select(2, "Batch norm").select_option("after")
    taken_over(stage, "batch_norm", ["off", "after"])
    stage.page.keyboard.press("Escape")
    expect(stage.menu(2)).to_be_hidden()
    expect(stage.chip(2)).to_be_focused()
    stage.take_step(1)

    stage.choose("Activation", "Sigmoid")
    expect(stage.chip(1)).to_have_text("Sigmoid")
    expect(stage.chip(2)).to_have_text("Sigmoid · BN after · drop 0.2 · DC 0.1")

    stage.chip(1).click()
    stage.press("Remove layer")
    taken_over(stage, "hidden", [2])
    expect(stage.chip(1)).to_have_text("Sigmoid · BN after · drop 0.2 · DC 0.1")
    expect(stage.chip(2)).to_have_count(0)
    stage.take_step(1)


@pytest.mark.slow
def test_inputs_are_switched_by_clicks_but_for_the_last(stage):
    for name, pressed in ("Input sin x1", "true"), ("Input x1", "false"), ("Input x2", "false"):
        stage.press(name)
        expect(stage.button(name)).to_have_attribute("aria-pressed", pressed)
    taken_over(stage, "features", ["sin_x1"])

    stage.press("Input sin x1")
    expect(stage.alert).to_contain_text(re.compile("input|features", re.IGNORECASE))
    expect(stage.button("Input sin x1")).to_have_attribute("aria-pressed", "true")
    stage.take_step(1)


@pytest.mark.slow
def test_layers_stop_at_0_and_50(stage):
    more, fewer = stage.button("Add a hidden layer"), stage.button("Remove a hidden layer")
    press_often(more, 48)
    expect(stage.page.get_by_text("50 hidden layers", exact=True)).to_be_visible()
    expect(more).to_have_attribute("aria-disabled", "true")
    press_often(more, 3)
    stage.take_step(1)
    assert stage.setting("hidden") == [4, *[2] * 49]

    press_often(fewer, 50)
    expect(stage.page.get_by_text("0 hidden layers", exact=True)).to_be_visible()
    expect(fewer).to_have_attribute("aria-disabled", "true")
    press_often(fewer, 3)
    stage.expect(step=0)
    stage.take_step(1)
    assert stage.setting("hidden") == []


@pytest.mark.slow
def test_units_stop_at_1_and_64(stage):
    more, fewer = stage.button("Add a unit to layer 1"), stage.button("Remove a unit from layer 1")
    press_often(more, 70)
    expect(stage.units(1)).to_have_text("64")
    taken_over(stage, "hidden", [64, 2])
    expect(more).to_have_attribute("aria-disabled", "true")
    press_often(fewer, 70)
    expect(stage.units(1)).to_have_text("1")
    taken_over(stage, "hidden", [1, 2])
    expect(fewer).to_have_attribute("aria-disabled", "true")
    stage.take_step(1)


def test_twenty_rapid_presses_add_twenty_units(stage):
    stage.press("Play")
    press_often(stage.button("Add a unit to layer 2"), 20)
    taken_over(stage, "hidden", [4, 22])
    expect(stage.units(2)).to_have_text("22")
    stage.wait_for_step(20)


def press_often(button, times):
    """Faster than any person."""
    button.evaluate("(button, times) => { for (let k = 0; k < times; k++) button.click(); }", times)


SECTIONS = ["Optimizer", "Schedule and end", "First weights", "Inputs and noise"]
OFFERED = [
    "Loss", "Dataset", "Activation", "Batch norm", "Initialisation", "First biases", "Optimizer", "Gradient clipping",
    "Momentum schedule", "Rate schedule", "Average of weights", "Preprocessing", "Penalty",
]  # fmt: skip
"""Not when to stop, which does what it says."""


@pytest.mark.slow
def test_everything_on_offer_can_be_chosen_and_trains(stage):
    stage.choose("Penalty rate", "0.0001")
    stage.choose("Speed", "as fast as it goes")
    for title in SECTIONS:
        stage.open_section(title)
    stage.press("Play")
    for label in OFFERED:
        first, *others = stage.options(label)
        # Back to where it was in the end: not all choices go with all others.
        for option in *others, first:
            before = stage.step
            stage.choose(label, option)
            until(lambda before=before: is_50_further(stage.step, before), f"{label} {option} trains 50 steps")
            assert stage.status == "playing", f"{label} {option}"


def is_50_further(step, before):
    """Whether 50 steps were made since ``before``, by the same network or by a new one."""
    return step >= before + 50 or 50 <= step < before
