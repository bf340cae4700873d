"""What the browser must know before it can draw Frames: shape, settings and points. Changes only when they do."""

from __future__ import annotations

import base64

import numpy as np

from engine import ACTIVATIONS, DATASETS, DIRECTIONS, EXPERIMENTS, FEATURES, TASKS, Network, Trainer
from engine.arrays import Array
from engine.data import Data
from engine.datasets import EXTENT
from engine.look import QUANTITIES, VIEWS, DataPlane, Viewer, certainties, grid_points, to_bytes
from engine.placements import PLACEMENTS, Placement, placed
from playground.network_page.choices import DROPOUT, LAYERS, UNITS, DisplaySettings, ModelSettings
from playground.network_page.messages import (
    Catalog,
    Dataset,
    Feature,
    HiddenLayer,
    InputLayer,
    OutputLayer,
    Scene,
    Selects,
    SquareAxis,
    Switches,
    Task,
)
from playground.network_page.pictures import AXES, PICTURES, shown_units
from playground.network_page.sections import PLACE_UNIT, Section, Sections
from playground.network_page.settings import Settings
from playground.runtime.frame import pack
from playground.runtime.options import described, labelled, tunable
from playground.runtime.theme import NEGATIVE, POSITIVE

GRID = 100
TILE = 20
FRAME_BYTES = 32_000
"""What a packed frame may take, so that with a chart update and the envelope a message stays below 40 kB."""

PALETTE = (
    NEGATIVE, POSITIVE, "#3f9c4a", "#c2428d", "#7a5cc0", "#8a6d3b", "#20a4a4", "#d0402b", "#a8b800", "#7098f8",
    "#9000a8", "#b8a8b0", "#006800", "#f87090", "#2828f8", "#385868", "#d880f8", "#883858", "#f808d0", "#b818f8",
)  # fmt: skip
"""Colours of the classes; the first two are those of negative and positive.

From the ninth on each is as far from all others, and from the grey of both themes, as two of the first eight can be.
"""

VALUE_UNIT = 1 / 100
"""What 1 stands for in the packed label of a point whose label is a value; a class is a number as it is."""

MOST_COLUMNS = 10
MOST_LINKS = 10_500
"""Hidden layers, and links between all of them, up to which a network is drawn unit by unit."""


def is_strip(network: Network) -> bool:
    """Whether a network is drawn as a strip, one narrow column for each layer, for want of room."""
    return len(network.blocks) - 1 > MOST_COLUMNS or _links(network) > MOST_LINKS


def _links(network: Network) -> int:
    return sum(part[..., 0].size for part in network.weight_positions)


def tile_side(network: Network) -> int:
    """The largest side of the unit maps, 20 at most, with which a frame keeps to its size."""
    units = sum(block.units for block in network.blocks)
    blocks = len(network.blocks) + 1
    fixed = GRID * GRID + _links(network) + 2 * units + blocks * 240 + 1200
    return int(np.clip((max(FRAME_BYTES - fixed, 0) / units) ** 0.5, 4, TILE))


def points(data: Data, plane: DataPlane) -> bytes:
    """The sections POINTS and LABELS, packed. Of several targets the first is shown."""
    places = np.clip(plane.points(data.rows) / PLACE_UNIT, -32767.0, 32767.0)
    labels = data.labels.reshape(len(data.labels), -1)[:, 0] / label_unit(data.task)
    sections: Sections = {
        Section.POINTS: places.round().astype("<i2"),
        Section.LABELS: np.clip(labels, -127, 127).round().astype("i1"),
    }
    return pack(0, 0, sections)


def label_unit(task: str) -> float:
    """What 1 stands for in the packed label of a point."""
    return 1.0 if TASKS[task].probabilities else VALUE_UNIT


def _task(name: str) -> Task:
    """Several answers that do not exclude each other are drawn as one: by the first."""
    return {"exclusive": TASKS[name].exclusive, "probabilities": TASKS[name].probabilities}


