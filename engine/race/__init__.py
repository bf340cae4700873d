"""Races of update rules over toy surfaces: racers, states, measures, and a sweep over learning rates."""

from __future__ import annotations

from engine.race.measures import distances, first_within, step_lengths, winner
from engine.race.race import BLOCK, NOISE, Race, inside
from engine.race.race_state import REASONS, Ending, RaceState, Trajectory
from engine.race.racer import Racer, as_racer
from engine.race.sweep import RATES, Sweep, Sweeping, sweep

__all__ = [
    "BLOCK",
    "NOISE",
    "RATES",
    "REASONS",
    "Ending",
    "Race",
    "RaceState",
    "Racer",
    "Sweep",
    "Sweeping",
    "Trajectory",
    "as_racer",
    "distances",
    "first_within",
    "inside",
    "step_lengths",
    "sweep",
    "winner",
]
