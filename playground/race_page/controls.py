"""Which widgets the race page has, and where. Options and bounds come from the registries."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import panel as pn
from panel.viewable import Viewable

from playground.race_page.choices import GROUNDS
from playground.race_page.settings import RaceSettings
from playground.runtime.widgets import Binder, HyperparameterBox, Select, plain

SPEEDS = (1, 2, 5, 10, 30, 60, 100, 300, 1000)
NOISES = (0, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
TOLERANCES = (1e-8, 1e-6, 1e-4, 1e-3, 0.01, 0.1, 1)
SWEEPS = (30, 100, 300, 1000)


class RaceControls:
    """All widgets of one page.

    Parameters
    ----------
    settings : RaceSettings
    refuse : callable ``(sentence)``
        Told when a browser sends what no widget offers.
    has_network : bool
        Whether there is a network to race on.

    Attributes
    ----------
    bar : Panel object
        The widgets of the top bar.
    """

    def __init__(self, settings: RaceSettings, refuse: Callable[[str], None], has_network: bool) -> None:
        self._settings, self._make = settings, Binder(settings, refuse)
        self._has_network = has_network
        self.bar = pn.FlexBox(*self._bar(), flex_wrap="wrap", align_items="flex-end", gap="2px 12px", margin=0)

    def set_theme(self, dark: bool) -> None:
        """Switch all widgets between light and dark."""
        self._make.set_theme(dark)

    def _bar(self) -> list[Viewable]:
        race, display, make = self._settings.race, self._settings.display, self._make
        of_surfaces = [
            HyperparameterBox(make, race, "surface", GROUNDS, 112).panel,
            make.numbers(race, "noise", NOISES, plain, 102),
            self._scale(),
            make.numbers(display, "tolerance", TOLERANCES, "{:g}".format, 84),
            make.numbers(display, "swept_steps", SWEEPS, plain, 88),
        ]
        self._hide_from_networks(of_surfaces[1:])
        return [
            make.numbers(display, "speed", SPEEDS, lambda value: f"{plain(value)} step{'s' * (value != 1)}/s", 100),
            self._surface(),
            *of_surfaces,
        ]

    def _hide_from_networks(self, widgets: Sequence[Viewable]) -> None:
        """Choices that mean nothing to a network are not there while one is raced on."""

        def show(*events: object) -> None:
            for widget in widgets:
                widget.visible = not self._settings.ground.is_network

        show()
        self._settings.race.param.watch(show, "surface")

    def _surface(self) -> Select:
        race = self._settings.race
        select = self._make.choice(race, "surface", 132)
        if not self._has_network:
            select.options = {label: name for label, name in select.options.items() if not GROUNDS[name].is_network}
        return select

    def _scale(self) -> Select:
        select = self._make.select(self._settings.display, "log_scale", 74)
        select.options = {"log": True, "linear": False}
        self._make.direct(select, self._settings.display, "log_scale")
        return select
