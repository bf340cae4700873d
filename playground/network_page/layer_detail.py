"""One layer in detail: its distribution, how that changed, its activation; or what batch norm does to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

import numpy as np
import panel as pn
from bokeh.models import ColumnDataSource, HoverTool, LinearColorMapper, NumeralTickFormatter
from bokeh.plotting import figure

from engine.look import QUANTITIES, Curve, Histogram, LayerDetail, Normalisation
from playground.network_page.distributions import COLUMNS, ROWS, HeatMap
from playground.network_page.frame_composer import Detail
from playground.runtime.figures import FONT_SIZE, plain_figure, style_axis
from playground.runtime.theme import DARK, LIGHT, Theme, ramp


def _plot(name: str, title: str, across: str, up: str = "") -> figure:
    """An empty figure that fills its place."""
    plot = plain_figure(name, 150, title=title, min_width=120, min_border_right=10, min_border_top=2)
    plot.title.update(text_font_size="12px", text_font_style="normal", standoff=4)
    plot.grid.visible = False
    style_axis(plot.xaxis[0], across)
    style_axis(plot.yaxis[0], up)
    return plot


def _bars(found: Histogram) -> dict[str, np.ndarray]:
    """Columns of a histogram's bars."""
    edges = np.linspace(found.low, found.high, len(found.counts) + 1)
    share = found.counts / max(found.counts.sum(), 1)
    return {"left": edges[:-1], "right": edges[1:], "count": found.counts, "share": share}


def _outline(found: Histogram) -> dict[str, np.ndarray]:
    """Columns of the line around a histogram's bars, as shares."""
    bars = _bars(found)
    across = np.column_stack([bars["left"], bars["right"]]).ravel()
    return {"x": across, "y": bars["share"].repeat(2)}


class _Chart(Protocol):
    """One of the charts."""

    plot: figure

    def set_theme(self, theme: Theme) -> None:
        """Choose the colours."""


class _Distribution:
    """Bars that say their ends, count and share."""

    def __init__(self) -> None:
        self.plot = _plot("layer_detail distribution", "Distribution", "")
        self._source = ColumnDataSource({name: [] for name in ("left", "right", "count", "share")})
        self._bars = self.plot.quad(
            left="left", right="right", top="count", bottom=0, source=self._source, line_width=0.5
        )
        tooltips = [
            ("from", "@left{0.[0000]}"),
            ("to", "@right{0.[0000]}"),
            ("count", "@count{0,0}"),
            ("share", "@share{0.0%}"),
        ]
        self.plot.add_tools(HoverTool(renderers=[self._bars], mode="vline", tooltips=tooltips))
        self.plot.yaxis.formatter = NumeralTickFormatter(format="0.[0]a")

    def draw(self, layer_detail: LayerDetail) -> None:
        """Show a layer's histogram."""
        found, quantity = layer_detail.distribution, QUANTITIES[layer_detail.quantity]
        self._source.data = _bars(found)
        self.plot.x_range.update(start=found.low, end=found.high)
        self.plot.y_range.end = max(int(found.counts.max()), 1) * 1.05
        mean = "mean size" if quantity.sizes else "mean"
        self.plot.title.text = f"{quantity.label.capitalize()}: {mean} {found.mean:.2g}, deviation {found.std:.2g}"
        if found.nonfinite:
            self.plot.title.text = f"{quantity.label.capitalize()}: {found.nonfinite:,} not finite, left out"

    def set_theme(self, theme: Theme) -> None:
        """Choose the colours."""
        self._bars.glyph.update(fill_color=theme.activation, line_color=theme.paper)


class _Changes:
    """The distribution over the steps, dark where values are dense."""

    def __init__(self) -> None:
        self.plot = _plot("layer_detail history", "Over the steps", "step")
        self._source = ColumnDataSource({"image": [np.zeros((ROWS, COLUMNS), np.uint8)]})
        self._colors = LinearColorMapper(low=0, high=255, palette=["#000000"])
        self._image = self.plot.image("image", x=0, y=0, dw=1, dh=1, source=self._source, color_mapper=self._colors)
        self.plot.xaxis.formatter = NumeralTickFormatter(format="0.[0]a")

    def draw(self, shown: HeatMap | None) -> None:
        """Show a record; nothing as long as there is none."""
        self._image.visible = shown is not None and shown.last > shown.first
        if shown is None:
            return
        last = max(shown.last, shown.first + 1)
        self._source.data = {"image": [shown.density]}
        self._image.glyph.update(x=shown.first, y=shown.low, dw=last - shown.first, dh=shown.high - shown.low)
        self.plot.x_range.update(start=shown.first, end=last)
        self.plot.y_range.update(start=shown.low, end=shown.high)

    def set_theme(self, theme: Theme) -> None:
        """Choose the colours."""
        self._colors.palette = ramp(theme.paper, theme.activation)


