import numpy as np
import pytest
from bokeh.document import Document
from bokeh.document.events import ColumnDataChangedEvent
from bokeh.models import HoverTool, LinearAxis, LogAxis

from playground.network_page.loss_chart import LOSSES, LossChart
from playground.runtime.theme import DARK, LIGHT


def columns(*, steps=(0, 10, 20), train=(0.7, 0.4, 0.1), test=(0.8, 0.5, 0.2), regularization=(0.0, 0.0, 0.0)):
    return {
        "step": np.array(steps, np.int32), "train": np.array(train, np.float32), "test": np.array(test, np.float32),
        "regularization": np.array(regularization, np.float32),
    }  # fmt: skip


@pytest.fixture
def chart():
    return LossChart(columns())


def shown(chart, kind):
    return [part for part in chart.figure.select({"type": kind}) if part.visible]


def ranges(chart):
    figure = chart.figure
    return [(r.start, r.end) for r in (figure.x_range, figure.y_range, *figure.extra_y_ranges.values())]


def test_the_figure_has_the_name_that_others_look_for(chart):
    document = Document()
    document.add_root(chart.figure)
    assert document.get_model_by_name("loss") is chart.figure


def test_a_line_for_each_loss_over_one_source(chart):
    lines = [line for line in chart.figure.renderers if line.visible]
    assert [line.glyph.y for line in lines] == list(LOSSES)
    assert {line.data_source for line in chart.figure.renderers} == {chart.source}
    assert len({line.glyph.line_color for line in lines}) == len(lines)


def test_drawing_sends_the_data_once(chart):
    document, events = Document(), []
    document.add_root(chart.figure)
    document.on_change(events.append)
    chart.draw(columns(steps=(0, 10, 30), train=(0.7, 0.4, 0.9)))
    assert sum(isinstance(event, ColumnDataChangedEvent) for event in events) == 1
    assert len(events) <= 5
    assert chart.source.data["step"].tolist() == [0, 10, 30]


def test_the_ranges_hold_all_points(chart):
    chart.draw(columns(steps=(0, 500, 90_000), train=(3.5, 1, 0.5), test=(0.02, 0.5, 0.5)))
    (x, y, log) = ranges(chart)
    assert x == (0, 90_000)
    assert y[0] == 0
    assert y[1] == pytest.approx(3.5, rel=0.1)
    assert 0.01 < log[0] < 0.02
    assert log[1] == y[1]


@pytest.mark.parametrize("values", [
    {"steps": (0,), "train": (0.7,), "test": (0.7,), "regularization": (0,)},
    {"train": (0, 0, 0), "test": (0, 0, 0)},
    {"train": (1e38, 1, 1e-30)},
    {"train": (np.nan, np.inf, 1)},
    {"train": (np.nan,) * 3, "test": (np.inf,) * 3, "regularization": (np.nan,) * 3},
], ids=["one point", "zeros", "far apart", "not finite", "nothing finite"])  # fmt: skip
def test_the_ranges_are_ranges_whatever_comes(chart, values):
    chart.draw(columns(**values))
    for start, end in ranges(chart):
        assert np.isfinite([start, end]).all()
        assert start < end
    assert ranges(chart)[2][0] > 0


@pytest.mark.parametrize(("log", "axis"), [(False, LinearAxis), (True, LogAxis)])
def test_one_scale_is_shown_at_a_time(chart, log, axis):
    chart.set_log(not log)
    chart.set_log(log)
    assert [type(side) for side in chart.figure.yaxis if side.visible] == [axis]
    assert {line.y_range_name for line in chart.figure.renderers if line.visible} == {"log" if log else "default"}
    assert sum(line.visible for line in chart.figure.renderers) == len(LOSSES)
    assert chart.figure.ygrid[0].axis.visible


@pytest.mark.parametrize("log", [False, True])
def test_hovering_tells_step_and_losses_of_the_shown_lines(chart, log):
    chart.set_log(log)
    (hover,) = shown(chart, HoverTool)
    assert all(line.visible for line in hover.renderers)
    assert [name for name, _ in hover.tooltips] == ["step", "train", "test", "penalty"]


@pytest.mark.parametrize(("dark", "theme"), [(True, DARK), (False, LIGHT)])
def test_colours_follow_the_theme(chart, dark, theme):
    chart.set_theme(not dark)
    chart.set_theme(dark)
    assert [line.glyph.line_color for line in chart.figure.renderers if line.visible] == [
        theme.train,
        theme.test,
        theme.regularization,
    ]
    assert {axis.major_label_text_color for axis in chart.figure.axis} == {theme.soft}
    assert chart.figure.legend[0].label_text_color == theme.ink
