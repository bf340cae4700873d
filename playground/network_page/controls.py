"""The widgets of the network page. Each is bound to a setting; options and bounds come from the registries."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import panel as pn
import panel_material_ui as pmui
import param
from panel.theme import Native

from engine import ACTIVATIONS, LIMITS, OPTIMIZERS, Knob
from playground.assets import read
from playground.settings import FULL_SPEED, SAMPLES, Settings
from playground.theme import WIDGETS

RATES = (1e-5, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
PENALTY_RATES = (0, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
BATCHES = (1, 2, 5, 10, 20, 30, 50, 100, 250)
SPEEDS = (1, 2, 5, 10, 30, 60, 100, 300, 1000, 3000)
DROPOUTS = (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
MIXED = "mixed"

Group: TypeAlias = param.Parameterized

_TEXT = 13
_LOOK: dict[str, Any] = {"size": "small", "theme_config": WIDGETS}
_FIELD: dict[str, Any] = {
    **_LOOK,
    "variant": "standard",
    "sx": {
        "& .MuiInputBase-root, & .MuiSelect-select": {"fontSize": _TEXT},
        "& .MuiInputLabel-root": {"fontSize": 14},
    },
}
_SLIDER: dict[str, Any] = {
    **_LOOK,
    "sizing_mode": "stretch_width",
    "margin": (2, 0, -4, 0),
    "sx": {"& .MuiTypography-root, & .MuiFormLabel-root": {"fontSize": _TEXT}},
}


def _plain(value: float) -> str:
    return f"{value:,.10g}"


def _speed(value: float) -> str:
    return "as fast as it goes" if value >= FULL_SPEED else f"{_plain(value)} steps/s" if value > 1 else "1 step/s"


def _batch(value: float) -> str:
    return "all" if value >= SAMPLES.high else _plain(value)


class Controls:
    """All widgets of one page.

    Parameters
    ----------
    settings : Settings
    refuse : callable ``(sentence)``
        Told when a browser sends what no widget offers.

    Attributes
    ----------
    bar, data : Panel objects
        The widgets of the top bar and of the left panel.
    """

    def __init__(self, settings: Settings, refuse: Callable[[str], None]) -> None:
        self._settings, self._refuse = settings, refuse
        self._widgets: list[Any] = []
        self.bar = pn.FlexBox(*self._bar(), flex_wrap="wrap", align_items="flex-end", gap="2px 12px", margin=0)
        self.data = pn.Column(*self._data(), margin=0, sizing_mode="stretch_width")

    def set_theme(self, dark: bool) -> None:
        """Switch all widgets between light and dark."""
        for widget in self._widgets:
            widget.dark_theme = dark

    def _bar(self) -> list[Any]:
        training, model = self._settings.training, self._settings.model
        return [
            self._numbers(training, "speed", (*SPEEDS, FULL_SPEED), _speed, 118),
            self._choice(training.param.optimizer, 82),
            self._numbers(training, "learning_rate", RATES, _plain, 84),
            self._choice(training.param.loss, 112),
            self._all_layers("activation", {entry.label: name for name, entry in ACTIVATIONS.items()}, 82),
            self._all_layers("batch_norm", {"off": False, "on": True}, 74),
            self._all_layers("dropout", {_plain(rate): float(rate) for rate in DROPOUTS}, 64),
            self._choice(model.param.initializer, 108),
            self._choice(training.param.penalty, 64),
            self._numbers(training, "penalty_rate", PENALTY_RATES, _plain, 84),
        ]

    def _data(self) -> list[Any]:
        data, training = self._settings.data, self._settings.training
        return [
            self._choice(data.param.dataset, None),
            self._slider(data.param.train_fraction, step=0.1, format="0%"),
            self._slider(data.param.noise, step=5, format="0"),
            self._slider(data.param.samples, step=50, format="0,0"),
            self._numbers(training, "batch_size", (*BATCHES, SAMPLES.high), _batch, None),
            self._seed(),
            *self._knobs(),
        ]

    def _keep(self, widget: Any) -> Any:
        self._widgets.append(widget)
        return widget

    def _choice(self, parameter: param.Parameter, width: int | None) -> Any:
        return pn.widgets.Select.from_param(parameter, **_select(width))

    def _slider(self, parameter: param.Parameter, **options: Any) -> Any:
        return self._keep(pmui.FloatSlider.from_param(parameter, **_SLIDER, **options))

    def _numbers(
        self,
        owner: Group,
        name: str,
        values: tuple[float, ...],
        label: Callable[[float], str],
        width: int | None,
    ) -> Any:
        """A select of well-spaced numbers; a number set elsewhere joins the options."""
        parameter = owner.param[name]
        select = pn.widgets.Select(label=parameter.label, description=parameter.doc, **_select(width))

        def show(*events: Any) -> None:
            value = getattr(owner, name)
            options = {label(number): number for number in sorted({*values, value})}
            select.param.update(options=options, value=value)

        self._both_ways(select, owner, name, show, lambda value: owner.param.update(**{name: value}))
        return select

    def _all_layers(self, name: str, options: dict[str, Any], width: int) -> Any:
        """A select that sets one choice for all hidden layers, and says "mixed" where they differ."""
        model = self._settings.model
        parameter = model.param[name]
        doc = f"{parameter.doc} Here for all layers at once; each layer has its own menu."
        select = pn.widgets.Select(label=parameter.label, description=doc, **_select(width))

        def show(*events: Any) -> None:
            values = getattr(model, name)
            same = not values or all(value == values[0] for value in values)
            value = select.value if not values else values[0] if same else MIXED
            known = value in options.values()
            shown = options if known else {**options, MIXED if not same else str(value): value}
            if value is None:
                shown, value = options, next(iter(options.values()))
            select.param.update(options=shown, value=value)

        def take(value: Any) -> None:
            if value != MIXED and model.hidden:
                model.param.update(**{name: [value] * len(model.hidden)})

        self._both_ways(select, model, name, show, take)
        return select

    def _both_ways(
        self,
        widget: Any,
        owner: Group,
        name: str,
        show: Callable[..., None],
        take: Callable[[Any], None],
    ) -> None:
        """Bind a widget that shows a setting in other words."""
        show()
        owner.param.watch(show, name)

        def changed(event: Any) -> None:
            try:
                take(event.new)
            except ValueError as error:
                self._refuse(str(error))
                show()

        widget.param.watch(changed, "value")

    def _seed(self) -> Any:
        data = self._settings.data
        seed = self._keep(
            pmui.IntInput.from_param(data.param.seed, sizing_mode="stretch_width", margin=(4, 0), **_FIELD)
        )
        fresh = self._keep(
            pmui.Button(
                label="New seed", description="Other data, other initial weights.", variant="outlined",
                margin=(6, 0), sizing_mode="stretch_width", **_LOOK,
            )
        )  # fmt: skip
        fresh.on_click(lambda event: data.param.update(seed=(int(data.seed) + 1) % int(LIMITS["seed"].high + 1)))
        return pn.Column(seed, fresh, sizing_mode="stretch_width", margin=0)

    def _knobs(self) -> list[Any]:
        """A widget for each knob of each optimizer; those of the current one are visible."""
        training = self._settings.training
        widgets = {
            rule.name: [self._knob(f"{rule.name}_{knob.name}", knob) for knob in rule.knobs]
            for rule in OPTIMIZERS.values()
        }

        def show(*events: Any) -> None:
            for name, own in widgets.items():
                for widget in own:
                    widget.visible = name == training.optimizer

        show()
        training.param.watch(show, "optimizer")
        return [widget for own in widgets.values() for widget in own]

    def _knob(self, name: str, knob: Knob) -> Any:
        """A slider; for a number that is thought of in powers of ten, a select of them."""
        knobs = self._settings.knobs
        if not knob.log:
            step = (knob.high - knob.low) / 1000
            return self._slider(knobs.param[name], step=step, format="0.0000")
        decades = range(math.ceil(math.log10(knob.low)), math.floor(math.log10(knob.high)) + 1)
        return self._numbers(knobs, name, tuple(10.0**power for power in decades), "{:g}".format, None)


def _select(width: int | None) -> dict[str, Any]:
    """Size and look of a select: Panel's own, a native one, which keyboards, phones and screen readers know."""
    size = {"width": width, "margin": 0} if width else {"sizing_mode": "stretch_width", "margin": (4, 0)}
    return {**size, "design": Native, "stylesheets": [read("select.css")]}
