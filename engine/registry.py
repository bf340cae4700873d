"""Named, frozen parts and their adjustable numbers.

A part (an activation, an optimizer, a data set) is declared in one registry and nowhere else. Menus, checks and
documents are made from the registry; no other code compares names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

import numpy as np


class Named(Protocol):
    """Anything with a ``name``: what a registry can hold."""

    @property
    def name(self) -> str:
        """The key under which it is registered."""


Entry = TypeVar("Entry", bound=Named)
Kind = TypeVar("Kind")
Hyperparameters: TypeAlias = Mapping[str, float]
"""Numbers of an entry, by name."""


def brief(value: object) -> str:
    """A value as a message quotes it: one short line."""
    try:
        line = " ".join(repr(value).split())
    except ValueError:  # an integer of more digits than Python writes out
        return "a number of very many digits"
    return line if len(line) <= 80 else f"{line[:77]}..."


class Refusal(ValueError):
    """A value or an action is not allowed; the message is one sentence for a person."""


def check_kind(name: str, value: object, kind: type[Kind]) -> Kind:
    """Return a value that is of a class; refuse any other."""
    if not isinstance(value, kind):
        article = "an" if kind.__name__[0] in "AEIO" else "a"
        raise Refusal(f"{name} must be {article} {kind.__name__}; not {brief(value)}.")
    return value


def check_count(name: str, value: object) -> None:
    """Refuse what cannot be a number of things of which there is at least one."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
        raise Refusal(f"{name} must be a whole number from 1 on; not {brief(value)}.")


def check_index(name: str, value: object, count: int, first: int = 0) -> None:
    """Refuse what is not the number of one of ``count`` things, counted from ``first`` on."""
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or not first <= value < first + count:  # type: ignore[operator]
        raise Refusal(f"{name} must be a whole number between {first} and {first + count - 1}; not {brief(value)}.")


class UnknownNameError(KeyError, Refusal):
    """A name that is not in a registry. The message lists the names that are in it.

    Attributes
    ----------
    labelled : str
        The same sentence for the screen, which lists labels.
    """

    def __init__(self, sentence: str, labelled: str = "") -> None:
        super().__init__(sentence)
        self.labelled = labelled or sentence

    def __str__(self) -> str:
        # KeyError would show the sentence in quotes.
        return str(self.args[0])


class Registry(Mapping[str, Entry], Generic[Entry]):
    """An ordered, read-only mapping of entries, keyed by their own ``name``.

    Parameters
    ----------
    kind : str
        What the entries are, in the singular; used in messages ("activation").
    entries : iterable of Entry
        In the order in which menus show them.

    Raises
    ------
    ValueError
        If two entries have the same name.
    """

    def __init__(self, kind: str, entries: Iterable[Entry]) -> None:
        self.kind = kind
        self._entries: dict[str, Entry] = {}
        for entry in entries:
            if entry.name in self._entries:
                raise ValueError(f"There are two entries named {entry.name!r} among the {kind} entries.")
            self._entries[entry.name] = entry

    def __getitem__(self, name: str) -> Entry:
        try:
            return self._entries[name]
        except (KeyError, TypeError):
            labels = [getattr(entry, "label", "") or entry.name for entry in self._entries.values()]
            raise UnknownNameError(self._must_be(self, name), self._must_be(labels, name)) from None

    def _must_be(self, names: Iterable[str], given: object) -> str:
        return f"The {self.kind} must be one of {', '.join(names)}; not {brief(given)}."

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._entries

    def __repr__(self) -> str:
        return f"Registry({self.kind!r}: {', '.join(self)})"


def _written(limit: float) -> str:
    """A limit with all digits if it is whole, else as short as possible."""
    return f"{limit:.0f}" if float(limit).is_integer() and abs(limit) < 1e12 else f"{limit:g}"


@dataclass(frozen=True, slots=True)
class Hyperparameter:
    """One adjustable number, with everything that a slider and a check need.

    Parameters
    ----------
    name : str
        The keyword by which it is passed.
    default, low, high : float
        Inclusive range; ``default`` lies inside.
    doc : str
        One sentence for a tooltip.
    label : str
        The name on the screen.
    log : bool
        Whether a slider should have a logarithmic scale.
    unit : str
        Unit of the number, empty for a pure number.
    integer : bool
        Whether only whole numbers are allowed.
    minor : bool
        Whether it is a detail, which a short description leaves out.
    """

    name: str
    default: float
    low: float
    high: float
    doc: str
    label: str = ""
    log: bool = False
    unit: str = ""
    integer: bool = False
    minor: bool = False

    def _allowed(self) -> str:
        kind = "a whole number" if self.integer else "a number"
        return f"{self.name} must be {kind} between {_written(self.low)} and {_written(self.high)}"

    def _holds(self, number: Any) -> bool:
        """Whether one plain number is allowed; NaN is not."""
        return bool(self.low <= number <= self.high) and (not self.integer or number == int(number))

    def check(self, value: object) -> None:
        """Refuse a value (number or array of numbers) outside the range, or of the wrong kind.

        Raises
        ------
        ValueError
            One sentence with the parameter, the allowed range and the value.
        """
        if type(value) in (int, float) and self._holds(value):
            return
        refused = Refusal(f"{self._allowed()}; not {brief(value)}.")
        try:
            given = np.asarray(value)
        except ValueError:
            raise refused from None
        # Kinds: signed, unsigned, float. Booleans, text, complex numbers and integers beyond 64 bits are others.
        if given.dtype.kind not in "iuf" or given.size == 0:
            raise refused
        numbers = given.astype(float)
        inside = np.isfinite(numbers) & (numbers >= self.low) & (numbers <= self.high)
        if self.integer:
            inside &= np.floor(numbers) == numbers
        if not inside.all():
            raise refused

    def check_one(self, value: object) -> None:
        """Refuse what ``check`` refuses, and arrays."""
        if isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim):
            raise Refusal(f"{self._allowed()}; not {brief(value)}.")
        self.check(value)


def complete(
    hyperparameters: Iterable[Hyperparameter], values: Mapping[str, Any], owner: str, several: bool = True
) -> dict[str, Any]:
    """Check the values that are given, and fill in the defaults of the others.

    Parameters
    ----------
    hyperparameters : iterable of Hyperparameter
        All hyperparameters of ``owner``.
    values : mapping of str to number or array
        The values that were chosen.
    owner : str
        The owner of the hyperparameters, for messages ("optimizer adam").
    several : bool
        Whether arrays are allowed, one value for each network.

    Returns
    -------
    dict
        A value for each hyperparameter.

    Raises
    ------
    ValueError
        If a value is out of range, or a name is not a hyperparameter of the owner.
    """
    table = {hyperparameter.name: hyperparameter for hyperparameter in hyperparameters}
    if not isinstance(values, Mapping):
        raise Refusal(f"The hyperparameters of {owner} must be a mapping of names to numbers; not {brief(values)}.")
    for name, value in values.items():
        if name not in table:
            has = f"its hyperparameters are {', '.join(table)}" if table else "it has none"
            raise Refusal(f"The {owner} has no hyperparameter {brief(name)}; {has}.")
        check = table[name].check if several else table[name].check_one
        check(value)
    return {name: values.get(name, hyperparameter.default) for name, hyperparameter in table.items()}
