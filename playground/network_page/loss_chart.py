"""The loss chart: training and test loss and what regularization adds, against steps, linear or logarithmic."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from bokeh.models import ColumnDataSource, CustomJSHover, GlyphRenderer, HoverTool

from playground.runtime.curves import Curves

LOSSES = {"train": "train", "test": "test", "regularization": "penalty"}
"""The curves: columns of the record, and what a person reads."""
SMALLEST = 1e-6
"""Losses below are not worth a decade of the logarithmic axis."""


class LossChart:
    """A Bokeh figure named "loss" and the source that feeds it.

    Each of the two axes has its own lines over the same source.

    Parameters
    ----------
    columns : mapping of str to array
        What to show first: step, train, test, regularization.
    """

    def __init__(self, columns: Mapping[str, np.ndarray]) -> None:
        self.source = ColumnDataSource(dict(columns))
        self._curves = Curves("loss", 170, SMALLEST, "0.[0]a")
        self.figure = self._curves.figure
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
        self._curves.log_range.update(start=bottom / 1.1, end=top)

    def set_log(self, log: bool) -> None:
        """Choose the logarithmic or the linear axis."""
        for kind, lines in self._lines.items():
            self._hovers[kind].visible = kind == log
            for line in lines.values():
                line.visible = kind == log
        self._curves.show_axis(log)

    def set_theme(self, dark: bool) -> None:
        """Choose the colours."""
        theme = self._curves.set_theme(dark)
        for lines in self._lines.values():
            for name, line in lines.items():
                line.glyph.line_color = getattr(theme, name)
        self.figure.legend.label_text_color = theme.ink

    def _line(self, name: str, log: bool) -> GlyphRenderer:
        # The legend lists the linear lines only; the logarithmic ones have the same colours.
        legend = {} if log else {"legend_label": LOSSES[name]}
        dash = "dotted" if name == "regularization" else "solid"
        return self.figure.line(
            "step",
            name,
            source=self.source,
            y_range_name=self._curves.range_name(log),
            line_width=1.8,
            line_dash=dash,
            **legend,
        )

    def _hover(self, log: bool) -> HoverTool:
        hover = HoverTool(
            renderers=[self._lines[log]["train"]],
            mode="vline",
            line_policy="nearest",
            formatters={"@step": CustomJSHover(code="return Math.round(value).toLocaleString('en-US')")},
            tooltips=[("step", "@step{custom}"), *((label, f"@{name}{{0.0000}}") for name, label in LOSSES.items())],
        )
        self.figure.add_tools(hover)
        return hover

    def _style(self) -> None:
        legend = self.figure.legend[0]
        # Above the plot, not in it: losses that stay high would run into it.
        self.figure.add_layout(legend, "above")
        legend.update(orientation="horizontal", location="right", border_line_color=None, padding=0, margin=0)
        legend.update(
            background_fill_color=None, label_text_font_size="11px", glyph_width=14, glyph_height=14, spacing=8
        )
