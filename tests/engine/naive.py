"""A second opinion: the network once more, one sample and one number at a time, from the textbook and without NumPy.

Layout of the flat vector: for each layer the weights, input by input; then its biases, or with batch norm in their
place gamma and beta.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

Rows = list[list[float]]

FUNCTIONS = {
    "linear": (lambda z: z, lambda z: 1.0),
    "sigmoid": (lambda z: 1 / (1 + math.exp(-z)), lambda z: math.exp(-z) / (1 + math.exp(-z)) ** 2),
    "tanh": (math.tanh, lambda z: 1 / math.cosh(z) ** 2),
    "relu": (lambda z: max(z, 0.0), lambda z: 1.0 if z > 0 else 0.0),
    "leaky_relu": (lambda z: z if z > 0 else 0.01 * z, lambda z: 1.0 if z > 0 else 0.01),
}
EPSILON = 1e-5


@dataclass
class Layer:
    """One layer; ``f`` is None for the output. After a pass it remembers what the pass computed."""

    weights: Rows
    bias: list[float]
    gamma: list[float] | None
    beta: list[float] | None
    f: str | None
    x: Rows = field(default_factory=list)
    z: Rows = field(default_factory=list)
    pre: Rows = field(default_factory=list)
    post: Rows = field(default_factory=list)
    mean: list[float] = field(default_factory=list)
    variance: list[float] = field(default_factory=list)
    d_pre: Rows = field(default_factory=list)
    d_post: Rows = field(default_factory=list)


def build(
    flat: Sequence[float], inputs: int, hidden: Sequence[int], outputs: int, f: Sequence[str], norm: Sequence[bool]
):
    """Deal the flat vector out to layers."""
    numbers = iter(flat)

    def take(count: int) -> list[float]:
        return [float(next(numbers)) for _ in range(count)]

    layers = []
    for width, name, normed in zip((*hidden, outputs), (*f, None), (*norm, False), strict=True):
        weights = [take(width) for _ in range(inputs)]
        bias = [0.0] * width if normed else take(width)
        layers.append(Layer(weights, bias, take(width) if normed else None, take(width) if normed else None, name))
        inputs = width
    assert next(numbers, None) is None, "parameters left over"
    return layers


def forward(layers: list[Layer], rows: Rows, masks=None, running=None) -> Rows:
    """Scores. ``masks``: factors per hidden layer, row and unit. ``running``: (means, variances) per normed layer."""
    running = iter(running) if running is not None else None
    for k, layer in enumerate(layers):
        width = len(layer.bias)
        layer.x = rows
        layer.z = [
            [layer.bias[j] + sum(x * layer.weights[i][j] for i, x in enumerate(row)) for j in range(width)]
            for row in rows
        ]
        layer.pre = [list(row) for row in layer.z]
        if layer.gamma is not None:
            if running is None:
                layer.mean = [sum(row[j] for row in layer.z) / len(rows) for j in range(width)]
                layer.variance = [
                    sum((row[j] - layer.mean[j]) ** 2 for row in layer.z) / len(rows) for j in range(width)
                ]
            else:
                layer.mean, layer.variance = next(running)
            for s, j in _places(rows, width):
                hat = (layer.z[s][j] - layer.mean[j]) / math.sqrt(layer.variance[j] + EPSILON)
                layer.pre[s][j] = layer.gamma[j] * hat + layer.beta[j]
        layer.post = [[FUNCTIONS[layer.f][0](z) if layer.f else z for z in row] for row in layer.pre]
        if masks is not None and layer.f and masks[k] is not None:
            layer.post = [
                [a * m for a, m in zip(row, mask, strict=True)] for row, mask in zip(layer.post, masks[k], strict=True)
            ]
        rows = layer.post
    return rows


def backward(layers: list[Layer], d_scores: Rows, masks=None, running=False) -> list[float]:
    """The flat gradient, from dL/d(scores); ``running``: the averages were used, and do not depend on the batch."""
    parts: list[list[float]] = []
    d = d_scores
    for k in reversed(range(len(layers))):
        layer = layers[k]
        width = len(layer.bias)
        layer.d_post = d
        layer.d_pre = [list(row) for row in d]
        for s, j in _places(d, width):
            if layer.f:
                kept = masks[k][s][j] if masks is not None and masks[k] is not None else 1.0
                layer.d_pre[s][j] = d[s][j] * kept * FUNCTIONS[layer.f][1](layer.pre[s][j])
        d_z, own = _through_norm(layer, running)
        d_weights = [
            [sum(row[i] * slope[j] for row, slope in zip(layer.x, d_z, strict=True)) for j in range(width)]
            for i in range(len(layer.weights))
        ]
        parts.append([w for row in d_weights for w in row] + own)
        d = [[sum(slope[j] * layer.weights[i][j] for j in range(width)) for i in range(len(layer.weights))]
             for slope in d_z]  # fmt: skip
    return [number for part in reversed(parts) for number in part]


def _through_norm(layer: Layer, running: bool) -> tuple[Rows, list[float]]:
    """dL/dz before batch norm, step by step as in Ioffe and Szegedy 2015; and the gradient of bias, or gamma, beta."""
    width, m = len(layer.bias), len(layer.d_pre)
    if layer.gamma is None:
        return layer.d_pre, [sum(row[j] for row in layer.d_pre) for j in range(width)]
    d_z = [[0.0] * width for _ in range(m)]
    d_gamma, d_beta = [], []
    for j in range(width):
        centred = [row[j] - layer.mean[j] for row in layer.z]
        spread = math.sqrt(layer.variance[j] + EPSILON)
        d_y = [row[j] for row in layer.d_pre]
        d_gamma.append(sum(dy * c / spread for dy, c in zip(d_y, centred, strict=True)))
        d_beta.append(sum(d_y))
        d_hat = [dy * layer.gamma[j] for dy in d_y]
        d_variance = d_mean = 0.0
        if not running:
            d_variance = sum(dh * c for dh, c in zip(d_hat, centred, strict=True)) * -0.5 / spread**3
            d_mean = -sum(d_hat) / spread + d_variance * sum(-2 * c for c in centred) / m
        for s in range(m):
            d_z[s][j] = d_hat[s] / spread + d_variance * 2 * centred[s] / m + d_mean / m
    return d_z, d_gamma + d_beta


def _places(rows: Rows, width: int):
    return ((s, j) for s in range(len(rows)) for j in range(width))


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
