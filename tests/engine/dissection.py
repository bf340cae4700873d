"""Updates seen one by one, for what is said about them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from descent import SurfaceProbe, hyperparameters_of

from engine import SURFACES
from engine.optimizers.explain import UpdateInput

VALLEY, ROSENBROCK = SURFACES["valley"], SURFACES["rosenbrock"]


def quadratic(size, seed=0):
    """A convex parabola of any number of parameters."""
    root = np.random.default_rng(seed).normal(size=(size, size))
    A = root @ root.T + np.eye(size)
    return SimpleNamespace(
        f=lambda w: 0.5 * np.vecdot(w, w @ A),
        gradient=lambda w: w @ A,
        hessian=lambda w: A,
        start=np.arange(1.0, size + 1),
    )


def input_at(entry, surface, optimizer_state, params, step, hyperparameters, noise=0.0):
    """One update, seen; ``noise`` is added to the gradient of rules that ask for nothing else."""
    probe = SurfaceProbe(surface, params)
    gradient = surface.gradient(params) + (0.0 if entry.probes else noise)
    change, after = entry.update(
        gradient, optimizer_state, params, step, hyperparameters, *([probe] if entry.probes else [])
    )
    hessian, value = surface.hessian(params), float(surface.f(params))
    return UpdateInput(gradient, optimizer_state, after, params, change, step, hyperparameters, value, hessian)


def inputs_of_run(entry, surface, steps, hyperparameters, start=None, noise=0.0):
    """Every update of a run."""
    params, rng = np.array(surface.start if start is None else start, dtype=float), np.random.default_rng(4)
    optimizer_state, seen = entry.init(params), []
    for step in range(steps):
        seen.append(
            input_at(
                entry, surface, optimizer_state, params, step, hyperparameters, noise * rng.normal(size=params.shape)
            )
        )
        params, optimizer_state = params + seen[-1].change, seen[-1].after
    return seen


def typical(entry, steps=6, surface=VALLEY, **chosen):
    return inputs_of_run(entry, surface, steps, hyperparameters_of(entry, 0.3 * entry.usual_rate, **chosen), noise=0.3)


def change_of(lines):
    (value,) = [line.value for line in lines if line.role == "change"]
    return value
