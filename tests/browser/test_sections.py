"""Choices that people make less often, what is refused, when training ends, and how the network is looked at."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from serving import until

SECTIONS = ["Optimizer", "Schedule and end", "First weights", "Inputs and noise"]


def taken_over(stage, name, value):
    until(lambda: stage.setting(name) == value, f"{name} is {value}")


def expect_open(stage, *titles):
    for title in SECTIONS:
        if title in titles:
            expect(stage.section(title)).to_have_attribute("open", "")
        else:
            expect(stage.section(title)).not_to_have_attribute("open", "")


# Sections


def test_a_choice_in_the_top_bar_opens_the_section_of_its_hyperparameters(stage):
    opened = []
    expect_open(stage)
    for title, label, option in (
        ("Optimizer", "Optimizer", "Adam"), ("First weights", "Initialisation", "Orthogonal"),
        ("Inputs and noise", "Penalty", "Elastic"),
    ):  # fmt: skip
        stage.choose(label, option)
        opened.append(title)
        expect_open(stage, *opened)


@pytest.mark.slow
def test_a_section_that_was_closed_by_hand_stays_closed(stage):
    stage.choose("Optimizer", "Adam")
    expect_open(stage, "Optimizer")
    stage.section("Optimizer").locator("summary").click()
    expect_open(stage)
    stage.choose("Learning rate", "0.1")
    stage.take_step(1)
    expect_open(stage)
    stage.choose("Optimizer", "Momentum")
    expect_open(stage, "Optimizer")


@pytest.mark.slow
def test_a_hyperparameter_in_a_section_works(stage):
    stage.choose("Optimizer", "Adam")
    stage.slide("Beta 1", "Home")
    taken_over(stage, "optimizer_adam_beta1", 0)
    stage.choose("Epsilon", "1")
    taken_over(stage, "optimizer_adam_epsilon", 1)
    stage.take_step(1)
    stage.choose("Optimizer", "SGD")
    expect(stage.slider("Beta 1")).to_have_count(0)
    stage.choose("Optimizer", "Adam")
    expect(stage.slider("Beta 1")).to_have_value("0")
    stage.take_step(2)


@pytest.mark.slow
def test_the_keyboard_opens_and_closes_a_section(stage):
    summary = stage.section("Schedule and end").locator("summary")
    summary.focus()
    for opened in (["Schedule and end"], []):
        stage.page.keyboard.press("Enter")
        expect_open(stage, *opened)
    stage.expect(status="paused", step=0)


@pytest.mark.slow
def test_the_usual_learning_rate_comes_with_the_optimizer(stage):
    stage.choose("Optimizer", "AdaDelta")
    stage.expect_chosen("Learning rate", "1")
    stage.choose("Learning rate", "0.3")
    stage.choose("Optimizer", "SGD")
    stage.expect_chosen("Learning rate", "0.3")


# What the data, or the rest of the choices, do not allow


@pytest.mark.slow
def test_the_losses_are_those_made_for_the_data(stage):
    stage.choose("Loss", "Hinge")
    stage.train(200)
    stage.choose("Loss", "Cross-entropy")
    stage.choose("Dataset", "Plane")
    stage.expect_chosen("Loss", "Cross-entropy (Gaussian)")
    assert stage.options("Loss") == ["Cross-entropy (Gaussian)", "Squared error"]
    stage.choose("Dataset", "Circle")
    stage.expect_chosen("Loss", "Cross-entropy")
    assert "Hinge" in stage.options("Loss")


def test_a_refused_combination_says_why_and_goes_back(stage):
    stage.choose("Loss", "Hinge")
    stage.take_step(1)
    stage.select("Dataset").select_option("Plane")
    expect(stage.alert).to_contain_text("Loss must be one made for values")
    stage.expect_chosen("Dataset", "Circle")
    stage.expect_chosen("Loss", "Hinge")
    expect(stage.page.get_by_role("radio", checked=True)).to_have_accessible_name("Circle")
    stage.expect(step=1)
    stage.page.get_by_role("radio", name="Plane", exact=True).click()
    expect(stage.alert).to_be_visible()
    expect(stage.page.get_by_role("radio", checked=True)).to_have_accessible_name("Circle")
    stage.take_step(2)
    expect(stage.alert).to_have_count(0)


@pytest.mark.slow
def test_newton_is_not_for_large_networks(stage):
    stage.send({"type": "set", "values": {"hidden": [32, 32]}})
    taken_over(stage, "hidden", [32, 32])
    stage.press("Play")
    stage.wait_for_step(20)
    stage.select("Optimizer").select_option("Newton")
    expect(stage.alert).to_contain_text(re.compile("newton takes at most .* parameters"))
    stage.expect_chosen("Optimizer", "SGD")
    stage.expect_chosen("Learning rate", "0.03")
    stage.expect(status="playing")
    stage.wait_for_step(stage.step + 20)
    expect(stage.alert).to_be_visible()
    stage.button("Close this message").click()
    expect(stage.alert).to_have_count(0)


@pytest.mark.slow
def test_batch_norm_and_batches_of_one_do_not_go_together(stage):
    stage.open_menu(1)
    stage.menu_select(1, "Batch norm").select_option("after")
    taken_over(stage, "batch_norm", ["after", "off"])
    stage.page.keyboard.press("Escape")
    stage.select("Batch size").select_option("1")
    expect(stage.alert).to_contain_text("Batch size must be 2 or more with batch norm")
    stage.expect_chosen("Batch size", "10")

    stage.choose("Batch norm", "off")
    stage.choose("Batch size", "1")
    stage.open_menu(2)
    stage.menu_select(2, "Batch norm").select_option("before")
    expect(stage.alert).to_contain_text("Batch size must be 2 or more with batch norm")
    expect(stage.menu_select(2, "Batch norm")).to_have_value("off")
    expect(stage.chip(2)).to_have_text("Tanh")
    stage.page.keyboard.press("Escape")
    stage.take_step(1)


@pytest.mark.slow
def test_a_choice_that_may_surprise_has_a_remark(stage):
    remark = stage.page.locator(".banner.info", has_text="mini-batches of 10")
    stage.choose("Optimizer", "L-BFGS")
    expect(remark).to_be_visible()
    remark.get_by_role("button", name="Close this message").click()
    expect(remark).to_have_count(0)
    stage.take_step(1)
    expect(remark).to_have_count(0)
    stage.choose("Batch size", "20")
    remark = stage.page.locator(".banner.info", has_text="mini-batches of 20")
    expect(remark).to_be_visible()
    stage.choose("Batch size", "all")
    expect(remark).to_have_count(0)


# The end of training


def test_training_ends_at_its_target_says_so_and_goes_on(stage):
    ended = stage.page.locator(".banner.info", has_text="Training stopped after epoch")
    stage.open_section("Schedule and end")
    stage.choose("Stop when", "Target loss")
    stage.choose("Target", "0.1")
    stage.choose("Optimizer", "Adam")
    stage.choose("Speed", "as fast as it goes")
    stage.press("Play")
    expect(ended).to_contain_text("the training loss has reached the target")
    stage.expect(status="paused")
    assert stage.losses[0] <= 0.1
    first = stage.step
    expect(stage.button("Play")).to_be_visible()
    stage.press("Play")
    until(lambda: stage.step > first, "it trains on")
    expect(ended).to_be_visible()
    stage.press("Reset")
    expect(ended).to_have_count(0)
    stage.expect(status="paused", step=0)


@pytest.mark.slow
def test_training_ends_after_its_epochs(stage):
    stage.open_section("Schedule and end")
    stage.choose("Stop when", "Epochs")
    stage.choose("Epochs", "10")
    for end in 250, 500:
        stage.press("Play")
        stage.expect(step=end, status="paused")
        expect(
            stage.page.get_by_text(f"Training stopped after epoch {end // 25}: the number of epochs is reached")
        ).to_be_visible()
    stage.choose("Stop when", "Never")
    stage.train(300)


# How the network is looked at


@pytest.mark.slow
def test_a_view_changes_the_picture_and_not_the_training(stage):
    view = stage.page.get_by_label("View", exact=True)
    stage.choose("Dropout", "0.5")
    stage.choose("Batch norm", "before")
    stage.train(50)
    losses, plain = stage.losses, stage.picture(stage.map)
    for option in "Batch statistics", "Training":
        stage.expect_change(stage.map, lambda option=option: view.select_option(option))
    stage.expect(status="paused")
    assert stage.losses == losses
    view.select_option("Evaluation")
    until(lambda: stage.picture(stage.map) == plain, "the first picture is back")
    view.select_option("Training")
    step = stage.step
    stage.take_step(step + 1)
    expect(view.locator("option:checked")).to_have_text("Training")
