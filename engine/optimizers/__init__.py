"""Update rules as pairs of pure functions, sorted by what they remember.

``init(params) -> optimizer_state`` and ``update(gradient, optimizer_state, params, step, hyperparameters) -> (change,
optimizer_state)``. The caller adds
``change`` to the parameters. OptimizerState are named tuples in the letters of the papers, so that a picture can draw
them. Every number in ``hyperparameters`` may be an array that broadcasts against the parameters, one value per network.
"""

from __future__ import annotations

from engine.optimizers.adam import MOMENTS
from engine.optimizers.adaptive import ADAPTIVE
from engine.optimizers.base import Optimizer, OptimizerState, Probe
from engine.optimizers.first_order import FIRST_ORDER
from engine.optimizers.second_order import SECOND_ORDER
from engine.optimizers.signs import SIGNS
from engine.registry import Registry

__all__ = ["OPTIMIZERS", "Optimizer", "OptimizerState", "Probe"]

OPTIMIZERS = Registry("optimizer", [*FIRST_ORDER, *ADAPTIVE, *MOMENTS, *SIGNS, *SECOND_ORDER])
