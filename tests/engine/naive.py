"""A second opinion: the network once more, one sample and one number at a time, from the textbook and without NumPy.

Layout of the flat vector, layer by layer: the weights, input by input; the biases; what each unit's activation learns;
gamma and beta of a batch norm after it. A batch norm before the activation stands before what that learns, and then
there are no biases. A maxout layer has the first pieces of all its units, then all the second ones, and so on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

Rows = list[list[float]]
EPSILON = 1e-5


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def below(z: float) -> float:
    """The share of a standard normal distribution below z."""
    return (1 + math.erf(z / math.sqrt(2))) / 2


def bell(z: float) -> float:
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


LAMBDA, ALPHA = 1.0507009873554805, 1.6732632423543772

FUNCTIONS = {
    "linear": (lambda z: z, lambda z: 1.0),
    "sigmoid": (sigmoid, lambda z: math.exp(-z) / (1 + math.exp(-z)) ** 2),
    "tanh": (math.tanh, lambda z: 1 / math.cosh(z) ** 2),
    "relu": (lambda z: max(z, 0.0), lambda z: 1.0 if z > 0 else 0.0),
    "leaky_relu": (lambda z, s: z if z > 0 else s * z, lambda z, s: 1.0 if z > 0 else s),
    "prelu": (lambda z, s: z if z > 0 else s * z, lambda z, s: 1.0 if z > 0 else s),
    "elu": (lambda z, a: z if z > 0 else a * (math.exp(z) - 1), lambda z, a: 1.0 if z > 0 else a * math.exp(z)),
    "selu": (
        lambda z: LAMBDA * (z if z > 0 else ALPHA * (math.exp(z) - 1)),
        lambda z: LAMBDA * (1.0 if z > 0 else ALPHA * math.exp(z)),
    ),
    "gelu": (lambda z: z * below(z), lambda z: below(z) + z * bell(z)),
    "swish": (
        lambda z, b: z * sigmoid(b * z),
        lambda z, b: sigmoid(b * z) + b * z * sigmoid(b * z) * (1 - sigmoid(b * z)),
    ),
    "softplus": (lambda z: math.log(1 + math.exp(z)), sigmoid),
    "maxout": (lambda z, k: z, lambda z, k: 1.0),
    "step": (lambda z: 1.0 if z > 0 else 0.0, lambda z: 0.0),
}
"""f and its derivative, given z and the hyperparameters; of maxout for the piece that won."""

LEARNED = {"prelu": lambda z: 0.0 if z > 0 else z}
"""Derivative of f with respect to the one hyperparameter that is learned."""

PIECES = {"maxout": lambda k: int(k)}


@dataclass
class Layer:
    """One layer; ``f`` is None for the output. After a pass it remembers what the pass computed.

    ``hyperparameters`` has one tuple for each unit, since what is learned differs. ``z`` is the weighted sum, ``pre``
    what enters the activation, ``own`` what it makes of that, ``post`` what leaves the layer. ``mean`` and ``variance``
    are those of ``z`` with batch norm before the activation, of ``own`` with batch norm after it.
    """

    weights: Rows
    bias: list[float]
    f: str | None
    units: int
    hyperparameters: list[tuple[float, ...]]
    norm: str
    gamma: list[float] | None
    beta: list[float] | None
    x: Rows = field(default_factory=list)
    kept: Rows = field(default_factory=list)
    silenced: Rows | None = None
    given: bool = False
    z: Rows = field(default_factory=list)
    pre: Rows = field(default_factory=list)
    own: Rows = field(default_factory=list)
    post: Rows = field(default_factory=list)
    mask: Rows | None = None
    mean: list[float] = field(default_factory=list)
    variance: list[float] = field(default_factory=list)
    d_pre: Rows = field(default_factory=list)
    d_post: Rows = field(default_factory=list)

    def winner(self, row: Sequence[float], unit: int) -> int:
        """The place among the pre-activations of the unit's largest piece, the first of them in a tie."""
        return max(range(unit, len(row), self.units), key=lambda place: row[place])


