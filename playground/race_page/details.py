"""What is known of the racers at one step: numbers for their heads and cards, and one update written out."""

from __future__ import annotations

from typing import TypedDict

import numpy as np

from engine.arrays import Array
from engine.optimizers.explain import TraceLine, UpdateInput, UpdateTrace, explain
from engine.race import Ending, Race, RaceState, distances
from playground.race_page.messages import Card, CardLine
from playground.race_page.sections import COLUMN, HEAD, NEVER

_SEEN = "gradient"
"""The role of the line that a rule is given and does not compute."""

_OVERLAY = {"velocity": COLUMN["velocity_x"], "home": COLUMN["home_x"], "rates": COLUMN["rates_x"]}


class ShownCurves(TypedDict):
    """What the chart shows: steps (T,), curves (n, T), whether its axis is logarithmic, and the step that is shown."""

    steps: Array
    curves: Array
    log: bool
    cursor: int


def heads(race: Race, state: RaceState, reached: Array, ended: Array, deep: bool) -> Array:
    """A row (n, 17) for each racer.

    Parameters
    ----------
    race, state : Race, RaceState
    reached, ended : (n,) arrays
        The step of arrival and of the end, -1 for not yet.
    deep : bool
        Whether what goes on inside the rules is wanted too.
    """
    rows = np.full((len(race.racers), len(HEAD)), np.nan)
    rows[:, :2] = race.seen(state)
    rows[:, COLUMN["ended"]], rows[:, COLUMN["reached"]] = ended, reached
    rows[:, COLUMN["ending"]] = np.where(ended == NEVER, Ending.GOING, state.endings)
    rows[:, COLUMN["value"]] = state.values
    rows[:, COLUMN["distance"]] = distances(state.positions, race.surface.minima)
    for k, racer in enumerate(race.racers):
        rows[k, COLUMN["rate"]] = racer.hyperparameters_at(state.step)["learning_rate"]
        if deep and ended[k] == NEVER:
            _look_inside(rows[k], dissect(race, state, k))
    return rows


def _look_inside(row: Array, update_trace: UpdateTrace) -> None:
    overlay = update_trace.overlay
    for name, first in _OVERLAY.items():
        if (vector := getattr(overlay, name)) is not None:
            row[first : first + 2] = vector
    if overlay.model is not None:
        first = COLUMN["model_xx"]
        row[first : first + 3] = overlay.model[0, 0], overlay.model[0, 1], overlay.model[1, 1]


def dissect(race: Race, state: RaceState, k: int) -> UpdateTrace:
    """What goes on inside the next update of racer ``k``."""
    racer = race.racers[k]
    rule, hyperparameters = racer.rule, racer.hyperparameters_at(state.step)
    params, gradient = state.positions[k], race.seen(state)[k]
    before, objective = race.optimizer_state_of(state, k), race.objective_at(state.step)
    with np.errstate(all="ignore"):
        # Rules take rows, so that the search along a line finds arrays to work in.
        rows = before._make(array[None] for array in before)
        probe = (objective.probe(params[None]),) if rule.probes else ()
        change, after = rule.update(gradient[None], rows, params[None], state.step, hyperparameters, *probe)
        hessian = race.surface.hessian(params) if rule.probes else None
        value = float(objective.value_and_gradient(params)[0])
    inputs = UpdateInput(
        gradient,
        before,
        after._make(array[0] for array in after),
        params,
        change[0],
        state.step,
        hyperparameters,
        value,
        hessian,
    )
    return explain(rule, inputs)


def card(race: Race, state: RaceState, k: int) -> Card:
    """The next update of racer ``k``, line by line, ready for JSON."""
    lines = dissect(race, state, k).lines
    return {"racer": k, "step": state.step, "lines": [_written(line, bool(race.noise)) for line in lines]}


def _written(line: TraceLine, noisy: bool) -> CardLine:
    formula = f"{line.formula} + noise" if noisy and line.role == _SEEN else line.formula
    value = None if line.value is None or not np.isfinite(line.value).all() else [float(part) for part in line.value]
    return {
        "title": line.title,
        "formula": formula,
        "numbers": line.numbers,
        "says": line.says,
        "role": line.role,
        "vector": value,
    }
