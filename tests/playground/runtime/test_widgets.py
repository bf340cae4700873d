"""Binder: a widget shows a setting, sets it, and takes back what is refused."""

import param
import pytest

from engine import STOPPINGS, Hyperparameter, Refusal
from playground.runtime.parameters import Bounded, Choice, Switch
from playground.runtime.widgets import Binder, HyperparameterBox


class Choices(param.Parameterized):
    rate = Bounded(Hyperparameter("rate", 0.5, 0, 1, "How fast.", "Rate"))
    count = Bounded(Hyperparameter("count", 10, 1, 100, "How many.", "Count", integer=True))
    on = Switch(False, label="On", doc="Whether.")
    stopping = Choice(STOPPINGS, "never", "Stop", "When to stop.")


class Settings:
    def __init__(self):
        self.choices = Choices()
        names = {
            f"stopping_{entry.name}_{hyperparameter.name}": Bounded(hyperparameter)
            for entry in STOPPINGS.values()
            for hyperparameter in entry.hyperparameters
        }
        self.hyperparameters = type("Hyperparameters", (param.Parameterized,), names)()

    def worded(self, refusal):
        return str(refusal)


@pytest.fixture
def settings():
    return Settings()


@pytest.fixture
def binder(settings):
    refused = []
    binder = Binder(settings, refused.append)
    binder.refused = refused
    return binder


def widget_of(binder, name):
    choices = binder.settings.choices
    make = {
        "rate": lambda: binder.slider(choices, "rate"),
        "count": lambda: binder.numbers(choices, "count", (1, 10, 100)),
        "on": lambda: binder.switch(choices, "on"),
        "stopping": lambda: binder.choice(choices, "stopping"),
    }
    return make[name]()


@pytest.mark.parametrize(
    ("name", "value"), [("rate", 0.25), ("count", 100), ("on", True), ("stopping", "no_improvement")]
)
def test_a_widget_is_bound_both_ways(binder, name, value):
    choices = binder.settings.choices
    before = getattr(choices, name)
    widget = widget_of(binder, name)
    assert (widget.label, widget.description) == (choices.param[name].label, choices.param[name].doc)
    assert widget.value == before
    widget.value = value
    assert getattr(choices, name) == value
    choices.param.update(**{name: before})
    assert widget.value == before


def test_what_is_refused_is_told_and_the_widget_goes_back(binder):
    def refuse(value):
        raise Refusal("Not so fast.")

    select = binder.choice(binder.settings.choices, "stopping", take=refuse)
    select.value = "no_improvement"
    assert binder.refused == ["Not so fast."]
    assert select.value == binder.settings.choices.stopping == "never"


def test_a_number_set_elsewhere_joins_the_options_in_order(binder):
    select = widget_of(binder, "count")
    binder.settings.choices.count = 42
    assert list(select.options.values()) == [1, 10, 42, 100]
    assert (select.value, binder.settings.choices.count) == (42, 42)
    binder.settings.choices.count = 10
    assert list(select.options.values()) == [1, 10, 100]


@pytest.mark.parametrize(
    ("hyperparameter", "values"),
    [
        (Hyperparameter("a", 0.01, 0.001, 1, "", "A", log=True), [0.001, 0.01, 0.1, 1.0]),
        (Hyperparameter("a", 0, 0, 0.01, "", "A", log=True), [0.0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2]),
        (Hyperparameter("a", 2, 1, 4, "", "A", integer=True), [1, 2, 3, 4]),
        (Hyperparameter("a", 10, 1, 60, "", "A", integer=True), [1, 2, 5, 10, 20, 50]),
    ],
    ids=["powers of ten", "and zero", "few", "round"],
)
def test_a_hyperparameter_of_few_or_of_powers_is_a_select(binder, hyperparameter, values):
    owner = type("Owner", (param.Parameterized,), {"a": Bounded(hyperparameter)})()
    binder.settings.hyperparameters = owner
    assert list(binder.hyperparameter("a", hyperparameter).options.values()) == pytest.approx(values)


def test_a_box_holds_the_hyperparameters_of_what_is_chosen(binder, settings):
    box = HyperparameterBox(binder, settings.choices, "stopping")
    for entry in [*STOPPINGS.values(), *STOPPINGS.values()]:
        settings.choices.stopping = entry.name
        assert [widget.label for widget in box.panel] == [one.label for one in entry.hyperparameters]
        assert box.panel.visible == bool(entry.hyperparameters)


def test_the_theme_reaches_sliders_made_before_and_after(binder):
    before = widget_of(binder, "rate")
    binder.set_theme(True)
    assert before.dark_theme
    assert widget_of(binder, "rate").dark_theme
