"""What the browser must know before it can draw a race: surface, racers, choices; and what there is to choose."""

from __future__ import annotations

from typing import cast

from engine import MOMENTUM_SCHEDULES, OPTIMIZERS, SCHEDULES
from engine.formula.formula import UNWRITTEN
from engine.optimizers import Optimizer
from playground.race_page.choices import (
    CURVES,
    LAST_STEP,
    LEARNING_RATE,
    MOST_RACERS,
    OVERLAYS,
    RaceDisplay,
)
from playground.race_page.choices import racer as new_racer
from playground.race_page.contour import SIZE
from playground.race_page.messages import Catalog, RacerLook, RacerSettings, RuleEntry, Scene, SurfaceEntry
from playground.race_page.race_run import RaceRun
from playground.race_page.settings import RaceSettings
from playground.race_page.surface_race import SurfaceRace
from playground.runtime.options import described, labelled, number, tunable

COLORS = (
    "#8a949e", "#e39a1b", "#d9473f", "#1f9d8a", "#a06cc0", "#2f8fe0", "#b5a400", "#e06aa8", "#5fa53f", "#a5622f",
    "#12b3c7", "#5f5fd8",
)  # fmt: skip
"""One for each racer, legible on deep and on pale ground."""

MOST_TOLD = 2
"""Hyperparameters that a racer's short description names."""


def scene(run: RaceRun, heard: int) -> Scene:
    """Describe the race and all choices, ready for JSON."""
    settings, race = run.settings, run.race
    surface = race.surface if isinstance(race, SurfaceRace) else None
    return {
        "generation": run.generation,
        "heard": heard,
        "ground": settings.ground.label,
        "curves": list(race.offered),
        "surface": _surface(race) if isinstance(race, SurfaceRace) else None,
        "racers": [
            {**look, "rate": settings.rate_of(racer, surface), "usual": racer["learning_rate"] is None}
            for look, racer in zip(racer_looks(settings), settings.race.racers, strict=True)
        ],
        "own": settings.ground.is_own,
        "given": settings.custom is not None,
        "remark": run.remark,
        "settings": settings.values(),
    }


def racer_looks(settings: RaceSettings) -> list[RacerLook]:
    """Label, colour and whether it is shown of each racer."""
    return [
        {"label": OPTIMIZERS[racer["optimizer"]].label, "color": COLORS[racer["color"]], "shown": racer["shown"]}
        for racer in settings.race.racers
    ]


def _surface(race: SurfaceRace) -> SurfaceEntry:
    surface, scale = race.surface, race.contour().scale
    return {
        "label": surface.label,
        "text": surface.text,
        "written": surface.text != UNWRITTEN,
        "doc": surface.doc,
        "source": surface.source,
        "box": [list(side) for side in surface.box],
        "minima": [list(place) for place in surface.minima],
        "lowest": surface.lowest,
        "curve": race.curve,
        "question": race.question,
        "scale": {"low": scale.low, "unit": scale.unit, "span": scale.span},
        "size": SIZE,
    }


def catalog() -> Catalog:
    """All that can be chosen for a racer; never changes."""
    return {
        "optimizers": [_rule(entry) for entry in OPTIMIZERS.values()],
        "schedules": [tunable(entry) for entry in SCHEDULES.values()],
        "momentum_schedules": [tunable(entry) for entry in MOMENTUM_SCHEDULES.values()],
        "racer": cast(RacerSettings, new_racer()),
        "learning_rate": number(LEARNING_RATE),
        "curves": [described(entry) for entry in CURVES.values()],
        "overlays": [labelled(RaceDisplay, name) for name in OVERLAYS],
        "colors": list(COLORS),
        "limits": {"racers": MOST_RACERS, "steps": LAST_STEP},
    }


def _rule(entry: Optimizer) -> RuleEntry:
    told = [hyperparameter.name for hyperparameter in entry.hyperparameters if not hyperparameter.minor]
    return {**tunable(entry), "momentum": entry.momentum, "told": told[:MOST_TOLD]}
