"""Schedules: the factor on the learning rate, and the momentum, as functions of the step alone."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.registry import Hyperparameter, Hyperparameters, Registry


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule of the learning rate.

    Parameters
    ----------
    name, label : str
        The key, and the name on the screen.
    factor : callable ``(step, hyperparameters) -> float``
        From 0 to 1. At the first step, number 0, it is 1, or for a schedule with a warm-up more than 0.
    hyperparameters : tuple of Hyperparameter
    formula, doc, source : str
        LaTeX, with t for the step; one sentence for a tooltip; where it comes from.
    """

    name: str
    label: str
    factor: Callable[[int, Hyperparameters], float]
    hyperparameters: tuple[Hyperparameter, ...]
    formula: str
    doc: str
    source: str


@dataclass(frozen=True, slots=True)
class MomentumSchedule:
    """One schedule of an optimizer's momentum.

    Parameters
    ----------
    name, label : str
        The key, and the name on the screen.
    active : bool
        False for the entry that changes nothing, so that a step does not call it.
    value : callable ``(step, base, hyperparameters) -> momentum``
        ``base`` is the momentum that was chosen: a number, or an array with one for each network.
    formula, doc, source : str
        LaTeX, with t for the step; one sentence for a tooltip; where it comes from.
    hyperparameters : tuple of Hyperparameter
    """

    name: str
    label: str
    active: bool
    value: Callable[[int, float | Array, Hyperparameters], float | Array]
    formula: str
    doc: str
    source: str
    hyperparameters: tuple[Hyperparameter, ...] = ()


def _constant(step: int, hyperparameters: Hyperparameters) -> float:
    return 1.0


