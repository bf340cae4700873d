"""OptimizerRace: the race page, put together."""

from __future__ import annotations

from collections.abc import Callable

import panel as pn

from engine import Config
from playground.race_page.chart import RaceChart
from playground.race_page.component import RaceComponent
from playground.race_page.controls import RaceControls
from playground.race_page.details import ShownCurves
from playground.race_page.messages import SweepOutcome, Swept
from playground.race_page.scene import catalog, racer_looks
from playground.race_page.session import RaceSession
from playground.race_page.settings import RaceSettings
from playground.runtime.component import in_one_message
from playground.runtime.page import Page, scheduler


class OptimizerRace(Page):
    """Update rules race: on a page, in a notebook cell, from Python.

    Parameters
    ----------
    full_page : bool
        Whether it is a page of its own.
    network : Config or callable () -> Config, optional
        A network that can be raced on too.
    **values
        Any setting by its name: ``surface="rosenbrock"`` (or a Surface, for instance from
        ``engine.surfaces.from_callable``), ``racers=["sgd", ("adam", 0.1)]``, ``start=(-1, 1)``, ``noise=0.1``.

    Attributes
    ----------
    settings : RaceSettings
        Every choice; what is changed here changes on the page, and the other way round.
    session : RaceSession
        The race.

    Raises
    ------
    ValueError
        One sentence that names the parameter, what is allowed and the value.

    Examples
    --------
    >>> from playground import OptimizerRace
    >>> race = OptimizerRace(surface="rosenbrock", racers=["momentum", ("adam", 0.01), ("adam", 0.1)])
    """

    session: RaceSession

    def __init__(
        self, full_page: bool = False, network: Config | Callable[[], Config] | None = None, **values: object
    ) -> None:
        super().__init__()
        config = network if network is None or callable(network) else lambda: network
        self.settings = RaceSettings(**values)
        self.session = RaceSession(self.settings, self, scheduler(), config, self._window)
        self._controls = RaceControls(
            self.settings, lambda sentence: self.notice("error", sentence), network is not None
        )
        self._chart = RaceChart()
        self._pane = pn.pane.Bokeh(self._chart.figure, sizing_mode="stretch_both", margin=0)
        self._compose(
            RaceComponent(
                self._receive,
                bar=self._controls.bar,
                chart=self._pane,
                catalog=catalog(),
                full_page=full_page,
                sizing_mode="stretch_both" if full_page else "stretch_width",
                margin=0,
            )
        )
        self.settings.display.param.watch(self._restyle, "dark")
        self._restyle()

    # What the session shows (see sender.Screen)

    def frame(self, message: bytes, curves: ShownCurves | None) -> None:
        """Send a picture, and the chart with it, as one message."""
        draw = None if curves is None else lambda: self._chart.draw(curves, racer_looks(self.settings))
        self._send_frame(message, self._pane, draw)

    def swept(self, outcome: SweepOutcome) -> None:
        """Send the outcome of a sweep."""
        message: Swept = {"type": "swept", **outcome}
        self._stage.tell(message)

    def _restyle(self, *events: object) -> None:
        dark = self.settings.display.dark
        with in_one_message(self._doc):
            self._controls.set_theme(dark)
            self._chart.set_theme(dark)
