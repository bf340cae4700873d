"""Groups: the choices of one page together, changed as a whole and told of. Nothing of a refused update is applied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np
import param

from engine.registry import Refusal, UnknownNameError, brief
from playground.runtime.json_value import Json
from playground.runtime.options import Described
from playground.runtime.parameters import Choice, mapping
from playground.runtime.wording import in_labels


class Display(Protocol):
    """What every page's group ``display`` has."""

    dark: bool


class PageSettings(Protocol):
    """The settings of a page, as its session knows them: Groups, of which one is ``display``."""

    @property
    def display(self) -> Display:
        """How it looks."""

    @property
    def has_news(self) -> bool:
        """Whether a choice may have changed since the session took them all."""

    def update(self, values: object) -> None:
        """Take over some choices: all of them, or none if one is refused."""

    def watch(self, changed: Callable[[], None]) -> None:
        """Call ``changed`` after every change of any choice."""

    def worded(self, refusal: Refusal) -> str:
        """A refusal as a page says it: with the labels of controls."""


class Groups:
    """Parameters in groups, each known by its name alone.

    Parameters
    ----------
    *groups : Parameterized
        No two may have a parameter of the same name.

    Attributes
    ----------
    changes : int
        How often choices have changed.
    """

    def __init__(self, *groups: param.Parameterized) -> None:
        self.groups = groups
        self._owners = {name: group for group in groups for name in group.param if name != "name"}
        self.changes, self._taken = 0, -1
        self.watch(self._count)

    def update(self, values: object) -> None:
        """Take over some choices: all of them, or none if one is refused.

        Raises
        ------
        ValueError
            One sentence that names the parameter, what is allowed and the value.
        """
        plain = self._plain(dict(mapping("settings", values)))
        for name, value in plain.items():
            if name not in self._owners:
                raise Refusal(f"There is no setting {brief(name)}; there are {self._named()}.")
            self._owners[name].param[name]._validate(value)
        for group in self.groups:
            own = {name: value for name, value in plain.items() if self._owners[name] is group}
            if own:
                group.param.update(**own)

    def owner(self, name: str) -> param.Parameterized:
        """The group that holds a choice."""
        return self._owners[name]

    def values(self) -> dict[str, Json]:
        """All choices as a flat dictionary that JSON can carry and ``update`` takes back."""
        return {name: getattr(group, name) for name, group in self._owners.items()}

    def take(self) -> dict[str, Json]:
        """All choices, as ``values``; from now on they are no news."""
        # First, so that a change by another thread in the meantime is news.
        self._taken = self.changes
        return self.values()

    @property
    def has_news(self) -> bool:
        """Whether a choice may have changed since ``take``."""
        return self._taken != self.changes

    def _count(self) -> None:
        self.changes += 1

    def watch(self, changed: Callable[[], None]) -> None:
        """Call ``changed`` after every change of any choice."""
        for group in self.groups:
            names = [name for name in group.param if name != "name"]
            group.param.watch(lambda *events: changed(), names)

    def labels(self) -> dict[str, str]:
        """What a person reads for the names of choices, and of the entries that can be chosen."""
        parameters = {name: owner.param[name] for name, owner in self._owners.items()}
        choices = [parameter.registry for parameter in parameters.values() if isinstance(parameter, Choice)]
        return entry_labels(*choices) | {name: str(parameter.label) for name, parameter in parameters.items()}

    def worded(self, refusal: Refusal) -> str:
        """A refusal as a page says it: with the labels of controls."""
        sentence = refusal.labelled if isinstance(refusal, UnknownNameError) else str(refusal)
        return in_labels(sentence, self.labels())

    def _plain(self, values: dict[str, object]) -> dict[str, object]:
        """Spell out the shorthands."""
        return {name: python(value) for name, value in values.items()}

    def _named(self) -> str:
        return ", ".join(self._owners)


def entry_labels(*registries: Mapping[str, Described]) -> dict[str, str]:
    """Labels of all entries by their names, and of their hyperparameters."""
    entries = [entry for registry in registries for entry in registry.values()]
    parts = [part for entry in entries for part in (*getattr(entry, "hyperparameters", ()), entry)]
    return {part.name: part.label or part.name for part in parts}


def python(value: object) -> object:
    """A choice as JSON can carry it: tuples as lists, NumPy's numbers as Python's. A list is another one than given."""
    if isinstance(value, (tuple, list)):
        return list(value)
    return value.item() if isinstance(value, (np.generic, np.ndarray)) and np.ndim(value) == 0 else value
