"""A browser component that draws what moves, and the way to it: messages, without delay and several in one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

import panel as pn
import param
from bokeh.document import Document
from bokeh.events import Event
from panel.custom import JSComponent

from playground.runtime.assets import read
from playground.runtime.wire import Message


class Component(JSComponent):
    """One page's frame and canvases, as a script in static/. Panel puts its children into it.

    Parameters
    ----------
    receive : callable ``(message)``
        Told what the browser says.
    """

    catalog = param.Dict(default={}, doc="All that can be chosen in the script's own controls.")
    full_page = param.Boolean(default=False, doc="Whether it is the whole page and not a cell in a notebook.")
    nav = param.List(default=[], doc="The pages one can go to, as messages.PageLink says.")
    page = param.String(default="", doc="This page's name among them; nothing in a notebook.")

    __abstract = True
    _styles: tuple[str, ...] = ("runtime/page.css",)

    def __init__(self, receive: Callable[[Message], None], **params: object) -> None:
        super().__init__(stylesheets=[read(name) for name in self._styles], **params)
        self._receive = receive

    def tell(self, message: Mapping[str, object]) -> None:
        """Send a message to the browser."""
        self._send_msg(message)

    def _handle_msg(self, data: object) -> None:
        if isinstance(data, Mapping):
            self._receive(data)

    def _process_bokeh_event(self, doc: Document, event: Event) -> None:
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


def in_one_message(doc: Document | None) -> AbstractContextManager[None]:
    """Collect all that is sent inside the block into one message."""
    return pn.io.hold(doc)
