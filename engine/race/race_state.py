"""How a race stands, and a part of the way there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from engine.arrays import Array, frozen
from engine.optimizers import OptimizerState
from engine.state import all_frozen


class Ending(IntEnum):
    """How a racer stands."""

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
    """How a race stands. Arrays are read-only.

    Parameters
    ----------
    step : int
        Updates so far.
    places : (n, 2) array
        Where the racers are; of those that ended, where they were last.
    values : (n,) array
        Heights there, without noise.
    gradients : (n, 2) array
        Slopes there, without noise.
    optimizer_state : tuple of OptimizerState
        One for each team, with a leading axis of its members.
    endings : (n,) array of Ending
    ended : (n,) array of int
        The step with which a racer ended, -1 for one that is going.
    """

    step: int
    places: Array
    values: Array
    gradients: Array
    optimizer_state: tuple[OptimizerState, ...]
    endings: Array
    ended: Array


class Trajectory(NamedTuple):
    """A part of the way: places (steps, n, 2) and values (steps, n) after each step."""

    places: Array
    values: Array


def race_state_of(
    step: int,
    places: Array,
    values: Array,
    gradients: Array,
    optimizer_state: Iterable[OptimizerState],
    endings: Array,
    ended: Array,
) -> RaceState:
    """A RaceState of arrays that are no one else's."""
    return RaceState(
        step,
        frozen(places),
        frozen(values),
        frozen(gradients),
        tuple(map(all_frozen, optimizer_state)),
        frozen(endings),
        frozen(ended),
    )