def _layers(trainer: Trainer) -> list[InputLayer | HiddenLayer | OutputLayer]:
    config, data = trainer.config, trainer.data
    hidden = zip(config.hidden, config.activation, config.batch_norm, config.dropout, config.drop_connect, strict=True)
    features = list(data.names)
    return [
        {"kind": "input", "units": len(features), "features": features},
        *(_hidden_layer(*values) for values in hidden),
        {"kind": "output", "units": data.outputs, "label": trainer.link.label},
    ]


def _hidden_layer(units: int, activation: str, norm: bool | str, dropout: float, drop_connect: float) -> HiddenLayer:
    return {
        "kind": "hidden",
        "units": units,
        "activation": activation,
        "activation_label": ACTIVATIONS[activation].label,
        "norm_label": _norm_label(placed(norm)),
        "dropout": dropout,
        "drop_connect": drop_connect,
    }


def scene(settings: Settings, trainer: Trainer, generation: int, viewer: Viewer, heard: int) -> Scene:
    """Describe the network, the data and all choices, ready for JSON."""
    data = trainer.data
    display = settings.display
    hidden_layer, hidden_units = shown_units(trainer, int(display.hidden_layer), list(map(int, display.hidden_units)))
    return {
        "generation": generation,
        "heard": heard,
        "hidden_space": {"layer": hidden_layer, "units": [unit + 1 for unit in hidden_units]},
        "task": _task(data.task),
        "label_unit": label_unit(data.task),
        "classes": data.classes,
        "certainties": certainties(data.classes),
        "class_names": [] if data.on_square else list(data.class_names),
        "axes": _axes(data, viewer.plane),
        "extent": EXTENT,
        "grid": GRID,
        "tile": viewer.tile,
        "strip": is_strip(trainer.network),
        "usual": _shares(viewer.usual),
        "thresholds": _shares(viewer.thresholds),
        "layers": _layers(trainer),
        "new_layer": settings.model.next_layer(),
        "train": data.train,
        "seen": viewer.samples,
        "departed": settings.departed,
        "test": data.test,
        "palette": list(PALETTE),
        "remark": " ".join(filter(None, [*trainer.remarks, viewer.plane.sentence])),
        "settings": settings.values(),
    }


def _axes(data: Data, plane: DataPlane) -> list[SquareAxis]:
    """What the square shows to the right, and upwards: a column, or a mixture of several without a unit."""
    if plane.columns is None:
        return [{"label": f"axis {k}", "middle": 0.0, "step": 1.0, "digits": 2} for k in (1, 2)]
    return [
        _axis(data.columns[column], float(plane.origin[column]), float(step[column]))
        for column, step in zip(plane.columns, plane.axes, strict=True)
    ]


def _axis(name: str, middle: float, step: float) -> SquareAxis:
    """A column along an axis; digits are so many that a hundredth of a step can be told."""
    digits = int(np.clip(2 - np.floor(np.log10(step)), 0, 8))
    label = FEATURES[name].label if name in FEATURES else name
    return {"label": label, "middle": middle, "step": step, "digits": digits}


def _shares(shares: Array) -> list[float | None]:
    """Shares ready for JSON, None where there is none."""
    return [None if share != share else share for share in shares.tolist()]


def _norm_label(placement: Placement) -> str:
    """Batch norm as a layer's chip says it; empty where there is none."""
    return f"BN{' after' if placement.after else ''}" if placement.active else ""


