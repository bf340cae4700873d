"""The large map, its switches, and dark mode."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from serving import until

from browser.stage import Stage


@pytest.mark.slow
def test_switches_change_the_large_map(stage):
    stage.expect_change(stage.map, lambda: stage.toggle("Test points"))
    stage.expect_change(stage.map, lambda: stage.toggle("Discretise"))


def test_the_large_map_says_its_value_below_the_mouse(stage):
    stage.map.hover()
    expect(stage.tooltip).to_have_text(re.compile(r"^\D+\d+\.\d+%?\s*x₁ −?0\.0\d\s+x₂ −?0\.0\d$"))


def colors(stage):
    """Colour of a widget's text, of the page's text, and of the chart's axis."""
    style = "(node) => getComputedStyle(node).color"
    axis = "() => Bokeh.documents[0].get_model_by_name('loss').below[0].major_label_text_color"
    return [stage.select("Optimizer").evaluate(style), stage.heading.evaluate(style), stage.page.evaluate(axis)]


def test_dark_mode_switches_everything_and_is_remembered(stage, server):
    light = colors(stage)
    stage.expect_change(stage.network, lambda: stage.press("Dark mode"))
    stage.expect(theme="dark")
    expect(stage.button("Dark mode")).to_have_attribute("aria-pressed", "true")
    until(lambda: not set(colors(stage)) & set(light), "widgets, page and chart have other colours")
    dark = colors(stage)

    again = Stage(stage.page.context.new_page()).open(server.url)
    again.expect(theme="dark")
    until(lambda: colors(again) == dark, "the next visit begins with the same colours")
    again.press("Dark mode")
    again.expect(theme="light")
    until(lambda: colors(again) == light, "the light colours are back")
