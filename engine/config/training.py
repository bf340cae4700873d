"""TrainingConfig: the training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.arrays import Array
from engine.averaging import AVERAGINGS
from engine.clipping import CLIPPINGS
from engine.config.checks import check_names, check_numbers, check_params, own, put, tuned
from engine.config.part import Part
from engine.limits import ALL, LIMITS
from engine.optimizers import OPTIMIZERS
from engine.registry import Refusal, Registry, brief
from engine.schedules import MOMENTUM_SCHEDULES, SCHEDULES
from engine.stopping import STOPPINGS

REGISTRIES: Mapping[str, Registry[Any]] = {
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "clipping": CLIPPINGS,
    "momentum_schedule": MOMENTUM_SCHEDULES,
    "stopping": STOPPINGS,
    "averaging": AVERAGINGS,
}

MANY = ("optimizer",)
"""The choice whose hyperparameters, like the learning rate, may be arrays with one value for each network."""


@dataclass(frozen=True, eq=False)
class TrainingConfig(Part):
    """Choices of the training; checked when made. See Config."""

    optimizer: str = "sgd"
    optimizer_params: Mapping[str, Any] = field(default_factory=dict)
    learning_rate: float | Array = 0.03
    schedule: str = "constant"
    schedule_params: Mapping[str, Any] = field(default_factory=dict)
    momentum_schedule: str = "constant"
    momentum_schedule_params: Mapping[str, Any] = field(default_factory=dict)
    clipping: str = "none"
    clipping_params: Mapping[str, Any] = field(default_factory=dict)
    stopping: str = "never"
    stopping_params: Mapping[str, Any] = field(default_factory=dict)
    averaging: str = "none"
    averaging_params: Mapping[str, Any] = field(default_factory=dict)
    batch_size: int | str = 10
    shuffle: bool = True
    seed: int = int(LIMITS["seed"].default)

    def __post_init__(self) -> None:
        check_names(self, REGISTRIES)
        LIMITS["learning_rate"].check(self.learning_rate)
        put(self, "learning_rate", own(self.learning_rate))
        check_numbers(self, ("seed",))
        check_params(self, tuned(REGISTRIES), MANY)
        put(self, "batch_size", self._checked_batch_size())
        if OPTIMIZERS[self.optimizer].probes and CLIPPINGS[self.clipping].active:
            raise Refusal(
                f"clipping must be none with the optimizer {self.optimizer}, whose line search needs the true "
                f"gradient; not {self.clipping}."
            )
        if not isinstance(self.shuffle, (bool, np.bool_)):
            raise Refusal(f"shuffle must be True or False; not {brief(self.shuffle)}.")
        put(self, "shuffle", bool(self.shuffle))

    def _checked_batch_size(self) -> int | str:
        given = self.batch_size
        if isinstance(given, str) and given == ALL:
            return given
        LIMITS["batch_size"].check_one(given)
        return int(given)
