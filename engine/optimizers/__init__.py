"""Update rules as pairs of pure functions; one file for each family of rules.

``init(params) -> optimizer_state``, and ``update(gradient, optimizer_state, params, step, hyperparameters) -> (change,
optimizer_state)``. The caller adds ``change`` to the parameters. An optimizer state is a NamedTuple in the letters of
the papers, so that a picture can draw it. Every number in ``hyperparameters`` may be an array that broadcasts against
the parameters, one value for each network. ``engine.optimizers.explain`` explains the same rules step by step.
"""

from __future__ import annotations

from engine.optimizers.adadelta import ADADELTA
from engine.optimizers.adagrad import ADAGRAD
from engine.optimizers.adam import ADAM, ADAMW, NADAM
from engine.optimizers.base import Hyperparameters, Optimizer, OptimizerState, Probe
from engine.optimizers.bfgs import BFGS
from engine.optimizers.delta_bar_delta import DELTA_BAR_DELTA
from engine.optimizers.lbfgs import LBFGS
from engine.optimizers.lion import LION
from engine.optimizers.momentum import MOMENTUM, MOMENTUM_CLASSIC, NESTEROV
from engine.optimizers.newton import NEWTON
from engine.optimizers.rmsprop import RMSPROP
from engine.optimizers.sgd import SGD
from engine.registry import Registry

__all__ = ["OPTIMIZERS", "Hyperparameters", "Optimizer", "OptimizerState", "Probe"]

_FIRST_ORDER = [SGD, MOMENTUM, MOMENTUM_CLASSIC, NESTEROV]
_ADAPTIVE = [ADAGRAD, RMSPROP, ADADELTA, ADAM, ADAMW, NADAM]
_SIGNS = [LION, DELTA_BAR_DELTA]
_SECOND_ORDER = [NEWTON, BFGS, LBFGS]

OPTIMIZERS = Registry("optimizer", [*_FIRST_ORDER, *_ADAPTIVE, *_SIGNS, *_SECOND_ORDER])
