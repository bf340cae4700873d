"""Which widgets the network page has, and where. Options and bounds come from the registries."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import panel as pn
from panel.viewable import Viewable

from engine import ACTIVATIONS, LOSSES, OPTIMIZERS, REGULARIZERS
from engine.config import TUNED
from engine.placements import PLACEMENTS
from playground.network_page.choices import SAMPLES
from playground.network_page.messages import Outline
from playground.network_page.settings import Settings
from playground.runtime.json_value import Json
from playground.runtime.session_loop import FULL_SPEED
from playground.runtime.widgets import Binder, HyperparameterBox, Select, native, plain

RATES = (1e-5, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
REGULARIZATION_RATES = (0, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
BATCHES = (1, 2, 5, 10, 20, 30, 50, 100, 250)
SPEEDS = (1, 2, 5, 10, 30, 60, 100, 300, 1000, 3000)
DROPOUTS = (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
NOISES = (0, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1, 2)
FIRST_RATE = 0.001
MIXED = "mixed"

SECTIONS = {
    "Optimizer": ("optimizer", "clipping", "momentum_schedule"),
    "Schedule and end": ("schedule", "stopping", "averaging"),
    "First weights": ("initializer", "bias_initializer"),
    "Inputs and noise": ("preprocessing", "input_noise", "drop_connect", "regularization", "shuffle"),
}
"""What people change less often: the choices under each heading of the left panel."""

IN_THE_BAR = ("optimizer", "initializer", "regularization")


def outline() -> list[Outline]:
    """The headings, with the choices under each and their entries that have hyperparameters, for the browser."""
    return [
        {
            "title": title,
            "choices": {
                name: [entry.name for entry in TUNED[name].values() if entry.hyperparameters]
                for name in choices
                if name in TUNED
            },
        }
        for title, choices in SECTIONS.items()
    ]


def _rates() -> dict[str, float]:
    return {plain(rate): float(rate) for rate in DROPOUTS}


def _speed(value: float) -> str:
    return "as fast as it goes" if value >= FULL_SPEED else f"{plain(value)} steps/s" if value > 1 else "1 step/s"


def _batch(value: float) -> str:
    return "all" if value >= SAMPLES.high else plain(value)


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
    sections : list of Panel objects
        The widgets under each heading of SECTIONS.
    """

    def __init__(self, settings: Settings, refuse: Callable[[str], None]) -> None:
        self._settings, self._binder = settings, Binder(settings, refuse)
        self.bar = pn.FlexBox(*self._bar(), flex_wrap="wrap", align_items="flex-end", gap="2px 12px", margin=0)
        self.data = pn.Column(*self._data(), margin=0, sizing_mode="stretch_width")
        self.sections = [self._section(choices) for choices in SECTIONS.values()]

    def set_theme(self, dark: bool) -> None:
        """Switch all widgets between light and dark."""
        self._binder.set_theme(dark)

    def _bar(self) -> list[Viewable]:
        training, model, make = self._settings.training, self._settings.model, self._binder
        return [
            make.numbers(training, "speed", (*SPEEDS, FULL_SPEED), _speed, 118),
            self._optimizer(82),
            make.numbers(training, "learning_rate", RATES, plain, 84),
            self._loss(112),
            self._all_layers("activation", {entry.label: name for name, entry in ACTIVATIONS.items()}, 82),
            self._all_layers("batch_norm", {entry.label: name for name, entry in PLACEMENTS.items()}, 74),
            self._all_layers("dropout", _rates(), 64),
            make.choice(model, "initializer", 108),
            self._regularization(64),
            make.numbers(training, "regularization_rate", REGULARIZATION_RATES, plain, 84),
        ]

    def _data(self) -> list[Viewable]:
        data, training, make = self._settings.data, self._settings.training, self._binder
        return [
            make.choice(data, "dataset"),
            make.slider(data, "train_fraction", step=0.1, format="0%"),
            make.slider(data, "noise", step=5, format="0"),
            make.slider(data, "samples", step=50, format="0,0"),
            make.numbers(training, "batch_size", (*BATCHES, SAMPLES.high), _batch),
            self._seed(),
        ]

    def _section(self, choices: tuple[str, ...]) -> pn.Column:
        """Each choice with its hyperparameters below it.

        What is chosen in the top bar has only its hyperparameters here.
        """
        parts: list[Viewable] = []
        for name in choices:
            owner = self._settings.owner(name)
            if name in self._special:
                parts.append(self._special[name]())
            elif name not in IN_THE_BAR:
                parts.append(self._binder.choice(owner, name))
            if name in TUNED:
                parts.append(HyperparameterBox(self._binder, owner, name).panel)
        return pn.Column(*parts, margin=0, sizing_mode="stretch_width")

    @property
    def _special(self) -> dict[str, Callable[[], Viewable]]:
        """Choices that are no registry's names."""
        training, make = self._settings.training, self._binder
        return {
            "input_noise": lambda: make.numbers(training, "input_noise", NOISES),
            "drop_connect": lambda: self._all_layers("drop_connect", _rates(), None),
            "shuffle": lambda: make.switch(training, "shuffle"),
        }

    def _all_layers(self, name: str, options: Mapping[str, Json], width: int | None) -> Select:
        """A select that sets one choice for all hidden layers, and says "mixed" where they differ."""
        model = self._settings.model
        doc = f"{model.param[name].doc} Here for all layers at once; each layer has its own menu."
        select = self._binder.select(model, name, width, doc)

        def show(*events: object) -> None:
            values = getattr(model, name)
            same = not values or all(value == values[0] for value in values)
            value = select.value if not values else values[0] if same else MIXED
            known = value in options.values()
            shown = options if known else {**options, MIXED if not same else str(value): value}
            if value is None:
                shown, value = options, next(iter(options.values()))
            select.param.update(options=shown, value=value, disabled=not values)

        def take(value: Json) -> None:
            if value != MIXED and model.hidden:
                model.param.update(**{name: [value] * len(model.hidden)})

        self._binder.both_ways(select, model, name, show, take)
        return select

    def _optimizer(self, width: int) -> Select:
        """The optimizers; where the learning rate is the usual one, it stays the usual one of the next."""
        training = self._settings.training

        def take(value: str) -> None:
            rate = training.learning_rate
            if value in OPTIMIZERS and rate == OPTIMIZERS[training.optimizer].usual_rate:
                rate = OPTIMIZERS[value].usual_rate
            training.param.update(optimizer=value, learning_rate=rate)

        return self._binder.choice(training, "optimizer", width, take)

    def _loss(self, width: int) -> Select:
        """The losses made for the data; for values cross-entropy is that of a Gaussian, and says so."""
        data, training = self._settings.data, self._settings.training
        select = self._binder.select(training, "loss", width)

        def show(*events: object) -> None:
            task = self._settings.task
            fitting = {
                entry.label_for(task): name
                for name, entry in LOSSES.items()
                if task in entry.forms or name == training.loss
            }
            select.param.update(options=fitting, value=training.loss)

        data.param.watch(show, "dataset")
        self._binder.both_ways(select, training, "loss", show, lambda value: training.param.update(loss=value))
        return select

    def _regularization(self, width: int) -> Select:
        """The kinds of regularization. One chosen at a rate of 0 gets a first rate, or nothing would happen."""
        training = self._settings.training

        def take(value: str) -> None:
            needs_rate = value in REGULARIZERS and REGULARIZERS[value].active and training.regularization_rate == 0
            training.param.update(
                regularization=value, regularization_rate=FIRST_RATE if needs_rate else training.regularization_rate
            )

        return self._binder.choice(training, "regularization", width, take)

    def _seed(self) -> pn.Column:
        data = self._settings.data
        parameter = data.param.seed
        field = pn.widgets.IntInput(
            label=parameter.label, description=parameter.doc, start=0, end=int(parameter.bounds[1]), **native()
        )
        self._binder.direct(field, data, "seed")
        fresh = pn.widgets.Button(label="New seed", description="Other data and other initial weights.", **native())

        def draw_another(event: object) -> None:
            data.seed = (int(data.seed) + 1) % int(parameter.bounds[1] + 1)

        fresh.on_click(draw_another)
        return pn.Column(field, fresh, sizing_mode="stretch_width", margin=0)
