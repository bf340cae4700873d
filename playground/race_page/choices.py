"""Choices of the race page, as bounded parameters in small groups; all bounds and names come from the engine."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import param

from engine import LIMITS, SURFACES, Hyperparameter, Registry
from engine.race import NOISE, Racer
from engine.registry import Refusal, brief
from engine.surfaces import from_text
from playground.race_page.messages import RacerSettings
from playground.runtime.json_value import Json
from playground.runtime.options import Option
from playground.runtime.parameters import Bounded, Choice, Several, Switch, hyperparameter_setting, mapping, truth

MOST_RACERS = 12
LAST_STEP = 10_000
"""Where a race ends."""

SHOWN_AT_ONCE = 300
"""Steps that are shown at once from a new start."""

SPEED = Hyperparameter("speed", 30, 1, 1000, "Steps per second, as far as the machine can.", "Speed", log=True)
TOLERANCE = Hyperparameter(
    "tolerance",
    1e-3,
    1e-12,
    10.0,
    "A racer has arrived when its loss is so close to the lowest one.",
    "Tolerance",
    log=True,
)
SWEPT = Hyperparameter(
    "swept_steps",
    300,
    10,
    1000,
    "Steps that each rate has when the best one is looked for.",
    "Sweep steps",
    integer=True,
)
COLOR = Hyperparameter("color", 0, 0, MOST_RACERS - 1, "Which of the twelve colours a racer has.", integer=True)
SELECTED = Hyperparameter(
    "selected", -1, -1, MOST_RACERS - 1, "Whose update is written out; -1 for none.", integer=True
)

LEARNING_RATE = replace(LIMITS["learning_rate"], doc="How far a step goes.")


@dataclass(frozen=True, slots=True)
class Ground(Option):
    """What there is to race on: a surface, or a network.

    Parameters
    ----------
    hyperparameters : tuple of Hyperparameter
        Of a built-in surface.
    is_own : bool
        Whether it is the surface that is typed as a formula, or given from Python.
    is_network : bool
        Whether it is the network of the network page, and no surface.
    """

    hyperparameters: tuple[Hyperparameter, ...] = ()
    is_own: bool = False
    is_network: bool = False


OWN = Ground("own", "Your formula", "A surface of your own, as a formula in x and y.", is_own=True)
NETWORK = Ground("network", "Your network", "The network of the network page, trained by every racer.", is_network=True)
GROUNDS = Registry(
    "surface",
    [*(Ground(one.name, one.label, one.doc, one.hyperparameters) for one in SURFACES.values()), OWN, NETWORK],
)
"""What there is to race on."""


@dataclass(frozen=True, slots=True)
class RaceCurve(Option):
    """What a curve tells of each racer, step by step.

    Parameters
    ----------
    from_minima : bool
        Whether it makes sense only where the surface has a lowest point that is known.
    of_networks : bool
        Whether a race of networks has it too.
    logarithmic : bool
        Whether its axis always is.
    """

    from_minima: bool = False
    of_networks: bool = False
    logarithmic: bool = False


CURVES = Registry(
    "curve",
    [
        RaceCurve("loss", "Loss", "Height above the lowest point of the surface, against the steps.", of_networks=True),
        RaceCurve("distance", "Distance", "Distance to the nearest global minimum, against the steps.",
                  from_minima=True, logarithmic=True),
        RaceCurve("length", "Step length", "Length of each step.", logarithmic=True),
    ],
)  # fmt: skip
"""What the chart shows against the steps."""

ENGINE_PART = tuple(Racer.__dataclass_fields__)
"""What a racer is for the engine; the page adds a colour and whether it is shown."""

FIRST_RACERS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")


def racer(name: str = "sgd", color: int = 0, **chosen: Json) -> dict[str, Json]:
    """All choices of one racer; a learning rate of None is the one that suits the surface."""
    usual: dict[str, Json] = {
        "optimizer": name,
        "learning_rate": None,
        "hyperparameters": {},
        "schedule": "constant",
        "schedule_params": {},
        "momentum_schedule": "constant",
        "momentum_schedule_params": {},
        "color": color,
        "shown": True,
    }
    return {**usual, **chosen}


def engine_part(values: Mapping[str, Json]) -> dict[str, Any]:
    """What the engine must know of a racer."""
    return {name: values[name] for name in ENGINE_PART if name in values}


def check_racer(name: str, value: object) -> None:
    """Refuse what is no racer."""
    for key in (given := mapping("racers", value)):
        if key not in _RACER:
            raise Refusal(f"A racer has {', '.join(_RACER)}; not {brief(key)}.")
    Racer(**engine_part(given))
    COLOR.check_one(given.get("color", 0))
    truth("shown", given.get("shown", True))


_RACER = racer()


def check_coordinate(name: str, value: object) -> None:
    """Refuse what is no finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= sys.float_info.max:
        raise Refusal(f"{name} must be two numbers, x and y; not {brief(value)}.")


