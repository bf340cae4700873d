"""The menu of a layer: its choices, the numbers of its activation, and the picture of what that does."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from serving import until

from browser.stage import ACTIVATION, GRADIENT

CLICK = "(button) => button.click()"
"""Without the mouse, which would close the menu by pressing elsewhere."""


def taken_over(stage, name, value):
    until(lambda: stage.setting(name) == value, f"{name} is {value}")


def say(box, text, key="Enter"):
    """Type into a field as a person does, instead of what is there."""
    box.click()
    box.press("ControlOrMeta+a")
    box.press("Delete")
    box.press_sequentially(text)
    box.press(key)


# The curve


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_curve_is_drawn_in_the_colours_of_activations_and_gradients(visit, theme):
    stage = visit(color_scheme=theme)
    stage.open_menu(1)
    assert stage.painted(stage.curve, ACTIVATION[theme]) > 100
    assert stage.painted(stage.curve, GRADIENT[theme]) > 100
    other = {"light": "dark", "dark": "light"}[theme]
    stage.button("Dark mode").evaluate(CLICK)
    until(lambda: stage.painted(stage.curve, ACTIVATION[other]) > 100, "the curve has the other theme's colours")


@pytest.mark.slow
def test_every_activation_has_its_own_curve(stage):
    stage.open_menu(1)
    select = stage.menu_select(1, "Activation")
    pictures = {stage.picture(stage.curve)}
    options = [name for name in select.locator("option").all_inner_texts() if name != "Tanh"]
    for option in options:
        before = stage.picture(stage.curve)
        select.select_option(option)
        expect(stage.chip(1)).to_have_text(option)
        until(lambda before=before: stage.picture(stage.curve) != before, f"{option} has another curve")
        until(lambda: stage.painted(stage.curve, ACTIVATION["light"]) > 50, "it is drawn")
        pictures.add(stage.picture(stage.curve))
    assert len(options) > 10
    assert len(pictures) == len(options) + 1


@pytest.mark.slow
def test_the_curve_moves_with_the_training(stage):
    stage.press("Play")
    stage.open_menu(2)
    stage.expect_change(stage.curve, lambda: None)
    stage.page.keyboard.press("Escape")
    stage.expect(status="playing")


@pytest.mark.slow
def test_each_layer_has_its_own_curve(stage):
    stage.open_menu(1)
    stage.menu_select(1, "Activation").select_option("ReLU")
    expect(stage.chip(1)).to_have_text("ReLU")
    stage.open_menu(2)
    second = stage.picture(stage.curve)
    stage.open_menu(1)
    until(lambda: stage.picture(stage.curve) != second, "the first layer's curve is there")


# Hyperparameters


def test_a_hyperparameter_comes_with_its_activation_and_changes_the_network(stage):
    stage.open_menu(1)
    expect(stage.menu(1).get_by_role("spinbutton")).to_have_count(1)
    stage.menu_select(1, "Activation").select_option("ELU")
    alpha = stage.hyperparameter(1, "Alpha")
    expect(alpha).to_have_value("1")
    expect(alpha).to_have_attribute("title", re.compile(r"From 0 to 10\.$"))
    expect(stage.chip(1)).to_have_text("ELU")
    before, output = stage.picture(stage.curve), stage.picture(stage.map)
    say(alpha, "3.5")
    taken_over(stage, "activation_params", [{"alpha": 3.5}, {}])
    until(lambda: stage.picture(stage.curve) != before, "the curve is another")
    until(lambda: stage.picture(stage.map) != output, "the output is another")
    stage.menu_select(1, "Activation").select_option("Maxout")
    expect(stage.hyperparameter(1, "Pieces")).to_have_value("2")
    stage.menu_select(1, "Activation").select_option("ELU")
    expect(alpha).to_have_value("3.5")
    stage.page.keyboard.press("Escape")
    stage.take_step(1)


@pytest.mark.slow
def test_rapid_changes_of_a_hyperparameter_add_up(stage):
    stage.choose("Activation", "ELU")
    stage.press("Play")
    stage.open_menu(1)
    box = stage.hyperparameter(1, "Alpha")
    for _ in range(6):
        box.press("ArrowUp")
    taken_over(stage, "activation_params", [{"alpha": 7}, {}])
    expect(box).to_have_value("7")
    for _ in range(6):
        box.press("ArrowUp")
    expect(box).to_have_value("10")
    taken_over(stage, "activation_params", [{"alpha": 10}, {}])
    stage.expect(status="playing")


@pytest.mark.slow
def test_a_hyperparameter_belongs_to_its_layer_and_goes_with_it(stage):
    stage.choose("Activation", "ELU")
    stage.open_menu(2)
    say(stage.hyperparameter(2, "Alpha"), "2")
    taken_over(stage, "activation_params", [{}, {"alpha": 2}])
    stage.open_menu(1)
    expect(stage.hyperparameter(1, "Alpha")).to_have_value("1")
    stage.press("Remove layer")
    taken_over(stage, "activation_params", [{"alpha": 2}])
    stage.open_menu(1)
    expect(stage.hyperparameter(1, "Alpha")).to_have_value("2")


@pytest.mark.parametrize("leave", ["press elsewhere", "another layer", "Tab"])
@pytest.mark.slow
def test_a_number_typed_counts_for_its_layer_however_the_field_is_left(stage, leave):
    stage.choose("Activation", "ELU")
    stage.open_menu(1)
    box = stage.hyperparameter(1, "Alpha")
    box.click()
    box.press("ControlOrMeta+a")
    box.press_sequentially("4")
    if leave == "press elsewhere":
        stage.map.click()
    elif leave == "another layer":
        stage.chip(2).click()
        expect(stage.hyperparameter(2, "Alpha")).to_have_value("1")
    else:
        box.press("Tab")
    taken_over(stage, "activation_params", [{"alpha": 4}, {}])


@pytest.mark.slow
def test_escape_takes_back_what_is_typed(stage):
    stage.choose("Activation", "ELU")
    stage.open_menu(1)
    say(stage.hyperparameter(1, "Alpha"), "4", key="Escape")
    expect(stage.menu(1)).to_be_hidden()
    stage.take_step(1)
    assert stage.setting("activation_params") == [{}, {}]
    stage.open_menu(1)
    expect(stage.hyperparameter(1, "Alpha")).to_have_value("1")


@pytest.mark.slow
def test_a_field_that_was_left_as_it_was_follows_the_hyperparameter(stage):
    stage.choose("Activation", "ELU")
    stage.open_menu(1)
    box = stage.hyperparameter(1, "Alpha")
    box.press("End")
    for key in "5", "Backspace", "Tab":
        box.press(key)
    stage.send({"type": "set", "values": {"activation_params": [{"alpha": 5}, {}]}})
    expect(box).to_have_value("5")


@pytest.mark.slow
def test_odd_numbers_leave_the_hyperparameter_as_it_was(stage):
    stage.choose("Activation", "ELU")
    stage.open_menu(1)
    box = stage.hyperparameter(1, "Alpha")
    say(box, "2")
    taken_over(stage, "activation_params", [{"alpha": 2}, {}])
    for odd in "", "e", "--", "many", ".":
        say(box, odd)
        expect(box).to_have_value("2")
        expect(stage.alert).to_have_count(0)
    for odd in "1e99", "-1", "10.5":
        say(box, odd)
        expect(stage.alert).to_contain_text("Alpha must be a number between 0 and 10")
        expect(stage.alert).to_contain_text(f"not {float(odd):g}")
        expect(box).to_have_value("2")
        say(box, "2.5")
        expect(stage.alert).to_have_count(0)
        say(box, "2")
        taken_over(stage, "activation_params", [{"alpha": 2}, {}])
    stage.menu_select(1, "Activation").select_option("Maxout")
    say(stage.hyperparameter(1, "Pieces"), "2.5")
    expect(stage.alert).to_contain_text("Pieces must be a whole number between 2 and 5")
    expect(stage.hyperparameter(1, "Pieces")).to_have_value("2")
    say(stage.hyperparameter(1, "Pieces"), "4")
    taken_over(stage, "activation_params", [{"alpha": 2, "k": 4}, {}])
    expect(stage.alert).to_have_count(0)
    stage.page.keyboard.press("Escape")
    stage.take_step(1)


@pytest.mark.slow
def test_a_slope_below_zero_is_for_prelu_only(stage):
    stage.open_menu(1)
    stage.menu_select(1, "Activation").select_option("PReLU")
    say(stage.hyperparameter(1, "Initial slope"), "-0.5")
    taken_over(stage, "activation_params", [{"slope": -0.5}, {}])
    stage.menu_select(1, "Activation").select_option("Leaky ReLU")
    expect(stage.chip(1)).to_have_text("Leaky ReLU")
    expect(stage.hyperparameter(1, "Slope")).to_have_value("0.01")
    expect(stage.alert).to_have_count(0)


# Other choices of the layer


def test_batch_norm_after_and_before_and_dropconnect(stage):
    stage.open_menu(1)
    for option, chip in ("after", "Tanh · BN after"), ("before", "Tanh · BN"), ("off", "Tanh"):
        stage.menu_select(1, "Batch norm").select_option(option)
        taken_over(stage, "batch_norm", [option, "off"])
        expect(stage.chip(1)).to_have_text(chip)
        stage.button("Step").evaluate(CLICK)
        stage.expect(step=1)
    stage.menu_select(1, "DropConnect").select_option("0.4")
    taken_over(stage, "drop_connect", [0.4, 0])
    expect(stage.chip(1)).to_have_text("Tanh · DC 0.4")
    stage.button("Step").evaluate(CLICK)
    stage.expect(step=2)
    expect(stage.menu(1)).to_be_visible()


@pytest.mark.slow
def test_a_number_set_elsewhere_is_shown(stage):
    stage.send({"type": "set", "values": {"dropout": 0.15, "drop_connect": [0.25, 0]}})
    taken_over(stage, "dropout", [0.15, 0.15])
    stage.open_menu(1)
    for label, value in ("Dropout", "0.15"), ("DropConnect", "0.25"):
        expect(stage.menu_select(1, label).locator("option:checked")).to_have_text(value)
    stage.menu_select(1, "Dropout").select_option("0.2")
    taken_over(stage, "dropout", [0.2, 0.15])


# Layers that come and go while the menu is open


@pytest.mark.slow
def test_the_menu_goes_with_its_layer(stage):
    stage.open_menu(2)
    stage.button("Remove a hidden layer").evaluate(CLICK)
    expect(stage.menu(2)).to_be_hidden()
    taken_over(stage, "hidden", [4])
    stage.open_menu(1)
    stage.button("Remove a hidden layer").evaluate(CLICK)
    expect(stage.menu(1)).to_be_hidden()
    taken_over(stage, "hidden", [])
    stage.take_step(1)
    stage.press("Add a hidden layer")
    stage.open_menu(1)
    assert stage.setting("activation_params") == [{}]


@pytest.mark.slow
def test_the_menu_stays_when_other_layers_come_and_go(stage):
    stage.press("Play")
    stage.open_menu(1)
    for name, hidden in (
        ("Add a hidden layer", [4, 2, 2]), ("Add a unit to layer 1", [5, 2, 2]), ("Remove a hidden layer", [5, 2]),
        ("Remove a unit from layer 2", [5, 1]),
    ):  # fmt: skip
        stage.button(name).evaluate(CLICK)
        taken_over(stage, "hidden", hidden)
        # Another network: Python has to be told again what is looked at.
        stage.expect_change(stage.curve, lambda: None)
        expect(stage.menu(1)).to_be_visible()
    stage.menu_select(1, "Activation").select_option("ReLU")
    expect(stage.chip(1)).to_have_text("ReLU")
    expect(stage.chip(2)).to_have_text("Tanh")


@pytest.mark.slow
def test_the_menu_of_a_removed_layer_is_the_next_ones(stage):
    """The first of two layers goes: what was the second is the first."""
    stage.choose("Activation", "ReLU")
    stage.open_menu(1)
    stage.send({"type": "set", "values": {"hidden": [7], "activation": ["elu"], "activation_params": [{"alpha": 5}]}})
    expect(stage.menu_select(1, "Activation")).to_have_value("elu")
    expect(stage.hyperparameter(1, "Alpha")).to_have_value("5")
    until(lambda: stage.painted(stage.curve, ACTIVATION["light"]) > 50, "its curve is drawn")
