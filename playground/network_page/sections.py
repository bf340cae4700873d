"""Sections: what a picture of a network is packed as."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from engine.look import Frame

_STRONGEST = 4.0


class Section(IntEnum):
    """What the sections hold; the browser's reader knows the same numbers."""

    SCALARS = 1
    BOUNDARY = 2
    MAPS = 3
    WEIGHTS = 4
    BIASES = 5
    HISTOGRAMS = 6
    RANGES = 7
    FOCUS = 8
    TEXT = 9
    CURVE = 10
    CURVE_HEIGHTS = 11
    SILENCED = 12
    SATURATION = 13
    PROFILE = 14
    FIRST_HISTOGRAMS = 15
    FIRST_RANGES = 16
    MESH = 17
    PLACES = 18
    LINE = 19
    HEIGHTS = 20
    LANDSCAPE_VIEW = 21
    PATH = 22


def strength(weights: np.ndarray) -> np.ndarray:
    """Code weights as -127..127, with fine steps around zero: w = sign(c) (c/127)^2 4, clipped at +-4; NaN as 0."""
    root = np.sqrt(np.minimum(np.nan_to_num(np.abs(weights)) / _STRONGEST, 1.0))
    return np.copysign(root * 127.0, weights).round().astype(np.int8)


def sections(frame: Frame) -> dict[int, np.ndarray]:
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
        Section.RANGES: frame.ranges,
        Section.SATURATION: frame.saturation,
        Section.PROFILE: frame.profile,
    }
    if frame.curve:
        curve = frame.curve
        parts[Section.CURVE] = np.concatenate(
            [np.array([curve.layer, curve.low, curve.high], "<f4"), curve.f, curve.df]
        )
        parts[Section.CURVE_HEIGHTS] = curve.heights
    return {name: part for name, part in parts.items() if part is not None}
