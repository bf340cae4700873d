"""Widgets bound to settings, both ways. What they offer comes from the settings' parameters and the registries."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias

import panel as pn
import panel_material_ui as pmui
import param
from panel.theme import Native

from engine import Hyperparameter, Refusal
from engine.config import TUNED
from playground.runtime.assets import read
from playground.runtime.options import Described
from playground.runtime.parameters import hyperparameter_setting
from playground.runtime.theme import WIDGETS

Group: TypeAlias = param.Parameterized
Widget: TypeAlias = pn.widgets.Widget
Taker: TypeAlias = Callable[[Any], object]
"""Told what a widget was set to, which is of whatever type that widget has."""

_TEXT = 13
_SLIDER: dict[str, object] = {
    "size": "small",
    "theme_config": WIDGETS,
    "sizing_mode": "stretch_width",
    "margin": (2, 0, -4, 0),
    "sx": {"& .MuiTypography-root, & .MuiFormLabel-root": {"fontSize": _TEXT}},
}
_FEW = 12
"""Up to so many whole numbers are a select, and not a slider."""


def plain(value: float) -> str:
    """A number as a person writes it."""
    return f"{value:,.10g}"


def native(width: int | None = None) -> dict[str, object]:
    """Size and look of Panel's own widgets: native ones, which keyboards, phones and screen readers know."""
    fixed: dict[str, object] = {"width": width, "margin": 0}
    size = fixed if width else {"sizing_mode": "stretch_width", "margin": (4, 0)}
    return {**size, "design": Native, "stylesheets": [read("runtime/widgets.css")]}


class Select(pn.widgets.Select):
    """A select whose choice counts at once: Panel lets 50 ms pass, in which a slider may move on."""

    _debounce = 0


class Tunable(Protocol):
    """Settings with a group for the hyperparameters of entries."""

    @property
    def hyperparameters(self) -> Group:
        """That group."""

    def worded(self, refusal: Refusal) -> str:
        """A refusal in the labels of the settings."""


