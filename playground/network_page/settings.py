"""Settings: all choices of the network page, and what they are as the engine's Config."""

from __future__ import annotations

from typing import Any, cast

from engine import ACTIVATIONS, DATASETS, EXPERIMENTS, FEATURES, Config
from engine.config import TUNED
from engine.data import training_points, training_rows
from engine.limits import ALL
from engine.own_data import OwnData
from engine.placements import PLACEMENTS
from engine.registry import Refusal, brief, complete
from playground.network_page.choices import (
    DataSettings,
    DisplaySettings,
    HyperparameterSettings,
    ModelSettings,
    OwnDataSettings,
    TrainingSettings,
    check_own_hyperparameters,
    own_hyperparameters,
)
from playground.network_page.experiment_views import EXPERIMENT_VIEWS
from playground.network_page.selection import Pointed, Selection
from playground.runtime.parameters import hyperparameter_setting, mapping
from playground.runtime.settings_groups import Groups, entry_labels


class Settings(Groups):
    """All choices: ``data``, ``model``, ``training``, ``hyperparameters``, ``display``.

    Parameters
    ----------
    own : OwnData, optional
        Data of a user's own, in place of a built-in data set.
    plane : (column, column), optional
        The two of its columns that pictures are drawn over, by name or number; the principal axes without it.
    **values
        Any choice by its name in its group, for instance ``dataset="spiral"`` or ``hidden=[8, 8]``. As in the engine's
        Config, ``activation``, ``batch_norm`` and ``dropout`` may be one value for all layers, and
        ``optimizer_params`` a dictionary.

    Raises
    ------
    ValueError
        One sentence that names the parameter, what is allowed and the value.
    """

    def __init__(
        self,
        own: OwnData | None = None,
        plane: tuple[int | str, int | str] | None = None,
        **values: object,
    ) -> None:
        self.own, self.plane = own, plane
        self.data = DataSettings() if own is None else OwnDataSettings()
        self.model = ModelSettings()
        self.training = TrainingSettings()
        self.hyperparameters = HyperparameterSettings()
        self.display = DisplaySettings()
        super().__init__(self.data, self.model, self.training, self.hyperparameters, self.display)
        if values.get("experiment") in EXPERIMENTS:
            self.open(str(values.pop("experiment")))
        self.update(values)

    def _named(self) -> str:
        """All settings by name; of the hyperparameters, too many for a sentence, one for an example."""
        names = [name for name, group in self._owners.items() if group is not self.hyperparameters]
        example = next(name for name in self.hyperparameters.param if name != "name")
        return f"{', '.join(names)} and hyperparameters such as {example}"

    def _plain(self, values: dict[str, object]) -> dict[str, object]:
        """Spell out the shorthands: tuples, one value for all layers, a dictionary of hyperparameters."""
        for owner, registry in TUNED.items():
            if (shorthand := f"{owner}_params") in values:
                entry = registry[cast(str, values.get(owner, getattr(self._owners[owner], owner)))]
                given = mapping(shorthand, values.pop(shorthand))
                complete(entry.hyperparameters, given, f"{owner} {entry.name}", several=False)
                values.update({hyperparameter_setting(owner, entry.name, name): value for name, value in given.items()})
        plain = super()._plain(values)
        layers = plain.get("hidden", self.model.hidden)
        for name in ModelSettings.PER_LAYER:
            if name in plain and isinstance(layers, list):
                plain[name] = _per_layer(name, plain[name], len(layers))
        activations = plain.get("activation", self.model.activation)
        numbers = plain.get("activation_params")
        if isinstance(numbers, list) and isinstance(activations, list):
            check_own_hyperparameters(activations, numbers)
        return plain

    def labels(self) -> dict[str, str]:
        """What a person reads for the names of choices, and of the entries that can be chosen."""
        return entry_labels(ACTIVATIONS, FEATURES, PLACEMENTS) | super().labels()

    def open(self, name: str) -> None:
        """Set up an experiment: its choices, and the defaults for all else that makes or trains a network.

        How fast it goes stays as it is, and so does what is shown, but for what some experiment shows.

        Raises
        ------
        ValueError
            When there is no such experiment.
        """
        prepared = self._prepared(name)
        seen = {"upper", "lower", "layer_detail"}.union(*EXPERIMENT_VIEWS.values())
        first = {known: self.display.param[known].default for known in seen}
        self.update({**first, **prepared, **EXPERIMENT_VIEWS.get(name, {}), "experiment": name})

    @property
    def departed(self) -> bool:
        """Whether the network is made or trained otherwise than the experiment that was opened set it up."""
        name = self.display.experiment
        if name not in EXPERIMENTS:
            return False
        prepared = self._plain(self._prepared(name))
        return any(getattr(self._owners[known], known) != value for known, value in prepared.items())

    def _prepared(self, name: str) -> dict[str, object]:
        """All choices that make or train a network as an experiment sets them; the speed is no part of it."""
        entry = EXPERIMENTS[name]
        groups = (self.data, self.model, self.training, self.hyperparameters)
        first = {known: group.param[known].default for group in groups for known in group.param if known != "name"}
        return {**first, **ModelSettings.PER_LAYER, "speed": self.training.speed, **entry.choices}

    def selection(self, pointed: Pointed) -> Selection:
        """What is looked at: these choices, and what the page points at."""
        display = self.display
        first, second = display.hidden_units
        return Selection(
            pointed=pointed,
            view=display.view,
            quantities=(display.upper, display.lower),
            log_counts=display.log_counts,
            layer_detail=int(display.layer_detail),
            picture=display.picture,
            hidden_layer=int(display.hidden_layer),
            hidden_axes=display.hidden_axes,
            hidden_units=(int(first), int(second)),
            directions=display.directions,
            landscape_every=int(display.landscape_every),
        )

    @property
    def task(self) -> str:
        """What is to be predicted: a key of the engine's TASKS."""
        return DATASETS[self.data.dataset].task if self.own is None else self.own.task

    def _chosen_hyperparameters(self) -> dict[str, Any]:
        """The hyperparameters of the chosen entries, as keywords of Config."""
        tuned = {owner: registry[getattr(self._owners[owner], owner)] for owner, registry in TUNED.items()}
        return {
            f"{owner}_params": {
                hyperparameter.name: getattr(
                    self.hyperparameters, hyperparameter_setting(owner, entry.name, hyperparameter.name)
                )
                for hyperparameter in entry.hyperparameters
            }
            for owner, entry in tuned.items()
        }

    def config(self) -> Config:
        """The engine's Config for these choices."""
        data, model, training = self.data, self.model, self.training
        share = data.train_fraction
        train = training_points(int(data.samples), share) if self.own is None else training_rows(self.own, share)
        # Most choices are Config's keywords, with lists for its tuples.
        same = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in self.values().items()
            if name in Config.__dataclass_fields__
        }
        activations = zip(model.activation, model.activation_params, strict=True)
        others = {
            "samples": int(data.samples),
            "seed": int(data.seed),
            "activation_params": tuple(own_hyperparameters(*pair) for pair in activations),
            "batch_size": ALL if training.batch_size >= train else int(training.batch_size),
        }
        return Config(**{**same, **others, **self._chosen_hyperparameters()})


def _per_layer(name: str, value: object, layers: int) -> list[object]:
    """One value for all layers, spelled out, or a list that has one for each."""
    values = value if isinstance(value, list) else [value] * layers
    if len(values) != layers:
        raise Refusal(f"{name} must have one value, or one for each of {layers} hidden layers; not {brief(value)}.")
    return values
