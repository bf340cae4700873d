"""Losses, as functions of the network's last pre-activation, the score ``z``.

A *loss* has one form for each task (see ``engine.tasks``) where it makes sense, with the gradient of the **mean over
the batch**: the factor 1/B lives here and nowhere else. The losses of several outputs are added. In a binary loss the
sign s is +1 for class 1 and -1 for class 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from engine.activations import sigmoid, step
from engine.arrays import Array
from engine.registry import Registry
from engine.tasks import Link, logistic, softmax


@dataclass(frozen=True, slots=True)
class Form:
    """A loss for one task.

    Parameters
    ----------
    value : callable ``(z, targets) -> (...) array``
        Mean over the batch of the loss of (..., B, C) scores.
    gradient : callable ``(z, targets, out) -> out``
        Derivative of ``value`` with respect to ``z``.
    link : Link or None
        Replaces the task's link; None for no change.
    note : str
        A second name of the loss for this task.
    """

    value: Callable[[Array, Array], Array]
    gradient: Callable[[Array, Array, Array], Array]
    link: Link | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Loss:
    """One loss.

    Parameters
    ----------
    name, label : str
        The key, and the name on the screen.
    forms : mapping of str to Form
        By the name of the task; the loss cannot be used for other tasks.
    formula, doc, source : str
        LaTeX; one sentence for a tooltip; where it comes from.
    rule : str
        The learning rule of a single unit that follows from this loss; such a rule has no hidden layers.
    """

    name: str
    label: str
    forms: Mapping[str, Form]
    formula: str
    doc: str
    source: str
    rule: str = ""

    def label_for(self, task: str) -> str:
        """The label, with the second name for this task."""
        note = self.forms[task].note if task in self.forms else ""
        return f"{self.label} ({note})" if note else self.label


def _half_square(prediction: Array, targets: Array) -> Array:
    error = prediction - targets
    return 0.5 * np.einsum("...bc,...bc->...", error, error) / error.shape[-2]


def _square_value(z: Array, targets: Array) -> Array:
    return _half_square(z, targets)


def _square_gradient(z: Array, targets: Array, out: Array) -> Array:
    np.subtract(z, targets, out=out)
    return np.divide(out, z.shape[-2], out=out)


def _square_of_sigmoid_value(z: Array, targets: Array) -> Array:
    return _half_square(logistic(z), targets)


def _square_of_sigmoid_gradient(z: Array, targets: Array, out: Array) -> Array:
    p = sigmoid(z, out)
    np.multiply((p - targets) * p, 1.0 - p, out=out)
    return np.divide(out, z.shape[-2], out=out)


def _square_of_softmax_value(z: Array, targets: Array) -> Array:
    return _half_square(softmax(z), targets)


def _square_of_softmax_gradient(z: Array, targets: Array, out: Array) -> Array:
    p = softmax(z)
    error = p - targets
    shared = np.sum(error * p, axis=-1, keepdims=True)
    np.multiply(p, error - shared, out=out)
    return np.divide(out, z.shape[-2], out=out)


def _against(z: Array, targets: Array) -> Array:
    """-s z: above zero if the answer is wrong."""
    return (1.0 - 2.0 * targets) * z


def _mean_of_sums(costs: Array) -> Array:
    """Costs (..., B, C) added up over the outputs, and averaged over the batch, (...)."""
    return np.mean(costs, axis=(-1, -2)) * costs.shape[-1]


def _binary_entropy_value(z: Array, targets: Array) -> Array:
    # log(1 + exp(-s z)): a difference of softplus(z) and z would lose the small loss of a confident right answer.
    return _mean_of_sums(np.logaddexp(0.0, _against(z, targets)))


def _binary_entropy_gradient(z: Array, targets: Array, out: Array) -> Array:
    sigmoid(z, out)
    np.subtract(out, targets, out=out)
    return np.divide(out, z.shape[-2], out=out)


def _entropies_value(z: Array, targets: Array) -> Array:
    """As for one output, but a target may be any probability t: it costs t of the one class and 1 - t of the other."""
    return _mean_of_sums(targets * np.logaddexp(0.0, -z) + (1.0 - targets) * np.logaddexp(0.0, z))


def _softmax_entropy_value(z: Array, targets: Array) -> Array:
    below = z - z.max(axis=-1, keepdims=True)
    log_sum = np.log(np.sum(np.exp(below), axis=-1))
    return np.mean(log_sum - np.sum(targets * below, axis=-1), axis=-1)


def _softmax_entropy_gradient(z: Array, targets: Array, out: Array) -> Array:
    np.subtract(softmax(z), targets, out=out)
    return np.divide(out, z.shape[-2], out=out)


def _binary_hinge_value(z: Array, targets: Array) -> Array:
    return _mean_of_sums(np.maximum(_against(z, targets) + 1.0, 0.0))


def _binary_hinge_gradient(z: Array, targets: Array, out: Array) -> Array:
    np.greater(_against(z, targets), -1.0, out=out)
    np.multiply(out, 1.0 - 2.0 * targets, out=out)
    return np.divide(out, z.shape[-2], out=out)


def _excess(z: Array, targets: Array) -> Array:
    """How much each class is too near to the true class, in score; 0 for the true class."""
    return z - np.sum(targets * z, axis=-1, keepdims=True) + (1.0 - targets)


def _multiclass_hinge_value(z: Array, targets: Array) -> Array:
    return np.mean(np.sum(np.maximum(_excess(z, targets), 0.0), axis=-1), axis=-1)


def _multiclass_hinge_gradient(z: Array, targets: Array, out: Array) -> Array:
    np.greater(_excess(z, targets), 0.0, out=out)
    np.subtract(out, targets * np.sum(out, axis=-1, keepdims=True), out=out)
    return np.divide(out, z.shape[-2], out=out)


def _perceptron_value(z: Array, targets: Array) -> Array:
    return _mean_of_sums(np.maximum(_against(z, targets), 0.0))


def _perceptron_gradient(z: Array, targets: Array, out: Array) -> Array:
    # Rosenblatt's error. A score of exactly 0 means class 0, so that for class 1 it is a mistake.
    step(z, out)
    np.subtract(out, targets, out=out)
    return np.divide(out, z.shape[-2], out=out)


def _perceptrons_gradient(z: Array, targets: Array, out: Array) -> Array:
    """As for one output, but a target may be any probability: the nearer it is to 0.5, the less a mistake counts."""
    mistakes = step(z, out) - (targets > 0.5)
    np.multiply(mistakes, np.abs(2.0 * targets - 1.0), out=out)
    return np.divide(out, z.shape[-2], out=out)


def _adaline_value(z: Array, targets: Array) -> Array:
    return _half_square(z, 2.0 * targets - 1.0)


def _adaline_gradient(z: Array, targets: Array, out: Array) -> Array:
    return _square_gradient(z, 2.0 * targets - 1.0, out)


def _clipped_line(z: Array) -> Array:
    p = np.add(z, 1.0)
    np.multiply(p, 0.5, out=p)
    return np.clip(p, 0.0, 1.0, out=p)


def _stepped(z: Array) -> Array:
    return step(z, np.empty_like(z))


_LINE = Link("linear", _clipped_line)
_STEP = Link("step", _stepped)

LOSSES = Registry(
    "loss",
    [
        Loss(
            "cross_entropy",
            "Cross-entropy",
            MappingProxyType(
                {
                    "binary": Form(_binary_entropy_value, _binary_entropy_gradient),
                    "multiclass": Form(_softmax_entropy_value, _softmax_entropy_gradient),
                    "multilabel": Form(_entropies_value, _binary_entropy_gradient),
                    "regression": Form(_square_value, _square_gradient, note="Gaussian"),
                }
            ),
            r"-\frac{1}{B} \sum_b \log p(t_b \mid z_b)",
            "Minus the log of the predicted probability of the true class; for values, half the squared error.",
            "Bishop 2006, section 5.2; on scores, through log-sum-exp. For regression: negative log-likelihood of a "
            "Gaussian of unit variance, less its constant",
        ),
        Loss(
            "squared_error",
            "Squared error",
            MappingProxyType(
                {
                    "binary": Form(_square_of_sigmoid_value, _square_of_sigmoid_gradient),
                    "multiclass": Form(_square_of_softmax_value, _square_of_softmax_gradient),
                    "multilabel": Form(_square_of_sigmoid_value, _square_of_sigmoid_gradient),
                    "regression": Form(_square_value, _square_gradient),
                }
            ),
            r"\frac{1}{2B} \sum_b \lVert p_b - t_b \rVert^2",
            "Half the squared distance between prediction and target; learns slowly from confident mistakes.",
            "Bishop 2006, section 5.2; for classes on probabilities (sigmoid or softmax of the scores)",
        ),
        Loss(
            "hinge",
            "Hinge",
            MappingProxyType(
                {
                    "binary": Form(_binary_hinge_value, _binary_hinge_gradient, _LINE),
                    "multiclass": Form(_multiclass_hinge_value, _multiclass_hinge_gradient),
                    "multilabel": Form(_binary_hinge_value, _binary_hinge_gradient, _LINE),
                }
            ),
            r"\frac{1}{B} \sum_b \sum_{j \ne t_b} \max(0, z_{bj} - z_{b t_b} + 1); \quad "
            r"\text{two classes: } \frac{1}{B} \sum_b \max(0, 1 - s_b z_b)",
            "Zero when the score of the true class leads by a margin of 1: the loss of the support vector machine.",
            "Weston and Watkins 1999, summed over the other classes, margin 1; for two classes Cortes and Vapnik 1995, "
            "and the prediction is 0 and 1 at the two margins. At a kink the slope is that of the flat side",
        ),
        Loss(
            "perceptron",
            "Perceptron",
            MappingProxyType(
                {
                    "binary": Form(_perceptron_value, _perceptron_gradient, _STEP),
                    "multilabel": Form(_perceptron_value, _perceptrons_gradient, _STEP),
                }
            ),
            r"\frac{1}{B} \sum_b \max(0, -s_b z_b)",
            "Learns from mistakes only; without hidden layers, with batch size 1 and SGD, it is Rosenblatt's rule.",
            "Rosenblatt 1958; the gradient is (step(z) - t) / B, also at z = 0",
            "The perceptron rule",
        ),
        Loss(
            "adaline",
            "ADALINE",
            MappingProxyType(
                {
                    "binary": Form(_adaline_value, _adaline_gradient, _LINE),
                    "multilabel": Form(_adaline_value, _adaline_gradient, _LINE),
                }
            ),
            r"\frac{1}{2B} \sum_b (z_b - s_b)^2",
            "Pulls every score to -1 or 1; without hidden layers, with batch size 1 and SGD, Widrow and Hoff's rule.",
            "Widrow and Hoff 1960; the error is taken before the threshold, with the factor 1/2",
            "ADALINE's rule",
        ),
    ],
)
