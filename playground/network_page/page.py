"""Playground: the network page, put together."""

from __future__ import annotations

from collections.abc import Mapping

import panel as pn

from engine.own_data import Given, read
from playground.network_page.component import Stage
from playground.network_page.controls import Controls, outline
from playground.network_page.layer_detail import LayerDetailCharts
from playground.network_page.loss_chart import LossChart
from playground.network_page.messages import Checked, CheckedGroup
from playground.network_page.scene import catalog
from playground.network_page.sender import Charts
from playground.network_page.session import Session
from playground.network_page.settings import Settings
from playground.runtime.component import in_one_message
from playground.runtime.page import Page, scheduler


class Playground(Page):
    """A network to play with: on a page, in a notebook cell, from Python.

    Parameters
    ----------
    full_page : bool
        Whether it is a page of its own.
    data : (X, y) or (X, y, X_test, y_test), optional
        Data of your own in place of a built-in data set: arrays, lists or a data frame. X has 2 to 784 columns; y one
        label, or several targets, for each row.
    task : str, optional
        What your labels are, where that is not what they look like: ``"regression"`` takes whole numbers as values.
    plane : (column, column), optional
        The two columns that pictures are drawn over, by name or number; the others stay at their mean. Without it the
        pictures show the two principal axes, or of two columns these two. The square fits the training points.
    **values
        Any setting by its name, for instance ``dataset="spiral"``, ``hidden=(8, 8)``, ``optimizer="adam"``.

    Attributes
    ----------
    settings : Settings
        Every choice; what is changed here changes on the page, and the other way round.
    session : Session
        The running network.

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

    def __init__(
        self,
        full_page: bool = False,
        data: Given | None = None,
        task: str | None = None,
        plane: tuple[int | str, int | str] | None = None,
        **values: object,
    ) -> None:
        super().__init__()
        own = None if data is None else read(data, task)
        self.settings = Settings(own, plane, **values)
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
                catalog=catalog(self.session.run.trainer.data, self.session.run.composer.viewer.plane),
                full_page=full_page,
                sizing_mode="stretch_both" if full_page else "stretch_width",
                margin=0,
            )
        )
        display = self.settings.display
        display.param.watch(self._restyle, ["dark", "log_loss"])
        self._restyle()

    def arrive(self, query: Mapping[str, str]) -> None:
        """Open the experiment that the address names, unless the page brings settings to be restored."""
        if name := query.get("experiment"):
            self.ask({"type": "open", "name": name})

    # What the session shows (see sender.Screen)

    def frame(self, message: bytes, charts: Charts | None) -> None:
        """Send a picture, and the charts with it, as one message."""
        self._send_frame(message, self._pane, None if charts is None else lambda: self._draw(charts))

    def _draw(self, charts: Charts) -> None:
        if charts.losses is not None:
            self._chart.draw(charts.losses)
        if charts.layer_detail is not None:
            self._layer_detail.draw(charts.layer_detail)

    def checked(self, groups: list[CheckedGroup]) -> None:
        """Send the outcome of a gradient check."""
        message: Checked = {"type": "checked", "groups": groups}
        self._stage.tell(message)

    def _restyle(self, *events: object) -> None:
        display = self.settings.display
        with in_one_message(self._doc):
            self._controls.set_theme(display.dark)
            self._chart.set_theme(display.dark)
            self._layer_detail.set_theme(display.dark)
            self._chart.set_log(display.log_loss)