class Binder:
    """Makes widgets for the settings of one page.

    Parameters
    ----------
    settings : Groups
        With a group ``hyperparameters``.
    refuse : callable ``(sentence)``
        Told when a browser sends what no widget offers.
    """

    def __init__(self, settings: Tunable, refuse: Callable[[str], None]) -> None:
        self.settings, self._refuse = settings, refuse
        self._sliders: list[pmui.FloatSlider] = []
        self._dark = False

    def set_theme(self, dark: bool) -> None:
        """Switch all widgets, also those to come, between light and dark."""
        self._dark = dark
        for slider in self._sliders:
            slider.dark_theme = dark

    def select(self, owner: Group, name: str, width: int | None = None, doc: str = "") -> Select:
        """A select without options, labelled as the setting is."""
        parameter = owner.param[name]
        return Select(label=parameter.label, description=doc or parameter.doc, **native(width))

    def choice(self, owner: Group, name: str, width: int | None = None, take: Taker | None = None) -> Select:
        """A select of a registry's entries; ``take`` may do more with a chosen name than to set it."""
        select = self.select(owner, name, width)
        select.options = dict(owner.param[name].names)
        self.direct(select, owner, name, take)
        return select

    def switch(self, owner: Group, name: str) -> Select:
        """A select of on and off; Panel's checkbox has no tooltip."""
        select = self.select(owner, name)
        select.options = {"on": True, "off": False}
        self.direct(select, owner, name)
        return select

    def slider(self, owner: Group, name: str, **options: object) -> pmui.FloatSlider:
        """A slider over the setting's range."""
        parameter = owner.param[name]
        low, high = parameter.bounds
        slider = pmui.FloatSlider(
            label=parameter.label,
            description=parameter.doc,
            start=low,
            end=high,
            value=getattr(owner, name),
            dark_theme=self._dark,
            **_SLIDER,
            **options,
        )
        self._sliders.append(slider)
        self.direct(slider, owner, name)
        return slider

    def numbers(
        self,
        owner: Group,
        name: str,
        values: tuple[float, ...],
        label: Callable[[float], str] = plain,
        width: int | None = None,
    ) -> Select:
        """A select of well-spaced numbers and the default; a number set elsewhere joins the options."""
        select = self.select(owner, name, width)
        default = owner.param[name].default

        def show(*events: object) -> None:
            value = getattr(owner, name)
            options = {label(number): number for number in sorted({*values, default, value})}
            select.param.update(options=options, value=value)

        self.both_ways(select, owner, name, show, lambda value: owner.param.update(**{name: value}))
        return select

    def hyperparameter(self, name: str, hyperparameter: Hyperparameter, width: int | None = None) -> Widget:
        """A slider; for a number that is thought of in powers of ten, or for a few whole ones, a select of them."""
        hyperparameters = self.settings.hyperparameters
        if hyperparameter.log:
            # Zero has no power of ten: it is the lowest choice where it is allowed.
            low = hyperparameter.low or min(hyperparameter.default or 1.0, hyperparameter.high) * 1e-4
            decades = range(math.ceil(math.log10(low)), math.floor(math.log10(hyperparameter.high)) + 1)
            values = tuple(10.0**power for power in decades)
            return self.numbers(
                hyperparameters, name, values if hyperparameter.low else (0.0, *values), "{:g}".format, width
            )
        if hyperparameter.integer and hyperparameter.high - hyperparameter.low < _FEW:
            return self.numbers(
                hyperparameters, name, tuple(range(int(hyperparameter.low), int(hyperparameter.high) + 1)), plain, width
            )
        if hyperparameter.integer:
            return self.numbers(hyperparameters, name, _round_numbers(hyperparameter), plain, width)
        step = (hyperparameter.high - hyperparameter.low) / 1000
        return self.slider(hyperparameters, name, step=step, format="0.0000")

    def direct(self, widget: Widget, owner: Group, name: str, take: Taker | None = None) -> None:
        """Bind a widget that shows a setting as it is."""

        def show(*events: object) -> None:
            widget.value = getattr(owner, name)

        self.both_ways(widget, owner, name, show, take or (lambda value: owner.param.update(**{name: value})))

    def both_ways(self, widget: Widget, owner: Group, name: str, show: Callable[..., None], take: Taker) -> None:
        """Bind a widget that shows a setting in other words."""
        showing = False

        def tell(*events: object) -> None:
            nonlocal showing
            showing = True
            try:
                show()
            finally:
                showing = False

        tell()
        owner.param.watch(tell, name)

        def changed(event: param.parameterized.Event) -> None:
            # A select that does not offer the value puts another in its place, which nobody has chosen.
            if showing:
                return
            try:
                take(event.new)
            except Refusal as refusal:
                self._refuse(self.settings.worded(refusal))
                tell()

        widget.param.watch(changed, "value")


def _round_numbers(hyperparameter: Hyperparameter) -> tuple[float, ...]:
    """1, 2, 5, 10, 20 ... within the range of a hyperparameter."""
    powers = range(int(math.log10(max(hyperparameter.high, 1))) + 1)
    steps = (factor * 10**power for power in powers for factor in (1, 2, 5))
    return tuple(value for value in steps if hyperparameter.low <= value <= hyperparameter.high)


class HyperparameterBox:
    """The hyperparameters of whatever entry is chosen; each entry's widgets are made when they are first needed.

    Parameters
    ----------
    binder : Binder
    owner : Group
        The settings that hold the choice.
    name : str
        The choice.
    registry : mapping, optional
        What is chosen from; what Config chooses from under that name if not given.
    width : int, optional
        In pixels; as wide as there is room if not given.
    """

    def __init__(
        self,
        binder: Binder,
        owner: Group,
        name: str,
        registry: Mapping[str, Described] | None = None,
        width: int | None = None,
    ) -> None:
        self._binder, self._owner, self._name = binder, owner, name
        self._registry = TUNED[name] if registry is None else registry
        self._made: dict[str, list[Widget]] = {}
        self._width = width
        self.panel = pn.Column(margin=0, **({"width": width} if width else {"sizing_mode": "stretch_width"}))
        self._show()
        owner.param.watch(self._show, name)

    def _show(self, *events: object) -> None:
        entry = self._registry[getattr(self._owner, self._name)]
        if entry.name not in self._made:
            self._made[entry.name] = [
                self._binder.hyperparameter(
                    hyperparameter_setting(self._name, entry.name, hyperparameter.name), hyperparameter, self._width
                )
                for hyperparameter in getattr(entry, "hyperparameters", ())
            ]
        own = self._made[entry.name]
        if list(self.panel) != own:
            self.panel.objects = own
        self.panel.visible = bool(own)
