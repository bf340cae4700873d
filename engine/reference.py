"""The reference: one table for each registry, made from its entries. ``python -m engine.reference`` prints it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine import (
    ACTIVATIONS,
    AVERAGINGS,
    BIAS_INITIALIZERS,
    CLIPPINGS,
    DATASETS,
    FEATURES,
    INITIALIZERS,
    LIMITS,
    LOSSES,
    MOMENTUM_SCHEDULES,
    OPTIMIZERS,
    PENALTIES,
    PLACEMENTS,
    PREPROCESSORS,
    SCHEDULES,
    STOPPINGS,
    SURFACES,
    Knob,
)

CHAPTERS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "Activations": ("activation", ACTIVATIONS),
    "Initialisers": ("initializer", INITIALIZERS),
    "Bias initialisers": ("bias_initializer", BIAS_INITIALIZERS),
    "Batch norm": ("batch_norm", PLACEMENTS),
    "Losses": ("loss", LOSSES),
    "Penalties": ("penalty", PENALTIES),
    "Optimizers": ("optimizer", OPTIMIZERS),
    "Gradient clipping": ("clipping", CLIPPINGS),
    "Learning-rate schedules": ("schedule", SCHEDULES),
    "Momentum schedules": ("momentum_schedule", MOMENTUM_SCHEDULES),
    "Preprocessing": ("preprocessing", PREPROCESSORS),
    "Stopping": ("stopping", STOPPINGS),
    "Stored averages": ("averaging", AVERAGINGS),
    "Data sets": ("dataset", DATASETS),
    "Features": ("features", FEATURES),
    "Surfaces": ("SURFACES", SURFACES),
}
"""Heading, the name by which Config (or Python) knows it, and the registry."""

INTRODUCTION = """# Reference

Every part of the playground, made from the registries by `python -m engine.reference`; a test keeps it so.
The names are the values of `Config`: `Config(optimizer="adam", optimizer_knobs={"beta1": 0.8})`.
"""


def number(value: float) -> str:
    """A knob's number as short as it is exact enough to read."""
    return f"{value:g}"


def knob_text(knob: Knob) -> str:
    """Name, default and range of a knob."""
    return f"`{knob.name}` = {number(knob.default)} ({number(knob.low)} to {number(knob.high)})"


def cell(text: str) -> str:
    """Text that a table can hold."""
    return " ".join(text.split()).replace("|", r"\|")


def formula(entry: Any) -> str:
    """The LaTeX of an entry; bars would end the cell, so they are written in words of LaTeX."""
    latex = getattr(entry, "formula", "")
    return f"${' '.join(latex.split())}$".replace(r"\|", r"\Vert ").replace("|", r"\vert ") if latex else ""


def table(entries: Iterable[Any]) -> str:
    """One registry as a Markdown table."""
    rows = ["| name | formula | what it does | knobs | source |", "| --- | --- | --- | --- | --- |"]
    for entry in entries:
        knobs = "; ".join(knob_text(knob) for knob in getattr(entry, "knobs", ()))
        source = getattr(entry, "source", "")
        rows.append(f"| `{entry.name}` | {formula(entry)} | {cell(entry.doc)} | {knobs} | {cell(source)} |")
    return "\n".join(rows)


def reference() -> str:
    """All tables, with their headings."""
    chapters = [
        f"## {heading}: `{name}`\n\n{table(registry.values())}\n" for heading, (name, registry) in CHAPTERS.items()
    ]
    limits = "\n".join(f"- {knob_text(knob)}: {cell(knob.doc)}" for knob in LIMITS.values())
    return "\n".join([INTRODUCTION, *chapters, f"## Numbers\n\n{limits}\n"])


if __name__ == "__main__":
    print(reference(), end="")
