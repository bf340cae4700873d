"""Walking over surfaces with any update rule, as a trainer would."""

from __future__ import annotations

from itertools import count, islice
from types import SimpleNamespace

import numpy as np


class SurfaceProbe:
    """A surface as the search methods see a loss. As in a trainer, every call overwrites what the last one returned."""

    def __init__(self, surface, params):
        self.surface, self.params = surface, params
        self.scratch = np.empty(params.shape[:-1]), np.empty(params.shape)
        self.evaluations = 0

    @property
    def value(self):
        self.scratch[0][...] = self.surface.f(self.params)
        return self.scratch[0]

    def at(self, params):
        self.evaluations += 1
        self.scratch[0][...] = self.surface.f(params)
        self.scratch[1][...] = self.surface.gradient(params)
        return self.scratch

    def hessian(self, params):
        self.scratch[1][...] = np.nan  # as a probe may, who finds it by differences of gradients
        return self.surface.hessian(params)

    def slope_here(self):
        """The gradient that an update is given, in the scratch that the probe's calls overwrite."""
        self.scratch[1][...] = self.surface.gradient(self.params)
        return self.scratch[1]


def flat(params):
    """A probe of a loss of 1 everywhere."""
    surface = SimpleNamespace(
        f=lambda w: np.ones(w.shape[:-1]), gradient=np.zeros_like, hessian=lambda w: np.zeros((*w.shape, w.shape[-1]))
    )
    return SurfaceProbe(surface, params)


def hyperparameters_of(entry, learning_rate=0.1, **chosen):
    return {
        "learning_rate": learning_rate,
        **{hyperparameter.name: hyperparameter.default for hyperparameter in entry.hyperparameters},
        **chosen,
    }


def update(entry, surface, optimizer_state, params, step, hyperparameters):
    """One update of ``entry`` over a surface: the change and the new optimizer state."""
    if not entry.probes:
        return entry.update(surface.gradient(params), optimizer_state, params, step, hyperparameters)
    probe = SurfaceProbe(surface, params)
    return entry.update(probe.slope_here(), optimizer_state, params, step, hyperparameters, probe)


def walk(entry, surface, hyperparameters, start=None):
    """Parameters (..., P) over a surface, from the start on and without an end."""
    params = np.array(surface.start if start is None else start, dtype=float)
    optimizer_state = entry.init(params)
    for step in count():
        yield params
        change, optimizer_state = update(entry, surface, optimizer_state, params, step, hyperparameters)
        params = params + change


def descend(entry, surface, steps, hyperparameters, start=None):
    """The path (steps + 1, ..., P) over a surface."""
    return np.array(list(islice(walk(entry, surface, hyperparameters, start), steps + 1)))
