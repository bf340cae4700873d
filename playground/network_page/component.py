"""The stage: the browser component of the network page. Its script is in static/."""

from __future__ import annotations

import param
from panel.custom import Child, Children

from playground.runtime.assets import bundle
from playground.runtime.component import Component


class Stage(Component):
    """The network page's frame and canvases. A session talks to it in messages."""

    bar = Child(doc="The widgets of the top bar.")
    data = Child(doc="The widgets of the left panel.")
    sections = Children(doc="The widgets below the left panel, by heading.")
    outline = param.List(default=[], doc="Those headings and what is under them.")
    chart = Child(doc="The loss chart.")
    layer_detail = Child(doc="The charts of the layer seen in detail.")
    norms = Child(doc="The charts of its batch norm.")

    _esm = bundle("network/stage.js")
    _styles = ("runtime/page.css", "network/stage.css")
