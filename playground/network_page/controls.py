"""The widgets of the network page. Each is bound to a setting; options and bounds come from the registries."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import panel as pn
import panel_material_ui as pmui
import param
from panel.theme import Native

from engine import ACTIVATIONS, DATASETS, LOSSES, OPTIMIZERS, PENALTIES, Knob, Refusal
from playground.assets import read
from playground.settings import FULL_SPEED, SAMPLES, Settings
from playground.theme import WIDGETS

RATES = (1e-5, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
PENALTY_RATES = (0, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
BATCHES = (1, 2, 5, 10, 20, 30, 50, 100, 250)
SPEEDS = (1, 2, 5, 10, 30, 60, 100, 300, 1000, 3000)
DROPOUTS = (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
FIRST_RATE = 0.001
MIXED = "mixed"

Group: TypeAlias = param.Parameterized

_TEXT = 13
_LOOK: dict[str, Any] = {"size": "small", "theme_config": WIDGETS}
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
            self._choice(training, "optimizer", 82),
            self._numbers(training, "learning_rate", RATES, _plain, 84),
            self._loss(112),
            self._all_layers("activation", {entry.label: name for name, entry in ACTIVATIONS.items()}, 82),
            self._all_layers("batch_norm", {"off": False, "on": True}, 74),
            self._all_layers("dropout", {_plain(rate): float(rate) for rate in DROPOUTS}, 64),
            self._choice(model, "initializer", 108),
            self._penalty(64),
            self._numbers(training, "penalty_rate", PENALTY_RATES, _plain, 84),
        ]

    def _data(self) -> list[Any]:
        data, training = self._settings.data, self._settings.training
        return [
            self._choice(data, "dataset", None),
            self._slider(data, "train_fraction", step=0.1, format="0%"),
            self._slider(data, "noise", step=5, format="0"),
            self._slider(data, "samples", step=50, format="0,0"),
            self._numbers(training, "batch_size", (*BATCHES, SAMPLES.high), _batch, None),
            self._seed(),
            *self._knobs(),
        ]

    def _keep(self, widget: Any) -> Any:
        self._widgets.append(widget)
        return widget

    def _choice(self, owner: Group, name: str, width: int | None) -> Any:
        """A select of a registry's entries."""
        parameter = owner.param[name]
        select = _select(parameter.label, parameter.doc, width)
        select.options = dict(parameter.names)
        self._bind(select, owner, name)
        return select

    def _slider(self, owner: Group, name: str, **options: Any) -> Any:
        parameter = owner.param[name]
        low, high = parameter.bounds
        slider = self._keep(
            pmui.FloatSlider(
                label=parameter.label, description=parameter.doc, start=low, end=high, value=getattr(owner, name),
                **_SLIDER, **options,
            )
        )  # fmt: skip
        self._bind(slider, owner, name)
        return slider

    def _bind(self, widget: Any, owner: Group, name: str) -> None:
        """Bind a widget that shows a setting as it is."""
        self._both_ways(
            widget,
            owner,
            name,
            lambda *events: widget.param.update(value=getattr(owner, name)),
            lambda value: owner.param.update(**{name: value}),
        )

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
        select = _select(parameter.label, parameter.doc, width)

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
        select = _select(parameter.label, doc, width)

        def show(*events: Any) -> None:
            values = getattr(model, name)
            same = not values or all(value == values[0] for value in values)
            value = select.value if not values else values[0] if same else MIXED
            known = value in options.values()
            shown = options if known else {**options, MIXED if not same else str(value): value}
            if value is None:
                shown, value = options, next(iter(options.values()))
            select.param.update(options=shown, value=value, disabled=not values)

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
            except Refusal as refusal:
                self._refuse(str(refusal))
                show()

        widget.param.watch(changed, "value")

    def _loss(self, width: int) -> Any:
        """The losses; for values the cross-entropy is that of a Gaussian, half the squared error, and says so."""
        data, training = self._settings.data, self._settings.training
        parameter = training.param.loss
        select = _select(parameter.label, parameter.doc, width)

        def show(*events: Any) -> None:
            values = DATASETS[data.dataset].task == "regression"
            cross_entropy = LOSSES["cross_entropy"]
            names = {entry.label: name for name, entry in LOSSES.items()}
            gaussian = {f"{cross_entropy.label} (Gaussian)": cross_entropy.name, **names}
            gaussian.pop(cross_entropy.label)
            select.param.update(options=gaussian if values else names, value=training.loss)

        self._both_ways(select, training, "loss", show, lambda value: training.param.update(loss=value))
        data.param.watch(show, "dataset")
        return select

    def _penalty(self, width: int) -> Any:
        """The penalties; the first one that is chosen gets a rate, or it would do nothing."""
        training = self._settings.training
        parameter = training.param.penalty
        select = _select(parameter.label, parameter.doc, width)
        select.options = dict(parameter.names)

        def take(value: str) -> None:
            needs_rate = value in PENALTIES and PENALTIES[value].active and training.penalty_rate == 0
            training.param.update(penalty=value, penalty_rate=FIRST_RATE if needs_rate else training.penalty_rate)

        self._both_ways(select, training, "penalty", lambda *events: select.param.update(value=training.penalty), take)
        return select

    def _seed(self) -> Any:
        data = self._settings.data
        parameter = data.param.seed
        field = pn.widgets.IntInput(
            label=parameter.label, description=parameter.doc, start=0, end=int(parameter.bounds[1]), **_native(None)
        )
        self._bind(field, data, "seed")
        fresh = pn.widgets.Button(
            label="New seed", description="Other data and other initial weights.", **_native(None)
        )
        fresh.on_click(lambda event: data.param.update(seed=(int(data.seed) + 1) % int(parameter.bounds[1] + 1)))
        return pn.Column(field, fresh, sizing_mode="stretch_width", margin=0)

    def _knobs(self) -> list[Any]:
        """A widget for each knob of each optimizer; those of the current one are visible."""
        training = self._settings.training
        heading = pn.pane.HTML("<h2>Optimizer</h2>", **_native(None))
        widgets = {
            rule.name: [self._knob(f"{rule.name}_{knob.name}", knob) for knob in rule.knobs]
            for rule in OPTIMIZERS.values()
        }

        def show(*events: Any) -> None:
            heading.visible = bool(widgets[training.optimizer])
            for name, own in widgets.items():
                for widget in own:
                    widget.visible = name == training.optimizer

        show()
        training.param.watch(show, "optimizer")
        return [heading, *(widget for own in widgets.values() for widget in own)]

    def _knob(self, name: str, knob: Knob) -> Any:
        """A slider; for a number that is thought of in powers of ten, a select of them."""
        knobs = self._settings.knobs
        if not knob.log:
            step = (knob.high - knob.low) / 1000
            return self._slider(knobs, name, step=step, format="0.0000")
        decades = range(math.ceil(math.log10(knob.low)), math.floor(math.log10(knob.high)) + 1)
        return self._numbers(knobs, name, tuple(10.0**power for power in decades), "{:g}".format, None)


def _native(width: int | None) -> dict[str, Any]:
    """Size and look of Panel's own widgets: native ones, which keyboards, phones and screen readers know."""
    size = {"width": width, "margin": 0} if width else {"sizing_mode": "stretch_width", "margin": (4, 0)}
    return {**size, "design": Native, "stylesheets": [read("widgets.css")]}


def _select(label: str, doc: str, width: int | None) -> Any:
    return pn.widgets.Select(label=label, description=doc, **_native(width))
