"""What the browser must know before it can draw a race: surface, racers, choices; and what there is to choose."""

from __future__ import annotations

from typing import Any

from engine import MOMENTUM_SCHEDULES, OPTIMIZERS, SCHEDULES, Registry
from engine.formula.formula import UNWRITTEN
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
from playground.race_page.race_run import RaceRun
from playground.race_page.settings import RaceSettings
from playground.race_page.surface_race import SurfaceRace
from playground.runtime.json_value import Json
from playground.runtime.options import described, labelled, number

COLORS = (
    "#8a949e", "#e39a1b", "#d9473f", "#1f9d8a", "#a06cc0", "#2f8fe0", "#b5a400", "#e06aa8", "#5fa53f", "#a5622f",
    "#12b3c7", "#5f5fd8",
)  # fmt: skip
"""One for each racer, legible on deep and on pale ground."""


def scene(run: RaceRun, heard: int) -> dict[str, Json]:
    """Describe the race and all choices, ready for JSON."""
    settings, race = run.settings, run.race
    surface = race.surface if isinstance(race, SurfaceRace) else None
    return {
        "generation": run.generation,
        "heard": heard,
        "mode": race.mode,
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


def racer_looks(settings: RaceSettings) -> list[dict[str, Json]]:
    """Label, colour and whether it is shown of each racer."""
    return [
        {"label": OPTIMIZERS[racer["optimizer"]].label, "color": COLORS[racer["color"]], "shown": racer["shown"]}
        for racer in settings.race.racers
    ]


def _surface(race: SurfaceRace) -> dict[str, Json]:
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
        "scale": scale._asdict(),
        "size": SIZE,
        "hyperparameters": [hyperparameter.name for hyperparameter in surface.hyperparameters],
    }


def catalog() -> dict[str, Json]:
    """All that can be chosen for a racer; never changes."""
    return {
        "optimizers": _entries(OPTIMIZERS),
        "schedules": _entries(SCHEDULES),
        "momentum_schedules": _entries(MOMENTUM_SCHEDULES),
        "racer": new_racer(),
        "learning_rate": number(LEARNING_RATE),
        "curves": [described(entry) for entry in CURVES.values()],
        "overlays": [labelled(RaceDisplay, name) for name in OVERLAYS],
        "colors": list(COLORS),
        "limits": {"racers": MOST_RACERS, "steps": LAST_STEP},
    }


def _entries(registry: Registry[Any]) -> list[dict[str, Json]]:
    return [{**described(entry), "momentum": getattr(entry, "momentum", "")} for entry in registry.values()]
