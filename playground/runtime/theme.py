"""Colours and measures that Python needs; the browser's are in static/."""

from __future__ import annotations

from dataclasses import dataclass

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
    regularization: str
    activation: str
    gradient: str


NEGATIVE, POSITIVE = "#f59322", "#0877bd"
"""The colours of -1 and 1, in every picture."""

LIGHT = Theme("#1d2733", "#556270", "#dfe4ea", "#ffffff", "#1d2733", "#0877bd", "#7b5ea7", "#2a7f8e", "#7b5ea7")
DARK = Theme("#e6ebf0", "#a3b0bd", "#39444f", "#1b222a", "#e6ebf0", "#5db3ec", "#b49ddb", "#4fb3c2", "#ab8fdb")


def channels(color: str) -> tuple[int, ...]:
    """Red, green and blue, 0 to 255, of #rrggbb."""
    return tuple(int(color[k : k + 2], 16) for k in (1, 3, 5))


def ramp(first: str, last: str, colors: int = 32) -> list[str]:
    """Colours from one to another, #rrggbb."""
    ends = [channels(color) for color in (first, last)]
    shares = [k / (colors - 1) for k in range(colors)]
    mixed = ([round(a + (b - a) * share) for a, b in zip(*ends, strict=True)] for share in shares)
    return ["#{:02x}{:02x}{:02x}".format(*color) for color in mixed]


ACCENT = {"light": "#17324d", "dark": "#8fc4ee"}

WIDGETS: dict[str, object] = {
    "typography": {"fontFamily": FONT, "fontSize": 13},
    "shape": {"borderRadius": 4},
    "light": {"palette": {"primary": {"main": ACCENT["light"]}, "background": {"paper": LIGHT.paper}}},
    "dark": {"palette": {"primary": {"main": ACCENT["dark"]}, "background": {"paper": DARK.paper}}},
}
"""Material UI theme of every widget."""
