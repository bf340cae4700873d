"""Workshop: data, network and objective of one Config, with the scratch arrays that training and looking share.

None of the arrays kept here influences a result.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.activations import ACTIVATIONS
from engine.arrays import Array, Shape
from engine.averaging import AVERAGINGS
from engine.config import Config
from engine.data import Data
from engine.dense_stack import HiddenLayer, Initialization, dense_stack
from engine.limits import ALL, LIMITS
from engine.losses import LOSSES, TASKS, Form, Link
from engine.network import Network
from engine.objective import NetworkObjective
from engine.optimizers import OPTIMIZERS
from engine.registry import Refusal
from engine.regularization import REGULARIZERS
from engine.schedules import SCHEDULES
from engine.state import Evaluation
from engine.stopping import STOPPINGS
from engine.streams import Purpose, stream
from engine.tape import Gradients, Parameters, Tape

_MOST_SHAPES = 4
"""Scratch for so many shapes is kept: a full and a short batch, alone and after some of several networks stopped."""


@dataclass(slots=True)
class Buffers:
    """Scratch for batches of one size through networks of one leading shape.

    tape, gradients : the passes of a step
    trial, slopes : parameters and their gradients for looking around without losing where one stands; the slopes are
    the gradients once more where the optimizer does not look around
    """

    tape: Tape
    gradients: Gradients
    trial: Parameters
    slopes: Gradients


class Workshop:
    """All that one Config stands for.

    Parameters
    ----------
    config : Config
    data : Data

    Raises
    ------
    ValueError
        When the choices do not fit the data: one sentence that says which.
    """

    def __init__(self, config: Config, data: Data) -> None:
        self.config = config
        self.data = data
        self.task = TASKS[data.task]
        self.batch_size = _batch_size(config, data)
        self.network = _network(config, data)
        form = _form(config, data)
        self.link = form.link or Link(self.task.label, self.task.link)
        self.objective = NetworkObjective(
            self.network,
            form,
            REGULARIZERS[config.regularization],
            config.regularization_rate,
            config.regularization_params,
        )
        self.optimizer = OPTIMIZERS[config.optimizer]
        self.schedule = SCHEDULES[config.schedule]
        self.stopping, self.averaging = STOPPINGS[config.stopping], AVERAGINGS[config.averaging]
        most = self.optimizer.most_parameters
        if most is not None and self.network.size > most:
            raise Refusal(
                f"The optimizer {self.optimizer.name} takes at most {most} parameters, for it works with a "
                f"matrix of them; this network has {self.network.size}."
            )
        self._buffers: dict[tuple[Shape, int], Buffers] = {}
        self._tapes: dict[tuple[Shape, int], Tape] = {}
        self._ordered: tuple[int, Array, Array] | None = None

    @property
    def remarks(self) -> list[str]:
        """What a person should know of choices that are allowed, but do not do what one may expect."""
        entry = self.optimizer
        said = []
        if entry.full_batch and self.batch_size < self.data.train:
            said.append(
                f"{entry.label} trusts the curvature of its batch; with mini-batches of {self.batch_size} that is "
                "mostly noise. Batch size all is what it is made for."
            )
        if any(ACTIVATIONS[name].forward_only for name in self.config.activation):
            said.append("The step function has no slope: neither its layer nor any before it learns.")
        rule = LOSSES[self.config.loss].rule
        if rule and self.config.hidden:
            said.append(f"{rule} trains a single unit. With hidden layers its error goes back through all of them.")
        return said

    def measure(self, params: Array, running_stats: Array) -> Evaluation:
        """Evaluation-mode pass of all points, on a tape that the next such pass overwrites."""
        key = (params.shape[:-1], len(self.data.inputs))
        tape = self._tapes.get(key)
        if tape is None:
            if len(self._tapes) >= _MOST_SHAPES:
                self._tapes.clear()
            tape = self._tapes[key] = self.network.tape("evaluate", *key)
        tape.statistics[...] = running_stats
        self.network.forward(self.network.bind(params), self.data.inputs, tape)
        return self.judge(tape.scores, params)

    def statistics_of(self, params: Array) -> Array:
        """Batch norm's means and unbiased variances (..., R) of all training points with these parameters (..., P)."""
        network, train = self.network, self.data.train
        if not network.statistics:
            return network.init_statistics() if params.ndim == 1 else np.zeros((*params.shape[:-1], 0))
        tape = network.tape("batch", params.shape[:-1], train)
        network.forward(network.bind(params), self.data.inputs[:train], tape)
        return tape.statistics * network.unbiased(train)

    def judge(self, scores: Array, params: Array) -> Evaluation:
        """Losses and accuracies from the scores (..., n, C) of all points, training points first."""
        train = self.data.train
        targets, form, accuracy = self.data.targets, self.objective.form, self.task.accuracy
        parts = ((scores[..., :train, :], targets[:train]), (scores[..., train:, :], targets[train:]))
        train_loss, test_loss = (form.value(*part) for part in parts)
        undefined = np.full(np.shape(train_loss), np.nan)
        right, right_test = (accuracy(*part) if accuracy else undefined for part in parts)
        return Evaluation(train_loss, test_loss, self.objective.regularization_loss(params), right, right_test)

    def buffers_for(self, batch_shape: Shape, batch: int) -> Buffers:
        buffers = self._buffers.get((batch_shape, batch))
        if buffers is None:
            if len(self._buffers) >= _MOST_SHAPES:
                self._buffers.clear()
            buffers = self._buffers[batch_shape, batch] = self.allocate(batch_shape, batch)
        return buffers

    def allocate(self, batch_shape: Shape, batch: int) -> Buffers:
        network = self.network
        tape = network.tape("train", batch_shape, batch)
        gradients = network.gradients(tape, batch_shape)
        trial = network.bind(np.empty((*batch_shape, network.size)))
        return Buffers(
            tape, gradients, trial, network.gradients(tape, batch_shape) if self.optimizer.probes else gradients
        )

    def epoch_data(self, epoch: int) -> tuple[Array, Array]:
        """TrainingLoop inputs and targets in the order of one epoch."""
        index = epoch if self.config.shuffle else 0
        if self._ordered is None or self._ordered[0] != index:
            order = stream(self.config.seed, Purpose.ORDER, index).permutation(self.data.train)
            self._ordered = (index, self.data.inputs[order], self.data.targets[order])
        return self._ordered[1:]


