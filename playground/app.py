"""Playground: settings, session, controls and stage, put together. The only place that knows all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import panel as pn
from panel.io.state import set_curdoc
from panel.viewable import Viewer

from playground.credit import WINDOW
from playground.network_page.chart import LossChart
from playground.network_page.closeup import CloseupCharts
from playground.network_page.controls import Controls, outline
from playground.network_page.stage import Stage, in_one_message, send_without_delay
from playground.outbox import Charts
from playground.quiet import hush
from playground.room import Room
from playground.scene import catalog
from playground.session import Session
from playground.settings import Settings

NOTEBOOK_WINDOW = 5
_LOADED_HERE = "playground-loaded-panel"


def room() -> Room:
    """The process's one room; Panel's cache is where a process keeps what its sessions share."""
    return pn.state.as_cached("playground-room", Room)


class Playground(Viewer):
    """A network to play with: on a page, in a notebook cell, from Python.

    Parameters
    ----------
    full_page : bool
        Whether it is a page of its own.
    **values
        Any setting by its name, for instance ``dataset="spiral"``, ``hidden=(8, 8)``, ``optimizer="adam"``.

    Attributes
    ----------
    settings : Settings
        Every choice; what is changed here changes on the page, and the other way round.
    session : Session
        The running network and its clock.

    Raises
    ------
    ValueError
        One sentence that names the parameter, what is allowed and the value.

    Examples
    --------
    >>> from playground import Playground
    >>> play = Playground(dataset="spiral", hidden=(8, 8))
    >>> play.settings.training.learning_rate = 0.1
    """

    def __init__(self, full_page: bool = False, **values: Any) -> None:
        super().__init__()
        self.settings = Settings(**values)
        self._doc = pn.state.curdoc
        served = self._doc is not None and self._doc.session_context is not None
        self.session = Session(self.settings, self, room(), WINDOW if served else NOTEBOOK_WINDOW)
        self._controls = Controls(self.settings, lambda sentence: self.notice("error", sentence))
        self._chart = LossChart(self.session.run.history.columns())
        self._closeup = CloseupCharts()
        if not served:
            # What a notebook shows later is not told what models it is made of.
            self._closeup.make()
        self._pane = pn.pane.Bokeh(self._chart.figure, sizing_mode="stretch_both", margin=0)
        self._stage = Stage(
            self._receive,
            bar=self._controls.bar,
            data=self._controls.data,
            sections=self._controls.sections,
            outline=outline(),
            chart=self._pane,
            closeup=self._closeup.panel,
            norms=self._closeup.norm_panel,
            catalog=catalog(),
            full_page=full_page,
            sizing_mode="stretch_both" if full_page else "stretch_width",
            margin=0,
        )
        self._errand: Mapping[str, Any] | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopped = False
        self._loop = _running_loop()
        display = self.settings.display
        display.param.watch(self._restyle, ["dark", "log_loss"])
        self._restyle()

    def __panel__(self) -> Stage:
        self._start()
        return self._stage

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        """Show it in a notebook cell, which needs no other line than the one that makes it.

        The scripts come out of the installed packages (``inline``), not from another host, and again with every
        cell: a notebook that was opened anew has forgotten them, whatever its kernel remembers.
        """
        if not pn.extension._loaded or pn.state.cache.get(_LOADED_HERE):
            pn.extension(inline=True)
            pn.state.cache[_LOADED_HERE] = True
        return super()._repr_mimebundle_(include, exclude)

    def open_on_arrival(self, name: str) -> None:
        """Open the experiment of this name when the page is there, unless it brings settings to be restored."""
        self._errand = {"type": "open", "name": name}

    def stop(self) -> None:
        """End the clock. A page does so when it is closed; a notebook may, to free its kernel."""
        self._stopped = True
        if self._task is not None:
            self._task.cancel()

    # What the session shows (see outbox.Screen)

    def scene(self, description: Mapping[str, Any], points: bytes) -> None:
        """Send the scene."""
        self._stage.tell({"type": "scene", "scene": description, "points": points})

    def frame(self, message: bytes, charts: Charts | None) -> None:
        """Send a picture, and the charts with it, as one message."""
        with in_one_message(self._doc):
            self._stage.tell({"type": "frame", "buf": message})
            if charts is not None:
                self._draw(charts)
        if charts is not None and self._doc is None:
            pn.io.push_notebook(self._pane)

    def _draw(self, charts: Charts) -> None:
        if charts.losses is not None:
            self._chart.draw(charts.losses)
        if charts.closeup is not None:
            self._closeup.draw(charts.closeup)

    def checked(self, groups: list[dict[str, Any]]) -> None:
        """Send the outcome of a gradient check."""
        self._stage.tell({"type": "checked", "groups": groups})

    def notice(self, level: str, message: str) -> None:
        """Send a sentence."""
        self._stage.tell({"type": "notice", "level": level, "text": message})

    def _receive(self, message: Mapping[str, Any]) -> None:
        """Take a message from the stage, in whatever thread Panel delivers it."""
        if message.get("type") != "ready":
            self.session.post(message)
            return
        # The stage may be drawn before Panel calls the page loaded, and until then Panel drops changes of widgets.
        with set_curdoc(self._doc):
            pn.state.onload(lambda: self._welcome(message))

    def _welcome(self, message: Mapping[str, Any]) -> None:
        """Begin to show, now that there is somebody to show it to."""
        send_without_delay(self._doc)
        self._start()
        self.session.post(message)
        errand, self._errand = self._errand, None
        if errand and not message.get("restore"):
            self.session.post(errand)

    def _start(self) -> None:
        """Start the clock on the loop this was made in, once; without a loop yet, the page's first word starts it."""
        self._loop = self._loop or _running_loop()
        if self._loop is None or self._task is not None:
            return
        self._loop.call_soon_threadsafe(self._spawn)

    def _spawn(self) -> None:
        if self._task is None and self._loop is not None and not self._stopped:
            self._task = self._loop.create_task(self.session.live(), name="playground clock")

    def _restyle(self, *events: Any) -> None:
        display = self.settings.display
        with in_one_message(self._doc):
            self._controls.set_theme(display.dark)
            self._chart.set_theme(display.dark)
            self._closeup.set_theme(display.dark)
            self._chart.set_log(display.log_loss)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def serve_page() -> None:
    """Put a playground on the page that is being made, and end its clock with the page."""
    pn.extension(sizing_mode="stretch_width", notifications=False)
    hush()
    play = Playground(full_page=True)
    for name in pn.state.session_args.get("experiment", [])[:1]:
        play.open_on_arrival(name.decode(errors="replace"))
    pn.state.on_session_destroyed(lambda context: play.stop())
    play.servable(title="Neural Network Playground")
