"""Parameters that keep to a hyperparameter's range or to a registry's names, and refuse with one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import param

from engine import Hyperparameter
from engine.registry import Refusal, brief
from playground.runtime.json_value import Json
from playground.runtime.options import Described

if TYPE_CHECKING:
    _Number: TypeAlias = param.Number[float]
    _Selector: TypeAlias = param.Selector[str]
    _Boolean: TypeAlias = param.Boolean[bool]
    _List: TypeAlias = param.List[list[Any]]
else:
    # Only the newest param lets them be asked what they hold; type checkers know it anyway.
    _Number, _Selector, _Boolean, _List = param.Number, param.Selector, param.Boolean, param.List


class Bounded(_Number):
    """A number that keeps to its hyperparameter's range."""

    __slots__ = ["hyperparameter"]

    def __init__(self, hyperparameter: Hyperparameter, default: float | None = None) -> None:
        self.hyperparameter = hyperparameter
        super().__init__(
            default=hyperparameter.default if default is None else default,
            bounds=(hyperparameter.low, hyperparameter.high),
            label=hyperparameter.label or None,
            doc=hyperparameter.doc,
        )

    @property
    def kind(self) -> type:
        """What it holds, as a type."""
        return int if self.hyperparameter.integer else float

    def _validate(self, val: object) -> None:
        # param calls this before a value is taken, and once on the half-made parameter itself.
        if self.name:
            replace(self.hyperparameter, name=self.name).check_one(val)


class Choice(_Selector):
    """One name out of a registry."""

    __slots__ = ["registry"]
    kind = str

    def __init__(self, registry: Mapping[str, Described], default: str, label: str, doc: str) -> None:
        self.registry = registry
        super().__init__(
            default=default, objects={entry.label: name for name, entry in registry.items()}, label=label, doc=doc
        )

    def _validate(self, val: object) -> None:
        self.registry[val]  # type: ignore[index]  # whatever it is, a registry refuses it


class Several(_List):
    """A list whose length and items are checked.

    Parameters
    ----------
    item : callable ``(name, value)``
        Raises ValueError for a value that must not be in the list.
    most, least : int
        Bounds of the length.
    of : type
        Of its items.
    """

    __slots__ = ["item", "limits", "of"]

    def __init__(
        self,
        default: list[Json],
        item: Callable[[str, Any], None],
        least: int,
        most: int,
        label: str,
        doc: str,
        of: Any = str,
    ) -> None:
        self.item, self.limits, self.of = item, (least, most), of
        # The type of a list without a type for its items forgets the bounds.
        super().__init__(default=default, bounds=(least, most), label=label, doc=doc)  # type: ignore[call-overload]

    @property
    def kind(self) -> Any:
        """What it holds, as a type."""
        least, most = self.limits
        return Annotated[list[self.of], most] if least == most else list[self.of]  # type: ignore[name-defined]

    def _validate(self, val: object) -> None:
        low, high = self.limits
        if not isinstance(val, list) or not low <= len(val) <= high:
            raise Refusal(f"{self.name} must be a list of {low} to {high} items; not {brief(val)}.")
        for value in val:
            self.item(str(self.name), value)


class Switch(_Boolean):
    """True or false, nothing that only looks like it."""

    kind = bool

    def _validate(self, val: object) -> None:
        truth(str(self.name), val)


def kinds(group: type[param.Parameterized]) -> dict[str, Any]:
    """The types of a group's choices, by name."""
    return {name: getattr(group.param[name], "kind", str) for name in group.param if name != "name"}


def truth(name: str, value: object) -> None:
    """Refuse what only looks like true or false."""
    if not isinstance(value, bool):
        raise Refusal(f"{name} must be true or false; not {brief(value)}.")


def mapping(name: str, value: object) -> Mapping[str, Json]:
    """The value, if it is names with values."""
    if not isinstance(value, Mapping):
        raise Refusal(f"{name} must be names with values; not {brief(value)}.")
    return value


def hyperparameter_setting(owner: str, entry: str, hyperparameter: str) -> str:
    """Name of the setting of one hyperparameter: of the entry ``adam`` of the choice ``optimizer``, say."""
    return f"{owner}_{entry}_{hyperparameter}"