class _Function:
    """The activation and its slope, over the pre-activations it is applied to."""

    def __init__(self) -> None:
        self.plot = _plot("layer_detail activation", "Activation", "z")
        self._bars = ColumnDataSource({"left": [], "right": [], "top": [], "bottom": []})
        self._lines = ColumnDataSource({"z": [], "f": [], "df": []})
        self._quads = self.plot.quad("left", "right", "top", "bottom", source=self._bars, line_color=None)
        self._f = self.plot.line("z", "f", source=self._lines, line_width=2, legend_label="f")
        self._df = self.plot.line("z", "df", source=self._lines, line_width=2, legend_label="f\u2032")
        tooltips = [("z", "@z{0.00}"), ("f", "@f{0.000}"), ("f\u2032", "@df{0.000}")]
        self.plot.add_tools(HoverTool(renderers=[self._f], mode="vline", line_policy="nearest", tooltips=tooltips))
        legend = self.plot.legend[0]
        legend.update(location="top_left", background_fill_alpha=0, border_line_color=None, padding=0, margin=2)
        legend.update(label_text_font_size=FONT_SIZE, glyph_width=14, glyph_height=12, spacing=0)

    def draw(self, curve: Curve | None) -> None:
        """Show a layer's activation; the output has none."""
        self.plot.visible = curve is not None
        if curve is None:
            return
        z = np.linspace(curve.low, curve.high, len(curve.f))
        f, df = np.nan_to_num(curve.f), np.nan_to_num(curve.df)
        low, high = float(min(f.min(), df.min(), 0.0)), float(max(f.max(), df.max(), 0.1))
        edges = np.linspace(curve.low, curve.high, len(curve.heights) + 1)
        bottom = np.full(len(curve.heights), low)
        self._bars.data = {
            "left": edges[:-1],
            "right": edges[1:],
            "bottom": bottom,
            "top": bottom + curve.heights / 255.0 * (high - low) * 0.9,
        }
        self._lines.data = {"z": z, "f": f, "df": df}
        self.plot.x_range.update(start=curve.low, end=curve.high)
        self.plot.y_range.update(start=low, end=high * 1.08)

    def set_theme(self, theme: Theme) -> None:
        """Choose the colours."""
        self._quads.glyph.fill_color = theme.line
        self._f.glyph.line_color, self._df.glyph.line_color = theme.activation, theme.gradient
        self.plot.legend.label_text_color = theme.ink


class _BeforeAndAfter:
    """What enters batch norm and what leaves it."""

    def __init__(self) -> None:
        self.plot = _plot("layer_detail normalised", "Before and after", "")
        self._sources = [ColumnDataSource({"x": [], "y": []}) for _ in range(2)]
        self._lines = [
            self.plot.line("x", "y", source=source, line_width=2, legend_label=label)
            for source, label in zip(self._sources, ("before", "after"), strict=True)
        ]
        self.plot.yaxis.formatter = NumeralTickFormatter(format="0%")
        legend = self.plot.legend[0]
        legend.update(location="top_right", background_fill_alpha=0, border_line_color=None, padding=0, margin=2)
        legend.update(label_text_font_size=FONT_SIZE, glyph_width=14, glyph_height=12, spacing=0)

    def draw(self, norm: Normalisation) -> None:
        """Show both distributions."""
        shown = (norm.before, norm.after)
        for source, found in zip(self._sources, shown, strict=True):
            source.data = _outline(found)
        self.plot.x_range.update(start=min(one.low for one in shown), end=max(one.high for one in shown))
        self.plot.y_range.end = max(float(_bars(one)["share"].max()) for one in shown) * 1.05 or 1.0

    def set_theme(self, theme: Theme) -> None:
        """Choose the colours."""
        for line, color in zip(self._lines, (theme.soft, theme.activation), strict=True):
            line.glyph.line_color = color
        self.plot.legend.label_text_color = theme.ink


