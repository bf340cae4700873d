"""The state of a race at one step, and the trajectory of some steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from engine.arrays import Array, frozen
from engine.optimizers import OptimizerState
from engine.state import all_frozen


class Ending(IntEnum):
    """Whether and how a racer has ended."""

    GOING = 0
    LEFT = 1
    OVERFLOWED = 2


REASONS = {
    Ending.GOING: "",
    Ending.LEFT: "left the map at step {step:,}",
    Ending.OVERFLOWED: "not finite at step {step:,}",
}


@dataclass(frozen=True, slots=True, eq=False)
class RaceState:
    """A race at one step. Arrays are read-only.

    Parameters
    ----------
    step : int
        Number of updates so far.
    positions : (n, 2) array
        Where the racers are; for those that ended, their last good position.
    values : (n,) array
        Heights of the surface there, without noise.
    gradients : (n, 2) array
        Gradients there, without noise.
    optimizer_state : tuple of OptimizerState
        One for each rule batch, with a leading axis of its members.
    endings : (n,) array of Ending
    ended : (n,) array of int
        The step at which a racer ended, -1 for one that is going.
    """

    step: int
    positions: Array
    values: Array
    gradients: Array
    optimizer_state: tuple[OptimizerState, ...]
    endings: Array
    ended: Array


class Trajectory(NamedTuple):
    """Some steps: positions (steps, n, 2) and values (steps, n) after each step."""

    positions: Array
    values: Array


def race_state_of(
    step: int,
    positions: Array,
    values: Array,
    gradients: Array,
    optimizer_state: Iterable[OptimizerState],
    endings: Array,
    ended: Array,
) -> RaceState:
    """A RaceState of arrays that nobody else uses."""
    return RaceState(
        step,
        frozen(positions),
        frozen(values),
        frozen(gradients),
        tuple(map(all_frozen, optimizer_state)),
        frozen(endings),
        frozen(ended),
    )
