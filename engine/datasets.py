"""Toy data sets on the square [-6, 6] x [-6, 6].

``sample(rng, n, noise)`` draws points and labels. ``noise`` is from 0 to 1 here (the Config's per cent / 100); it moves
the points, sometimes out of the square, but never changes the labels. The classic sets have the geometry of TensorFlow
Playground (Smilkov et al. 2017), but not its noise, which changes some of the labels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.registry import Registry

EXTENT = 6.0
"""Half the side of the square that is shown."""

Sample = tuple[Array, Array]


@dataclass(frozen=True, slots=True)
class Dataset:
    """One data set.

    Parameters
    ----------
    name, label : str
        The key, and the name on the screen.
    task : str
        Key of TASKS.
    classes : int
        Number of classes; 0 for regression.
    sample : callable ``(rng, n, noise) -> (points, labels)``
        Points (n, 2); labels (n,): class 0, 1, ... or a value of about -1 to 1.
    doc : str
        One sentence for a tooltip.
    """

    name: str
    label: str
    task: str
    classes: int
    sample: Callable[[np.random.Generator, int, float], Sample]
    doc: str

    @property
    def outputs(self) -> int:
        """Number of output units: one for each class if there are three or more, else one."""
        return self.classes if self.classes > 2 else 1


def _alternate(n: int, classes: int) -> Array:
    """Labels 0, 1, ..., 0, 1, ...: balanced for any n."""
    return np.arange(n) % classes


def _polar(radius: Array, angle: Array) -> Array:
    return np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)


def _jitter(rng: np.random.Generator, points: Array, reach: float) -> Array:
    return points + rng.uniform(-reach, reach, points.shape)


def _circle(rng: np.random.Generator, n: int, noise: float) -> Sample:
    labels = 1 - _alternate(n, 2)
    radius = np.where(labels == 1, rng.uniform(0.0, 2.5, n), rng.uniform(3.5, 5.0, n))
    points = _polar(radius, rng.uniform(0.0, 2 * np.pi, n))
    return _jitter(rng, points, 5.0 * noise), labels


def _xor(rng: np.random.Generator, n: int, noise: float) -> Sample:
    points = rng.uniform(-5.0, 5.0, (n, 2))
    points += np.where(points > 0, 0.3, -0.3)
    labels = (points[:, 0] * points[:, 1] >= 0).astype(int)
    return _jitter(rng, points, 5.0 * noise), labels


def _blobs(rng: np.random.Generator, n: int, centres: Array, spread: float) -> Sample:
    labels = _alternate(n, len(centres))
    return centres[labels] + rng.normal(0.0, spread, (n, 2)), labels


def _gauss(rng: np.random.Generator, n: int, noise: float) -> Sample:
    return _blobs(rng, n, np.array([[-2.0, -2.0], [2.0, 2.0]]), np.sqrt(0.5 + 7.0 * noise))


def _spiral(rng: np.random.Generator, n: int, noise: float) -> Sample:
    labels = 1 - _alternate(n, 2)
    along = (np.arange(n) // 2) / max(n // 2, 1)
    angle = 1.75 * along * 2 * np.pi + np.where(labels == 1, 0.0, np.pi)
    return _jitter(rng, _polar(5.0 * along, angle), noise), labels


def _moons(rng: np.random.Generator, n: int, noise: float) -> Sample:
    labels = _alternate(n, 2)
    angle = rng.uniform(0.0, np.pi, n)
    upper = np.stack([3.2 * np.cos(angle) - 1.6, 3.2 * np.sin(angle) - 0.8], axis=1)
    lower = np.stack([3.2 * np.cos(angle) + 1.6, 0.8 - 3.2 * np.sin(angle)], axis=1)
    points = np.where(labels[:, None] == 0, upper, lower)
    return points + rng.normal(0.0, 0.15 + 2.0 * noise, (n, 2)), labels


def _rings(rng: np.random.Generator, n: int, noise: float) -> Sample:
    ring = _alternate(n, 3)
    points = _polar(1.0 + 1.9 * ring, rng.uniform(0.0, 2 * np.pi, n))
    return points + rng.normal(0.0, 0.15 + 1.5 * noise, (n, 2)), (ring != 1).astype(int)


def _checkerboard(rng: np.random.Generator, n: int, noise: float) -> Sample:
    points = rng.uniform(-5.0, 5.0, (n, 2))
    fields = np.floor((points + 5.0) / 2.5).astype(int)
    return _jitter(rng, points, 3.0 * noise), fields.sum(axis=1) % 2


def _on_circle(count: int, radius: float) -> Array:
    return _polar(np.full(count, radius), 2 * np.pi * np.arange(count) / count)


def _three_blobs(rng: np.random.Generator, n: int, noise: float) -> Sample:
    return _blobs(rng, n, _on_circle(3, 3.0), 0.7 + 3.0 * noise)


def _five_blobs(rng: np.random.Generator, n: int, noise: float) -> Sample:
    return _blobs(rng, n, _on_circle(5, 3.8), 0.6 + 2.5 * noise)


def _plane(rng: np.random.Generator, n: int, noise: float) -> Sample:
    points = rng.uniform(-6.0, 6.0, (n, 2))
    return _jitter(rng, points, 6.0 * noise), points.sum(axis=1) / 10.0


_HILLS = np.array([[-4.0, 2.5], [0.0, 2.5], [4.0, 2.5], [-4.0, -2.5], [0.0, -2.5], [4.0, -2.5]])
_SIGNS = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])


def _multi_gauss(rng: np.random.Generator, n: int, noise: float) -> Sample:
    points = rng.uniform(-6.0, 6.0, (n, 2))
    distance = np.linalg.norm(points[:, None, :] - _HILLS, axis=-1)
    heights = _SIGNS * np.clip(1.0 - distance / 2.0, 0.0, 1.0)
    strongest = np.abs(heights).argmax(axis=1)
    return _jitter(rng, points, 6.0 * noise), heights[np.arange(n), strongest]


DATASETS = Registry(
    "dataset",
    [
        Dataset("circle", "Circle", "binary", 2, _circle, "A disc inside a ring."),
        Dataset("xor", "XOR", "binary", 2, _xor, "The class is the sign of x1 times x2."),
        Dataset("gauss", "Gauss", "binary", 2, _gauss, "Two normally distributed clouds that a line can separate."),
        Dataset("spiral", "Spiral", "binary", 2, _spiral, "Two spiral arms, one inside the other."),
        Dataset("moons", "Moons", "binary", 2, _moons, "Two half moons, each partly inside the other."),
        Dataset("rings", "Rings", "binary", 2, _rings, "A ring between a disc and an outer ring."),
        Dataset("checkerboard", "Checkerboard", "binary", 2, _checkerboard, "Four by four fields, two classes."),
        Dataset("blobs3", "3 blobs", "multiclass", 3, _three_blobs, "Three clouds, three classes."),
        Dataset("blobs5", "5 blobs", "multiclass", 5, _five_blobs, "Five clouds, five classes."),
        Dataset("plane", "Plane", "regression", 0, _plane, "A value that grows along the diagonal."),
        Dataset("multi_gauss", "Multi-Gauss", "regression", 0, _multi_gauss, "Hills and hollows in turn."),
    ],
)
