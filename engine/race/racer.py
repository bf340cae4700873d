"""Racer: one update rule with all its settings, for a race."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from engine.frozen_mapping import FrozenMapping
from engine.limits import LIMITS
from engine.optimizers import OPTIMIZERS, Optimizer
from engine.registry import Refusal, brief, complete
from engine.schedules import MOMENTUM_SCHEDULES, SCHEDULES, MomentumSchedule, Schedule

_TUNED: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "hyperparameters": ("optimizer", OPTIMIZERS),
    "schedule_params": ("schedule", SCHEDULES),
    "momentum_schedule_params": ("momentum_schedule", MOMENTUM_SCHEDULES),
}


@dataclass(frozen=True, slots=True, eq=False)
class Racer:
    """One update rule with its hyperparameters and schedules; checked when made.

    Parameters
    ----------
    optimizer : str
        Key of OPTIMIZERS.
    learning_rate : float or None
        0 to 1000, before the schedule; the rule's default if None.
    hyperparameters, schedule_params, momentum_schedule_params : mapping of str to float
        Missing ones have their defaults.
    schedule, momentum_schedule : str
        Keys of SCHEDULES and MOMENTUM_SCHEDULES; the latter matters only if the rule has a momentum.

    Raises
    ------
    ValueError
        One sentence with the parameter, what is allowed, and the value.
    """

    optimizer: str = "sgd"
    learning_rate: float | None = None
    hyperparameters: Mapping[str, float] = field(default_factory=dict)
    schedule: str = "constant"
    schedule_params: Mapping[str, float] = field(default_factory=dict)
    momentum_schedule: str = "constant"
    momentum_schedule_params: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, (owner, registry) in _TUNED.items():
            entry = registry[getattr(self, owner)]
            values = complete(entry.hyperparameters, getattr(self, name), f"{owner} {entry.name}", several=False)
            object.__setattr__(self, name, FrozenMapping(values))
        if self.learning_rate is None:
            object.__setattr__(self, "learning_rate", self.rule.usual_rate)
        LIMITS["learning_rate"].check_one(self.learning_rate)

    @property
    def rule(self) -> Optimizer:
        """The entry of the optimizer."""
        return OPTIMIZERS[self.optimizer]

    @property
    def rate_schedule(self) -> Schedule:
        """The entry of the schedule."""
        return SCHEDULES[self.schedule]

    @property
    def momentum_course(self) -> MomentumSchedule:
        """The entry of the momentum schedule."""
        return MOMENTUM_SCHEDULES[self.momentum_schedule]

    @property
    def anneals(self) -> bool:
        """Whether the momentum changes with the steps."""
        return bool(self.rule.momentum) and self.momentum_course.active

    @property
    def is_steady(self) -> bool:
        """Whether its numbers are the same at every step."""
        return not self.anneals and not self.rate_schedule.hyperparameters

    def hyperparameters_at(self, step: int) -> dict[str, float]:
        """The learning rate after the schedule, and the rule's own hyperparameters, at a step counted from 0."""
        assert self.learning_rate is not None, "completed when it was made"
        values = dict(self.hyperparameters)
        values["learning_rate"] = self.learning_rate * self.rate_schedule.factor(step, self.schedule_params)
        if self.anneals:
            name = self.rule.momentum
            base = self.hyperparameters[name]
            values[name] = float(self.momentum_course.value(step, base, self.momentum_schedule_params))
        return values


RacerLike: TypeAlias = Racer | str | Mapping[str, Any]


def as_racer(given: RacerLike) -> Racer:
    """Make a racer from a racer, the name of a rule, or a mapping of its settings.

    Raises
    ------
    ValueError
        For anything else.
    """
    if isinstance(given, Racer):
        return given
    if isinstance(given, str):
        return Racer(given)
    if isinstance(given, Mapping):
        try:
            return Racer(**given)
        except TypeError:
            raise Refusal(f"A racer has {', '.join(Racer.__dataclass_fields__)}; not {brief(list(given))}.") from None
    raise Refusal(f"A racer must be the name of an optimizer or its settings by name; not {brief(given)}.")