def _batch_size(config: Config, data: Data) -> int:
    given, train = config.batch_size, data.train
    if given in (ALL, LIMITS["batch_size"].default):
        given = train if given == ALL else min(int(given), train)
    size = int(given)
    if size > train:
        raise Refusal(
            f'batch_size must be between 1 and {train}, the number of training points, or "{ALL}"; not {size}.'
        )
    return size


def _network(config: Config, data: Data) -> Network:
    hidden = [
        HiddenLayer(*choices)
        for choices in zip(
            config.hidden, config.activation, config.activation_params, config.batch_norm, config.dropout,
            config.drop_connect, strict=True,
        )
    ]  # fmt: skip
    if any(config.batch_norm) and data.train < 2:
        raise Refusal("batch_norm needs a spread, so at least 2 training points; there is 1.")
    start = Initialization(
        config.initializer, config.initializer_params, config.bias_initializer, config.bias_initializer_params
    )
    return dense_stack(len(config.features), hidden, data.outputs, start, config.input_noise)


def _form(config: Config, data: Data) -> Form:
    forms = LOSSES[config.loss].forms
    if data.task not in forms:
        fitting = [name for name, loss in LOSSES.items() if data.task in loss.forms]
        raise Refusal(
            f"loss must be one made for {TASKS[data.task].title}, that is {' or '.join(fitting)}; not {config.loss}."
        )
    return forms[data.task]
