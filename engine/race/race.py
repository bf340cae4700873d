"""Race: several update rules from one start over one surface, all at once.

As for a network, a state is a value: a RaceState never changes, and the same race gives the same RaceState bit for bit,
however the steps are grouped and whichever other racers take part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np

from engine.arrays import Array
from engine.limits import LIMITS
from engine.objective import SurfaceObjective
from engine.optimizers import OptimizerState
from engine.race.race_state import Ending, RaceState, Trajectory, race_state_of
from engine.race.racer import Racer, RacerLike, as_racer
from engine.race.rule_batch import RuleBatch, counted_on, rests
from engine.registry import Hyperparameter, Refusal, brief
from engine.streams import Purpose, stream
from engine.surfaces import SURFACES, Surface
from engine.surfaces.base import Point

BLOCK = 64
"""Number of steps between two checks for racers that have ended; noise is drawn for so many steps at once."""

NOISE = Hyperparameter(
    "noise",
    0.0,
    0.0,
    100.0,
    "Standard deviation of the noise on each partial derivative; all racers get the same noise.",
    "Gradient noise",
)


class Race:
    """Racers, a surface, a start and noise.

    Parameters
    ----------
    surface : Surface or str
        A str is a key of SURFACES.
    racers : iterable of Racer, str or mapping
        At least one; see ``as_racer``.
    start : (float, float), optional
        A point in the surface's box; the surface's own start if None.
    noise : float
        Standard deviation, 0 to 100, of normal noise on each partial derivative. All racers get the same noise: at each
        step the surface is tilted for all, as a mini-batch tilts a loss; a line search uses the tilted surface too.
    seed : int
        For the noise, 0 to 2**32 - 1.

    Raises
    ------
    ValueError
        One sentence with the parameter, what is allowed, and the value.
    """

    def __init__(
        self,
        surface: Surface | str,
        racers: Iterable[RacerLike],
        start: Point | None = None,
        noise: float = 0.0,
        seed: int = 0,
    ) -> None:
        self.surface = surface if isinstance(surface, Surface) else SURFACES[surface]
        self.racers: tuple[Racer, ...] = tuple(as_racer(racer) for racer in racers)
        if not self.racers:
            raise Refusal("A race needs at least one racer.")
        NOISE.check_one(noise)
        LIMITS["seed"].check_one(seed)
        self.start = self.surface.start if start is None else inside(self.surface, start)
        self.noise, self.seed = float(noise), int(seed)
        members: dict[str, list[int]] = {}
        for index, racer in enumerate(self.racers):
            members.setdefault(racer.optimizer, []).append(index)
        self._rule_batches = [
            RuleBatch(self.racers[own[0]].rule, [self.racers[k] for k in own]) for own in members.values()
        ]
        self._order = np.array([k for own in members.values() for k in own])
        self._back = np.argsort(self._order)
        ends = np.cumsum([0, *map(len, members.values())])
        self._parts = [slice(int(a), int(b)) for a, b in pairwise(ends)]
        self._steady = [
            rule_batch.hyperparameters_at(0) if rule_batch.is_steady else None for rule_batch in self._rule_batches
        ]
        self._low, self._high = np.array(self.surface.box, dtype=float).T

    def begin(self) -> RaceState:
        """All racers at the start."""
        n = len(self.racers)
        positions = np.tile(np.array(self.start, dtype=float), (n, 1))
        values, gradients = self._look(SurfaceObjective(self.surface), positions)
        optimizer_state = [
            rule_batch.rule.init(positions[part])
            for rule_batch, part in zip(self._rule_batches, self._parts, strict=True)
        ]
        return race_state_of(0, positions, values, gradients, optimizer_state, np.zeros(n, np.int8), np.full(n, -1))

    def run(self, state: RaceState, steps: int) -> tuple[RaceState, Trajectory]:
        """Make so many steps.

        Returns
        -------
        state : RaceState
        trajectory : Trajectory
            Positions and values after each of the steps.
        """
        trajectories = []
        for part in blocks(state.step, steps):
            state, trajectory = self._run_block(state, part)
            trajectories.append(trajectory)
        if len(trajectories) == 1:
            return state, trajectories[0]
        n = len(self.racers)
        empty = Trajectory(np.empty((0, n, 2)), np.empty((0, n)))
        return state, Trajectory(*map(np.concatenate, zip(*(trajectories or [empty]), strict=True)))

    def seen(self, state: RaceState) -> Array:
        """The gradients (n, 2) that the racers get at their next step, with the noise."""
        tilts = self._tilts(state.step)
        return state.gradients if tilts is None else state.gradients + tilts[state.step % BLOCK]

    def objective_at(self, step: int) -> SurfaceObjective:
        """The surface with the noise of a step."""
        tilts = self._tilts(step)
        return SurfaceObjective(self.surface, None if tilts is None else tilts[step % BLOCK])

    def optimizer_state_of(self, state: RaceState, racer: int) -> OptimizerState:
        """The optimizer state of one racer, without a leading axis."""
        rule_batch, member = self._member(racer)
        own = state.optimizer_state[rule_batch]
        return own._make(array[member] for array in own)

    def _member(self, racer: int) -> tuple[int, int]:
        """Number of a racer's rule batch, and of the racer in it."""
        at = int(self._back[racer])
        rule_batch = next(k for k, part in enumerate(self._parts) if part.start <= at < part.stop)
        return rule_batch, at - self._parts[rule_batch].start

    def _tilts(self, step: int) -> Array | None:
        """The noise (BLOCK, 2) of the block that a step is in; None without noise."""
        if not self.noise:
            return None
        return self.noise * stream(self.seed, Purpose.NOISE, step // BLOCK).standard_normal((BLOCK, 2))

    def _look(self, objective: SurfaceObjective, positions: Array) -> tuple[Array, Array]:
        with np.errstate(all="ignore"):
            return objective.value_and_gradient(positions)

    def _run_block(self, state: RaceState, steps: int) -> tuple[RaceState, Trajectory]:
        """Make steps that lie in one block; then check which racers have ended.

        In here racers are sorted by rule batch. A racer that has ended still computes; its results are dropped. That
        does not change the others, and a check after each step would cost as much as the step.
        """
        order, objective = self._order, SurfaceObjective(self.surface)
        tilts, first = self._tilts(state.step), state.step
        w, value, gradient = state.positions[order], state.values[order], state.gradients[order]
        optimizer_state, resting = list(state.optimizer_state), self._done(state)
        positions, values = np.empty((steps, *w.shape)), np.empty((steps, len(w)))
        skipped = [0] * len(optimizer_state)
        with np.errstate(all="ignore"):
            for k in range(steps):
                step, seen, plain = first + k, gradient, value
                view = objective
                if tilts is not None:
                    tilt = tilts[step % BLOCK]
                    view, seen, plain = SurfaceObjective(self.surface, tilt), gradient + tilt, value + w @ tilt
                moved = positions[k]
                for t, (rule_batch, part) in enumerate(zip(self._rule_batches, self._parts, strict=True)):
                    if resting[t]:
                        moved[part] = w[part]
                        skipped[t] += 1
                        continue
                    hyperparameters = self._steady[t] or rule_batch.hyperparameters_at(step)
                    before = optimizer_state[t]
                    change, optimizer_state[t] = rule_batch.update(
                        seen[part], before, w[part], step, hyperparameters, plain[part], view
                    )
                    np.add(w[part], change, out=moved[part])
                    if rule_batch.rule.probes and tilts is None and self._steady[t]:
                        resting[t] = rests(change, before, optimizer_state[t])
                w = moved
                value, gradient = objective.value_and_gradient(w)
                values[k] = value
        optimizer_state = [counted_on(own, count) for own, count in zip(optimizer_state, skipped, strict=True)]
        return self._close(
            state, positions[:, self._back], values[:, self._back], gradient[self._back], optimizer_state
        )

    def _done(self, state: RaceState) -> list[bool]:
        """Rule batches in which no racer is going."""
        over = (state.endings != Ending.GOING)[self._order]
        return [bool(over[part].all()) for part in self._parts]

    def _close(
        self, state: RaceState, positions: Array, values: Array, gradients: Array, optimizer_state: list[OptimizerState]
    ) -> tuple[RaceState, Trajectory]:
        """Stop the racers that have left the box or are not finite, at their last good position."""
        good = ((positions >= self._low) & (positions <= self._high)).all(axis=-1) & np.isfinite(values)
        endings, ended = state.endings, state.ended
        if not good.all() or endings.any():
            endings, ended, gradients = endings.copy(), ended.copy(), gradients.copy()
            for racer in np.flatnonzero(~good.all(axis=0) | (endings != Ending.GOING)):
                k = 0 if endings[racer] else int(np.argmin(good[:, racer]))
                if not endings[racer]:
                    finite = np.isfinite(positions[k, racer]).all() and np.isfinite(values[k, racer])
                    endings[racer] = Ending.LEFT if finite else Ending.OVERFLOWED
                    ended[racer] = state.step + k + 1
                last = (positions[k - 1], values[k - 1]) if k else (state.positions, state.values)
                positions[k:, racer], values[k:, racer] = last[0][racer], last[1][racer]
            _, slopes = self._look(SurfaceObjective(self.surface), positions[-1])
            over = endings != Ending.GOING
            gradients[over] = slopes[over]
            optimizer_state = [
                rule_batch.forget(own, positions[-1][members], over[members]) if over[members].any() else own
                for rule_batch, own, members in zip(self._rule_batches, optimizer_state, self._members(), strict=True)
            ]
        step = state.step + len(positions)
        here = race_state_of(step, positions[-1].copy(), values[-1].copy(), gradients, optimizer_state, endings, ended)
        return here, Trajectory(positions, values)

    def _members(self) -> Iterator[Array]:
        """Numbers of the racers of each rule batch."""
        return (self._order[part] for part in self._parts)


def inside(surface: Surface, point: Point) -> tuple[float, float]:
    """A point (x, y), if it lies in the surface's box.

    Raises
    ------
    ValueError
        One sentence with what is allowed, and the value.
    """
    (left, right), (bottom, top) = surface.box
    try:
        given = np.asarray(point)
    except ValueError:  # rows of different lengths
        given = np.empty(0)
    if given.shape != (2,) or given.dtype.kind not in "iuf":
        raise Refusal(f"start must be two numbers, x and y; not {brief(point)}.")
    x, y = map(float, given)
    if not (left <= x <= right and bottom <= y <= top):
        raise Refusal(
            f"start must have x from {left:g} to {right:g} and y from {bottom:g} to {top:g}; not ({x:g}, {y:g})."
        )
    return x, y


def blocks(first: int, steps: int) -> Iterator[int]:
    """Split ``steps`` steps, from number ``first`` on, at the ends of blocks; the lengths of the parts."""
    while steps > 0:
        part = min(steps, BLOCK - first % BLOCK)
        yield part
        first, steps = first + part, steps - part
