"""What is sent to the race page's script as JSON: the scene, the catalog, an update written out, a sweep's outcome.

These types are written into static/race/wire.js; a line ``name : words`` of a docstring goes there with its field.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias, TypedDict

from engine.optimizers.explain import Role
from playground.runtime.messages import SceneBase
from playground.runtime.options import Entry, NumberField, TunableEntry
from playground.runtime.wire import Script

Pair: TypeAlias = Annotated[list[float], 2]
"""x and y, or how far along both, or limits."""


class Scale(TypedDict):
    """What a byte of the map stands for; see contour.Scale."""

    low: float
    unit: float
    span: float


class SurfaceEntry(TypedDict):
    """The surface that is raced on.

    text : Its formula.
    written : Whether it can be written down.
    box : Its limits along x and along y.
    minima : All global minima, as far as they are known.
    lowest : The height there.
    curve : What the chart shows.
    question : The same words as long as the outcome of a sweep holds.
    size : Bytes along each edge of the map.
    """

    label: str
    text: str
    written: bool
    doc: str
    source: str
    box: Annotated[list[Pair], 2]
    minima: list[Pair]
    lowest: float | None
    curve: str
    question: str
    scale: Scale
    size: int


class RacerLook(TypedDict):
    """A racer as the map and the chart show it."""

    label: str
    color: str
    shown: bool


class SceneRacer(RacerLook):
    """A racer as the scene describes it.

    usual : Whether its learning rate is the usual one.
    """

    rate: float
    usual: bool


class Scene(SceneBase):
    """What frames are drawn into: what is raced on, and by whom.

    ground : What that is called.
    own : Whether it is a surface of one's own.
    given : Whether the surface was handed over in Python, and so has no formula that can be typed.
    surface : Null where a network is raced on, which has no map.
    curves : The curves that make sense.
    """

    ground: str
    own: bool
    given: bool
    surface: SurfaceEntry | None
    curves: list[str]
    racers: list[SceneRacer]
    settings: Annotated[Mapping[str, object], Script("Settings")]


class RacerSettings(TypedDict):
    """All choices of one racer.

    learning_rate : Null for the one that is usual for the surface.
    color : Null for one that is free: Python finds it.
    """

    optimizer: str
    learning_rate: float | None
    hyperparameters: dict[str, float]
    schedule: str
    schedule_params: dict[str, float]
    momentum_schedule: str
    momentum_schedule_params: dict[str, float]
    color: int | None
    shown: bool


class RuleEntry(TunableEntry):
    """An optimizer.

    momentum : The hyperparameter that can be annealed, or nothing.
    told : The hyperparameters that a short description names.
    """

    momentum: str
    told: list[str]


class Limits(TypedDict):
    """Most of what there can be."""

    racers: int
    steps: int


class Catalog(TypedDict):
    """All that can be chosen in the script's own controls.

    racer : One that nothing has been chosen for yet.
    learning_rate : What a learning rate may be.
    overlays : Switches of what is drawn at the heads.
    """

    optimizers: list[RuleEntry]
    schedules: list[TunableEntry]
    momentum_schedules: list[TunableEntry]
    racer: RacerSettings
    learning_rate: NumberField
    curves: list[Entry]
    overlays: list[Entry]
    colors: list[str]
    limits: Limits


class CardLine(TypedDict):
    """One line of an update that is written out."""

    title: str
    formula: str
    numbers: str
    says: str
    role: Role
    vector: Pair | None


class Card(TypedDict):
    """The next update of one racer."""

    racer: int
    step: int
    lines: list[CardLine]


class SweepOutcome(TypedDict):
    """What a sweep found: the value that each racer ends with at each rate, null if it did not; and the best rates."""

    question: str
    rates: list[float]
    values: list[list[float | None]]
    best: list[float | None]


class Swept(SweepOutcome):
    """The message that says so."""

    type: Literal["swept"]


class SceneMessage(TypedDict):
    """What must be known before frames can be drawn; the picture of the surface only when it is another one."""

    type: Literal["scene"]
    scene: Scene
    heights: bytes | None