def catalog(data: Data | None = None, plane: DataPlane | None = None) -> Catalog:
    """Describe all that can be chosen by clicking a picture: data sets, features, activations.

    Columns of a user's own ``data``, where there are not two, stand in the place of the features.
    """
    return {
        "datasets": [_thumbnail(name) for name in DATASETS],
        "features": _inputs(data, plane),
        "activations": [tunable(entry) for entry in ACTIVATIONS.values()],
        "placements": [described(entry) for entry in PLACEMENTS.values()],
        "views": [{**described(entry), "spread": entry.spread} for entry in VIEWS.values()],
        "quantities": [
            {**described(entry), "symbol": entry.symbol, "sizes": entry.sizes, "backward": entry.backward}
            for entry in QUANTITIES.values()
        ],
        "pictures": [described(entry) for entry in PICTURES.values()],
        "switches": _switches(),
        "selects": _selects(),
        "axes": [{**described(entry), "of_units": entry.of_units} for entry in AXES.values()],
        "directions": [described(entry) for entry in DIRECTIONS.values()],
        "experiments": [
            {"name": entry.name, "label": entry.label, "notice": entry.notice} for entry in EXPERIMENTS.values()
        ],
        "dropout": [rate / 10 for rate in range(round(DROPOUT.high * 10) + 1)],
        "palette": list(PALETTE),
        "limits": {"layers": int(LAYERS.high), "units": int(UNITS.high)},
    }


def _switches() -> Switches:
    return {
        "show_test": labelled(DisplaySettings, "show_test"),
        "discretize": labelled(DisplaySettings, "discretize"),
        "log_loss": labelled(DisplaySettings, "log_loss"),
        "log_counts": labelled(DisplaySettings, "log_counts"),
    }


def _selects() -> Selects:
    return {
        "picture": labelled(DisplaySettings, "picture"),
        "view": labelled(DisplaySettings, "view"),
        "hidden_layer": labelled(DisplaySettings, "hidden_layer"),
        "hidden_axes": labelled(DisplaySettings, "hidden_axes"),
        "directions": labelled(DisplaySettings, "directions"),
        "landscape_every": labelled(DisplaySettings, "landscape_every"),
        "upper": labelled(DisplaySettings, "upper"),
        "lower": labelled(DisplaySettings, "lower"),
        "activation": labelled(ModelSettings, "activation"),
        "batch_norm": labelled(ModelSettings, "batch_norm"),
        "dropout": labelled(ModelSettings, "dropout"),
        "drop_connect": labelled(ModelSettings, "drop_connect"),
    }


def _thumbnail(name: str) -> Dataset:
    entry = DATASETS[name]
    places, labels = entry.sample(np.random.default_rng(1), 80, 0.0)
    rows = np.column_stack([places, labels]).round(2).tolist()
    return {"name": name, "label": entry.label, "task": _task(entry.task), "doc": entry.doc, "points": rows}


def _inputs(data: Data | None, plane: DataPlane | None) -> list[Feature]:
    """What the network may see of a point, each with its map."""
    if data is None or plane is None or data.on_square:
        return [_feature(name, grid_points(TILE)) for name in FEATURES]
    if data.points is None:
        return _columns(data, plane)
    rows = plane.rows(grid_points(TILE))
    return [_feature(name, rows, centred=True) for name in FEATURES]


def _columns(data: Data, plane: DataPlane) -> list[Feature]:
    """The columns of a table, each with its map over the square."""
    rows = plane.rows(grid_points(TILE)) - plane.origin
    heights = rows / np.maximum(np.abs(rows).max(axis=0), 1e-300)
    return [
        {
            "name": name,
            "label": name,
            "doc": f"The column {name} of your data.",
            "map": base64.b64encode(to_bytes(heights[:, k]).tobytes()).decode(),
        }
        for k, name in enumerate(data.names)
    ]


def _feature(name: str, rows: Array, centred: bool = False) -> Feature:
    """A feature with its map at rows (TILE^2, 2); centred where these are far from 0, or it would be of one colour."""
    entry = FEATURES[name]
    values = entry.f(*rows.T)
    values = values - values.mean() if centred else values
    tile = to_bytes(values / np.maximum(np.abs(values).max(), 1e-300))
    return {
        "name": name,
        "label": entry.label,
        "doc": entry.doc,
        "map": base64.b64encode(tile.tobytes()).decode(),
    }
