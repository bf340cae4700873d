"""Toy loss surfaces of two parameters, with exact gradients and Hessians.

A surface is given by its formula: the formula that is shown is the one that is computed, and both derivatives come from
it.
"""

from __future__ import annotations

from engine.registry import Registry
from engine.surfaces.base import Surface
from engine.surfaces.classics import CLASSICS
from engine.surfaces.own import from_callable, from_text
from engine.surfaces.simple import SCENES, SIMPLE

__all__ = ["SURFACES", "Surface", "from_callable", "from_text"]

SURFACES = Registry("surface", [*SIMPLE, *CLASSICS, *SCENES])
