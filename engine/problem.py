"""Problem: data, a network and an objective, put together; what a Trainer trains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.activations import ACTIVATIONS
from engine.arrays import Array
from engine.config import ModelConfig
from engine.config.checks import groups, names
from engine.data import Data
from engine.dense_stack import HiddenLayer, Initialization, dense_stack
from engine.layers import Role
from engine.limits import LIMITS
from engine.losses import LOSSES, Form
from engine.network import Network
from engine.objective import NetworkObjective
from engine.registry import Refusal, check_kind, complete
from engine.regularization import REGULARIZERS
from engine.state import Evaluation
from engine.tasks import TASKS, Link, Task


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """What there is to learn, what learns it, and what training minimises.

    Parameters
    ----------
    data : Data
    network : Network
        Of dense layers or of any others; it takes the data's inputs and has as many outputs as there are targets.
    objective : NetworkObjective
        Of that network.
    remarks : tuple of str
        Sentences for a person: choices that are allowed, but do not do what one may expect.

    Attributes
    ----------
    task : Task
        What is predicted.
    link : Link
        From scores to predictions.

    Raises
    ------
    ValueError
        When the parts do not fit each other.
    """

    data: Data
    network: Network
    objective: NetworkObjective
    remarks: tuple[str, ...] = ()
    task: Task = field(init=False)
    link: Link = field(init=False)

    def __post_init__(self) -> None:
        for name, kind in (("data", Data), ("network", Network), ("objective", NetworkObjective)):
            check_kind(name, getattr(self, name), kind)
        data, network = self.data, self.network
        # A frozen dataclass may still complete itself while it is made.
        object.__setattr__(self, "task", TASKS[data.task])
        object.__setattr__(self, "link", self.objective.form.link or Link(self.task.label, self.task.link))
        given, found = (network.inputs, network.layers[-1].width), (data.width, data.outputs)
        if given != found:
            raise Refusal(f"network must have {found[0]} inputs and {found[1]} outputs for this data; not {given}.")
        if self.objective.network is not network:
            raise Refusal("objective must be one of the same network; not of another.")

    @classmethod
    def of(
        cls,
        data: Data,
        network: Network,
        loss: str = "cross_entropy",
        regularization: str = "none",
        regularization_rate: float = 0.0,
        regularization_params: Mapping[str, float] | None = None,
        frozen: Sequence[str | tuple[int, str]] = (),
        remarks: Sequence[str] = (),
    ) -> Problem:
        """Put a problem together from keys of registries.

        Parameters
        ----------
        data : Data
            For instance from ``engine.data.load``.
        network : Network
            For instance ``Network(64, [Convolution(...), ..., dense(10, 32)])``.
        loss, regularization : str
            Keys of LOSSES and REGULARIZERS.
        regularization_rate : float
            0 to 100.
        regularization_params : mapping of str to float, optional
            Missing ones take their defaults.
        frozen : sequence of str or (layer, str)
            Names of groups of parameters that are not trained, as in ``("biases",)``, in all layers; or in one, as in
            ``((2, "biases"),)``. Layer 1 is the first with weights.
        remarks : sequence of str
            More sentences for a person.

        Raises
        ------
        ValueError
            When the loss is not made for the data's task, or a choice is not allowed.
        """
        check_kind("data", data, Data)
        entry = REGULARIZERS[regularization]
        hyperparameters = complete(
            entry.hyperparameters, regularization_params or {}, f"regularization {entry.name}", several=False
        )
        LIMITS["regularization_rate"].check_one(regularization_rate)
        objective = NetworkObjective(
            network, _form(loss, data.task), entry, regularization_rate, hyperparameters, groups(frozen)
        )
        return cls(data, network, objective, (*data.remarks, *_still_shifted(objective), *names("remarks", remarks)))

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
        train, targets = self.data.train, self.data.targets
        train_loss, train_accuracy = self._judged(scores[..., :train, :], targets[:train])
        test_loss, test_accuracy = self._judged(scores[..., train:, :], targets[train:])
        added = self.objective.regularization_loss(params)
        return Evaluation(train_loss, test_loss, added, train_accuracy, test_accuracy)

    def _judged(self, scores: Array, targets: Array) -> tuple[Array, Array]:
        """Loss and accuracy (...) on some points; NaN on none, and where there is no such thing as accuracy."""
        accuracy, unknown = self.task.accuracy, np.full(scores.shape[:-2], np.nan)
        if not len(targets):
            return unknown, unknown
        loss = self.objective.form.value(scores, targets)
        return loss, accuracy(scores, targets) if accuracy else unknown


def problem_of(config: ModelConfig, data: Data) -> Problem:
    """The problem that a Config describes: a dense stack on this data.

    Raises
    ------
    ValueError
        When the choices do not fit the data: one sentence that says which.
    """
    network = _network(config, data)
    return Problem.of(
        data,
        network,
        config.loss,
        config.regularization,
        config.regularization_rate,
        config.regularization_params,
        config.frozen,
        _remarks(config),
    )


def _network(config: ModelConfig, data: Data) -> Network:
    hidden = [
        HiddenLayer(*choices)
        for choices in zip(
            config.hidden,
            config.activation,
            config.activation_params,
            config.batch_norm,
            config.dropout,
            config.drop_connect,
            strict=True,
        )
    ]
    if any(config.batch_norm) and data.train < 2:
        raise Refusal("batch_norm needs a spread, so at least 2 training points; there is 1.")
    initialization = Initialization(
        config.initializer, config.initializer_params, config.bias_initializer, config.bias_initializer_params
    )
    return dense_stack(data.width, hidden, data.outputs, initialization, config.input_noise)


def _form(loss: str, task: str) -> Form:
    forms = LOSSES[loss].forms
    if task not in forms:
        fitting = [name for name, entry in LOSSES.items() if task in entry.forms]
        raise Refusal(f"loss must be one made for {TASKS[task].title}, that is {' or '.join(fitting)}; not {loss}.")
    return forms[task]


def _still_shifted(objective: NetworkObjective) -> list[str]:
    """Batch norm's shift works like biases: a user who freezes the biases may not expect that it is trained."""
    network, named = objective.network, objective.frozen
    shifts = [group for group in network.groups if group.role is Role.SHIFT]
    normed = [group for group in shifts if network.layers[group.layer_index].statistics]
    frozen = {
        group.name for group in shifts if group.name in named and not network.layers[group.layer_index].statistics
    }
    trained = dict.fromkeys(group.name for group in normed if objective.trains(group))
    return [
        f'The {name} of batch norm is trained although {own} are frozen; name "{name}" too to freeze it.'
        for name in trained
        for own in sorted(frozen)
    ]


def _remarks(config: ModelConfig) -> list[str]:
    """What a person should know of a dense stack and its loss."""
    said = []
    if any(ACTIVATIONS[name].forward_only for name in config.activation):
        said.append("The step function has no slope: neither its layer nor any before it learns.")
    rule = LOSSES[config.loss].rule
    if rule and config.hidden:
        said.append(f"{rule} trains a single unit. With hidden layers its error goes back through all of them.")
    return said
