"""The loss chart: a Bokeh figure named "loss" that grows by one point for each step and by nothing else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import expect
from serving import until


@pytest.mark.slow
def test_one_point_for_each_step_and_none_for_anything_else(stage):
    for step in 1, 2, 3:
        stage.take_step(step)
    until(lambda: stage.loss_columns()["step"] == [0, 1, 2, 3], "there is a point for each step")

    for switch in "Discretise", "Test points":
        stage.expect_change(stage.map, lambda switch=switch: stage.toggle(switch))
    stage.page.set_viewport_size({"width": 1100, "height": 760})
    stage.press("Dark mode")
    until(lambda: stage.setting("dark"), "the server knows that it is dark")
    assert stage.loss_columns()["step"] == [0, 1, 2, 3]
    stage.take_step(4)
    until(lambda: stage.loss_columns()["step"] == [0, 1, 2, 3, 4], "there is one point more")

    columns = stage.loss_columns()
    train, test = stage.losses
    assert abs(columns["train"][-1] - train) < 1e-6
    assert abs(columns["test"][-1] - test) < 1e-6
    assert {len(column) for column in columns.values()} == {5}

    stage.press("Reset")
    until(lambda: stage.loss_columns()["step"] == [0], "only the start is left")


@pytest.mark.slow
def test_a_long_run_stays_short_and_in_order(stage):
    stage.choose("Speed", "as fast as it goes")
    stage.train(20_000, timeout=90)
    until(lambda: stage.loss_columns()["step"][-1] == stage.step, "the chart shows the last step")
    steps = stage.loss_columns()["step"]
    # One for every picture, as long as they are few: a fast machine needs few pictures for so many steps.
    assert 30 <= len(steps) <= 300
    assert steps[0] == 0
    assert all(before < after for before, after in pairwise(steps))


def test_says_its_numbers_on_a_linear_and_a_logarithmic_scale(stage):
    stage.train(200)
    assert visible_axes(stage) == ["LinearAxis"]
    expect_numbers_below_the_mouse(stage)
    stage.expect_change(stage.chart.locator("canvas").first, lambda: stage.toggle("Log scale"))
    until(lambda: visible_axes(stage) == ["LogAxis"], "the axis is logarithmic")
    expect_numbers_below_the_mouse(stage)


def expect_numbers_below_the_mouse(stage):
    tooltip = stage.page.locator(".bk-Tooltip", has_text="penalty").locator("visible=true")
    stage.chart.hover()
    for name in "step", "train", "test", "penalty":
        expect(tooltip.first).to_contain_text(name)
    stage.page.mouse.move(1, 1)
    expect(tooltip).to_have_count(0)


def visible_axes(stage):
    """Types of the vertical axes that are shown."""
    axes = "Bokeh.documents[0].get_model_by_name('loss').left"
    return stage.page.evaluate(f"() => {axes}.filter((axis) => axis.visible).map(({{type}}) => type)")
