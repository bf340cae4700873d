"""The loss chart: a Bokeh figure named "loss" that grows by one point for each step and by nothing else."""

from __future__ import annotations

from itertools import pairwise

from playwright.sync_api import expect
from serving import until


def test_one_point_for_each_step_and_none_for_anything_else(stage):
    for step in 1, 2, 3:
        stage.take_step(step)
    until(lambda: stage.loss_columns()["step"] == [0, 1, 2, 3], "there is a point for each step")

    stage.toggle("Discretise")
    stage.toggle("Test points")
    stage.press("Dark mode")
    stage.page.set_viewport_size({"width": 1100, "height": 760})
    stage.take_step(4)
    until(lambda: stage.loss_columns()["step"] == [0, 1, 2, 3, 4], "there is one point more")

    columns = stage.loss_columns()
    train, test = stage.losses
    assert abs(columns["train"][-1] - train) < 1e-6
    assert abs(columns["test"][-1] - test) < 1e-6
    assert {len(column) for column in columns.values()} == {5}


def test_a_long_run_stays_short_and_in_order(stage):
    stage.choose("Speed", "as fast as it goes")
    stage.train(20_000, timeout=90)
    until(lambda: stage.loss_columns()["step"][-1] == stage.step, "the chart shows the last step")
    steps = stage.loss_columns()["step"]
    assert 100 <= len(steps) <= 300
    assert steps[0] == 0
    assert all(before < after for before, after in pairwise(steps))


def test_reset_empties_it(stage):
    stage.take_step(1)
    stage.press("Reset")
    until(lambda: stage.loss_columns()["step"] == [0], "only the start is left")


def test_says_its_numbers_below_the_mouse(stage):
    stage.train(200)
    stage.chart.hover()
    tooltip = stage.page.locator(".bk-Tooltip")
    expect(tooltip).to_be_visible()
    for name in "step", "train", "test", "penalty":
        expect(tooltip).to_contain_text(name)


def test_has_a_logarithmic_scale(stage):
    stage.train(200)
    visible = (
        "() => Bokeh.documents[0].get_model_by_name('loss').left.filter((axis) => axis.visible).map(({type}) => type)"
    )
    canvas = stage.chart.locator("canvas").first
    assert stage.page.evaluate(visible) == ["LinearAxis"]
    stage.expect_change(canvas, lambda: stage.toggle("Log scale"))
    until(lambda: stage.page.evaluate(visible) == ["LogAxis"], "the axis is logarithmic")
