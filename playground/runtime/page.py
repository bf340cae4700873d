"""Page: what every page is, whatever it shows: a component, a session, and the way between the two."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

import panel as pn
from panel.io.state import set_curdoc
from panel.viewable import Viewer

from playground.runtime.commands import GOTO, READY
from playground.runtime.component import Component, in_one_message, send_without_delay
from playground.runtime.flow_control import WINDOW
from playground.runtime.json_value import Json
from playground.runtime.messages import FrameMessage, Level, Notice, PageLink
from playground.runtime.scheduler import Scheduler
from playground.runtime.session_loop import SessionLoop
from playground.runtime.wire import Message

NOTEBOOK_WINDOW = 5
_LOADED_HERE = "playground-loaded-panel"


def scheduler() -> Scheduler:
    """The process's one Scheduler; Panel's cache is where a process keeps what its sessions share."""
    return pn.state.as_cached("playground-scheduler", Scheduler)


class Page(Viewer):
    """Something to play with: in a browser, in a notebook cell, from Python.

    A subclass makes its ``session`` and hands its component to ``_compose``.

    Attributes
    ----------
    session : SessionLoop
        What runs.
    """

    session: SessionLoop

    def __init__(self) -> None:
        super().__init__()
        self._doc = pn.state.curdoc
        self._served = self._doc is not None and self._doc.session_context is not None
        self._window = WINDOW if self._served else NOTEBOOK_WINDOW
        self._task: asyncio.Task[None] | None = None
        self._stopped = False
        if self._served:
            pn.state.on_session_destroyed(lambda context: self.stop())
        self._loop = _running_loop()
        self._waiting: list[Message] = []
        self._welcomed = False
        self._go: Callable[[str, Json], None] = lambda name, values: None

    def __panel__(self) -> Component:
        self._start()
        return self._stage

    def _compose(self, component: Component) -> None:
        self._stage = component

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> object:
        """Show it in a notebook cell, which needs no other line than the one that makes it.

        The scripts come out of the installed packages (``inline``), not from another host, and again with every
        cell: a notebook that was opened anew has forgotten them, whatever its kernel remembers.
        """
        if not pn.extension._loaded or pn.state.cache.get(_LOADED_HERE):
            pn.extension(inline=True)
            pn.state.cache[_LOADED_HERE] = True
        return super()._repr_mimebundle_(include, exclude)

    def lead_to(self, go: Callable[[str, Json], None], pages: Sequence[PageLink], here: str) -> None:
        """Offer other pages beside this one; ``go`` is told the name of the one that is wanted, and choices for it."""
        self._go = go
        self._stage.param.update(nav=list(pages), page=here)

    def arrive(self, query: Mapping[str, str]) -> None:
        """Take note of what the window's address says, once, before the page is there."""

    def ask(self, *messages: Message) -> None:
        """Do something as if the page had asked for it: at once, or when it is there and has greeted.

        What comes earlier would change widgets that are not drawn yet. A page that brings settings to be restored goes
        on with those instead.
        """
        if not self._welcomed:
            self._waiting += messages
            return
        for message in messages:
            self.session.post(message)

    def set_visible(self, visible: bool) -> None:
        """Show it, or hide it for another page; a hidden page paints nothing, and so its session pauses."""
        self._stage.visible = visible

    def stop(self) -> None:
        """End the session. A page does so when it is closed; a notebook may, to free its kernel."""
        self._stopped = True
        if self._task is not None:
            self._task.cancel()

    def lead_away(self, page: Json, values: Json) -> None:
        """Go to another page of the window, with choices for it."""
        self._go(str(page), values)

    # What a session shows

    def notice(self, level: Level, message: str) -> None:
        """Send a sentence."""
        notice: Notice = {"type": "notice", "level": level, "text": message}
        self._stage.tell(notice)

    def scene(self, description: Mapping[str, object], **more: bytes | None) -> None:
        """Send the scene, and what goes with it as bytes."""
        self._stage.tell({"type": "scene", "scene": description, **more})

    def frame(self, message: bytes, charts: None) -> None:
        """Send a picture; a page with charts sends them too, in the same message."""
        self._send_frame(message, None, None)

    def _send_frame(self, message: bytes, pane: pn.pane.Bokeh | None, draw: Callable[[], None] | None) -> None:
        """Send a picture and what ``draw`` changes in the charts as one message."""
        with in_one_message(self._doc):
            frame: FrameMessage = {"type": "frame", "buf": message}
            self._stage.tell(frame)
            if draw is not None:
                draw()
        if draw is not None and pane is not None and self._doc is None:
            pn.io.push_notebook(pane)

    def _receive(self, message: Message) -> None:
        """Take a message from the browser, in whatever thread Panel delivers it."""
        kind = message.get("type")
        if kind == GOTO.name:
            GOTO.act(self, message)
        elif kind == READY.name:
            # It may be drawn before Panel calls the page loaded, and until then Panel drops changes of widgets.
            with set_curdoc(self._doc):
                pn.state.onload(lambda: self._welcome(message))
        else:
            self.session.post(message)

    def _welcome(self, message: Message) -> None:
        """Begin to show, now that there is somebody to show it to."""
        send_without_delay(self._doc)
        self._start()
        self.session.post(message)
        self._welcomed = True
        waiting, self._waiting = self._waiting, []
        if not message.get("restore"):
            self.ask(*waiting)

    def _start(self) -> None:
        """Start the session on the loop this was made in, once; without a loop yet, the page's first word starts it."""
        self._loop = self._loop or _running_loop()
        if self._loop is None or self._task is not None:
            return
        self._loop.call_soon_threadsafe(self._spawn)

    def _spawn(self) -> None:
        if self._task is None and self._loop is not None and not self._stopped:
            self._task = self._loop.create_task(self.session.run_until_cancelled(), name="playground session")


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
