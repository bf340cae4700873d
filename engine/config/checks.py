"""What the parts of a Config share: how a part checks and completes its own fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import frozen
from engine.frozen_mapping import FrozenMapping
from engine.limits import LIMITS
from engine.registry import Hyperparameter, Refusal, Registry, brief, complete


def put(part: object, name: str, value: object) -> None:
    """Set a field of a frozen dataclass while it is made."""
    object.__setattr__(part, name, value)


def plain(value: object) -> Any:
    """A NumPy scalar, or an array without axes, as a Python value."""
    return value.item() if isinstance(value, (np.generic, np.ndarray)) and value.ndim == 0 else value


def own(value: ArrayLike) -> Any:
    """A number, or a read-only copy of an array."""
    return frozen(np.array(value, dtype=float)) if np.ndim(value) else plain(value)


def sequence(name: str, value: Iterable[Any]) -> tuple[Any, ...]:
    """Anything that can be iterated over, as a tuple; anything else is refused."""
    try:
        return tuple(value)
    except TypeError:
        raise Refusal(f"{name} must be a sequence; not {brief(value)}.") from None


def names(name: str, value: str | Iterable[str]) -> tuple[str, ...]:
    """One name or several, as a tuple."""
    return (value,) if isinstance(value, str) else sequence(name, value)


def groups(frozen: Any) -> tuple[Any, ...]:
    """Names of groups of parameters, or lists and tuples (layer, name); the network knows which there are."""
    return tuple(tuple(choice) if isinstance(choice, list) else choice for choice in names("frozen", frozen))


def check_names(part: object, registries: Mapping[str, Registry[Any]]) -> None:
    """Refuse a name that is not in its registry."""
    for name, registry in registries.items():
        registry[getattr(part, name)]


def check_numbers(part: object, fields: Iterable[str]) -> None:
    """Refuse numbers outside their limits."""
    for name in fields:
        value, hyperparameter = getattr(part, name), LIMITS[name]
        hyperparameter.check_one(value)
        put(part, name, int(value) if hyperparameter.integer else own(value))


def check_params(part: object, registries: Mapping[str, Registry[Any]], several: Sequence[str] = ()) -> None:
    """Complete the hyperparameters of each choice; those of ``several`` may be arrays, one value for each network."""
    for owner, registry in registries.items():
        entry = registry[getattr(part, owner)]
        given = getattr(part, f"{owner}_params")
        hyperparameters = complete(entry.hyperparameters, given, f"{owner} {entry.name}", several=owner in several)
        put(part, f"{owner}_params", numbers(hyperparameters))


def numbers(hyperparameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """Hyperparameters, read-only."""
    return FrozenMapping((name, own(value)) for name, value in hyperparameters.items())


def tuned(registries: Mapping[str, Registry[Any]]) -> dict[str, Registry[Any]]:
    """The registries with an entry that has hyperparameters."""
    return {
        owner: registry
        for owner, registry in registries.items()
        if any(getattr(entry, "hyperparameters", ()) for entry in registry.values())
    }


def names_of(hyperparameters: Iterable[Hyperparameter]) -> set[str]:
    """The names of hyperparameters."""
    return {hyperparameter.name for hyperparameter in hyperparameters}


def differs(part: object, other: object, fields: Iterable[str]) -> bool:
    """Whether one of these fields has another value."""
    return any(getattr(part, name) != getattr(other, name) for name in fields)
