"""The loss chart: training and test loss and the penalty against steps, linear or logarithmic."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from bokeh.models import (
    ColumnDataSource,
    CustomJSHover,
    CustomJSTickFormatter,
    GlyphRenderer,
    HoverTool,
    LinearAxis,
    LogAxis,
    LogScale,
    LogTicker,
    NumeralTickFormatter,
    Range1d,
)
from bokeh.plotting import figure

from playground.theme import DARK, LIGHT, Theme

LOSSES = ("train", "test", "penalty")
SMALLEST = 1e-6
"""Losses below are not worth a decade of the logarithmic axis."""

_SHORT = "return tick < 1e-3 || tick >= 1e4 ? tick.toExponential(0) : String(Number(tick.toPrecision(2)))"


class LossChart:
    """A Bokeh figure named "loss" and the source that feeds it.

    Both axes are there from the start, each with its own lines over the same source; the switch shows one of them.
    Ranges are set here and not found by the browser: it would have to go through all points of all lines each time.

    Parameters
    ----------
    columns : mapping of str to array
        What to show first: step, train, test, penalty.
    """

    def __init__(self, columns: Mapping[str, np.ndarray]) -> None:
        self.source = ColumnDataSource(dict(columns))
        self.figure = figure(
            name="loss",
            height=170,
            min_height=110,
            sizing_mode="stretch_both",
            toolbar_location=None,
            tools="",
            x_range=Range1d(0, 1),
            y_range=Range1d(0, 1),
            border_fill_color=None,
            background_fill_color=None,
            outline_line_color=None,
            min_border_left=4,
            min_border_right=8,
        )
        self._add_log_axis()
        self._lines = {log: {name: self._line(name, log) for name in LOSSES} for log in (False, True)}
        self._hovers = {log: self._hover(log) for log in (False, True)}
        self._style()
        self.draw(columns)
        self.set_log(False)
        self.set_theme(False)

    def draw(self, columns: Mapping[str, np.ndarray]) -> None:
        """Show other data; one assignment, so one event, and ranges that fit it."""
        self.source.data = dict(columns)
        losses = np.concatenate([columns[name] for name in LOSSES])
        losses = losses[np.isfinite(losses)]
        top = float(losses.max(initial=SMALLEST)) * 1.05
        bottom = float(losses.min(where=losses > SMALLEST, initial=top / 10))
        self.figure.x_range.end = max(int(columns["step"][-1]), 1)
        self.figure.y_range.end = top
        self._log_range.update(start=bottom / 1.1, end=top)

    def set_log(self, log: bool) -> None:
        """Choose the logarithmic or the linear axis."""
        for kind, lines in self._lines.items():
            self._hovers[kind].visible = kind == log
            for line in lines.values():
                line.visible = kind == log
        self._log_axis.visible = log
        self._linear_axis.visible = not log
        self.figure.ygrid[0].axis = self._log_axis if log else self._linear_axis

    def set_theme(self, dark: bool) -> None:
        """Choose the colours."""
        theme: Theme = DARK if dark else LIGHT
        for lines in self._lines.values():
            for name, line in lines.items():
                line.glyph.line_color = getattr(theme, name)
        for axis in self.figure.axis:
            axis.update(axis_line_color=theme.line, major_tick_line_color=theme.line)
            axis.update(major_label_text_color=theme.soft, axis_label_text_color=theme.soft)
        self.figure.ygrid.grid_line_color = theme.line
        self.figure.legend.label_text_color = theme.ink

    def _add_log_axis(self) -> None:
        self._log_range = Range1d(SMALLEST, 1)
        self.figure.extra_y_ranges = {"log": self._log_range}
        self.figure.extra_y_scales = {"log": LogScale()}
        self._linear_axis = next(axis for axis in self.figure.yaxis if isinstance(axis, LinearAxis))
        self._log_axis = LogAxis(y_range_name="log")
        self.figure.add_layout(self._log_axis, "left")

    def _line(self, name: str, log: bool) -> GlyphRenderer:
        # The legend lists the linear lines only; the logarithmic ones have the same colours.
        legend = {} if log else {"legend_label": name}
        dash = "dotted" if name == "penalty" else "solid"
        range_name = "log" if log else "default"
        return self.figure.line(
            "step", name, source=self.source, y_range_name=range_name, line_width=1.8, line_dash=dash, **legend
        )

    def _hover(self, log: bool) -> HoverTool:
        hover = HoverTool(
            renderers=[self._lines[log]["train"]],
            mode="vline",
            line_policy="nearest",
            formatters={"@step": CustomJSHover(code="return Math.round(value).toLocaleString('en-US')")},
            tooltips=[("step", "@step{custom}"), *((name, f"@{name}{{0.0000}}") for name in LOSSES)],
        )
        self.figure.add_tools(hover)
        return hover

    def _style(self) -> None:
        fig = self.figure
        fig.xaxis.formatter = NumeralTickFormatter(format="0.[0]a")
        fig.xaxis.axis_label = "step"
        fig.xgrid.visible = False
        for axis in fig.axis:
            axis.update(minor_tick_line_color=None, major_tick_in=0, major_tick_out=3, axis_label_standoff=2)
            axis.update(major_label_text_font_size="11px", axis_label_text_font_size="11px")
            axis.axis_label_text_font_style = "normal"
            axis.ticker.desired_num_ticks = 4
        self._log_axis.ticker = LogTicker(desired_num_ticks=6, mantissas=[1, 3])
        self._log_axis.formatter = CustomJSTickFormatter(code=_SHORT)
        legend = fig.legend[0]
        # Above the plot, not in it: losses that stay high would run into it.
        fig.add_layout(legend, "above")
        legend.update(orientation="horizontal", location="right", border_line_color=None, padding=0, margin=0)
        legend.update(
            background_fill_color=None, label_text_font_size="11px", glyph_width=14, glyph_height=14, spacing=8
        )
