"""Formulas in x and y: read from text or from a Python function, with exact derivatives, and written as text again.

``parse("(1 - x)^2 + 100 (y - x^2)^2")`` and ``trace(lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2)`` both give a
Formula. Text is never run as code.
"""

from __future__ import annotations

from engine.formula.formula import Formula
from engine.formula.functions import CONSTANTS, FUNCTIONS, Constant, Function
from engine.formula.parse import parse
from engine.formula.trace import trace

__all__ = ["CONSTANTS", "FUNCTIONS", "Constant", "Formula", "Function", "parse", "trace"]