class _PerUnit:
    """Two numbers with their deviations for every unit, side by side."""

    def __init__(self, name: str, title: str, labels: tuple[str, str], stds: bool) -> None:
        self.plot = _plot(name, title, "unit")
        self._stds = stds
        self._sources = [ColumnDataSource({key: [] for key in ("unit", "value", "low", "high", "std")}) for _ in labels]
        self._dots, self._whiskers = [], []
        for source, label in zip(self._sources, labels, strict=True):
            if stds:
                self._whiskers.append(
                    self.plot.segment("unit", "low", "unit", "high", source=source, line_width=2, line_alpha=0.6)
                )
            dots = self.plot.scatter("unit", "value", source=source, size=6, line_color=None, legend_label=label)
            self._dots.append(dots)
            tooltips = [("unit", "@unit{0}"), (label, "@value{0.000}")]
            if stds:
                tooltips.append(("deviation", "@std{0.000}"))
            self.plot.add_tools(HoverTool(renderers=[dots], tooltips=tooltips))
        legend = self.plot.legend[0]
        legend.update(location="top_right", background_fill_alpha=0, border_line_color=None, padding=0, margin=2)
        legend.update(
            label_text_font_size=FONT_SIZE, glyph_width=14, glyph_height=12, spacing=0, orientation="horizontal"
        )

    def draw(self, values: list[np.ndarray], stds: list[np.ndarray]) -> None:
        """Show them; a little apart, so that equal ones can be told apart."""
        ends = []
        for k, (source, value, std) in enumerate(zip(self._sources, values, stds, strict=True)):
            unit = np.arange(1, len(value) + 1) + (k - 0.5) * 0.25
            columns = {"unit": unit, "value": value, "low": value - std, "high": value + std}
            source.data = {name: np.nan_to_num(column) for name, column in {**columns, "std": std}.items()}
            ends += [source.data["low"].min(), source.data["high"].max()]
        low, high = min(float(min(ends)), 0.0), max(float(max(ends)), 0.1)
        self.plot.x_range.update(start=0.3, end=len(values[0]) + 0.7)
        self.plot.y_range.update(start=low - 0.05 * (high - low), end=high + 0.25 * (high - low))

    def set_theme(self, theme: Theme) -> None:
        """Choose the colours."""
        colors = (theme.activation, theme.gradient)
        for dots, color in zip(self._dots, colors, strict=True):
            dots.glyph.fill_color = color
        for whisker, color in zip(self._whiskers, colors, strict=False):
            whisker.glyph.line_color = color
        self.plot.legend.label_text_color = theme.ink


class LayerDetailCharts:
    """The charts of the layer seen in detail, made when one is first wanted.

    Attributes
    ----------
    panel, norm_panel : Panel rows
        The layer's distribution, its history and its activation; what batch norm does.
    """

    def __init__(self) -> None:
        self.panel = pn.Row(sizing_mode="stretch_both", margin=0)
        self.norm_panel = pn.Row(sizing_mode="stretch_both", margin=0)
        self._dark = self._backward = False
        self._charts: list[_Chart] = []

    def draw(self, detail: Detail) -> None:
        """Show a layer, and make the charts for it if they are not there yet."""
        if detail.layer_detail is None:
            return
        if not self._charts:
            self.make()
        if QUANTITIES[detail.layer_detail.quantity].backward != self._backward:
            self._backward = not self._backward
            self.set_theme(self._dark)
        self._distribution.draw(detail.layer_detail)
        self._changes.draw(detail.heat_map)
        self._function.draw(detail.layer_detail.curve)
        norm = detail.layer_detail.normalisation
        if norm is not None:
            self._sides.draw(norm)
            self._statistics.draw([norm.batch_mean, norm.running_mean], [norm.batch_std, norm.running_std])
            self._learned.draw([norm.gamma, norm.beta], [np.zeros_like(norm.gamma)] * 2)

    def set_theme(self, dark: bool) -> None:
        """Choose the colours."""
        self._dark = dark
        theme: Theme = DARK if dark else LIGHT
        # What belongs to the way back has the gradient's colour, as below the layers.
        way = replace(theme, activation=theme.gradient) if self._backward else theme
        for chart in self._charts:
            chart.set_theme(way if chart in (self._distribution, self._changes) else theme)
            chart.plot.title.text_color = theme.ink
            for axis in chart.plot.axis:
                axis.update(axis_line_color=theme.line, major_tick_line_color=theme.line)
                axis.update(major_label_text_color=theme.soft, axis_label_text_color=theme.soft)

    def make(self) -> None:
        """Make the charts, which else are made when they are first needed."""
        self._distribution, self._changes, self._function = _Distribution(), _Changes(), _Function()
        self._sides = _BeforeAndAfter()
        self._statistics = _PerUnit("layer_detail statistics", "Mean \u00b1 deviation", ("batch", "running"), True)
        self._learned = _PerUnit("layer_detail learned", "Learned", ("\u03b3", "\u03b2"), False)
        first: list[_Chart] = [self._distribution, self._changes, self._function]
        second: list[_Chart] = [self._sides, self._statistics, self._learned]
        self._charts = [*first, *second]
        self.set_theme(self._dark)
        self.panel.objects = [_pane(chart) for chart in first]
        self.norm_panel.objects = [_pane(chart) for chart in second]


def _pane(chart: _Chart) -> pn.pane.Bokeh:
    return pn.pane.Bokeh(chart.plot, sizing_mode="stretch_both", margin=0)
