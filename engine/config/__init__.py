"""Config: all choices of data, network and training. Immutable, checked and complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.config import data, model, training
from engine.config.checks import tuned
from engine.config.data import DataConfig
from engine.config.model import ModelConfig
from engine.config.training import TrainingConfig
from engine.registry import Refusal, Registry, check_kind

__all__ = ["TUNED", "Config", "DataConfig", "ModelConfig", "TrainingConfig"]

TUNED: Mapping[str, Registry[Any]] = tuned({**model.REGISTRIES, **training.REGISTRIES, **data.REGISTRIES})
"""Choices whose entries have hyperparameters: ``optimizer`` has ``optimizer_params`` beside it, and so on."""


# The last of these bases comes first among the fields.
@dataclass(frozen=True, eq=False)
class Config(TrainingConfig, ModelConfig, DataConfig):
    """All choices, with defaults; checked when it is made.

    A Config is all of its three parts, so that code for one part can use it as that part: DataConfig for the data,
    ModelConfig for the network and its objective, TrainingConfig for the training.

    Parameters
    ----------
    dataset : str
        Key of DATASETS.
    samples : int
        Number of points, 2 to 100,000.
    noise : float
        Per cent, 0 to 50.
    train_fraction : float
        Share of training points, 0.01 to 1; with 1 there is no test set, and its loss and accuracy are NaN.
    features : sequence of str
        Keys of FEATURES, at least one, in the order of the input units. Data that has not two columns is used
        without features.
    hidden : sequence of int
        Number of units in each hidden layer: at most 50 layers of 1 to 64 units.
    activation, batch_norm, dropout, drop_connect : one value, or one for each hidden layer
        Key of ACTIVATIONS; False, True or "before" (batch norm before the activation), or "after"; share of the
        outputs after the activation, and of the weights before it, that training sets to zero, 0 to 0.95.
    activation_params : mapping of str to number, or one for each hidden layer
        Missing ones have their defaults. One mapping for all may have hyperparameters of any of the activations.
    input_noise : float
        Standard deviation of the noise that training adds to the preprocessed features, 0 to 5.
    initializer, bias_initializer, loss, regularization, optimizer, clipping, schedule, momentum_schedule, \
preprocessing, stopping, averaging : str
        Keys of the registries.
    regularization_rate : float
        0 to 100.
    initializer_params, bias_initializer_params, regularization_params, optimizer_params, clipping_params, \
schedule_params, momentum_schedule_params, stopping_params, averaging_params : mapping of str to number
        Missing ones have their defaults.
    frozen : sequence of str or (layer, str)
        Names of groups of parameters that are not trained, as in ``("biases",)``: of ``weights`` and ``biases`` of
        dense layers, ``scale`` and ``shift`` of batch norm, ``slopes`` of activations. A name stands for the groups of
        all layers, ``(2, "biases")`` for that of layer 2; layer 1 is the first hidden layer, the last is the output.
    learning_rate : float
        0 to 1000.
    batch_size : int or "all"
        1 to the number of training points (the default is reduced if there are fewer), with batch norm at least 2.
    shuffle : bool
        Whether the order of the training points changes from epoch to epoch; the same seed gives the same orders.
    seed : int
        0 to 2**32 - 1.

    Raises
    ------
    ValueError
        One sentence with the parameter, what is allowed, and the value.

    Notes
    -----
    ``learning_rate`` and the optimizer's hyperparameters may be arrays (n,) if n networks train at once.
    """

    def __post_init__(self) -> None:
        for part in (DataConfig, ModelConfig, TrainingConfig):
            part.__post_init__(self)
        if self.batch_size == 1 and any(self.batch_norm):
            raise Refusal("batch_size must be 2 or more with batch norm, because one point has no variance; not 1.")

    def rebuilds(self, other: Config) -> bool:
        """Whether going from this Config to the other needs new data or new weights."""
        check_kind("other", other, Config)
        return self.needs_new_data(other) or self.needs_new_weights(other)
