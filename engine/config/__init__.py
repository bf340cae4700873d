"""Config: every choice that decides what a network is and how it trains. Immutable, checked, complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.config import data, model, training
from engine.config.checks import tuned
from engine.config.data import DataConfig
from engine.config.model import ModelConfig
from engine.config.training import TrainingConfig
from engine.registry import Refusal, Registry

__all__ = ["TUNED", "Config", "DataConfig", "ModelConfig", "TrainingConfig"]

TUNED: Mapping[str, Registry[Any]] = tuned({**model.REGISTRIES, **training.REGISTRIES, **data.REGISTRIES})
"""Choices whose entries have hyperparameters: ``optimizer`` has ``optimizer_params`` beside it, and so on."""


# The last of these bases comes first among the fields.
@dataclass(frozen=True, eq=False)
class Config(TrainingConfig, ModelConfig, DataConfig):
    """All choices, with defaults; checked when made.

    A Config is its three parts at once, so whoever needs one part takes it as such: DataConfig for the data,
    ModelConfig for the network and its objective, TrainingConfig for the way to train it.

    Parameters
    ----------
    dataset : str
        Key of DATASETS.
    samples : int
        Points in all, 2 to 100,000.
    noise : float
        Per cent, 0 to 50.
    train_fraction : float
        Share of training points, 0.01 to 1; with 1 there is no test set, and all that is said of it is NaN.
    features : sequence of str
        Keys of FEATURES, at least one, in the order of the input units. Data of other than two columns is taken as
        it is, whatever the features.
    hidden : sequence of int
        Units of each hidden layer: at most 50 layers of 1 to 64.
    activation, batch_norm, dropout, drop_connect : one value, or one for each hidden layer
        Key of ACTIVATIONS; False, True or "before" (batch norm before the activation), or "after"; share of the
        outputs after the activation, and of the weights before it, silenced in training, 0 to 0.95.
    activation_params : mapping of str to number, or one for each hidden layer
        Missing ones take their defaults. One mapping for all may hold hyperparameters of any of the activations.
    input_noise : float
        Standard deviation of the noise that training adds to the preprocessed features, 0 to 5.
    initializer, bias_initializer, loss, regularization, optimizer, clipping, schedule, momentum_schedule, \
preprocessing, stopping, averaging : str
        Keys of the registries.
    regularization_rate : float
        0 to 100.
    initializer_params, bias_initializer_params, regularization_params, optimizer_params, clipping_params, \
schedule_params, momentum_schedule_params, stopping_params, averaging_params : mapping of str to number
        Missing ones take their defaults.
    frozen : sequence of str
        Names of groups of parameters that are not trained, as in ``("biases",)``: of ``weights`` and ``biases`` of
        dense layers, ``scale`` and ``shift`` of batch norm, ``slopes`` of activations.
    learning_rate : float
        0 to 1000.
    batch_size : int or "all"
        1 to the number of training points (the default makes do with fewer), 2 at least with batch norm.
    shuffle : bool
        Whether the order of the training points changes from epoch to epoch; the same seed gives the same orders.
    seed : int
        0 to 2**32 - 1.

    Raises
    ------
    ValueError
        One sentence that names the parameter, what is allowed and what came.

    Notes
    -----
    ``learning_rate`` and the optimizer's hyperparameters may be arrays (n,) when n networks train at once.
    """

    def __post_init__(self) -> None:
        for part in (DataConfig, ModelConfig, TrainingConfig):
            part.__post_init__(self)
        if self.batch_size == 1 and any(self.batch_norm):
            raise Refusal("batch_size must be 2 or more with batch norm, which needs a spread; not 1.")

    def rebuilds(self, other: Config) -> bool:
        """Whether going from this Config to the other needs new data or new weights."""
        return self.needs_new_data(other) or self.needs_new_weights(other)
