import panel as pn
import pytest
from helpers import one_sentence
from panel.widgets.base import WidgetBase

from engine import DATASETS, INITIALIZERS, LOSSES, OPTIMIZERS, PENALTIES
from playground.network_page.controls import MIXED, Controls
from playground.settings import FULL_SPEED, Settings


class Panel:
    """Controls, their settings, and a browser's hand."""

    def __init__(self, **values):
        self.settings = Settings(**values)
        self.refused = []
        self.controls = Controls(self.settings, self.refused.append)

    def all(self, label):
        parts = (self.controls.bar, self.controls.data)
        found = [widget for part in parts for widget in part.select(WidgetBase)]
        # A label may name a unit: "Noise, %".
        return [widget for widget in found if label in (None, widget.label.split(",")[0])]

    def widget(self, label):
        (widget,) = self.all(label)
        return widget

    def choose(self, label, value):
        """What Panel does when a browser says that a widget has another value; selects send theirs as text."""
        widget = self.widget(label)
        sent = str(self.options(label).get(value, value)) if isinstance(widget, pn.widgets.Select) else value
        widget._process_events({"value": sent})

    def options(self, label):
        options = self.widget(label).options
        return options if isinstance(options, dict) else {str(option): option for option in options}


# Visible label, what the browser sends, the setting and its value then.
ACTS = [
    ("Dataset", "Spiral", "dataset", "spiral"),
    ("Train share", 0.7, "train_fraction", 0.7),
    ("Noise", 25, "noise", 25),
    ("Samples", 1000, "samples", 1000),
    ("Batch size", "30", "batch_size", 30),
    ("Batch size", "all", "batch_size", 5000),
    ("Seed", 7, "seed", 7),
    ("Initialisation", INITIALIZERS["he_normal"].label, "initializer", "he_normal"),
    ("Speed", "as fast as it goes", "speed", FULL_SPEED),
    ("Speed", "1 step/s", "speed", 1),
    ("Optimizer", "Adam", "optimizer", "adam"),
    ("Learning rate", "0.3", "learning_rate", 0.3),
    ("Loss", LOSSES["squared_error"].label, "loss", "squared_error"),
    ("Penalty", PENALTIES["l2"].label, "penalty", "l2"),
    ("Penalty rate", "0.01", "penalty_rate", 0.01),
    ("Beta 1", 0.5, "adam_beta1", 0.5),
    ("Activation", "ReLU", "activation", ["relu", "relu"]),
    ("Batch norm", "on", "batch_norm", [True, True]),
    ("Dropout", "0.5", "dropout", [0.5, 0.5]),
]
ids = [f"{label} {value}" for label, value, *_ in ACTS]


@pytest.mark.parametrize(("label", "sent", "name", "value"), ACTS, ids=ids)
def test_a_widget_sets_its_setting(label, sent, name, value):
    panel = Panel()
    panel.choose(label, sent)
    assert panel.settings.values()[name] == value
    # A penalty that is chosen without a rate gets one.
    follows = {name, "penalty_rate"} if name == "penalty" else {name}
    others = {key: kept for key, kept in panel.settings.values().items() if key not in follows}
    assert others.items() <= Settings().values().items()
    assert panel.refused == []


@pytest.mark.parametrize(("label", "sent", "name", "value"), ACTS, ids=ids)
def test_a_widget_shows_its_setting(label, sent, name, value):
    late, early = Panel(), Panel(**{name: value})
    late.settings.update({name: value})
    plain = value[0] if isinstance(value, list) else value
    assert late.widget(label).value == early.widget(label).value == plain
    if isinstance(sent, str):
        assert late.options(label)[sent] == plain


@pytest.mark.parametrize(("label", "registry"), [
    ("Dataset", DATASETS), ("Initialisation", INITIALIZERS), ("Optimizer", OPTIMIZERS), ("Loss", LOSSES),
    ("Penalty", PENALTIES),
])  # fmt: skip
def test_a_select_offers_the_whole_registry(label, registry):
    assert Panel().options(label) == {entry.label: name for name, entry in registry.items()}


def test_every_widget_has_a_label_and_a_tooltip():
    for widget in Panel().all(None):
        assert widget.label
        assert (widget.description or "").endswith("."), widget.label


def test_everything_offered_is_allowed():
    panel = Panel(optimizer="adam")
    for widget in panel.all(None):
        if isinstance(widget, pn.widgets.Select):
            for label in list(panel.options(widget.label)):
                panel.choose(widget.label, label)
            panel.settings.config()
    assert panel.refused == []


