"""The reference: one table for each registry, made from its entries; ``python -m engine.reference`` prints it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from engine import (
    ACTIVATIONS,
    AVERAGINGS,
    BIAS_INITIALIZERS,
    CLIPPINGS,
    DATASETS,
    DIRECTIONS,
    EXPERIMENTS,
    FEATURES,
    INITIALIZERS,
    LIMITS,
    LOSSES,
    MOMENTUM_SCHEDULES,
    OPTIMIZERS,
    PLACEMENTS,
    PREPROCESSORS,
    REGULARIZERS,
    SCHEDULES,
    STOPPINGS,
    SURFACES,
    Hyperparameter,
)


class Entry(Protocol):
    """What every entry of a registry has; many have a ``formula``, a ``source`` or ``hyperparameters`` too."""

    @property
    def name(self) -> str:
        """The key of the entry."""

    @property
    def doc(self) -> str:
        """What it does, in one or two sentences."""


CHAPTERS: Mapping[str, tuple[str, Mapping[str, Entry]]] = {
    "Activations": ("activation", ACTIVATIONS),
    "Initialisers": ("initializer", INITIALIZERS),
    "Bias initialisers": ("bias_initializer", BIAS_INITIALIZERS),
    "Batch norm": ("batch_norm", PLACEMENTS),
    "Losses": ("loss", LOSSES),
    "Regularizers": ("regularization", REGULARIZERS),
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
    "Planes of the loss landscape": ("DIRECTIONS", DIRECTIONS),
    "Experiments": ("EXPERIMENTS", EXPERIMENTS),
}
"""Heading, the name by which Config (or Python) knows it, and the registry."""

INTRODUCTION = """# Reference

All parts of the playground, made from the registries by `python -m engine.reference`; a test compares the two.

Each heading ends with the keyword of `Config` for its names. The keyword for their hyperparameters is the same with
`_params` at the end: `Config(optimizer="adam", optimizer_params={"beta1": 0.8})`. A hyperparameter is written as its
name = its default (its range), and then what it does. A name in capitals is no keyword of `Config`, but a registry in
`engine`.
"""


def number(value: float) -> str:
    """A number with all digits if it is whole, else as short as possible."""
    return f"{value:,.0f}" if float(value).is_integer() and abs(value) < 1e12 else f"{value:g}".replace("e-0", "e-")


def span(hyperparameter: Hyperparameter) -> str:
    """The range of a hyperparameter, in words."""
    unit = f" {hyperparameter.unit}" if hyperparameter.unit else ""
    if not hyperparameter.integer:
        return f"{number(hyperparameter.low)} to {number(hyperparameter.high)}{unit}"
    if hyperparameter.high - hyperparameter.low == 1:
        return f"{number(hyperparameter.low)} or {number(hyperparameter.high)}{unit}"
    return f"{number(hyperparameter.low)} to {number(hyperparameter.high)}{unit}, whole"


def hyperparameter_text(hyperparameter: Hyperparameter) -> str:
    """Name, default, range and meaning of a hyperparameter."""
    name, default = hyperparameter.name, number(hyperparameter.default)
    return f"`{name}` = {default} ({span(hyperparameter)}). {cell(hyperparameter.doc)}"


def cell(text: str) -> str:
    """Text that a table can hold."""
    return " ".join(text.split()).replace("|", r"\|")


def formula_of(entry: Entry) -> str:
    """The LaTeX of an entry, as a table can hold it and common viewers of Markdown show it."""
    latex = getattr(entry, "formula", "")
    for written, safe in _SAFE.items():
        latex = latex.replace(written, safe)
    # A dollar after a space would not end the formula.
    return f"${' '.join(latex.split())}$" if latex else ""


_SAFE = {r"\|": r"\Vert ", "|": r"\vert ", r"\operatorname": r"\mathrm"}
"""Bars would end the cell, and some viewers cannot show operators."""


def hyperparameters_of(entry: Entry) -> str:
    """The hyperparameters of an entry, one after the other."""
    return " ".join(hyperparameter_text(hyperparameter) for hyperparameter in getattr(entry, "hyperparameters", ()))


COLUMNS: Mapping[str, Callable[[Entry], str]] = {
    "name": lambda entry: f"`{entry.name}`",
    "formula": formula_of,
    "what it does": lambda entry: cell(entry.doc),
    "hyperparameters": hyperparameters_of,
    "source": lambda entry: cell(getattr(entry, "source", "")),
}
"""Heading of each column, and its text for an entry."""


def table(entries: Collection[Entry]) -> str:
    """One registry as a Markdown table, without empty columns."""
    columns = [[heading, *map(content, entries)] for heading, content in COLUMNS.items()]
    kept = [column for column in columns if any(column[1:])]
    heading, *rows = (f"| {' | '.join(row)} |" for row in zip(*kept, strict=True))
    return "\n".join([heading, f"|{' --- |' * len(kept)}", *rows])


def reference() -> str:
    """All tables, with their headings."""
    chapters = [
        f"## {heading}: `{name}`\n\n{table(registry.values())}\n" for heading, (name, registry) in CHAPTERS.items()
    ]
    limits = "\n".join(f"- {hyperparameter_text(hyperparameter)}" for hyperparameter in LIMITS.values())
    return "\n".join([INTRODUCTION, *chapters, f"## Numbers\n\n{limits}\n"])


if __name__ == "__main__":
    print(reference(), end="")
