"""The charts of one layer in detail: made when first wanted, and showing what the engine saw."""

import re
from dataclasses import replace

import numpy as np
import panel as pn
import pytest
from bokeh.models import HoverTool
from helpers import case

from engine import Config, Trainer
from engine.look import QUANTITIES, Viewer
from playground.network_page import layer_detail
from playground.network_page.distributions import COLUMNS, ROWS, HeatMap
from playground.network_page.frame_composer import Detail
from playground.network_page.layer_detail import LayerDetailCharts
from playground.runtime.theme import DARK, LIGHT, ramp

NAMES = ["layer_detail distribution", "layer_detail history", "layer_detail activation"]
NORM_NAMES = ["layer_detail normalised", "layer_detail statistics", "layer_detail learned"]
MAP = HeatMap(np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS).astype(np.uint8), 5, 105, -2.0, 3.0)


class Bench:
    """A network, and a layer of it in detail."""

    def __init__(self, steps=0, **values):
        self.trainer = Trainer(Config(**{"hidden": (4, 3), "samples": 100, **values}))
        self.state = self.trainer.run(self.trainer.init(), steps)
        self.viewer = Viewer(self.trainer)

    def detail(self, layer=1, quantity="activation", shown=MAP):
        return Detail(self.viewer.close_up(self.state, layer, quantity), shown)


def figures(charts):
    """Every figure that is there, by its name."""
    return {pane.object.name: pane.object for row in (charts.panel, charts.norm_panel) for pane in row.objects}


def drawn(*details):
    charts = LayerDetailCharts()
    for detail in details:
        charts.draw(detail)
    return figures(charts)


def source(figure, glyph=0):
    """Columns of one of the things drawn in a figure."""
    return figure.renderers[glyph].data_source.data


def ends(axis_range):
    return axis_range.start, axis_range.end


# When they are made


def test_nobody_pays_for_charts_that_nobody_has_opened(monkeypatch):
    made, make = [], layer_detail.plain_figure
    monkeypatch.setattr(
        layer_detail, "plain_figure", lambda name, *given, **how: made.append(name) or make(name, *given, **how)
    )
    charts = LayerDetailCharts()
    charts.set_theme(dark=True)
    charts.draw(Detail(None, None))
    assert made == charts.panel.objects == charts.norm_panel.objects == []
    charts.draw(Bench().detail())
    assert made == NAMES + NORM_NAMES
    first = list(figures(charts).values())
    charts.draw(Bench().detail(2))
    charts.draw(Detail(None, None))
    charts.draw(Bench().detail(1, "weight"))
    assert list(figures(charts).values()) == first
    assert len(made) == 6


def test_the_panels_are_where_they_were():
    charts = LayerDetailCharts()
    panels = charts.panel, charts.norm_panel
    charts.draw(Bench().detail())
    assert (charts.panel, charts.norm_panel) == panels
    assert [pane.object.name for pane in charts.panel.objects] == NAMES
    assert [pane.object.name for pane in charts.norm_panel.objects] == NORM_NAMES
    assert isinstance(charts.panel, pn.Row)


def test_no_layer_leaves_the_charts_as_they_were():
    charts = LayerDetailCharts()
    charts.draw(Bench().detail())
    before = dict(source(figures(charts)["layer_detail distribution"]))
    charts.draw(Detail(None, None))
    assert source(figures(charts)["layer_detail distribution"]) == before


# What they show


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_the_distribution_is_that_of_the_values(layer):
    bench = Bench(steps=20)
    network = bench.trainer.network
    chart = drawn(bench.detail(layer, "weight"))["layer_detail distribution"]
    weights = bench.state.params[network.weight_positions[layer - 1]].ravel()
    bars = source(chart)
    edges = np.append(bars["left"], bars["right"][-1])
    np.testing.assert_array_equal(bars["count"], np.histogram(weights, edges)[0])
    np.testing.assert_allclose(bars["right"][:-1], bars["left"][1:])
    assert bars["share"].sum() == pytest.approx(1)
    assert bars["count"].sum() == weights.size
    assert ends(chart.x_range) == (edges[0], edges[-1])
    assert chart.y_range.end > bars["count"].max()
    expected = f"Weight: mean {weights.mean():.2g}, deviation {weights.std():.2g}"
    assert chart.title.text == expected


def test_every_quantity_is_named():
    bench, charts = Bench(steps=3), LayerDetailCharts()
    for name, quantity in QUANTITIES.items():
        charts.draw(bench.detail(1, name))
        title = figures(charts)["layer_detail distribution"].title.text
        assert title.startswith(f"{quantity.label.capitalize()}: mean ")
        assert (": mean size " in title) == quantity.sizes


