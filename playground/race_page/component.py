"""The browser component of the race page. Its script is in static/."""

from __future__ import annotations

from panel.custom import Child

from playground.runtime.assets import bundle
from playground.runtime.component import Component


class RaceComponent(Component):
    """The race page's frame and canvases. A session talks to it in messages."""

    bar = Child(doc="The widgets of the top bar.")
    chart = Child(doc="The chart of the race.")

    _esm = bundle("race/race.js")
    _styles = ("runtime/page.css", "race/race.css")
