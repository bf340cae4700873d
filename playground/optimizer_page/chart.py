"""The chart of a race: one curve for each racer against the steps, and where the page is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from bokeh.models import (
    ColumnDataSource,
    CustomJSTickFormatter,
    GlyphRenderer,
    HoverTool,
    LinearAxis,
    LogAxis,
    LogScale,
    LogTicker,
    NumeralTickFormatter,
    Range1d,
    Span,
)
from bokeh.plotting import figure

from playground.theme import DARK, LIGHT

SMALLEST = 1e-12
"""Below, a logarithmic axis shows nothing but rounding."""

_LARGEST = 1e300
"""Axes go no further: beyond, there would be no room around the curves."""

_SHORTEST = 10.0
"""Steps that the chart shows at least, so that its ticks are whole numbers."""

_SHORT = "return tick < 1e-3 || tick >= 1e4 ? tick.toExponential(0) : String(Number(tick.toPrecision(2)))"
_EMPTY: dict[str, list[Any]] = {"xs": [], "ys": [], "color": [], "label": []}


class RaceChart:
    """A Bokeh figure named "race".

    Both axes are there from the start, each with its own curves over the same source, and one of them is shown. Ranges
    are set here and not found by the browser, which would have to go through all points of all curves each time.
    """

    def __init__(self) -> None:
        self.source = ColumnDataSource(dict(_EMPTY))
        self.figure = figure(
            name="race",
            height=180,
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
        self._log_range = Range1d(SMALLEST, 1)
        self.figure.extra_y_ranges = {"log": self._log_range}
        self.figure.extra_y_scales = {"log": LogScale()}
        self._linear_axis = next(axis for axis in self.figure.yaxis if isinstance(axis, LinearAxis))
        self._log_axis = LogAxis(y_range_name="log")
        self.figure.add_layout(self._log_axis, "left")
        self._lines = {log: self._curves(log) for log in (False, True)}
        self._hovers = {log: self._hover(log) for log in (False, True)}
        self._cursor = Span(location=0, dimension="height", line_width=1, line_dash="dashed")
        self.figure.add_layout(self._cursor)
        self._style()
        self._set_log(True)
        self.set_theme(False)

    def draw(self, shown: Mapping[str, Any], racers: Sequence[Mapping[str, Any]]) -> None:
        """Show other curves; one assignment, so one event, and ranges that fit.

        Parameters
        ----------
        shown : mapping
            ``steps`` (T,), ``curves`` (n, T), ``log`` and ``cursor``; see Contest.curves.
        racers : sequence of mapping
            ``label``, ``color`` and ``shown`` of each of the n.
        """
        steps, log = np.asarray(shown["steps"], float), bool(shown["log"])
        curves = [(racer, curve) for racer, curve in zip(racers, shown["curves"], strict=True) if racer["shown"]]
        with np.errstate(invalid="ignore"):
            drawn = [np.maximum(curve, SMALLEST) if log else curve for _, curve in curves]
        self.source.data = {
            "xs": [steps] * len(drawn),
            "ys": drawn,
            "color": [racer["color"] for racer, _ in curves],
            "label": [racer["label"] for racer, _ in curves],
        }
        self.figure.x_range.end = max(float(steps[-1]), _SHORTEST)
        self._fit(np.concatenate(drawn) if drawn else np.ones(1), log)
        self._cursor.location = float(shown["cursor"])
        self._set_log(log)

    def set_theme(self, dark: bool) -> None:
        """Choose the colours."""
        theme = DARK if dark else LIGHT
        for axis in self.figure.axis:
            axis.update(axis_line_color=theme.line, major_tick_line_color=theme.line)
            axis.update(major_label_text_color=theme.soft, axis_label_text_color=theme.soft)
        self.figure.ygrid.grid_line_color = theme.line
        self._cursor.line_color = theme.soft

    def _fit(self, values: np.ndarray, log: bool) -> None:
        values = np.clip(values[np.isfinite(values)], -_LARGEST, _LARGEST)
        if not values.size:
            return
        low, high = float(values.min()), float(values.max())
        if log:
            room = 1.5 if high > 10.0 * low else 5.0
            self._log_range.update(start=low / room, end=high * room)
        else:
            room = 0.05 * (high - low) or max(0.05 * abs(high), 1.0)
            self.figure.y_range.update(start=low - room, end=high + room)

    def _set_log(self, log: bool) -> None:
        for kind, line in self._lines.items():
            line.visible = self._hovers[kind].visible = kind == log
        self._log_axis.visible, self._linear_axis.visible = log, not log
        self.figure.ygrid[0].axis = self._log_axis if log else self._linear_axis

    def _curves(self, log: bool) -> GlyphRenderer:
        range_name = "log" if log else "default"
        return self.figure.multi_line(
            "xs", "ys", source=self.source, line_color="color", line_width=1.8, y_range_name=range_name,
            hover_line_width=3.2, hover_line_color="color", nonselection_line_alpha=1.0,
        )  # fmt: skip

    def _hover(self, log: bool) -> HoverTool:
        hover = HoverTool(
            renderers=[self._lines[log]],
            line_policy="nearest",
            tooltips=[("", "@label"), ("step", "$snap_x{0,0}"), ("value", "$snap_y{0.000e+0}")],
        )
        self.figure.add_tools(hover)
        return hover

    def _style(self) -> None:
        fig = self.figure
        fig.xaxis.formatter = NumeralTickFormatter(format="0,0")
        fig.xaxis.axis_label = "step"
        fig.xgrid.visible = False
        for axis in fig.axis:
            axis.update(minor_tick_line_color=None, major_tick_in=0, major_tick_out=3, axis_label_standoff=2)
            axis.update(major_label_text_font_size="11px", axis_label_text_font_size="11px")
            axis.axis_label_text_font_style = "normal"
            axis.ticker.desired_num_ticks = 5
        self._log_axis.ticker = LogTicker(desired_num_ticks=6, mantissas=[1, 3])
        self._log_axis.formatter = CustomJSTickFormatter(code=_SHORT)