if TYPE_CHECKING:
    _String: TypeAlias = param.String[str]
else:
    _String = param.String  # see parameters.py


class FormulaText(_String):
    """A formula that can be read."""

    def _validate(self, val: str) -> None:
        if self.name:
            from_text(val)


class RaceChoices(param.Parameterized):
    """What is raced on, by whom, from where."""

    surface = Choice(GROUNDS, "beale", "Surface", "The function that the optimizers minimise.")
    formula = FormulaText("sin(x) cos(y) + (x^2 + y^2)/20", label="f(x, y)", doc="Your own surface, in x and y.")
    start = Several(list(SURFACES["beale"].start), check_coordinate, 2, 2, "Start", "Where all racers begin.", float)
    noise = Bounded(NOISE)
    noise_seed = Bounded(LIMITS["seed"])
    racers = Several(
        [racer(name, color) for color, name in enumerate(FIRST_RACERS)],
        check_racer,
        1,
        MOST_RACERS,
        "Racers",
        "Optimizers with their settings.",
        RacerSettings,
    )


class RaceDisplay(param.Parameterized):
    """How fast it goes and what is shown. Nothing here touches the race."""

    speed = Bounded(SPEED)
    tolerance = Bounded(TOLERANCE)
    swept_steps = Bounded(SWEPT)
    log_scale = Switch(True, label="Scale", doc="Use a logarithmic scale, which shows low values in more detail.")
    curve = Choice(CURVES, "loss", "Curve", "What the chart shows against the steps.")
    gradient_vectors = Switch(
        True,
        label="Gradient",
        doc="An arrow down the gradient that the racer sees; its length is logarithmic.",
    )
    velocity_vectors = Switch(True, label="Velocity", doc="The part of the step that comes from earlier gradients.")
    lookahead = Switch(
        False,
        label="Look-ahead",
        doc="Nesterov momentum: the parameters (small ring), and the point where the gradient is taken (head).",
    )
    rate_ellipses = Switch(
        False,
        label="Rates",
        doc="Effective learning rate along x and y: AdaGrad, RMSProp, Adam and related rules.",
    )
    local_model = Switch(
        False,
        label="Model",
        doc="The parabola that Newton, BFGS and L-BFGS take the surface for, as contours.",
    )
    selected = Bounded(SELECTED)
    dark = Switch(False, label="Dark mode", doc="Light text on a dark page.")


SurfaceHyperparameters = param.parameterized_class(
    "SurfaceHyperparameters",
    {
        hyperparameter_setting("surface", entry.name, hyperparameter.name): Bounded(hyperparameter)
        for entry in SURFACES.values()
        for hyperparameter in entry.hyperparameters
    },
    bases=param.Parameterized,
)

OVERLAYS = ("gradient_vectors", "velocity_vectors", "lookahead", "rate_ellipses", "local_model")
"""The switches of what is drawn at the heads of the racers."""

WATCHED = frozenset(RaceDisplay.param) - {"name"}
"""Choices that change only what is seen of a race, and how fast it goes."""
