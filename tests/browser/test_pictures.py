"""What the large picture may show instead of the output: hidden space, the loss landscape, uncertainty."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from serving import until


def still(stage):
    """The large picture once it has come to rest."""
    seen = [stage.picture(stage.map)]

    def rests():
        seen.append(stage.picture(stage.map))
        return seen[-1] == seen[-2]

    until(rests, "the picture rests")
    return seen[-1]


def test_hidden_space_of_each_layer_and_in_all_axes(stage):
    output = still(stage)
    stage.pick("Picture", "Hidden space")
    until(lambda: stage.picture(stage.map) != output, "the picture is another")
    pictures = {still(stage)}
    for label, option in [
        ("Layer", "Layer 1"), ("Layer", "Inputs"), ("Layer", "Layer 1"), ("Axes", "Two units"),
        ("Unit across", "unit 3"), ("Unit upwards", "unit 4"),
    ]:  # fmt: skip
        before = still(stage)
        stage.pick(label, option)
        if stage.picker(label).locator("option:checked").inner_text() != option:
            continue
        until(lambda before=before: still(stage) != before, f"{label} {option} is another picture")
        pictures.add(still(stage))
    assert len(pictures) >= 5
    stage.map.hover()
    expect(stage.tooltip).to_contain_text(re.compile(r"^Layer 1 outputs"))
    stage.pick("Picture", "Output")
    until(lambda: stage.picture(stage.map) == output, "the output is back")
    stage.pick("Picture", "Hidden space")
    before = still(stage)
    stage.train(200)
    assert still(stage) != before, "it moves with the training"


@pytest.mark.slow
def test_the_landscape_says_where_it_is_and_is_drawn_anew(stage):
    told = stage.page.get_by_text(re.compile("^As of step"))
    stage.pick("Picture", "Loss landscape")
    expect(told).to_contain_text("As of step 0; 0.0 away from it now; too short a path, so random")
    random, path = stage.picker("Directions").locator("option").all_inner_texts()
    stage.pick("Directions", random)
    expect(told).not_to_contain_text("random")
    first = still(stage)
    stage.pick("Redraw", "on request")
    stage.train(200)
    expect(told).to_contain_text(re.compile(r"^As of step 0; 0?[.1-9]\S* away"))
    assert still(stage) != first, "the path goes on"
    stage.press("Draw anew")
    expect(told).to_contain_text(f"As of step {stage.step}; 0.0 away")
    stage.map.hover()
    expect(stage.tooltip).to_contain_text(re.compile(r"^Training loss \d"))

    stage.page.mouse.move(1, 1)
    stage.pick("Redraw", "every 50 steps")
    start = stage.step
    stage.train(300)
    as_of = int(re.search(r"As of step ([\d,]+)", told.inner_text())[1].replace(",", ""))
    # The one drawn when training pauses may be of that very step.
    assert start < as_of <= stage.step < as_of + 150
    before = still(stage)
    stage.pick("Directions", path)
    until(lambda: still(stage) != before, "another plane, another picture")
    expect(told).not_to_contain_text("random")


@pytest.mark.slow
def test_the_views_of_the_output(stage):
    output = still(stage)
    stage.set(dropout=[0.5, 0.5])
    pictures = {output}
    for view in "Mean, 64 masks", "Spread, 64 masks", "Training":
        stage.pick("View", view)
        until(lambda: stage.picture(stage.map) not in pictures, f"{view} is another picture")
        pictures.add(still(stage))
    stage.pick("View", "Spread, 64 masks")
    stage.map.hover()
    expect(stage.tooltip).to_contain_text(re.compile(r"^Spread \d"))
    stage.train(50)
    stage.set(dropout=[0, 0])
    stage.map.hover(position={"x": 40, "y": 40})
    expect(stage.tooltip).to_contain_text(re.compile(r"^Spread 0\.0"))

    stage.page.mouse.move(1, 1)
    stage.pick("View", "Evaluation")
    stage.choose("Batch norm", "before")
    stage.train(50)
    output = still(stage)
    stage.pick("View", "Batch statistics")
    until(lambda: stage.picture(stage.map) != output, "the boundary is another")