def _step(step: int, hyperparameters: Hyperparameters) -> float:
    return float(hyperparameters["factor"] ** (step // hyperparameters["every"]))


def _exponential(step: int, hyperparameters: Hyperparameters) -> float:
    return math.exp(-hyperparameters["decay"] * step)


def _inverse(step: int, hyperparameters: Hyperparameters) -> float:
    return 1.0 / (1.0 + hyperparameters["decay"] * step)


def _half_cosine(step: float, steps: float, floor: float) -> float:
    """From 1 at step 0 to ``floor`` at step ``steps``; after that it stays there."""
    share = 0.5 * (1.0 + math.cos(math.pi * min(step / steps, 1.0)))
    return floor + (1.0 - floor) * share


def _cosine(step: int, hyperparameters: Hyperparameters) -> float:
    return _half_cosine(step, hyperparameters["steps"], hyperparameters["floor"])


def _warm_up(step: int, hyperparameters: Hyperparameters) -> float:
    return min((step + 1) / hyperparameters["steps"], 1.0)


def _warm_up_cosine(step: int, hyperparameters: Hyperparameters) -> float:
    warm = hyperparameters["warm_up"]
    return (
        (step + 1) / warm
        if step < warm
        else _half_cosine(step - warm, hyperparameters["steps"], hyperparameters["floor"])
    )


_DECAY = Hyperparameter("decay", 1e-3, 0.0, 1.0, "Decay per step.", "Decay", log=True)
_HALF_PERIOD = Hyperparameter(
    "steps", 5000, 1, 1e6, "Steps from the full rate down to the floor.", "Steps down", log=True, integer=True
)
_FLOOR = Hyperparameter("floor", 0.0, 0.0, 1.0, "Share of the learning rate that remains at the end.", "Floor")

SCHEDULES = Registry(
    "schedule",
    [
        Schedule("constant", "Constant", _constant, (), r"1", "The learning rate does not change.", "none"),
        Schedule(
            "step",
            "Step",
            _step,
            (
                Hyperparameter("every", 500, 1, 1e6, "Steps between two falls.", "Every", log=True, integer=True),
                Hyperparameter("factor", 0.5, 0.01, 1.0, "Factor on the learning rate at each fall.", "Factor"),
            ),
            r"f^{\lfloor t / n \rfloor}",
            "Falls suddenly, by the same factor each time, and stays constant in between.",
            "classic; t and n count steps, not epochs",
        ),
        Schedule(
            "exponential",
            "Exponential",
            _exponential,
            (_DECAY,),
            r"e^{-k t}",
            "Falls by the same factor at every step.",
            "classic; t counts steps, not epochs",
        ),
        Schedule(
            "inverse",
            "1/t",
            _inverse,
            (_DECAY,),
            r"\frac{1}{1 + k t}",
            "Falls fast at first, then more and more slowly.",
            "satisfies the conditions of Robbins and Monro 1951; t counts steps, not epochs",
        ),
        Schedule(
            "cosine",
            "Cosine",
            _cosine,
            (_HALF_PERIOD, _FLOOR),
            r"f + (1 - f) \tfrac{1}{2} \left(1 + \cos \frac{\pi t}{T}\right)",
            "Stays high at first, then falls, and slows down towards the end.",
            "Loshchilov and Hutter 2017 (SGDR), one half period without restarts; the floor is a share of the rate and "
            "is kept afterwards",
        ),
        Schedule(
            "warm_up",
            "Warm-up",
            _warm_up,
            (
                Hyperparameter(
                    "steps",
                    200,
                    1,
                    1e6,
                    "Steps until the full rate is reached.",
                    "Steps up",
                    log=True,
                    integer=True,
                ),
            ),
            r"\min\left(\frac{t + 1}{T}, 1\right)",
            "Rises in equal steps, because the first gradients vary most.",
            "Goyal et al. 2017, gradual warm-up; from 1/T at the first step to 1 at step T, counted from one",
        ),
        Schedule(
            "warm_up_cosine",
            "Warm-up, then cosine",
            _warm_up_cosine,
            (
                Hyperparameter(
                    "warm_up",
                    200,
                    1,
                    1e6,
                    "Steps until the full rate is reached.",
                    "Steps up",
                    log=True,
                    integer=True,
                ),
                _HALF_PERIOD,
                _FLOOR,
            ),
            r"\frac{t + 1}{U} \text{ for } t < U, \text{ then } "
            r"f + (1 - f) \tfrac{1}{2} \left(1 + \cos \frac{\pi (t - U)}{T}\right)",
            "Rises in equal steps, then falls, and slows down towards the end.",
            "Goyal et al. 2017 and Loshchilov and Hutter 2017, one after the other as in He et al. 2019",
        ),
    ],
)


def _as_chosen(step: int, base: float | Array, hyperparameters: Hyperparameters) -> float | Array:
    return base


def _staged(step: int, base: float | Array, hyperparameters: Hyperparameters) -> float:
    if step < hyperparameters["first"]:
        return 0.5
    return 0.9 if step < hyperparameters["second"] else 0.99


def _sutskever(step: int, base: float | Array, hyperparameters: Hyperparameters) -> float | Array:
    # The paper's 2^(-1 - log2(k)) is 1/(2k).
    rising = 1.0 - 0.5 / (step // 250 + 1)
    return np.minimum(rising, base) if isinstance(base, np.ndarray) else min(rising, base)


MOMENTUM_SCHEDULES = Registry(
    "momentum schedule",
    [
        MomentumSchedule(
            "constant", "Constant", False, _as_chosen, r"\mu", "The momentum does not change.", "none",
        ),
        MomentumSchedule(
            "staged", "In stages", True, _staged,
            r"0.5 \to 0.9 \to 0.99", "Small at first, and large when the direction is clear.",
            "Hinton 2010, A practical guide to training restricted Boltzmann machines (0.5, later 0.9), with 0.99 as a "
            "third stage; replaces the momentum that was chosen",
            (
                Hyperparameter("first", 500, 0, 1e6, "The step at which 0.5 becomes 0.9.", "To 0.9", integer=True),
                Hyperparameter("second", 2000, 0, 1e6, "The step at which 0.9 becomes 0.99.", "To 0.99", integer=True),
            ),
        ),
        MomentumSchedule(
            "sutskever", "Sutskever", True, _sutskever,
            r"\min\left(1 - 2^{-1 - \log_2(\lfloor t / 250 \rfloor + 1)}, \mu\right)",
            "Rises from one half, in smaller and smaller steps, to the momentum that was chosen.",
            "Sutskever et al. 2013; the momentum that was chosen is their largest",
        ),
    ],
)  # fmt: skip
