"""The app: the network page put together, the pages of one browser window, and what a server shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import panel as pn

from playground.component import in_one_message
from playground.log_filter import install_log_filter
from playground.network_page.chart import LossChart
from playground.network_page.controls import Controls, outline
from playground.network_page.layer_detail import LayerDetailCharts
from playground.network_page.stage import Stage
from playground.optimizer_page.page import OptimizerRace
from playground.page import Page, scheduler
from playground.scene import catalog
from playground.sender import Charts
from playground.session import Session
from playground.settings import Settings


class Playground(Page):
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

    session: Session

    def __init__(self, full_page: bool = False, **values: Any) -> None:
        super().__init__()
        self.settings = Settings(**values)
        self.session = Session(self.settings, self, scheduler(), self._window)
        self._controls = Controls(self.settings, lambda sentence: self.notice("error", sentence))
        self._chart = LossChart(self.session.run.history.columns())
        self._layer_detail = LayerDetailCharts()
        if not self._served:
            # What a notebook shows later is not told what models it is made of.
            self._layer_detail.make()
        self._pane = pn.pane.Bokeh(self._chart.figure, sizing_mode="stretch_both", margin=0)
        self._compose(
            Stage(
                self._receive,
                bar=self._controls.bar,
                data=self._controls.data,
                sections=self._controls.sections,
                outline=outline(),
                chart=self._pane,
                layer_detail=self._layer_detail.panel,
                norms=self._layer_detail.norm_panel,
                catalog=catalog(),
                full_page=full_page,
                sizing_mode="stretch_both" if full_page else "stretch_width",
                margin=0,
            )
        )
        display = self.settings.display
        display.param.watch(self._restyle, ["dark", "log_loss"])
        self._restyle()

    def open_on_arrival(self, name: str) -> None:
        """Open the experiment of this name when the page is there, unless it brings settings to be restored."""
        self.ask({"type": "open", "name": name})

    # What the session shows (see outbox.Screen)

    def scene(self, description: Mapping[str, Any], points: bytes) -> None:
        """Send the scene."""
        self._stage.tell({"type": "scene", "scene": description, "points": points})

    def frame(self, message: bytes, charts: Charts | None) -> None:
        """Send a picture, and the charts with it, as one message."""
        self._send_frame(message, self._pane, None if charts is None else lambda: self._draw(charts))

    def _draw(self, charts: Charts) -> None:
        if charts.losses is not None:
            self._chart.draw(charts.losses)
        if charts.layer_detail is not None:
            self._layer_detail.draw(charts.layer_detail)

    def checked(self, groups: list[dict[str, Any]]) -> None:
        """Send the outcome of a gradient check."""
        self._stage.tell({"type": "checked", "groups": groups})

    def _restyle(self, *events: Any) -> None:
        display = self.settings.display
        with in_one_message(self._doc):
            self._controls.set_theme(display.dark)
            self._chart.set_theme(display.dark)
            self._layer_detail.set_theme(display.dark)
            self._chart.set_log(display.log_loss)


PAGES = {"network": "Network", "optimizers": "Optimizers"}
"""The pages of a window by name, as links to them are labelled."""


class Window:
    """The pages of one browser window: each is made when it is first wanted, and one of them is seen.

    Parameters
    ----------
    first : str
        A key of PAGES; the network for any other name.
    """

    def __init__(self, first: str) -> None:
        self._doc = pn.state.curdoc
        self._pages: dict[str, Page] = {}
        self.panel = pn.Column(sizing_mode="stretch_both", margin=0)
        self.go(first if first in PAGES else "network")

    def page(self, name: str) -> Page:
        """A page, made if it is not there yet."""
        if name not in self._pages:
            page = self._network() if name == "network" else OptimizerRace(full_page=True, network=self._config)
            page.lead_to(self.go, PAGES)
            self._pages[name] = page
            self.panel.append(page)
        return self._pages[name]

    def go(self, name: str, values: Any = None) -> None:
        """Show a page, and hide the others: what nobody sees is paused.

        Parameters
        ----------
        name : str
            A key of PAGES; the network for any other.
        values : mapping, optional
            Choices for that page, with which it begins anew.
        """
        with in_one_message(self._doc):
            wanted = self.page(name if name in PAGES else "network")
            for page in self._pages.values():
                page.show(page is wanted)
        if values is not None:
            wanted.ask({"type": "set", "values": values}, {"type": "reset"})

    def _network(self) -> Playground:
        return Playground(full_page=True)

    def _config(self) -> Any:
        """The network as it is set up at the moment, or would be."""
        page = self._pages.get("network")
        return (page.settings if isinstance(page, Playground) else Settings()).config()


def serve_page() -> None:
    """Put a window on the page that is being made; its clocks end with it."""
    pn.extension(sizing_mode="stretch_width", notifications=False)
    install_log_filter()
    window = Window(_asked_for("page"))
    if name := _asked_for("experiment"):
        play = window.page("network")
        assert isinstance(play, Playground), "that is what it is made of"
        play.open_on_arrival(name)
    window.panel.servable(title="Neural Network Playground")


def _asked_for(name: str) -> str:
    """What the page's address says of something; "" if nothing."""
    return next((value.decode(errors="replace") for value in pn.state.session_args.get(name, [])), "")
