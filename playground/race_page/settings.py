"""Settings of the race page: all its choices together, and the surface and the racers that they describe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine import MOMENTUM_SCHEDULES, OPTIMIZERS, SCHEDULES, SURFACES
from engine.race import Racer
from engine.registry import Refusal, brief
from engine.surfaces import Surface, from_text
from playground.race_page.choices import (
    GROUNDS,
    LEARNING_RATE,
    MOST_RACERS,
    OWN,
    Ground,
    RaceChoices,
    RaceDisplay,
    SurfaceHyperparameters,
    engine_part,
    racer,
)
from playground.runtime.json_value import Json
from playground.runtime.parameters import hyperparameter_setting
from playground.runtime.settings_groups import Groups, entry_labels


class RaceSettings(Groups):
    """All choices: ``race``, ``hyperparameters``, ``display``.

    Parameters
    ----------
    **values
        Any choice by its name in its group. ``surface`` may be a Surface too. A racer may be the name of an optimizer,
        a name with a learning rate, or a mapping of any of its settings; ``racers=["sgd", ("adam", 0.1)]``.

    Raises
    ------
    ValueError
        One sentence that names the parameter, what is allowed and the value.
    """

    def __init__(self, **values: object) -> None:
        self.race, self.hyperparameters, self.display = RaceChoices(), SurfaceHyperparameters(), RaceDisplay()
        super().__init__(self.race, self.hyperparameters, self.display)
        self.custom: Surface | None = None
        if isinstance(surface := values.get("surface"), Surface):
            self.custom = surface
            values["surface"] = OWN.name
        self.update(values)
        if "start" not in values:
            self.go_to_start()
        self.race.param.watch(self._drop_custom, "formula")

    @property
    def ground(self) -> Ground:
        """What is raced on."""
        return GROUNDS[self.race.surface]

    def labels(self) -> dict[str, str]:
        """What a person reads for the names of choices, of racers' choices, and of entries that can be chosen."""
        own = {"optimizer": "Optimizer", LEARNING_RATE.name: LEARNING_RATE.label}
        return entry_labels(OPTIMIZERS, SCHEDULES, MOMENTUM_SCHEDULES) | own | super().labels()

    def surface(self) -> Surface:
        """The surface that is chosen, with its hyperparameters."""
        name = self.race.surface
        if self.ground.is_own:
            return self.custom or from_text(self.race.formula)
        entry = SURFACES[name]
        return entry.tuned(
            {
                hyperparameter.name: getattr(
                    self.hyperparameters, hyperparameter_setting("surface", name, hyperparameter.name)
                )
                for hyperparameter in entry.hyperparameters
            }
        )

    def go_to_start(self, anyway: bool = True) -> None:
        """Begin where the surface would like it; if not ``anyway``, only where the present start will not do."""
        if self.ground.is_network:
            return
        surface = self.surface()
        if anyway or not _will_do(surface, self.race.start):
            self.update({"start": list(surface.start)})

    def rate_of(self, values: Mapping[str, Json], surface: Surface | None) -> float:
        """The learning rate of a racer: the one chosen, or what suits the surface."""
        given, name = values.get("learning_rate"), str(values["optimizer"])
        if isinstance(given, (int, float)):
            return float(given)
        usual = Racer(name).learning_rate
        assert usual is not None, "completed when it was made"
        return float(surface.rates.get(name, usual) if surface else usual)

    def racers(self, surface: Surface | None) -> list[Racer]:
        """The engine's racers; without a surface with the rules' usual rates."""
        return [
            Racer(**{**engine_part(values), "learning_rate": self.rate_of(values, surface)})
            for values in self.race.racers
        ]

    def _drop_custom(self, *events: object) -> None:
        """A formula that is typed takes the place of a surface that was given."""
        self.custom = None

    def _plain(self, values: dict[str, object]) -> dict[str, object]:
        """Spell out the shorthands of racers."""
        plain = super()._plain(values)
        if isinstance(racers := plain.get("racers"), list):
            plain["racers"] = _spelled_out(racers)
        return plain


def _will_do(surface: Surface, start: Sequence[float]) -> bool:
    """Whether a start is on the map, and has a height."""
    place, (low, high) = np.array(start, dtype=float), np.array(surface.box).T
    return bool(((low <= place) & (place <= high)).all() and np.isfinite(surface.f(place)))


def _spelled_out(given: Sequence[object]) -> list[dict[str, Json]]:
    """All settings of each racer; those without a colour get one that is free."""
    racers = [_one(values) for values in given[: MOST_RACERS + 1]]
    free = [color for color in range(MOST_RACERS) if color not in [values.get("color") for values in racers]]
    return [
        {**racer(), **values, **({"color": free.pop(0) if free else 0} if values.get("color") is None else {})}
        for values in racers
    ]


def _one(given: object) -> dict[str, Json]:
    if isinstance(given, str):
        return {"optimizer": given}
    if isinstance(given, Mapping):
        return dict(given)
    if isinstance(given, (tuple, list)) and len(given) == 2:
        return {"optimizer": given[0], "learning_rate": given[1]}
    raise Refusal(f"A racer must be a name, a name with a learning rate, or its settings by name; not {brief(given)}.")