def build(
    flat: Sequence[float],
    inputs: int,
    hidden: Sequence[int],
    outputs: int,
    f: Sequence[str],
    norm: Sequence[str | bool],
    hyperparameters: Sequence[Sequence[float]] | None = None,
) -> list[Layer]:
    """Deal the flat vector out to layers; ``norm`` is "before", "after" or "off", or True and False for the usual."""
    numbers = iter(flat)

    def take(count: int) -> list[float]:
        return [float(next(numbers)) for _ in range(count)]

    hyperparameters = [()] * len(hidden) if hyperparameters is None else hyperparameters
    layers = []
    for units, name, place, values in zip(
        (*hidden, outputs), (*f, None), (*norm, False), (*hyperparameters, ()), strict=True
    ):
        place = {True: "before", False: "off"}.get(place, place)
        width = units * PIECES[name](*values) if name in PIECES else units
        weights = [take(width) for _ in range(inputs)]
        bias = [0.0] * width if place == "before" else take(width)
        gamma, beta = (take(width), take(width)) if place == "before" else (None, None)
        of_units = [(own,) for own in take(units)] if name in LEARNED else [tuple(values)] * units
        if place == "after":
            gamma, beta = take(units), take(units)
        layers.append(Layer(weights, bias, name, units, of_units, place, gamma, beta))
        inputs = units
    assert next(numbers, None) is None, "parameters left over"
    return layers


def forward(
    layers: list[Layer],
    rows: Rows,
    masks: Sequence[Rows | None] | None = None,
    running_stats: Sequence[tuple[list[float], list[float]]] | None = None,
    silenced: Sequence[Rows | None] | None = None,
) -> Rows:
    """Scores.

    ``masks``: factors per hidden layer, row and unit. ``silenced``: factors per hidden layer, source and target, for
    the weights. ``running_stats``: (means, variances) per normed layer.
    """
    averages = iter(running_stats) if running_stats is not None else None
    for k, layer in enumerate(layers):
        layer.mask = masks[k] if masks is not None and layer.f else None
        layer.silenced = silenced[k] if silenced is not None and layer.f else None
        layer.x = rows
        layer.kept = layer.weights if layer.silenced is None else _times(layer.weights, layer.silenced)
        layer.z = [
            [
                bias + sum(x * weights[j] for x, weights in zip(row, layer.kept, strict=True))
                for j, bias in enumerate(layer.bias)
            ]
            for row in rows
        ]
        layer.pre = _normalise(layer, layer.z, averages) if layer.norm == "before" else layer.z
        layer.own = [_activate(layer, row) for row in layer.pre] if layer.f else layer.pre
        layer.post = _normalise(layer, layer.own, averages) if layer.norm == "after" else layer.own
        if layer.mask is not None:
            layer.post = _times(layer.post, layer.mask)
        rows = layer.post
    return rows


def _times(rows: Rows, factors: Rows) -> Rows:
    """Two tables, number by number."""
    return [[a * b for a, b in zip(*pair, strict=True)] for pair in zip(rows, factors, strict=True)]


def _activate(layer: Layer, row: list[float]) -> list[float]:
    f = FUNCTIONS[layer.f][0]
    return [f(row[layer.winner(row, j)], *layer.hyperparameters[j]) for j in range(layer.units)]


def _normalise(layer: Layer, rows: Rows, averages) -> Rows:
    width = len(layer.gamma)
    layer.given = averages is not None
    if layer.given:
        layer.mean, layer.variance = next(averages)
    else:
        layer.mean = [sum(row[j] for row in rows) / len(rows) for j in range(width)]
        layer.variance = [sum((row[j] - layer.mean[j]) ** 2 for row in rows) / len(rows) for j in range(width)]
    return [
        [
            layer.gamma[j] * (row[j] - layer.mean[j]) / math.sqrt(layer.variance[j] + EPSILON) + layer.beta[j]
            for j in range(width)
        ]
        for row in rows
    ]


