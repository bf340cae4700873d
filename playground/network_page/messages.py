"""What is sent to the network page's script as JSON: the scene, the catalog, the outcome of a check.

These types are written into static/network/wire.js; a line ``name : words`` of a docstring goes there with its field.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypedDict

from engine.gradient_check import Verdict
from playground.runtime.messages import SceneBase
from playground.runtime.options import Entry, TunableEntry
from playground.runtime.wire import Script


class Task(TypedDict):
    """What is predicted, as far as it is drawn and worded.

    exclusive : Whether the outputs are classes that exclude each other.
    probabilities : Whether what is predicted lies between 0 and 1; else it is a value of any size.
    """

    exclusive: bool
    probabilities: bool


class LayerChoices(TypedDict):
    """What can be chosen of one hidden layer.

    hidden : Number of units.
    """

    hidden: int
    activation: str
    activation_params: dict[str, float]
    batch_norm: str
    dropout: float
    drop_connect: float


class InputLayer(TypedDict):
    """The inputs: names of features, or of a table's columns."""

    kind: Literal["input"]
    units: int
    features: list[str]


class HiddenLayer(TypedDict):
    """A hidden layer.

    norm_label : Batch norm in short, or nothing.
    """

    kind: Literal["hidden"]
    units: int
    activation: str
    activation_label: str
    norm_label: str
    dropout: float
    drop_connect: float


class OutputLayer(TypedDict):
    """The outputs, and the name of what makes predictions of their scores."""

    kind: Literal["output"]
    units: int
    label: str


class HiddenSpace(TypedDict):
    """The layer whose space is shown, and two of its units, counted from 1."""

    layer: int
    units: Annotated[list[int], 2]


class SquareAxis(TypedDict):
    """One axis of the square.

    middle : Its value in the middle of the square.
    step : How much the value grows in 1.
    digits : How many digits behind the point are worth telling.
    """

    label: str
    middle: float
    step: float
    digits: int


class Scene(SceneBase):
    """What frames are drawn into: network and data.

    certainties : In how many degrees the map of classes tells how certain each is.
    label_unit : What 1 stands for in the packed label of a data point.
    class_names : What the classes of a user's own data are called; empty for other data.
    axes : What the square shows to the right, and upwards.
    extent : The plane that is drawn reaches from minus this to this on both axes.
    grid : Pixels on a side of the large map.
    tile : Pixels on a side of the units' maps.
    strip : Whether there are too many units to draw each.
    thresholds : For each layer the share of saturated values that is still usual; null where there can be none.
    usual : And the share that standard normal sums would have.
    new_layer : What one more hidden layer would be like.
    train : Training points.
    test : Test points.
    seen : Points on which saturation is measured.
    departed : Whether the choices are no longer those of the experiment.
    """

    task: Task
    classes: int
    certainties: int
    class_names: list[str]
    axes: Annotated[list[SquareAxis], 2]
    label_unit: float
    extent: float
    grid: int
    tile: int
    strip: bool
    hidden_space: HiddenSpace
    thresholds: list[float | None]
    usual: list[float | None]
    layers: Annotated[
        list[InputLayer | HiddenLayer | OutputLayer], Script("[InputLayer, ...HiddenLayer[], OutputLayer]")
    ]
    new_layer: LayerChoices
    train: int
    test: int
    seen: int
    departed: bool
    palette: list[str]
    settings: Annotated[Mapping[str, object], Script("Settings")]


class Dataset(Entry):
    """A thumbnail.

    points : x, y and label of each.
    """

    task: Task
    points: list[Annotated[list[float], 3]]


class Feature(Entry):
    """What the network may see of a point.

    map : In base64: one byte a pixel, row by row.
    """

    map: str


class View(Entry):
    """How the network is used for the maps.

    spread : Whether the output's map shows how far the outputs of several masks spread.
    """

    spread: bool


class Quantity(Entry):
    """What histograms show.

    sizes : Whether its values are absolute, so that their mean says more than their spread.
    backward : Whether it belongs to the way back.
    """

    symbol: str
    sizes: bool
    backward: bool


class AxesEntry(Entry):
    """Axes of a hidden space."""

    of_units: bool


class ExperimentEntry(TypedDict):
    """A prepared experiment, and what to notice in it."""

    name: str
    label: str
    notice: str


class Switches(TypedDict):
    """Settings that are on or off, of which the script has the control."""

    show_test: Entry
    discretize: Entry
    log_loss: Entry
    log_counts: Entry


class Selects(TypedDict):
    """Settings of which the script has the menu."""

    picture: Entry
    view: Entry
    hidden_layer: Entry
    hidden_axes: Entry
    directions: Entry
    landscape_every: Entry
    upper: Entry
    lower: Entry
    activation: Entry
    batch_norm: Entry
    dropout: Entry
    drop_connect: Entry


class Limits(TypedDict):
    """Most of what there can be."""

    layers: int
    units: int


class Catalog(TypedDict):
    """All that can be chosen in the script's own controls."""

    datasets: list[Dataset]
    features: list[Feature]
    activations: list[TunableEntry]
    placements: list[Entry]
    views: list[View]
    quantities: list[Quantity]
    pictures: list[Entry]
    axes: list[AxesEntry]
    directions: list[Entry]
    experiments: list[ExperimentEntry]
    switches: Switches
    selects: Selects
    dropout: list[float]
    palette: list[str]
    limits: Limits


class Outline(TypedDict):
    """A heading of the left panel.

    choices : The choices under it, each with its entries that have numbers of their own.
    """

    title: str
    choices: dict[str, list[str]]


class CheckedGroup(TypedDict):
    """One group of numbers whose gradients were checked.

    worst : Null where it is not finite.
    """

    layer: int
    group: str
    size: int
    checked: int
    kinks: int
    worst: float | None
    verdict: Verdict | Literal["unjudged"]


class SceneMessage(TypedDict):
    """What must be known before frames can be drawn; frames of older generations are void.

    points : The data points, packed as a frame is.
    """

    type: Literal["scene"]
    scene: Scene
    points: bytes


class Checked(TypedDict):
    """The outcome of a gradient check."""

    type: Literal["checked"]
    groups: list[CheckedGroup]
