"""The chart of a race: one curve for each racer against the steps, and where the page is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from bokeh.models import ColumnDataSource, GlyphRenderer, HoverTool, Span

from playground.race_page.details import ShownCurves
from playground.race_page.messages import RacerLook
from playground.runtime.curves import Curves

SMALLEST = 1e-12
"""Below, a logarithmic axis shows nothing but rounding."""

_LARGEST = 1e300
"""Axes go no further: beyond, there would be no room around the curves."""

_SHORTEST = 10.0
"""Steps that the chart shows at least, so that its ticks are whole numbers."""

_EMPTY: dict[str, list[object]] = {"xs": [], "ys": [], "color": [], "label": []}


class RaceChart:
    """A Bokeh figure named "race". Each of the two axes has its own lines over the same source."""

    def __init__(self) -> None:
        self.source = ColumnDataSource(dict(_EMPTY))
        self._curves = Curves("race", 180, SMALLEST, "0,0")
        self.figure = self._curves.figure
        self._lines = {log: self._line(log) for log in (False, True)}
        self._hovers = {log: self._hover(log) for log in (False, True)}
        self._cursor = Span(location=0, dimension="height", line_width=1, line_dash="dashed")
        self.figure.add_layout(self._cursor)
        self._set_log(True)
        self.set_theme(False)

    def draw(self, shown: ShownCurves, racers: Sequence[RacerLook]) -> None:
        """Show other curves; one assignment, so one event, and ranges that fit.

        Parameters
        ----------
        shown : mapping
            ``steps`` (T,), ``curves`` (n, T), ``log`` and ``cursor``; see SurfaceRace.curves.
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
        self._cursor.line_color = self._curves.set_theme(dark).soft

    def _fit(self, values: np.ndarray, log: bool) -> None:
        values = np.clip(values[np.isfinite(values)], -_LARGEST, _LARGEST)
        if not values.size:
            return
        low, high = float(values.min()), float(values.max())
        if log:
            scheduler = 1.5 if high > 10.0 * low else 5.0
            self._curves.log_range.update(start=low / scheduler, end=high * scheduler)
        else:
            scheduler = 0.05 * (high - low) or max(0.05 * abs(high), 1.0)
            self.figure.y_range.update(start=low - scheduler, end=high + scheduler)

    def _set_log(self, log: bool) -> None:
        for kind, line in self._lines.items():
            line.visible = self._hovers[kind].visible = kind == log
        self._curves.show_axis(log)

    def _line(self, log: bool) -> GlyphRenderer:
        return self.figure.multi_line(
            "xs",
            "ys",
            source=self.source,
            y_range_name=self._curves.range_name(log),
            line_color="color",
            line_width=1.8,
            hover_line_width=3.2,
            hover_line_color="color",
            nonselection_line_alpha=1.0,
        )

    def _hover(self, log: bool) -> HoverTool:
        hover = HoverTool(
            renderers=[self._lines[log]],
            line_policy="nearest",
            tooltips=[("", "@label"), ("step", "$snap_x{0,0}"), ("value", "$snap_y{0.000e+0}")],
        )
        self.figure.add_tools(hover)
        return hover
