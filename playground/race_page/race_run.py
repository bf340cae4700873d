"""What is running: the race that the settings describe, kept in step with them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from enum import Enum
from typing import cast

from engine import OPTIMIZERS, Config
from engine.registry import Refusal
from playground.race_page.choices import GROUNDS, SHOWN_AT_ONCE, WATCHED, SurfaceHyperparameters
from playground.race_page.network_race import NetworkRace
from playground.race_page.settings import RaceSettings
from playground.race_page.surface_race import SurfaceRace
from playground.runtime.json_value import Json
from playground.runtime.parameters import hyperparameter_setting

_LOOKS = ("color", "shown")
_GROUND = frozenset({"surface", "formula", *SurfaceHyperparameters.param}) - {"name"}
"""All choices that make a surface, chosen or not."""


_OF_SURFACES = frozenset({"start", "noise", "noise_seed"})
"""Choices that mean nothing to a network."""


class Change(Enum):
    """What a change of the settings did."""

    NOTHING = "nothing"
    REDRAW = "another look"
    RETUNE = "other numbers for the same racers"
    RESTART = "another race"


class RaceRun:
    """One page's race.

    Parameters
    ----------
    settings : RaceSettings
    network : callable () -> Config, optional
        The network to race on, as it is set up at the moment; None where there is none.
    clock : callable
        Seconds, monotonic.

    Attributes
    ----------
    race : SurfaceRace or NetworkRace
    generation : int
        Changes with every new race.
    cost : float
        Seconds that a step of all racers takes, as measured lately.
    """

    def __init__(
        self,
        settings: RaceSettings,
        network: Callable[[], Config] | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.settings, self._network, self._clock = settings, network, clock
        self._applied: Mapping[str, Json] = settings.take()
        self.generation = 0
        self._build()

    def _build(self) -> None:
        race: SurfaceRace | NetworkRace
        custom = self.settings.custom
        if self.settings.ground.is_network:
            if self._network is None:
                raise Refusal("surface must be one to race on here; there is no network beside this page.")
            race = NetworkRace(self.settings, self._network)
        else:
            race = SurfaceRace(self.settings)
        self.race, self.cost, self._custom = race, race.FIRST_COST, custom

    def apply(self, playing: bool, shown: int | None = None) -> Change:
        """Take over what is different in the settings; return what that did.

        Another surface, start, noise or other rules begin a new race, of which a page that does not play is shown
        ``shown`` steps, or as many as it was shown of the one before; other numbers hold from the step shown on.

        Raises
        ------
        ValueError
            When the choices do not go together; the settings are then as they were.
        """
        values = self.settings.take()
        changed = {name for name, value in values.items() if value != self._applied[name]}
        change = self._kind(changed, values)
        ground = changed & self._ground(values)
        try:
            if change is Change.RESTART:
                if ground and "start" not in changed:
                    self.settings.go_to_start(anyway="surface" in changed)
                    values = self.settings.take()
                steps = min(self.race.cursor, SHOWN_AT_ONCE) if shown is None else shown
                if ground:
                    self._build()
                self.begin(0 if playing else steps)
            elif change is Change.RETUNE:
                self.race.retune()
        except Exception:
            # Each choice alone may be allowed and all together not: go back to what runs.
            self.settings.update(self._applied)
            self.settings.custom = self._custom
            raise
        self._applied = values
        return change

    def _kind(self, changed: set[str], values: Mapping[str, Json]) -> Change:
        if not changed:
            return Change.NOTHING
        asked = changed - WATCHED - (_GROUND - self._ground(values))
        if GROUNDS[str(values["surface"])].is_network:
            asked -= _OF_SURFACES
        if not asked:
            return Change.REDRAW
        if asked != {"racers"}:
            return Change.RESTART
        before, after = (
            [{**racer, **dict.fromkeys(_LOOKS)} for racer in own] for own in (_racers(self._applied), _racers(values))
        )
        if before == after:
            return Change.REDRAW
        same = [racer["optimizer"] for racer in before] == [racer["optimizer"] for racer in after]
        return Change.RETUNE if same else Change.RESTART

    @staticmethod
    def _ground(values: Mapping[str, Json]) -> set[str]:
        """The choices that make what is raced on.

        The hyperparameters of other surfaces have no effect until their surface is chosen.
        """
        ground = GROUNDS[str(values["surface"])]
        hyperparameters = {
            hyperparameter_setting("surface", ground.name, hyperparameter.name)
            for hyperparameter in ground.hyperparameters
        }
        return {"surface", *hyperparameters, *(["formula"] if ground.is_own else [])}

    def begin(self, steps: int = 0) -> None:
        """A new race of the same kind, shown after so many steps."""
        self.race.restart(steps)
        self.generation += 1

    def advance(self, steps: int) -> str:
        """Go on; return why it goes no further, or ""."""
        begun, known = self._clock(), self.race.length
        message = self.race.advance(steps)
        if made := self.race.length - known:
            self.cost += 0.2 * ((self._clock() - begun) / made - self.cost)
        return message

    @property
    def remark(self) -> str:
        """What one should know of choices that do not do what one may expect."""
        chosen = self.settings.race
        searching = [
            OPTIMIZERS[racer["optimizer"]].label
            for racer in chosen.racers
            if racer["shown"] and OPTIMIZERS[racer["optimizer"]].full_batch
        ]
        if not searching or not chosen.noise or self.settings.ground.is_network:
            return ""
        return f"{', '.join(dict.fromkeys(searching))}: made for gradients without noise, and does poorly with it."


def _racers(values: Mapping[str, Json]) -> list[dict[str, Json]]:
    return cast(list[dict[str, Json]], values["racers"])
