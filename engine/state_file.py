"""States in files: NumPy's npz with arrays only, so that reading one never runs code."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from engine.arrays import Array, frozen
from engine.layout import Layout
from engine.optimizers import OPTIMIZERS
from engine.registry import Refusal
from engine.stopping import STOPPINGS

VERSION = 1

_MEMORIES: dict[str, type[NamedTuple]] = {
    type(memory).__name__: type(memory)
    for memory in (
        *(entry.init(np.zeros(1)) for entry in OPTIMIZERS.values()),
        *(entry.memory(np.zeros(1)) for entry in STOPPINGS.values()),
    )
}
"""What optimizers and criteria remember, by the names of the NamedTuples."""

_ARRAYS = ("params", "running_stats", "average", "stopped")
_NUMBERS = ("step", "epoch", "cursor", "averaged")
_REMEMBERED = ("optimizer_state", "stopping_state")


def write(path: str | os.PathLike[str], fields: Mapping[str, Any]) -> None:
    """Write the fields of a State."""
    arrays: dict[str, Any] = {"version": VERSION, "layout": _text(fields["layout"])}
    arrays["seeds"] = np.array(fields["seeds"], np.uint64)
    arrays |= {name: fields[name] for name in (*_ARRAYS, *_NUMBERS)}
    for name in _REMEMBERED:
        memory = fields[name]
        arrays[name] = type(memory).__name__
        arrays |= {f"{name}.{field}": value for field, value in memory._asdict().items()}
    with open(path, "wb") as file:
        np.savez(file, **arrays)


def read(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The fields of a State.

    Raises
    ------
    ValueError
        When it is not a file that ``write`` has written.
    """
    try:
        # Opened here, for NumPy leaves a file open that is no archive.
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as archive:
            fields = _fields({name: archive[name] for name in archive.files})
    except (ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile):
        raise Refusal(f"path must be a file that State.save has written; not {os.path.basename(path)}.") from None
    return fields


def _fields(arrays: Mapping[str, Array]) -> dict[str, Any]:
    """The fields of a State from the arrays of a file."""
    if int(arrays["version"]) != VERSION:
        raise ValueError("another version")
    fields: dict[str, Any] = {name: frozen(arrays[name]) for name in _ARRAYS}
    fields |= {name: int(arrays[name]) for name in _NUMBERS}
    fields |= {name: _memory(name, arrays) for name in _REMEMBERED}
    fields |= {"seeds": tuple(map(int, arrays["seeds"])), "layout": _layout(str(arrays["layout"]))}
    _check_shapes(fields)
    return fields


def _memory(name: str, arrays: Mapping[str, Array]) -> Any:
    kind: Any = _MEMORIES[str(arrays[name])]
    return kind(**{field: frozen(arrays[f"{name}.{field}"]) for field in kind._fields})


def _check_shapes(fields: Mapping[str, Any]) -> None:
    """Refuse arrays that do not belong to the same networks."""
    batch, layout = fields["stopped"].shape, fields["layout"]
    shapes = {"params": layout.sizes[0], "running_stats": layout.sizes[1]}
    remembered = (array for name in _REMEMBERED for array in fields[name])
    if (
        any(fields[name].shape != (*batch, size) for name, size in shapes.items())
        or fields["average"].shape not in ((*batch, 0), (*batch, layout.sizes[0]))
        or any(array.shape[: len(batch)] != batch for array in remembered)
        or len(batch) > 1
        or len(fields["seeds"]) != (batch[0] if batch else 1)
    ):
        raise ValueError("arrays of other shapes")


def _text(layout: Layout) -> str:
    return json.dumps([layout.groups, layout.statistics, layout.sizes])


def _layout(text: str) -> Layout:
    groups, statistics, (params, averages) = json.loads(text)
    return Layout(
        tuple((int(layer), str(name), tuple(map(int, shape))) for layer, name, shape in groups),
        tuple(map(int, statistics)),
        (int(params), int(averages)),
    )
