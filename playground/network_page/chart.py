"""The loss chart: training and test loss and the penalty against steps, linear or logarithmic."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from bokeh.models import (
    ColumnDataSource,
    CustomJSHover,
    DataRange1d,
    HoverTool,
    LinearAxis,
    LogAxis,
    LogScale,
    NumeralTickFormatter,
)
from bokeh.plotting import figure

from playground.history import COLUMNS
from playground.theme import DARK, LIGHT, Theme

LOSSES = {"train": "train", "test": "test", "penalty": "penalty"}
_GROUPED = CustomJSHover(code="return Math.round(value).toLocaleString('en-US')")


class LossChart:
    """A Bokeh figure named "loss" and the source that feeds it.

    Both axes are there from the start, each with its own lines over the same source; the switch shows one of them.
    Attributes ``figure`` and ``source`` are Bokeh models.
    """

    def __init__(self) -> None:
        self.source = ColumnDataSource({name: np.zeros(0) for name in COLUMNS})
        self.figure = figure(
            name="loss",
            height=170,
            min_height=110,
            sizing_mode="stretch_both",
            toolbar_location=None,
            tools="",
            x_range=DataRange1d(range_padding=0, only_visible=True),
            y_range=DataRange1d(start=0, only_visible=True),
            border_fill_color=None,
            background_fill_color=None,
            outline_line_color=None,
            min_border_left=4,
            min_border_right=8,
        )
        self._add_axes()
        self._lines = {
            log: {name: self._line(name, "log" if log else "default") for name in LOSSES} for log in (False, True)
        }
        self._hover = {log: self._tooltip(log) for log in (False, True)}
        self.figure.add_tools(*self._hover.values())
        self.set_log(False)
        self.set_theme(False)

    def _add_axes(self) -> None:
        fig = self.figure
        fig.extra_y_ranges = {"log": DataRange1d(only_visible=True)}
        fig.extra_y_scales = {"log": LogScale()}
        self._log_axis = LogAxis(y_range_name="log")
        fig.add_layout(self._log_axis, "left")
        self._linear_axis = next(axis for axis in fig.yaxis if isinstance(axis, LinearAxis))
        fig.xaxis.formatter = NumeralTickFormatter(format="0.[0]a")
        fig.xaxis.axis_label = "step"
        for axis in fig.axis:
            axis.minor_tick_line_color = None
            axis.major_tick_in = 0
            axis.major_tick_out = 3
        fig.yaxis[0].ticker.desired_num_ticks = 4
        fig.xaxis.ticker.desired_num_ticks = 4
        fig.xgrid.visible = False

    def _line(self, name: str, y_range: str):
        return self.figure.line("step", name, source=self.source, line_width=1.8, y_range_name=y_range)

    def _tooltip(self, log: bool) -> HoverTool:
        return HoverTool(
            renderers=[self._lines[log]["train"]],
            mode="vline",
            line_policy="nearest",
            formatters={"@step": _GROUPED},
            tooltips=[("step", "@step{custom}"), *((label, f"@{name}{{0.0000}}") for name, label in LOSSES.items())],
        )

    def draw(self, columns: Mapping[str, np.ndarray]) -> None:
        """Show other data; one assignment, so one event."""
        self.source.data = dict(columns)

    def set_log(self, log: bool) -> None:
        """Choose the logarithmic or the linear axis."""
        for kind, lines in self._lines.items():
            self._hover[kind].visible = kind == log
            for line in lines.values():
                line.visible = kind == log
        self._log_axis.visible = log
        self._linear_axis.visible = not log

    def set_theme(self, dark: bool) -> None:
        """Choose the colours."""
        theme: Theme = DARK if dark else LIGHT
        for lines in self._lines.values():
            for name, line in lines.items():
                line.glyph.line_color = getattr(theme, name)
            lines["penalty"].glyph.line_dash = "dotted"
        for axis in self.figure.axis:
            axis.axis_line_color = axis.major_tick_line_color = theme.line
            axis.major_label_text_color = axis.axis_label_text_color = theme.soft
            axis.axis_label_text_font_style = "normal"
            axis.major_label_text_font_size = axis.axis_label_text_font_size = "11px"
        self.figure.ygrid.grid_line_color = theme.line