def test_values_that_are_no_numbers_are_told():
    bench = Bench()
    params = bench.state.params.copy()
    params[bench.trainer.network.weight_positions[0].ravel()[:3]] = np.nan
    bench.state = replace(bench.state, params=params)
    chart = drawn(bench.detail(1, "weight"))["layer_detail distribution"]
    assert chart.title.text == "Weight: 3 not finite, left out"
    assert source(chart)["count"].sum() == 5


def test_the_history_is_the_picture_it_is_given():
    chart = drawn(Bench().detail())["layer_detail history"]
    (image,) = chart.renderers
    assert image.visible
    assert image.data_source.data["image"][0] is MAP.density
    assert (image.glyph.x, image.glyph.y, image.glyph.dw, image.glyph.dh) == (5, -2.0, 100, 5.0)
    assert ends(chart.x_range) == (5, 105)
    assert ends(chart.y_range) == (-2, 3)


@pytest.mark.parametrize("shown", [None, MAP._replace(last=5)], ids=["none", "one moment"])
def test_a_history_of_no_length_is_not_drawn(shown):
    bench = Bench()
    charts = LayerDetailCharts()
    for given, visible in (shown, False), (MAP, True), (shown, False):
        charts.draw(bench.detail(shown=given))
        chart = figures(charts)["layer_detail history"]
        assert chart.renderers[0].visible == visible
        assert chart.x_range.start < chart.x_range.end


def test_the_activation_is_drawn_over_the_pre_activations():
    bench = Bench(steps=10, activation="relu")
    tape = bench.trainer.forward(bench.state.params, bench.state.running_stats, bench.trainer.data.inputs[:50])
    pre = tape.layers[1].pre
    chart = drawn(bench.detail(2))["layer_detail activation"]
    bars, lines = source(chart, 0), source(chart, 1)
    assert chart.visible
    np.testing.assert_allclose(lines["f"], np.maximum(lines["z"], 0), atol=1e-6)
    np.testing.assert_array_equal(lines["df"], lines["z"] > 0)
    assert source(chart, 2) is lines
    assert ends(chart.x_range) == (lines["z"][0], lines["z"][-1]) == (bars["left"][0], bars["right"][-1])
    counts = np.histogram(pre, np.append(bars["left"], bars["right"][-1]))[0]
    height = bars["top"] - bars["bottom"]
    np.testing.assert_allclose(height / height.max(), counts / counts.max(), atol=1 / 200)
    assert chart.y_range.start <= bars["bottom"].min()
    assert max(bars["top"].max(), lines["f"].max(), lines["df"].max()) < chart.y_range.end


def test_the_output_has_no_activation_to_draw():
    bench, charts = Bench(), LayerDetailCharts()
    for layer, visible in (3, False), (1, True), (3, False), (2, True):
        charts.draw(bench.detail(layer))
        assert figures(charts)["layer_detail activation"].visible == visible


@pytest.mark.parametrize("place", ["before", "after"])
def test_batch_norm_is_seen_before_and_after(place):
    bench = Bench(steps=50, batch_norm=place, optimizer="adam", learning_rate=0.1)
    detail = bench.detail(2)
    found = drawn(detail)
    norm = detail.layer_detail.normalisation
    for k, histogram in enumerate((norm.before, norm.after)):
        line = source(found["layer_detail normalised"], k)
        assert (line["x"][0], line["x"][-1]) == (histogram.low, histogram.high)
        # A stair: two points for each bin, its share high.
        np.testing.assert_allclose(line["y"][::2], histogram.counts / histogram.counts.sum())
        np.testing.assert_allclose(line["y"][1::2], line["y"][::2])
    expected = {
        ("layer_detail statistics", 1): (norm.batch_mean, norm.batch_std),
        ("layer_detail statistics", 3): (norm.running_mean, norm.running_std),
        ("layer_detail learned", 0): (norm.gamma, np.zeros(3)), ("layer_detail learned", 1): (norm.beta, np.zeros(3)),
    }  # fmt: skip
    for (name, glyph), (value, std) in expected.items():
        columns = source(found[name], glyph)
        np.testing.assert_allclose(columns["value"], value)
        np.testing.assert_allclose(columns["low"], value - std)
        np.testing.assert_allclose(columns["high"], value + std)
        assert np.round(columns["unit"]).tolist() == [1, 2, 3]
        low, high = ends(found[name].y_range)
        assert low < columns["low"].min()
        assert columns["high"].max() < high
    assert not np.allclose(norm.gamma, 1)


