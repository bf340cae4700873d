"""Gradient clipping: limits the gradient before the optimizer uses it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.registry import Hyperparameter, Hyperparameters, Registry


@dataclass(frozen=True, slots=True)
class Clipping:
    """One way to clip.

    Parameters
    ----------
    name, label : str
        The key, and the name on the screen.
    active : bool
        False for the entry that does nothing, so that a step does not call it.
    clip : callable ``(gradient, hyperparameters) -> (..., P) array``
        Pure. A gradient (..., P) that is not finite stays so, because divergence must be visible.
    formula, doc, source : str
        LaTeX; one sentence for a tooltip; where it comes from and which variant it is.
    hyperparameters : tuple of Hyperparameter
    """

    name: str
    label: str
    active: bool
    clip: Callable[[Array, Hyperparameters], Array]
    formula: str
    doc: str
    source: str
    hyperparameters: tuple[Hyperparameter, ...] = ()


def _as_it_is(gradient: Array, hyperparameters: Hyperparameters) -> Array:
    return gradient


def _by_norm(gradient: Array, hyperparameters: Hyperparameters) -> Array:
    limit = hyperparameters["limit"]
    # In units of the largest entry, because the squares of a gradient of 1e200 would overflow and make it zero.
    unit = np.maximum(np.abs(gradient).max(axis=-1, keepdims=True), limit)
    scaled = gradient / unit
    norm = unit * np.sqrt(np.einsum("...p,...p->...", scaled, scaled)[..., None])
    return gradient * (limit / np.maximum(norm, limit))


def _by_value(gradient: Array, hyperparameters: Hyperparameters) -> Array:
    limit = hyperparameters["limit"]
    return np.where(np.isfinite(gradient), np.clip(gradient, -limit, limit), gradient)


CLIPPINGS = Registry(
    "clipping",
    [
        Clipping("none", "None", False, _as_it_is, r"g", "Does not change the gradient.", "none"),
        Clipping(
            "norm",
            "By norm",
            True,
            _by_norm,
            r"g \cdot \min\left(1, \frac{c}{\lVert g \rVert}\right)",
            "Limits the norm of the gradient, and keeps its direction.",
            "Pascanu et al. 2013; one norm over all parameters, and exactly limit/norm, where PyTorch adds 1e-6 to the "
            "norm",
            (Hyperparameter("limit", 1.0, 1e-3, 1000.0, "Largest norm of the gradient.", "Limit", log=True),),
        ),
        Clipping(
            "value",
            "By value",
            True,
            _by_value,
            r"\max(-c, \min(g, c))",
            "Limits each entry of the gradient separately, which may change its direction.",
            "Mikolov 2012; infinite entries stay infinite, where PyTorch clips them too",
            (
                Hyperparameter(
                    "limit",
                    0.5,
                    1e-3,
                    1000.0,
                    "Largest absolute value of an entry.",
                    "Limit",
                    log=True,
                ),
            ),
        ),
    ],
)
