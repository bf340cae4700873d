"""Sections: what a picture of a network is packed as."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np

from engine.arrays import Array
from engine.datasets import EXTENT
from engine.look import BINS, STATISTICS, Frame
from playground.network_page.selection import TARGETS
from playground.runtime import wire
from playground.runtime.coding import STRONGEST

_LARGEST = 4.0

COORDINATE_UNIT = 2 * EXTENT / 32767
"""What 1 stands for in the packed coordinates of the data points."""

Sections: TypeAlias = dict[int, Array]
"""Arrays by the number of their section."""

KINDS = tuple(TARGETS)
"""What can be looked at closely, in the order of the frame's code."""

EDITED = KINDS[2:]
"""What can be set by hand."""


class Scalars(NamedTuple):
    """Single numbers: where training is, how good the network is, and how fast it goes; NaN for what has no meaning."""

    step: int
    epoch: int
    status: int
    train_loss: float
    test_loss: float
    regularization: float
    train_accuracy: float
    test_accuracy: float
    speed: float
    learning_rate: float
    scale: float


class Focus(NamedTuple):
    """What is looked at closely, as a place in KINDS and in the network, and its exact value; NaN for an input."""

    kind: int
    layer: int
    i: int
    j: int
    value: float


class CurveEnds(NamedTuple):
    """What a curve begins with: the layer, from 1, and the range of its pre-activations."""

    layer: int
    low: float
    high: float


class LandscapeNumbers(NamedTuple):
    """The range of the losses drawn, the window, the place and distance of training, and what was drawn.

    ``a`` and ``b`` are where training is on the plane, ``distance`` how far it is from it, ``step`` the step at which
    the landscape was drawn, and ``kind`` the place of its directions in DIRECTIONS.
    """

    low: float
    high: float
    left: float
    right: float
    bottom: float
    top: float
    a: float
    b: float
    distance: float
    step: int
    kind: int


_COLUMNS = ("columns", "rows")
"""Inputs, hidden layers and outputs; upper and lower histograms."""


class Section(wire.Section):
    """The arrays of a frame, of which one that is absent is as it was before; and, packed alike, of a scene."""

    SCALARS = 1, "<f8", (len(Scalars._fields),), "see Scalars"
    BOUNDARY = 2, "u1", ("side", "side"), "the large map, first row at the top; see engine.look.Frame"
    MAPS = 3, "u1", ("units", "tile", "tile"), "the output of every hidden and output unit over the square"
    WEIGHTS = 4, "i1", ("links",), "strengths, layer by layer, (from, to) row by row"
    BIASES = 5, "i1", ("units",), "strengths"
    HISTOGRAMS = 6, "u1", (*_COLUMNS, BINS), "heights of the bins, 255 for the highest of each"
    STATS = 7, "<f4", (*_COLUMNS, len(STATISTICS)), "the statistics of each histogram"
    FOCUS = 8, "<f8", (len(Focus._fields),), "see Focus"
    TEXT = 9, "u1", ("letters",), "a sentence about the training, as UTF-8"
    CURVE = 10, "<f4", ("ends and samples",), "see CurveEnds; then f, then its derivative, at equal distances"
    CURVE_HEIGHTS = 11, "u1", (BINS,), "the distribution of that layer's pre-activations"
    SILENCED = 12, "u1", ("units",), "1 for units that a mask switches off"
    SATURATION = 13, "<f4", ("columns", 2), "shares of saturated values and of dead units; NaN where meaningless"
    PROFILE = 14, "<f8", ("columns", 2), "spread of the signal and norm of the gradient"
    FIRST_HISTOGRAMS = 15, "u1", (*_COLUMNS, BINS), "those of the run's first State"
    FIRST_STATS = 16, "<f4", (*_COLUMNS, len(STATISTICS)), "and their statistics"
    MESH = 17, "<f4", ("lines", "lines", 2), "where the input square goes in hidden space, first row at the top"
    HIDDEN_POINTS = 18, "<f4", ("points", 2), "where the first training points go, then the first test points"
    LINE = 19, "<f4", ("scores", 3), "the score of each output on the plane, a u + b v + c; none before the last layer"
    HEIGHTS = 20, "u1", ("cells", "cells"), "losses as heights, first row at the top"
    LANDSCAPE_VIEW = 21, "<f8", (len(LandscapeNumbers._fields),), "see LandscapeNumbers"
    PATH = 22, "<f4", ("steps", 2), "the path of training on the plane"
    POINTS = 23, "<i2", ("data points", 2), "of a scene: coordinates in COORDINATE_UNITs, training points first"
    LABELS = 24, "i1", ("data points",), "of a scene: classes, or values, in its label_unit"


ALWAYS = (
    Section.SCALARS,
    Section.HISTOGRAMS,
    Section.STATS,
    Section.SATURATION,
    Section.FIRST_HISTOGRAMS,
    Section.FIRST_STATS,
)
OF_UNITS = (Section.MAPS, Section.SILENCED, Section.WEIGHTS, Section.BIASES)
OF_STRIP = (Section.PROFILE,)
"""What the page must have before it paints any network; one that is drawn unit by unit; one that is a strip."""


def strength(weights: Array) -> Array:
    """Code weights as -127..127, with fine steps around zero: w = sign(c) (c/127)^2 4, clipped at +-4; NaN as 0."""
    root = np.sqrt(np.minimum(np.nan_to_num(np.abs(weights)) / _LARGEST, 1.0))
    return np.copysign(root * STRONGEST, weights).round().astype(np.int8)


def sections(frame: Frame) -> Sections:
    """The picture's sections of a Frame; scalars, focus and text are the session's to add.

    CURVE, where a layer is watched: f4 of the layer, the low and the high end of its pre-activations, then f and its
    derivative at equal distances; CURVE_HEIGHTS: their histogram.
    """
    parts = {
        Section.BOUNDARY: frame.boundary,
        Section.MAPS: frame.maps,
        Section.SILENCED: frame.silenced,
        Section.WEIGHTS: None if frame.weights is None else strength(frame.weights),
        Section.BIASES: None if frame.biases is None else strength(frame.biases),
        Section.HISTOGRAMS: frame.heights,
        Section.STATS: frame.ranges,
        Section.SATURATION: frame.saturation,
        Section.PROFILE: frame.profile,
    }
    if frame.curve:
        curve = frame.curve
        parts[Section.CURVE] = np.concatenate(
            [np.array(CurveEnds(curve.layer, curve.low, curve.high), "<f4"), curve.f, curve.df]
        )
        parts[Section.CURVE_HEIGHTS] = curve.heights
    return {name: part for name, part in parts.items() if part is not None}
