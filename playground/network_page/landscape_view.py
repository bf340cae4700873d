"""The loss around the present weights, as the page shows it: when it is drawn anew, and what is sent of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine import DIRECTIONS
from engine.arrays import Array
from engine.landscape import LossLandscape, Plane, affordable, plane, project
from playground.network_page.progress import Progress
from playground.network_page.sections import LandscapeNumbers, Section, Sections
from playground.network_page.selection import Selection
from playground.runtime.coding import HEIGHTS

_DECADES = 4.0
"""A landscape is drawn up to so many powers of ten above its lowest point."""

_NEVER = -1


@dataclass(frozen=True, slots=True, eq=False)
class LandscapeView:
    """A landscape that was drawn.

    Parameters
    ----------
    plane : Plane
    directions : str
        Key of DIRECTIONS that was asked for; the plane's may be another one.
    step : int
        When it was drawn.
    redraws : int
        How often somebody had asked for it by then.
    codes : (side, side) uint8 array
        1 to 255 for the logarithm of the loss, ``low`` to ``high``; 0 where it is not finite.
    low, high : float
        The lowest and the highest loss that is told apart.
    path_sent : int
        The version of the path that the page has; -1 for none in this plane.
    """

    plane: Plane
    directions: str
    step: int
    redraws: int
    codes: Array
    low: float
    high: float
    path_sent: int = _NEVER


def look(
    landscape: LossLandscape, progress: Progress, selection: Selection, blank: bool, before: LandscapeView | None
) -> tuple[Sections, LandscapeView]:
    """What is to be sent, and the landscape that it shows.

    Parameters
    ----------
    landscape : LossLandscape
    progress : Progress
    selection : Selection
    blank : bool
        Whether the page has no path yet.
    before : LandscapeView or None
        What was shown before; drawn anew if it is none, too old, or not what is wanted now.

    Returns
    -------
    Sections
        The heights, and where on the plane training is and, if that changed, was.
    LandscapeView
    """
    view = before if before is not None and _holds(before, progress, selection) else None
    view = view or _draw(landscape, progress, selection)
    path = progress.path
    parts: Sections = {Section.HEIGHTS: view.codes, Section.LANDSCAPE_VIEW: _numbers(view, progress)}
    if path.version != view.path_sent or blank:
        parts[Section.PATH] = project(view.plane, path.params)[0].astype("<f4")
    return parts, replace(view, path_sent=path.version)


def _holds(view: LandscapeView, progress: Progress, selection: Selection) -> bool:
    """Whether a landscape need not be drawn anew."""
    every, pointed = selection.landscape_every, selection.pointed
    is_fresh = not every or view.step <= progress.state.step < view.step + every
    return is_fresh and (view.directions, view.redraws) == (selection.directions, pointed.redraws)


def _draw(landscape: LossLandscape, progress: Progress, selection: Selection) -> LandscapeView:
    trainer, state, wanted = landscape.trainer, progress.state, selection.directions
    seen = plane(trainer, state, wanted, progress.path.params, trainer.config.seed)
    codes, low, high = _coded(landscape.heights(seen, *affordable(trainer)))
    return LandscapeView(seen, wanted, state.step, selection.pointed.redraws, codes, low, high)


def _coded(losses: Array) -> tuple[Array, float, float]:
    """Losses as bytes, and the lowest and highest that are told apart."""
    is_finite = np.isfinite(losses)
    finite = losses[is_finite]
    low = float(max(finite.min(initial=np.inf), 1e-12)) if finite.size else 1e-12
    high = float(min(finite.max(initial=low), low * 10.0**_DECADES)) if finite.size else low
    reach = max(np.log(high / low), 1e-6)
    share = np.log(np.clip(np.where(is_finite, losses, low), low, high) / low) / reach
    return np.where(is_finite, 1 + HEIGHTS * share, 0).astype(np.uint8), low, high


def _numbers(view: LandscapeView, progress: Progress) -> Array:
    here, distance = project(view.plane, progress.state.params)
    low, high, kind = view.plane.low, view.plane.high, list(DIRECTIONS).index(view.plane.kind)
    window, (a, b) = (low[0], high[0], low[1], high[1]), here
    return np.array(LandscapeNumbers(view.low, view.high, *window, a, b, float(distance), view.step, kind), float)
