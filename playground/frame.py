"""Frame <-> bytes: one packed, versioned, little-endian message for each picture.

Header (32 bytes): magic ``NNPF``, u16 version, u16 number of sections, u32 sequence number, u32 generation of the
scene it belongs to, 16 reserved. A table entry (16 bytes) for each section: u16 id, u16 type, u32 count, u32 offset
from the start, u32 reserved. Sections start at multiples of 8. A section that is absent is as it was before.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from enum import IntEnum
from typing import Any

import numpy as np

from engine.look import Frame

MAGIC = b"NNPF"
VERSION = 1
_HEADER = struct.Struct("<4sHHII16x")
_ENTRY = struct.Struct("<HHII4x")
_TYPES = ("u1", "i1", "<u2", "<f4", "<f8")
_CODES = {np.dtype(name): code for code, name in enumerate(_TYPES, start=1)}
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


class Status(IntEnum):
    """What the clock is doing."""

    PAUSED = 0
    PLAYING = 1
    DIVERGED = 2


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


def text(message: str) -> np.ndarray:
    """A TEXT section."""
    return np.frombuffer(message.encode(), np.uint8)


def pack(sequence: int, generation: int, parts: Mapping[int, np.ndarray]) -> bytes:
    """Put sections into one message.

    Parameters
    ----------
    sequence, generation : int
        32-bit, wrapping.
    parts : mapping of section id to array
        Arrays of u8, i8, u16, f32 or f64, any shape; read in C order.
    """
    size = _HEADER.size + _ENTRY.size * len(parts)
    table, bodies = [], []
    for name, array in parts.items():
        body = array.tobytes()
        pad = -size % 8
        table.append(_ENTRY.pack(name, _CODES[array.dtype], array.size, size + pad))
        bodies += [b"\0" * pad, body]
        size += pad + len(body)
    header = _HEADER.pack(MAGIC, VERSION, len(parts), sequence & 0xFFFFFFFF, generation & 0xFFFFFFFF)
    return b"".join([header, *table, *bodies])


def unpack(data: bytes) -> tuple[int, int, dict[int, Any]]:
    """Take a message apart: sequence, generation and flat arrays by section id.

    Raises
    ------
    ValueError
        When it is not a message of this version.
    """
    if len(data) < _HEADER.size:
        raise ValueError(f"A frame has at least {_HEADER.size} bytes; not {len(data)}.")
    magic, version, count, sequence, generation = _HEADER.unpack_from(data)
    if magic != MAGIC or version != VERSION:
        raise ValueError(f"This is no frame of version {VERSION}: {magic!r}, version {version}.")
    parts = {}
    for k in range(count):
        name, code, items, offset = _ENTRY.unpack_from(data, _HEADER.size + k * _ENTRY.size)
        parts[name] = np.frombuffer(data, _TYPES[code - 1], items, offset)
    return sequence, generation, parts
