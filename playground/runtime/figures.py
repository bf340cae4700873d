"""Figures as every chart has them: no tools, no background, thin axes with few ticks."""

from __future__ import annotations

from bokeh.models import Axis, Range1d
from bokeh.plotting import figure

FONT_SIZE = "11px"


def plain_figure(name: str, height: int, **options: object) -> figure:
    """An empty figure that fills its place.

    Parameters
    ----------
    name : str
    height : int
        In pixels, where there is no more room.
    **options
        Any more of Bokeh's ``figure``.
    """
    return figure(
        name=name,
        height=height,
        sizing_mode="stretch_both",
        toolbar_location=None,
        tools="",
        x_range=Range1d(0, 1),
        y_range=Range1d(0, 1),
        border_fill_color=None,
        background_fill_color=None,
        outline_line_color=None,
        min_border_left=4,
        **options,
    )


def style_axis(axis: Axis, label: str | None = None) -> None:
    """Make an axis thin, with about four ticks, and say what it shows."""
    axis.update(minor_tick_line_color=None, major_tick_in=0, major_tick_out=3, axis_label_standoff=2)
    axis.update(axis_label_text_font_size=FONT_SIZE, major_label_text_font_size=FONT_SIZE)
    axis.update(axis_label=label, axis_label_text_font_style="normal")
    axis.ticker.desired_num_ticks = 4