def test_batch_norm_at_the_beginning_scales_by_one_and_shifts_by_nothing():
    found = drawn(Bench(batch_norm="before").detail())
    gamma, beta = (source(found["layer_detail learned"], k)["value"].tolist() for k in range(2))
    assert (gamma, beta) == ([1] * 4, [0] * 4)
    after = source(found["layer_detail normalised"], 1)
    middle = (after["x"][::2] + after["x"][1::2]) / 2
    mean = (middle * after["y"][::2]).sum()
    assert mean == pytest.approx(0, abs=0.05)
    assert (middle**2 * after["y"][::2]).sum() == pytest.approx(1, abs=0.1)


def test_without_batch_norm_its_charts_stay_empty():
    found = drawn(Bench().detail())
    for name in NORM_NAMES:
        for renderer in found[name].renderers:
            assert not any(len(column) for column in renderer.data_source.data.values())


def test_numbers_that_no_chart_can_hold_do_no_harm():
    bench = Bench(batch_norm="before")
    bench.state = replace(bench.state, params=bench.state.params * 1e150)
    charts = LayerDetailCharts()
    for layer in (1, 2, 3):
        for quantity in QUANTITIES:
            charts.draw(bench.detail(layer, quantity))
            for chart in figures(charts).values():
                for axis_range in (chart.x_range, chart.y_range):
                    assert np.isfinite(ends(axis_range)).all()
                    assert axis_range.start < axis_range.end


# Hover and looks


def test_every_tooltip_speaks_of_a_column_that_is_there():
    found = drawn(Bench(batch_norm="after").detail())
    hovers = {name: list(figure.select(HoverTool)) for name, figure in found.items()}
    assert {name: len(tools) for name, tools in hovers.items()} == {
        "layer_detail distribution": 1,
        "layer_detail history": 0,
        "layer_detail activation": 1,
        "layer_detail normalised": 0,
        "layer_detail statistics": 2,
        "layer_detail learned": 2,
    }
    for name, tools in hovers.items():
        for tool in tools:
            (renderer,) = tool.renderers
            assert renderer in found[name].renderers
            columns = {re.match(r"@(\w+)", value)[1] for _, value in tool.tooltips}
            assert columns <= set(renderer.data_source.data)


def colours(charts):
    """Every colour by where it is."""
    found = {}
    for name, figure in figures(charts).items():
        found[name, "title"] = figure.title.text_color
        for k, axis in enumerate(figure.axis):
            found[name, "axis", k] = (axis.axis_line_color, axis.major_label_text_color, axis.axis_label_text_color)
        for k, renderer in enumerate(figure.renderers):
            glyph = renderer.glyph.properties_with_values()
            found[name, k] = {
                key: value for key, value in glyph.items() if key in ("fill_color", "line_color") and value
            }
    return found


def test_dark_and_light():
    charts = LayerDetailCharts()
    charts.set_theme(dark=True)
    charts.draw(Bench(batch_norm="before").detail())
    dark = colours(charts)
    charts.set_theme(dark=False)
    light = colours(charts)
    assert dark["layer_detail history", "title"] == DARK.ink
    assert light["layer_detail history", "title"] == LIGHT.ink
    assert [key for key in dark if dark[key] and dark[key] == light[key]] == []
    mapper = figures(charts)["layer_detail history"].renderers[0].glyph.color_mapper
    assert list(mapper.palette) == list(ramp(LIGHT.paper, LIGHT.activation))
    charts.set_theme(dark=True)
    assert colours(charts) == dark
    assert list(mapper.palette) == list(ramp(DARK.paper, DARK.activation))


def test_the_way_in_and_the_way_back_have_their_colours():
    bench, charts = Bench(), LayerDetailCharts()
    # Each comes after one of the way in and one of the way back.
    for quantity in [name for one in QUANTITIES for name in ("gradient", "weight", one, "weight", "gradient", one)]:
        charts.draw(bench.detail(1, quantity))
        found = figures(charts)
        color = LIGHT.gradient if QUANTITIES[quantity].backward else LIGHT.activation
        with case(quantity):
            assert found["layer_detail distribution"].renderers[0].glyph.fill_color == color
            assert found["layer_detail history"].renderers[0].glyph.color_mapper.palette == ramp(LIGHT.paper, color)
            assert found["layer_detail activation"].renderers[1].glyph.line_color == LIGHT.activation