def backward(layers: list[Layer], d_scores: Rows) -> list[float]:
    """The flat gradient of the last pass, from dL/d(scores)."""
    parts: list[list[float]] = []
    d = d_scores
    for layer in reversed(layers):
        layer.d_post = d
        d_own = d if layer.mask is None else _times(d, layer.mask)
        d_params, d_norm = [], []
        if layer.norm == "after":
            d_own, d_norm = _through_norm(layer, layer.own, d_own)
        layer.d_pre = d_own
        if layer.f:
            layer.d_pre, d_params = _through_activation(layer, d_own)
        d_z, d_bias = layer.d_pre, [sum(column) for column in zip(*layer.d_pre, strict=True)]
        if layer.norm == "before":
            d_z, d_bias = _through_norm(layer, layer.z, layer.d_pre)
        d_weights = [
            [sum(row[i] * slope[j] for row, slope in zip(layer.x, d_z, strict=True)) for j in range(len(layer.bias))]
            for i in range(len(layer.weights))
        ]
        if layer.silenced is not None:
            d_weights = _times(d_weights, layer.silenced)
        parts.append([w for row in d_weights for w in row] + d_bias + d_params + d_norm)
        d = [[sum(s * w for s, w in zip(slope, weights, strict=True)) for weights in layer.kept] for slope in d_z]
    return [number for part in reversed(parts) for number in part]


def _through_activation(layer: Layer, d: Rows) -> tuple[Rows, list[float]]:
    """dL/d(pre), and the gradient of what each unit's activation learns."""
    df = FUNCTIONS[layer.f][1]
    d_pre = [[0.0] * len(row) for row in layer.pre]
    d_params = [0.0] * layer.units
    for s, row in enumerate(layer.pre):
        for j in range(layer.units):
            place = layer.winner(row, j)
            d_pre[s][place] = d[s][j] * df(row[place], *layer.hyperparameters[j])
            if layer.f in LEARNED:
                d_params[j] += d[s][j] * LEARNED[layer.f](row[place])
    return d_pre, d_params if layer.f in LEARNED else []


def _through_norm(layer: Layer, rows: Rows, d: Rows) -> tuple[Rows, list[float]]:
    """dL/d(rows), which batch norm works on, step by step as in Ioffe and Szegedy 2015; and that of gamma, beta."""
    width, m = len(layer.gamma), len(rows)
    d_rows = [[0.0] * width for _ in range(m)]
    d_gamma, d_beta = [], []
    for j in range(width):
        centred = [row[j] - layer.mean[j] for row in rows]
        spread = math.sqrt(layer.variance[j] + EPSILON)
        d_y = [row[j] for row in d]
        d_gamma.append(sum(dy * c / spread for dy, c in zip(d_y, centred, strict=True)))
        d_beta.append(sum(d_y))
        d_hat = [dy * layer.gamma[j] for dy in d_y]
        d_variance = d_mean = 0.0
        if not layer.given:
            d_variance = sum(dh * c for dh, c in zip(d_hat, centred, strict=True)) * -0.5 / spread**3
            d_mean = -sum(d_hat) / spread + d_variance * sum(-2 * c for c in centred) / m
        for s in range(m):
            d_rows[s][j] = d_hat[s] / spread + d_variance * 2 * centred[s] / m + d_mean / m
    return d_rows, d_gamma + d_beta


def cross_entropy(scores: Rows, labels: Sequence[int]) -> float:
    """Mean of -log p(label): from a sigmoid for one score, from softmax for several."""
    costs = []
    for row, label in zip(scores, labels, strict=True):
        odds = [1.0, math.exp(row[0])] if len(row) == 1 else [math.exp(z) for z in row]
        costs.append(-math.log(odds[int(label)] / sum(odds)))
    return sum(costs) / len(costs)


def accuracy(scores: Rows, labels: Sequence[int]) -> float:
    """Share of rows whose likeliest class is the label."""
    guesses = [int(row[0] > 0) if len(row) == 1 else row.index(max(row)) for row in scores]
    return sum(guess == label for guess, label in zip(guesses, labels, strict=True)) / len(guesses)
