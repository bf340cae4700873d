"""Frame <-> bytes: one packed, versioned, little-endian message for each picture.

Header (32 bytes): magic ``NNPF``, u16 version, u16 number of sections, u32 sequence number, u32 generation of the
scene it belongs to, 16 reserved. A table entry (16 bytes) for each section: u16 id, u16 type, u32 count, u32 offset
from the start, u32 reserved. Sections start at multiples of 8. A section that is absent is as it was before.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from enum import IntEnum

import numpy as np

from engine.arrays import Array

MAGIC = b"NNPF"
VERSION = 1

HEADER = {"magic": "4s", "version": "H", "count": "H", "sequence": "I", "generation": "I", "reserved": "16x"}
ENTRY = {"id": "H", "type": "H", "count": "I", "offset": "I", "reserved": "4x"}
"""Fields in their order, as the struct module writes them."""

_HEADER = struct.Struct("<" + "".join(HEADER.values()))
_ENTRY = struct.Struct("<" + "".join(ENTRY.values()))

TYPES = {
    "u1": "Uint8Array", "i1": "Int8Array", "<u2": "Uint16Array", "<f4": "Float32Array", "<f8": "Float64Array",
    "<i2": "Int16Array",
}  # fmt: skip
"""Types of numbers, coded as 1, 2, ... in this order; and what JavaScript calls arrays of them."""

_TYPES = tuple(TYPES)
_CODES = {np.dtype(name): code for code, name in enumerate(_TYPES, start=1)}


class Status(IntEnum):
    """What a session is doing."""

    PAUSED = 0
    PLAYING = 1
    DIVERGED = 2


def offsets(layout: Mapping[str, str]) -> dict[str, int]:
    """Where the fields of a header or an entry begin; ``bytes`` is how long it is."""
    formats = ["<", *layout.values()]
    begins = {name: struct.calcsize("".join(formats[: k + 1])) for k, name in enumerate(layout) if name != "reserved"}
    return {"bytes": struct.calcsize("".join(formats)), **begins}


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
        Arrays of u8, i8, u16, i16, f32 or f64, any shape; read in C order.
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


def unpack(data: bytes) -> tuple[int, int, dict[int, Array]]:
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