@pytest.mark.parametrize(("label", "sent"), [
    ("Dataset", "Iris"), ("Optimizer", "sgd; drop"), ("Learning rate", "99"), ("Learning rate", 99),
    ("Batch size", "0"), ("Speed", "1e99"), ("Activation", "Step"), ("Dropout", "0.9"), ("Loss", "None"),
    ("Noise", 99), ("Noise", -1), ("Noise", "x"), ("Noise", None), ("Noise", float("nan")), ("Noise", [5]),
    ("Samples", 10**9), ("Samples", 100.5), ("Train share", 0), ("Seed", -1), ("Seed", 2**32), ("Seed", "x"),
    ("Seed", None), ("Beta 1", 1),
], ids=str)  # fmt: skip
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_a_browser_may_not_choose_changes_nothing(label, sent):
    panel = Panel()
    shown = panel.widget(label).value
    try:
        panel.choose(label, sent)
    except Exception:
        # Panel logs it; the page goes on.
        assert panel.refused == []
    assert panel.settings.values() == Settings().values()
    assert panel.widget(label).value == shown


def test_a_refusal_that_reaches_us_is_told_and_taken_back():
    panel = Panel()
    select = panel.widget("Learning rate")
    select.options = {**select.options, "a million": 1e6}
    panel.choose("Learning rate", "a million")
    (sentence,) = panel.refused
    with pytest.raises(ValueError, match=one_sentence("learning_rate", "1e-06 and 10", "not 1000000.0")):
        raise ValueError(sentence)
    assert panel.settings.training.learning_rate == select.value == 0.03


@pytest.mark.parametrize(("label", "name", "value"), [
    ("Learning rate", "learning_rate", 0.07), ("Batch size", "batch_size", 77), ("Speed", "speed", 42),
    ("Penalty rate", "penalty_rate", 0.2), ("Dropout", "dropout", [0.15, 0.15]),
])  # fmt: skip
def test_a_number_in_between_joins_the_options(label, name, value):
    panel = Panel()
    before = panel.options(label)
    panel.settings.update({name: value})
    plain = value[0] if isinstance(value, list) else value
    assert panel.widget(label).value == plain
    assert plain in panel.options(label).values()
    panel.choose(label, next(iter(before)))
    assert panel.options(label) == before


@pytest.mark.parametrize(("label", "name", "values", "sent"), [
    ("Activation", "activation", ["tanh", "relu"], "Sigmoid"), ("Batch norm", "batch_norm", [True, False], "on"),
    ("Dropout", "dropout", [0.1, 0.3], "0.5"),
])  # fmt: skip
def test_layers_that_differ_are_mixed(label, name, values, sent):
    panel = Panel()
    plain = panel.options(label)
    panel.settings.update({name: values})
    assert panel.widget(label).value == MIXED
    panel.choose(label, MIXED)
    assert panel.settings.values()[name] == values
    panel.choose(label, sent)
    assert panel.settings.values()[name] == [plain[sent]] * 2
    assert panel.options(label) == plain


@pytest.mark.parametrize(
    ("label", "name"), [("Activation", "activation"), ("Batch norm", "batch_norm"), ("Dropout", "dropout")]
)
def test_without_layers_there_is_nothing_to_set(label, name):
    panel = Panel(hidden=[])
    panel.choose(label, list(panel.options(label))[-1])
    assert panel.settings.values()[name] == []
    panel.settings.update({"hidden": [3]})
    assert panel.widget(label).value == panel.settings.values()[name][0]


def test_only_the_knobs_of_the_current_optimizer_are_visible():
    panel = Panel()
    labels = {knob.label for rule in OPTIMIZERS.values() for knob in rule.knobs}
    for rule in OPTIMIZERS.values():
        panel.settings.update({"optimizer": rule.name})
        visible = [widget.label for widget in panel.all(None) if widget.label in labels and widget.visible]
        assert visible == [knob.label for knob in rule.knobs]


def test_a_new_seed_is_another_seed():
    panel = Panel()
    seeds = [panel.settings.data.seed]
    for _ in range(3):
        panel.widget("New seed").clicks += 1
        seeds.append(panel.settings.data.seed)
    assert len(set(seeds)) == 4


def test_after_the_last_seed_comes_a_seed_too():
    panel = Panel(seed=2**32 - 1)
    panel.widget("New seed").clicks += 1
    assert 0 <= panel.settings.data.seed < 2**32 - 1


@pytest.mark.parametrize("dark", [True, False])
def test_the_theme_reaches_the_widgets_that_have_one(dark):
    panel = Panel()
    panel.controls.set_theme(not dark)
    panel.controls.set_theme(dark)
    themes = {widget.dark_theme for widget in panel.all(None) if hasattr(widget, "dark_theme")}
    assert themes <= {dark}


def test_one_row_and_one_column():
    """One root for each area: each further one costs the page start-up time."""
    assert isinstance(Panel().controls.bar, pn.FlexBox)
    assert isinstance(Panel().controls.data, pn.Column)
