"""The stage: the one browser component that draws what moves. Its script is in static/."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

import panel as pn
import param
from bokeh.document import Document
from panel.custom import Child, Children, JSComponent

from playground.assets import bundle, read

log = logging.getLogger(__name__)


class Stage(JSComponent):
    """The page's frame and canvases. Panel puts the children into it; a session talks to it in messages."""

    bar = Child(doc="The widgets of the top bar.")
    data = Child(doc="The widgets of the left panel.")
    sections = Children(doc="The widgets below the left panel, by heading.")
    outline = param.List(default=[], doc="Those headings and what is under them.")
    chart = Child(doc="The loss chart.")
    closeup = Child(doc="The charts of the layer seen in detail.")
    norms = Child(doc="The charts of its batch norm.")
    catalog = param.Dict(default={}, doc="All that can be chosen by clicking a picture.")
    full_page = param.Boolean(default=False, doc="Whether the stage is the whole page and not a cell in a notebook.")

    _esm = bundle("stage.js")

    def __init__(self, receive: Callable[[Mapping[str, Any]], None], **params: Any) -> None:
        super().__init__(stylesheets=[read("stage.css")], **params)
        self._receive = receive

    def tell(self, message: Mapping[str, Any]) -> None:
        """Send a message to the browser."""
        self._send_msg(message)

    def _handle_msg(self, data: Any) -> None:
        if isinstance(data, Mapping):
            self._receive(data)

    def _process_bokeh_event(self, doc: Document, event: Any) -> None:
        """Skip Panel's bookkeeping of busy callbacks: for an acknowledgement it costs more than all the rest.

        A private hook of Panel 1.9 (a test watches that it is still there); without it messages arrive through
        ``_handle_msg`` all the same, only slower.
        """
        data = getattr(event, "data", None)
        if isinstance(data, Mapping) and "type" in data:
            self._handle_msg(data)
        else:
            super()._process_bokeh_event(doc, event)


def send_without_delay(doc: Document | None) -> bool:
    """Switch off Nagle's algorithm on a page's connections; return whether that could be done.

    A frame is several small websocket messages. Held back until the one before is acknowledged, they arrive 20 times
    a second instead of 60. Neither Bokeh nor Panel has a setting for it, so this reaches for private names.
    """
    try:
        connections = doc.session_context.session._subscribed_connections  # type: ignore[union-attr]
        for connection in connections:
            connection._socket.set_nodelay(True)
    except AttributeError:
        return False
    return bool(connections)


def in_one_message(doc: Document | None) -> Any:
    """Collect all that is sent inside the block into one message."""
    return pn.io.hold(doc)
