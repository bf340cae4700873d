"""Curves against steps: a Bokeh figure with a linear and a logarithmic axis, of which one is shown."""

from __future__ import annotations

from bokeh.models import (
    CustomJSTickFormatter,
    LinearAxis,
    LogAxis,
    LogScale,
    LogTicker,
    NumeralTickFormatter,
    Range1d,
)

from playground.runtime.figures import plain_figure, style_axis
from playground.runtime.theme import DARK, LIGHT, Theme

_SHORT = "return tick < 1e-3 || tick >= 1e4 ? tick.toExponential(0) : String(Number(tick.toPrecision(2)))"


class Curves:
    """A figure and its two vertical axes.

    Both axes are there from the start; a chart has the same lines on both. Ranges are set by them and not found
    by the browser: it would have to go through all points of all lines each time.

    Parameters
    ----------
    name : str
        Of the figure.
    height : int
        In pixels, where there is no more room.
    smallest : float
        Where the logarithmic axis begins as long as nothing is drawn.
    steps : str
        Format of the steps, as of ``NumeralTickFormatter``.
    """

    def __init__(self, name: str, height: int, smallest: float, steps: str) -> None:
        self.figure = plain_figure(name, height, min_height=110, min_border_right=8)
        self.log_range = Range1d(smallest, 1)
        self.figure.extra_y_ranges = {"log": self.log_range}
        self.figure.extra_y_scales = {"log": LogScale()}
        self._linear_axis = next(axis for axis in self.figure.yaxis if isinstance(axis, LinearAxis))
        self._log_axis = LogAxis(y_range_name="log")
        self.figure.add_layout(self._log_axis, "left")
        self._style(steps)

    @staticmethod
    def range_name(log: bool) -> str:
        """What a line over the logarithmic or the linear axis names as its ``y_range_name``."""
        return "log" if log else "default"

    def show_axis(self, log: bool) -> None:
        """Show the logarithmic or the linear axis."""
        self._log_axis.visible, self._linear_axis.visible = log, not log
        self.figure.ygrid[0].axis = self._log_axis if log else self._linear_axis

    def set_theme(self, dark: bool) -> Theme:
        """Choose the colours of axes and grid; return all there are."""
        theme = DARK if dark else LIGHT
        for axis in self.figure.axis:
            axis.update(axis_line_color=theme.line, major_tick_line_color=theme.line)
            axis.update(major_label_text_color=theme.soft, axis_label_text_color=theme.soft)
        self.figure.ygrid.grid_line_color = theme.line
        return theme

    def _style(self, steps: str) -> None:
        fig = self.figure
        fig.xaxis.formatter = NumeralTickFormatter(format=steps)
        fig.xgrid.visible = False
        for axis in fig.axis:
            style_axis(axis, "step" if axis in fig.xaxis else None)
        self._log_axis.ticker = LogTicker(desired_num_ticks=6, mantissas=[1, 3])
        self._log_axis.formatter = CustomJSTickFormatter(code=_SHORT)
