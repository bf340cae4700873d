import numpy as np
import pytest
from bokeh.document import Document
from bokeh.document.events import ColumnDataChangedEvent
from bokeh.models import HoverTool, LinearAxis, LogAxis

from playground.race_page.chart import SMALLEST, RaceChart
from playground.runtime.theme import DARK, LIGHT

RACERS = [
    {"label": "SGD", "color": "#111111", "shown": True}, {"label": "Adam", "color": "#222222", "shown": True},
    {"label": "Lion", "color": "#333333", "shown": True},
]  # fmt: skip


def curves(*rows, log=True, steps=None, cursor=0):
    rows = rows or ((1.0, 0.1, 0.01), (2.0, 0.2, 0.02), (3.0, 0.3, 0.03))
    table = np.array(rows, float)
    steps = np.arange(table.shape[1]) if steps is None else np.array(steps)
    return {"steps": steps, "curves": table, "log": log, "cursor": cursor}


@pytest.fixture
def chart():
    return RaceChart()


def ranges(chart):
    figure = chart.figure
    return [(r.start, r.end) for r in (figure.x_range, figure.y_range, *figure.extra_y_ranges.values())]


def drawn(chart):
    return chart.source.data


def test_the_figure_has_the_name_that_others_look_for(chart):
    document = Document()
    document.add_root(chart.figure)
    assert document.get_model_by_name("race") is chart.figure


def test_a_curve_for_each_racer_in_its_colour(chart):
    chart.draw(curves(steps=(0, 5, 9)), RACERS)
    assert drawn(chart)["color"] == ["#111111", "#222222", "#333333"]
    assert drawn(chart)["label"] == ["SGD", "Adam", "Lion"]
    assert [list(xs) for xs in drawn(chart)["xs"]] == [[0, 5, 9]] * 3
    assert [list(ys) for ys in drawn(chart)["ys"]] == curves()["curves"].tolist()


def test_hidden_racers_are_not_drawn_and_do_not_count_for_the_ranges(chart):
    hidden = [RACERS[0], {**RACERS[1], "shown": False}, RACERS[2]]
    chart.draw(curves((1, 2), (1e-9, 1e9), (3, 4)), hidden)
    assert drawn(chart)["label"] == ["SGD", "Lion"]
    low, high = ranges(chart)[2]
    assert 0.1 < low < 1
    assert 4 < high < 100


def test_with_nobody_shown_there_is_an_empty_chart(chart):
    chart.draw(curves(), [{**racer, "shown": False} for racer in RACERS])
    assert drawn(chart) == {"xs": [], "ys": [], "color": [], "label": []}
    assert all(start < end for start, end in ranges(chart))


def test_drawing_sends_the_data_once(chart):
    document, events = Document(), []
    document.add_root(chart.figure)
    document.on_change(events.append)
    chart.draw(curves(cursor=2), RACERS)
    assert sum(isinstance(event, ColumnDataChangedEvent) for event in events) == 1
    assert len(events) <= 6


@pytest.mark.parametrize("rows", [
    [(0.7,)], [(0, 0, 0)], [(1e300, 1, 1e-300)], [(np.nan, np.inf, 1)], [(np.nan,) * 3], [(-np.inf, np.inf)],
    [(-5, -5)], [(-1.7e308, 1.7e308)], [(1.7e308, 1.7e308)], [(5e-324, 0)], [(1e17, 1e17)],
], ids=str)  # fmt: skip
@pytest.mark.parametrize("log", [False, True])
def test_the_ranges_are_ranges_whatever_comes(chart, rows, log):
    chart.draw(curves(*rows, log=log), RACERS[:1])
    for start, end in ranges(chart):
        assert np.isfinite([start, end]).all()
        assert start < end
    assert ranges(chart)[2][0] > 0


@pytest.mark.parametrize("log", [False, True])
def test_the_ranges_hold_all_points(chart, log):
    chart.draw(curves((900, 0.5), (3, 0.002), steps=(0, 8000), log=log), RACERS[:2])
    x, linear, logarithmic = ranges(chart)
    assert x == (0, 8000)
    low, high = logarithmic if log else linear
    assert low < 0.002
    assert 900 < high < 2000


def test_what_lies_below_all_sense_is_drawn_at_the_bottom(chart):
    chart.draw(curves((1.0, 0.0, -1e-20, np.nan)), RACERS[:1])
    np.testing.assert_array_equal(drawn(chart)["ys"][0], [1.0, SMALLEST, SMALLEST, np.nan])
    chart.draw(curves((1.0, 0.0, -2.0), log=False), RACERS[:1])
    assert drawn(chart)["ys"][0].tolist() == [1.0, 0.0, -2.0]


@pytest.mark.parametrize(("log", "axis"), [(False, LinearAxis), (True, LogAxis)])
def test_one_scale_is_shown_at_a_time(chart, log, axis):
    chart.draw(curves(log=not log), RACERS)
    chart.draw(curves(log=log), RACERS)
    assert [type(side) for side in chart.figure.yaxis if side.visible] == [axis]
    assert [line.y_range_name for line in chart.figure.renderers if line.visible] == ["log" if log else "default"]
    (hover,) = [tool for tool in chart.figure.select({"type": HoverTool}) if tool.visible]
    assert all(line.visible for line in hover.renderers)
    assert chart.figure.ygrid[0].axis.visible


def test_the_step_shown_is_marked(chart):
    chart.draw(curves(cursor=2), RACERS)
    assert chart._cursor.location == 2


@pytest.mark.parametrize(("dark", "theme"), [(True, DARK), (False, LIGHT)])
def test_colours_follow_the_theme(chart, dark, theme):
    chart.set_theme(not dark)
    chart.set_theme(dark)
    assert {axis.major_label_text_color for axis in chart.figure.axis} == {theme.soft}
    assert {axis.axis_line_color for axis in chart.figure.axis} == {theme.line}
    assert chart._cursor.line_color == theme.soft
    assert chart.figure.ygrid[0].grid_line_color == theme.line
