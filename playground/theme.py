"""Colours and measures that Python needs; the browser's are in static/."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

FONT = "Roboto, 'Helvetica Neue', Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Theme:
    """One look of the charts: ink for text, soft for axes, line for grids, and one colour for each series."""

    ink: str
    soft: str
    line: str
    paper: str
    train: str
    test: str
    penalty: str


LIGHT = Theme("#1d2733", "#556270", "#dfe4ea", "#ffffff", "#1d2733", "#0877bd", "#7b5ea7")
DARK = Theme("#e6ebf0", "#a3b0bd", "#39444f", "#1b222a", "#e6ebf0", "#5db3ec", "#b49ddb")

ACCENT = {"light": "#17324d", "dark": "#8fc4ee"}

WIDGETS: dict[str, Any] = {
    "typography": {"fontFamily": FONT, "fontSize": 13},
    "shape": {"borderRadius": 4},
    "light": {"palette": {"primary": {"main": ACCENT["light"]}, "background": {"paper": LIGHT.paper}}},
    "dark": {"palette": {"primary": {"main": ACCENT["dark"]}, "background": {"paper": DARK.paper}}},
}
"""Material UI theme of every widget."""
