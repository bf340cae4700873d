"""What passes between the race page and its script, and what both know."""

from __future__ import annotations

from engine.race import RATES
from playground.race_page.choices import RaceChoices, RaceDisplay
from playground.race_page.commands import COMMANDS
from playground.race_page.messages import Card, Catalog, SceneMessage, SweepOutcome, Swept
from playground.race_page.sections import HEAD_PARTS, NEVER, Scalars, Section
from playground.runtime import wire_table as runtime
from playground.runtime.commands import GOTO
from playground.runtime.wire import Constant, Wire
from playground.runtime.wire_script import camel

MESSAGES = (*runtime.MESSAGES, SceneMessage, Swept)

WIRE = Wire(
    constants=[
        Constant("SCALARS", tuple(map(camel, Scalars._fields)), "The numbers of the section of this name, in order."),
        Constant(
            "HEAD",
            {name: max(len(parts), 1) for name, parts in HEAD_PARTS.items()},
            "What is known of a racer at one step, in order, and how many numbers each is.",
        ),
        Constant("NEVER", NEVER, "Stands for a step that has not happened, and for no racer."),
        Constant("RATES", len(RATES), "Learning rates that a sweep tries."),
    ],
    sections=Section,
    records=[Scalars, Catalog, Card, SweepOutcome],
    settings=[RaceChoices, RaceDisplay],
    messages=MESSAGES,
    commands=[*COMMANDS.values(), GOTO],
)
