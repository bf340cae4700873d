"""Gradient check: the backward pass compared with central differences, for every group of parameters.

Many networks, each with one number changed, are computed together along a leading axis. They differ in one layer only:
the signals before it are the same for all and stay on the tape, so that a pass begins at that layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from engine.arrays import Array
from engine.blocks import PlacedGroup
from engine.layers import Views
from engine.network import Network
from engine.registry import Hyperparameter, check_kind
from engine.state import State
from engine.tape import Gradients, Tape
from engine.trainer import Trainer

MOST = Hyperparameter("most", 48, 1, 1e6, "How many numbers of each group are checked.", integer=True)
H = Hyperparameter(
    "h", 1e-5, 1e-10, 1e-2, "Half the distance between the two points of a central difference.", log=True
)

RIGHT, DOUBTFUL = 1e-6, 1e-3
"""Relative errors below which a gradient is right, and above which it is wrong.

The practice of Stanford's CS231n notes (Karpathy and others, "Neural Networks Part 3: Gradient Checks") in double
precision with h = 1e-5: 1e-7 is good; 1e-4 is too much without kinks; beyond 1e-2 the gradient is probably wrong.
Each limit lies between two of these.
"""

_GOLDEN = (5**0.5 - 1) / 2
_EPS = float(np.finfo(float).eps)

_MOST_NETWORKS = 128
_MOST_NUMBERS = 4e6
"""About how many numbers the tape of one pass may have: 32 MB, unless a single network needs more."""


Verdict: TypeAlias = Literal["right", "doubtful", "wrong"]
"""What a relative error means."""


class GroupCheck(NamedTuple):
    """One group of parameters, checked.

    layer : int, 1 for the first hidden layer, the last for the output
    group : "weights" or "biases" of a dense layer, "scale" or "shift" of batch norm, "slopes" of an activation
    size : numbers in the group
    checked : how many of them were checked, evenly spread
    kinks : how many of them are at a kink, where the slopes to both sides differ; these are not compared
    worst : the largest relative error among the others; infinite or NaN if a gradient is
    position : its position in the flat vector
    analytic, numerical : the two derivatives there
    """

    layer: int
    group: str
    size: int
    checked: int
    kinks: int
    worst: float
    position: int
    analytic: float
    numerical: float


def spread(positions: Array, most: int) -> Array:
    """At most so many of the positions: one in each of so many equal parts.

    From part to part the position within the part changes by the golden ratio. At equal distances all of them could be
    in the same few columns of a weight matrix.
    """
    count = min(positions.size, most)
    edges = np.arange(count + 1) * positions.size // count
    shares = np.arange(count) * _GOLDEN % 1.0
    return positions.ravel()[edges[:-1] + (shares * np.diff(edges)).astype(int)]


def check(trainer: Trainer, state: State, most: int = 48, h: float = 1e-5) -> tuple[GroupCheck, ...]:
    """Compare the gradient of the next step with central differences of the objective, with regularization.

    Both use the next batch with the masks and the noise of the next step, as ``Trainer.inspect`` does. The gradient is
    checked before clipping. Frozen groups have no gradient and are left out.

    Parameters
    ----------
    trainer : Trainer
    state : State
        Of one network; use ``State.replica`` to pick one out of several.
    most : int
        How many numbers of each group to check, 1 to 1,000,000.
    h : float
        Half the distance between the two points of a difference, 1e-10 to 0.01.

    Returns
    -------
    tuple of GroupCheck
        In the order of the flat vector; empty where everything is frozen.

    Raises
    ------
    ValueError
        If the State has leading axes, or a number is out of its range.

    Notes
    -----
    The relative error is |a - n| / max(|a|, |n|, floor), with floor = (eps (|L| + S) / h + h^2) / 1e-6. The loss L and
    every signal y have a relative rounding error of eps, 2.2e-16; S, the sum of |y dL/dy| over all signals, is the
    effect of that on the loss (Higham 2002, "Accuracy and Stability of Numerical Algorithms", running error analysis).
    In a difference the error is eps (|L| + S) / h, plus h^2 if the third derivative is 6. For a derivative as small as
    the floor this is a share of 1e-6 (``RIGHT``), so that it never counts as an error, and two zeros agree.

    If a kink (of ReLU, of hinge, of L1) is within h, the two differ although both are right: the analytic derivative is
    that of one side, the numerical one is between both. This is not rare: a ReLU unit without a bias is exactly at its
    kink if all units before it give zero. Therefore a number at which the slopes to the left and to the right differ by
    more than 1e-3 (``DOUBTFUL``) counts as a kink and is not compared: there is no derivative. The same happens if h is
    not small, as for batch norm of a unit that hardly varies, and where the step function jumps.
    """
    check_kind("trainer", trainer, Trainer)
    trainer.check(state)
    state.check_single()
    MOST.check_one(most)
    H.check_one(h)
    with np.errstate(all="ignore"):
        tape, gradients = trainer.inspect(state)
        trained = filter(trainer.objective.trains, trainer.network.groups)
        chosen = [(group, spread(group.positions, int(most))) for group in trained]
        largest = max((len(positions) for _, positions in chosen), default=0)
        bench = _Bench(trainer, state, 1 + 2 * largest)
        floor = _floor(bench.value, tape, gradients, h)
        return tuple(
            _judged(
                group, positions, gradients.flat[positions], *bench.differences(group.layer_index, positions, h), floor
            )
            for group, positions in chosen
        )


def verdict(worst: float) -> Verdict:
    """What a relative error means: "right", "doubtful" or "wrong"; NaN is wrong."""
    if worst < RIGHT:
        return "right"
    return "doubtful" if worst < DOUBTFUL else "wrong"


def _judged(
    group: PlacedGroup, positions: Array, analytic: Array, left: Array, right: Array, central: Array, floor: float
) -> GroupCheck:
    size = np.maximum(np.maximum(np.abs(analytic), np.abs(central)), floor)
    errors = np.abs(analytic - central) / size
    kinks = (np.abs(right - left) > DOUBTFUL * size) & (errors >= RIGHT)
    at = int(np.argmax(np.where(kinks, 0.0, errors)))  # a NaN, if there is one
    return GroupCheck(
        group.layer,
        group.name,
        group.size,
        len(positions),
        int(kinks.sum()),
        0.0 if kinks[at] else float(errors[at]),
        int(positions[at]),
        float(analytic[at]),
        float(central[at]),
    )


def _floor(value: float, tape: Tape, gradients: Gradients, h: float) -> float:
    """The derivative for which the error of a difference is a share of 1e-6; never 0. See the notes of ``check``."""
    reach = sum(
        float(np.abs(buffers.y * dy).sum()) for buffers, dy in zip(tape.buffers, gradients.outputs, strict=True)
    )
    return (_EPS * (abs(value) + reach) / h + h * h) / RIGHT


def _copies(network: Network, batch: int, wanted: int) -> int:
    """How many networks share a tape: as many as are wanted, if there is memory."""
    signals = batch * sum(layer.width for layer in network.layers)
    masks = network.size if network.draws else 0
    return int(np.clip(_MOST_NUMBERS // (2 * (signals + masks)), 1, min(wanted, _MOST_NETWORKS)))


class _Bench:
    """Copies of one network on a tape, all with the masks and the noise of the next step.

    Parameters
    ----------
    trainer : Trainer
    state : State
    wanted : int
        The number of copies that can be used, one for each change in the largest group.

    Attributes
    ----------
    copies : int
        How many networks are on the tape.
    value : float
        The objective of the unchanged network.
    shifted : int
        The layer that was changed last; before it the tape has the signals of the unchanged network.
    """

    def __init__(self, trainer: Trainer, state: State, wanted: int) -> None:
        network = trainer.network
        self.objective, self.network = trainer.objective, network
        self.layers, self.slices = network.layers, network.slices
        self.is_weight = network.is_weight
        inputs, self.targets = trainer.batches.next(state)
        self.copies = _copies(network, len(inputs), wanted)
        self.tape = network.tape("train", (self.copies,), len(inputs))
        network.draw_masks(self.tape, state.seeds * self.copies, state.step)
        self.parameters = network.bind(state.params)
        network.forward(self.parameters, inputs, self.tape)
        loss = self.objective.data_loss(self.tape, self.targets)[0]
        self.value = float(loss + self.objective.regularization_loss(state.params))
        self.shifted = 0

    def differences(self, index: int, positions: Array, h: float) -> tuple[Array, Array, Array]:
        """Numerical derivatives of the objective at positions (n,): to the left, to the right, and across, (n,) each.

        All positions are parameters of the layer of this index.
        """
        here = self.parameters.flat[positions]
        up, down = here + h, here - h
        changed, numbers = np.concatenate([positions[:1], positions, positions]), np.concatenate([here[:1], up, down])
        values = self._values(index, changed, numbers)
        middle, above, below = values[0], values[1 : len(here) + 1], values[len(here) + 1 :]
        # Divided by the true distances, after rounding.
        return (middle - below) / (here - down), (above - middle) / (up - here), (above - below) / (up - down)

    def _values(self, index: int, positions: Array, numbers: Array) -> Array:
        """The objective (n,) of networks, each with one number of a layer changed."""
        # Earlier changes are still on the tape, from their layer on.
        self._run(self.shifted, index, self.parameters.views)
        self.shifted = index
        values = np.empty(len(positions))
        for start in range(0, len(positions), self.copies):
            part = slice(start, start + self.copies)
            values[part] = self._chunk(index, positions[part], numbers[part])
        return values

    def _chunk(self, index: int, positions: Array, numbers: Array) -> Array:
        own = self.slices[index]
        shifted = np.tile(self.parameters.flat[own], (self.copies, 1))
        shifted[np.arange(len(positions)), positions - own.start] = numbers
        self._run(index, len(self.layers), self.network.with_layer(self.parameters, index, shifted))
        values = self.objective.data_loss(self.tape, self.targets) + self._regularization(own, shifted)
        return values[: len(positions)]

    def _regularization(self, own: slice, shifted: Array) -> Array:
        """One layer's part of the regularization term, (n,): a sum over weights; other layers do not change."""
        objective = self.objective
        if not objective.regularized:
            return np.zeros(len(shifted))
        return objective.rate * objective.regularization.value(shifted * self.is_weight[own], objective.hyperparameters)

    def _run(self, first: int, stop: int, views: Sequence[Views]) -> None:
        """Run the layers from ``first`` to before ``stop`` with these views of the parameters."""
        for k, buffers in zip(self.tape.chain, self.tape.buffers, strict=True):
            if first <= k < stop:
                self.layers[k].forward(views[k], buffers)
