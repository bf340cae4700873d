"""What passes between the network page and its script, and what both know."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.datasets import EXTENT
from engine.hidden_space import MOST
from engine.look import BINS, STATISTICS
from engine.look.saturation import FLAT
from playground.network_page.choices import (
    NO_EXPERIMENT,
    UNITS,
    DataSettings,
    DisplaySettings,
    ModelSettings,
    TrainingSettings,
)
from playground.network_page.commands import COMMANDS
from playground.network_page.messages import Catalog, Checked, LayerChoices, Outline, SceneMessage
from playground.network_page.pictures import PICTURES
from playground.network_page.sections import (
    ALWAYS,
    KINDS,
    OF_STRIP,
    OF_UNITS,
    PLACE_UNIT,
    CurveEnds,
    Focus,
    LandscapeNumbers,
    Scalars,
    Section,
)
from playground.runtime import wire_table as runtime
from playground.runtime.commands import GOTO
from playground.runtime.wire import Constant, Wire
from playground.runtime.wire_script import camel

MESSAGES = (*runtime.MESSAGES, SceneMessage, Checked)


def _names(record: Any) -> tuple[str, ...]:
    return tuple(map(camel, record._fields))


def _sections(needed: Iterable[Section]) -> tuple[str, ...]:
    return tuple(camel(section.name) for section in needed)


WIRE = Wire(
    constants=[
        Constant("SCALARS", _names(Scalars), "The numbers of the section of this name, in order."),
        Constant("FOCUS", _names(Focus), "The numbers of the section of this name, in order."),
        Constant("FOCUS_KINDS", KINDS, "What can be looked at closely, by its code; the first one is nothing."),
        Constant("KIND", {name: name for name in KINDS}, "The same by their names."),
        Constant("CURVE_ENDS", _names(CurveEnds), "What a curve begins with, before its samples."),
        Constant("LANDSCAPE", _names(LandscapeNumbers), "The numbers of the landscape's view, in order."),
        Constant("ALWAYS", _sections(ALWAYS), "What it takes to paint any network."),
        Constant("OF_UNITS", _sections(OF_UNITS), "What it takes besides, to draw every unit."),
        Constant("OF_STRIP", _sections(OF_STRIP), "What it takes besides, to draw a strip."),
        Constant(
            "PICTURES",
            {name: _sections(entry.sections) for name, entry in PICTURES.items()},
            "What each of the large pictures is made of.",
        ),
        Constant("LAYER_CHOICES", tuple(LayerChoices.__annotations__), "The settings that list one value a layer."),
        Constant("NO_EXPERIMENT", NO_EXPERIMENT.name, "The name for no experiment."),
        Constant("LEAST_UNITS", int(UNITS.low), "Units of a layer, at least."),
        Constant("FLAT", FLAT, "Below this share of the largest slope an activation is flat."),
        Constant("BINS", BINS, "Bins of every histogram."),
        Constant("STATISTICS", STATISTICS, "The statistics of every histogram, in order."),
        Constant("ROWS", 2, "Histograms of every layer, the upper one first."),
        Constant("SATURATION", ("saturated", "dead"), "The shares of every layer, in order."),
        Constant("PROFILE", ("spread", "norm"), "The numbers of every layer in a strip's chart, in order."),
        Constant("EXTENT", EXTENT, "The square of inputs reaches from minus this to this."),
        Constant("PLACE_UNIT", PLACE_UNIT, "What 1 stands for in a data point's coordinates."),
        Constant("MOST_PLACES", int(MOST.default), "Training points, and test points, that hidden space shows."),
    ],
    sections=Section,
    records=[Scalars, Focus, CurveEnds, LandscapeNumbers, Catalog, Outline, LayerChoices],
    settings=[DataSettings, ModelSettings, TrainingSettings, DisplaySettings],
    messages=MESSAGES,
    commands=[*COMMANDS.values(), GOTO],
)
