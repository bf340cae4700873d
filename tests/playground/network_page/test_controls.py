from types import SimpleNamespace

import panel as pn
import param
import pytest
from helpers import case, one_sentence
from panel.widgets.base import WidgetBase

from engine import (
    ACTIVATIONS,
    AVERAGINGS,
    BIAS_INITIALIZERS,
    CLIPPINGS,
    DATASETS,
    INITIALIZERS,
    LOSSES,
    MOMENTUM_SCHEDULES,
    OPTIMIZERS,
    PREPROCESSORS,
    REGULARIZERS,
    SCHEDULES,
    STOPPINGS,
    Hyperparameter,
)
from engine.config import TUNED
from engine.placements import PLACEMENTS
from playground.network_page.controls import MIXED, RATES, SECTIONS, Controls, outline
from playground.network_page.settings import Settings
from playground.network_page.training_run import Run
from playground.runtime.parameters import Bounded, hyperparameter_setting
from playground.runtime.session_loop import FULL_SPEED
from playground.runtime.widgets import Binder


class Panel:
    """Controls, their settings, and a browser's hand."""

    def __init__(self, **values):
        self.settings = Settings(**values)
        self.refused = []
        self.controls = Controls(self.settings, self.refused.append)

    def all(self, label=None):
        """The widgets that can be seen, or those of them with a label."""
        parts = (self.controls.bar, self.controls.data, *self.controls.sections)
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

    def looks(self):
        """All that is seen of the widgets."""
        return [(widget.label, widget.visible, widget.value, getattr(widget, "options", None)) for widget in self.all()]

    def reset(self):
        """Back to the settings of a new panel."""
        now = self.settings.values()
        self.settings.update({name: value for name, value in Settings().values().items() if value != now[name]})
        self.refused.clear()


@pytest.fixture(scope="module")
def shared():
    panel = Panel()
    return panel, panel.looks()


@pytest.fixture
def panel(shared):
    """A panel as it is at first. It is one for all tests, as a new one takes long, and each has to leave it as new."""
    panel, at_first = shared
    yield panel
    panel.reset()
    assert panel.settings.values() == Settings().values()
    assert panel.looks() == at_first


def beginnings(pairs):
    """Panels that begin with settings: in as few as hold every (name, value) of the pairs."""
    together = []
    for name, value in pairs:
        free = next((values for values in together if name not in values), None)
        if free is None:
            together.append(free := {})
        free[name] = value
    return [Panel(**values) for values in together]


def with_setting(panels, name, value):
    return next(panel for panel in panels if panel.settings.values()[name] == value)


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
    ("Penalty", REGULARIZERS["l2"].label, "regularization", "l2"),
    ("Penalty rate", "0.01", "regularization_rate", 0.01),
    ("Activation", "ReLU", "activation", ["relu", "relu"]),
    ("Batch norm", "before", "batch_norm", ["before", "before"]),
    ("Batch norm", "after", "batch_norm", ["after", "after"]),
    ("Dropout", "0.5", "dropout", [0.5, 0.5]),
    ("DropConnect", "0.3", "drop_connect", [0.3, 0.3]),
    ("Input noise", "0.1", "input_noise", 0.1),
    ("Shuffle", "off", "shuffle", False),
]
ids = [f"{label} {value}" for label, value, *_ in ACTS]


@pytest.mark.parametrize(("label", "sent", "name", "value"), ACTS, ids=ids)
def test_a_widget_sets_its_setting(panel, label, sent, name, value):
    panel.choose(label, sent)
    assert panel.settings.values()[name] == value
    # A penalty that is chosen without a rate gets one.
    follows = {name, "regularization_rate"} if name == "regularization" else {name}
    others = {key: kept for key, kept in panel.settings.values().items() if key not in follows}
    assert others.items() <= Settings().values().items()
    assert panel.refused == []


@pytest.fixture(scope="module")
def early():
    return beginnings((name, value) for _, _, name, value in ACTS)


@pytest.mark.parametrize(("label", "sent", "name", "value"), ACTS, ids=ids)
def test_a_widget_shows_its_setting(panel, early, label, sent, name, value):
    panel.settings.update({name: value})
    plain = value[0] if isinstance(value, list) else value
    assert panel.widget(label).value == with_setting(early, name, value).widget(label).value == plain
    if isinstance(sent, str):
        assert panel.options(label)[sent] == plain


# Registries

CHOICES = {
    "dataset": ("Dataset", DATASETS),
    "activation": ("Activation", ACTIVATIONS),
    "batch_norm": ("Batch norm", PLACEMENTS),
    "optimizer": ("Optimizer", OPTIMIZERS),
    "clipping": ("Gradient clipping", CLIPPINGS),
    "schedule": ("Rate schedule", SCHEDULES),
    "momentum_schedule": ("Momentum schedule", MOMENTUM_SCHEDULES),
    "stopping": ("Stop when", STOPPINGS),
    "averaging": ("Average of weights", AVERAGINGS),
    "preprocessing": ("Preprocessing", PREPROCESSORS),
    "initializer": ("Initialisation", INITIALIZERS),
    "bias_initializer": ("First biases", BIAS_INITIALIZERS),
    "loss": ("Loss", LOSSES),
    "regularization": ("Penalty", REGULARIZERS),
}
ENTRIES = [(name, label, entry) for name, (label, registry) in CHOICES.items() for entry in registry.values()]


def test_the_tables_of_this_file_cover_every_choice_with_hyperparameters():
    assert set(TUNED) <= set(CHOICES)


@pytest.mark.parametrize("name", CHOICES)
def test_a_select_offers_the_whole_registry(panel, name):
    label, registry = CHOICES[name]
    assert panel.options(label) == {entry.label: key for key, entry in registry.items()}


@pytest.mark.parametrize(
    ("name", "label", "entry"), ENTRIES, ids=[f"{name} {entry.name}" for name, _, entry in ENTRIES]
)
def test_an_entry_that_is_chosen_trains(panel, name, label, entry):
    panel.choose(label, entry.label)
    value = panel.settings.values()[name]
    assert value in (entry.name, [entry.name] * 2)
    assert panel.widget(label).value == entry.name
    assert panel.refused == []
    run = Run(panel.settings)
    assert run.step(3) == ""


@pytest.mark.parametrize(("dataset", "offered"), [
    ("circle", ["Cross-entropy", "Squared error", "Hinge", "Perceptron", "ADALINE"]),
    ("blobs5", ["Cross-entropy", "Squared error", "Hinge"]), ("plane", ["Cross-entropy (Gaussian)", "Squared error"]),
])  # fmt: skip
def test_the_losses_are_those_made_for_the_data(dataset, offered):
    for panel in (Panel(dataset=dataset), Panel()):
        panel.choose("Dataset", DATASETS[dataset].label)
        assert list(panel.options("Loss")) == offered
        for label in offered:
            panel.choose("Loss", label)
            assert Run(panel.settings).step(2) == ""
        assert panel.refused == []


def test_a_loss_that_does_not_fit_new_data_is_still_shown():
    """Until the session has refused the two together, or another loss is chosen."""
    panel = Panel(loss="hinge")
    panel.settings.update({"dataset": "plane"})
    assert panel.widget("Loss").value == "hinge"
    panel.choose("Loss", "Squared error")
    assert list(panel.options("Loss")) == ["Cross-entropy (Gaussian)", "Squared error"]


# Hyperparameters

TUNABLE = [(owner, entry) for owner, registry in TUNED.items() for entry in registry.values() if entry.hyperparameters]
tunable = pytest.mark.parametrize(
    ("owner", "entry"), TUNABLE, ids=[f"{owner} {entry.name}" for owner, entry in TUNABLE]
)


def labels(panel):
    return [widget.label for widget in panel.all()]


@tunable
def test_the_hyperparameters_of_an_entry_come_with_it_and_go_with_it(panel, owner, entry):
    before = labels(panel)
    panel.choose(CHOICES[owner][0], entry.label)
    now = labels(panel)
    assert len(now) == len(before) + len(entry.hyperparameters)
    at = next(place for place, (new, old) in enumerate(zip(now, [*before, None], strict=False)) if new != old)
    assert now[at : at + len(entry.hyperparameters)] == [
        hyperparameter.label for hyperparameter in entry.hyperparameters
    ]
    panel.choose(CHOICES[owner][0], next(iter(CHOICES[owner][1].values())).label)
    assert [widget.label for widget in panel.all() if widget.visible] == before


def hyperparameter_widgets(panel, owner, entry):
    """The hyperparameters of an entry, which is chosen now, with the settings and widgets that are theirs."""
    others = labels(panel)
    panel.settings.update({owner: entry.name})
    found = [widget for widget in panel.all() if widget.label not in others]
    assert len(found) == len(entry.hyperparameters)
    settings = [
        hyperparameter_setting(owner, entry.name, hyperparameter.name) for hyperparameter in entry.hyperparameters
    ]
    return list(zip(entry.hyperparameters, settings, found, strict=True))


@tunable
def test_a_hyperparameter_is_bound_both_ways(panel, owner, entry):
    parts = hyperparameter_widgets(panel, owner, entry)
    for hyperparameter, name, widget in parts:
        assert widget.value == hyperparameter.default
        for value in (hyperparameter.low, hyperparameter.high, hyperparameter.default):
            panel.settings.update({name: value})
            assert widget.value == value
        if isinstance(widget, pn.widgets.Select):
            sent = list(widget.options.values())
        else:
            assert (widget.start, widget.end) == (hyperparameter.low, hyperparameter.high)
            sent = [hyperparameter.low, (hyperparameter.low + hyperparameter.high) / 2, hyperparameter.high]
        for value in sent:
            widget._process_events({"value": str(value) if isinstance(widget, pn.widgets.Select) else value})
            assert panel.settings.values()[name] == value
        assert panel.settings.config()
    others = {name for _, name, _ in parts}
    assert {**panel.settings.values(), **dict.fromkeys(others)} == {
        **Settings(**{owner: entry.name}).values(),
        **dict.fromkeys(others),
    }
    assert panel.refused == []


@tunable
def test_a_select_of_numbers_spans_what_a_hyperparameter_allows(panel, owner, entry):
    for hyperparameter, _, widget in hyperparameter_widgets(panel, owner, entry):
        if isinstance(widget, pn.widgets.Select):
            numbers = list(widget.options.values())
            assert numbers == sorted(numbers)
            assert 2 <= len(numbers) <= 25
            assert len(widget.options) == len(set(numbers))
            # Powers of ten, or round numbers, need not be the very ends.
            assert hyperparameter.low <= numbers[0] <= max(10 * hyperparameter.low, 1)
            assert hyperparameter.high / 10 < numbers[-1] <= hyperparameter.high


@pytest.fixture(scope="module")
def tuned():
    return beginnings((owner, entry.name) for owner, entry in TUNABLE)


def test_an_entry_of_the_beginning_has_its_hyperparameters(tuned):
    for owner, entry in TUNABLE:
        panel = with_setting(tuned, owner, entry.name)
        (place,) = (k for k, choices in enumerate(SECTIONS.values()) if owner in choices)
        shown = {(widget.label, widget.value) for widget in panel.controls.sections[place].select(WidgetBase)}
        with case(owner, entry.name):
            assert {(hyperparameter.label, hyperparameter.default) for hyperparameter in entry.hyperparameters} <= shown


def test_hyperparameters_are_made_when_they_are_first_needed_and_only_then(monkeypatch):
    made, make = [], Binder.hyperparameter

    def counting(binder, name, *rest):
        made.append(name)
        return make(binder, name, *rest)

    monkeypatch.setattr(Binder, "hyperparameter", counting)
    panel = Panel()
    assert made == []
    for name in ("adam", "sgd", "adam", "momentum", "adam"):
        panel.settings.update({"optimizer": name})
    adam = ["optimizer_adam_beta1", "optimizer_adam_beta2", "optimizer_adam_epsilon"]
    assert made == [*adam, "optimizer_momentum_momentum"]


def test_an_entry_chosen_again_still_has_its_numbers():
    panel = Panel(optimizer="adam", optimizer_params={"beta1": 0.5})
    panel.choose("Optimizer", "SGD")
    panel.settings.update({"optimizer_adam_beta2": 0.25})
    panel.choose("Optimizer", "Adam")
    assert (panel.widget("Beta 1").value, panel.widget("Beta 2").value) == (0.5, 0.25)


@pytest.mark.parametrize(("hyperparameter", "numbers"), [
    (Hyperparameter("x", 1, 1e-3, 1e3, "", log=True), [1e-3, 1e-2, 0.1, 1, 10, 100, 1e3]),
    (Hyperparameter("x", 0.05, 0, 100, "", log=True), [0, 1e-5, 1e-4, 1e-3, 1e-2, 0.05, 0.1, 1, 10, 100]),
    (Hyperparameter("x", 500, 1, 1e4, "", log=True, integer=True), [1, 10, 100, 500, 1e3, 1e4]),
    (Hyperparameter("x", 1, 0, 1, "", integer=True), [0, 1]),
    (Hyperparameter("x", 2, 2, 5, "", integer=True), [2, 3, 4, 5]),
    (Hyperparameter("x", 7, 0, 100, "", integer=True), [1, 2, 5, 7, 10, 20, 50, 100]),
], ids=str)  # fmt: skip
def test_numbers_to_choose_from_are_round_and_well_spaced(hyperparameter, numbers):
    hyperparameters = param.parameterized_class(
        "Hyperparameters", {"x": Bounded(hyperparameter)}, bases=param.Parameterized
    )()
    select = Binder(SimpleNamespace(hyperparameters=hyperparameters), pytest.fail).hyperparameter("x", hyperparameter)
    assert list(select.options.values()) == pytest.approx(numbers)


# The learning rate and the optimizer


def test_every_usual_rate_is_on_offer():
    assert {rule.usual_rate for rule in OPTIMIZERS.values()} <= set(RATES)


@pytest.mark.parametrize("rule", OPTIMIZERS.values(), ids=list(OPTIMIZERS))
def test_the_usual_rate_follows_the_optimizer(panel, rule):
    panel.choose("Optimizer", rule.label)
    assert panel.settings.training.learning_rate == panel.widget("Learning rate").value == rule.usual_rate
    panel.choose("Optimizer", "SGD")
    assert panel.settings.training.learning_rate == OPTIMIZERS["sgd"].usual_rate


@pytest.mark.parametrize("rule", OPTIMIZERS.values(), ids=list(OPTIMIZERS))
def test_a_chosen_rate_stays(panel, rule):
    panel.settings.update({"learning_rate": 0.1})
    panel.choose("Optimizer", rule.label)
    assert panel.settings.training.learning_rate == panel.widget("Learning rate").value == 0.1


def test_a_rule_set_in_python_leaves_the_rate_alone(panel):
    panel.settings.update({"optimizer": "adadelta"})
    assert panel.settings.training.learning_rate == 0.03


# Sections


def test_the_outline_names_what_is_in_each_section(panel):
    parts = outline()
    assert [part["title"] for part in parts] == list(SECTIONS)
    assert len(panel.controls.sections) == len(parts)
    for part, choices in zip(parts, SECTIONS.values(), strict=True):
        assert part["choices"] == {
            name: [key for key, entry in CHOICES[name][1].items() if entry.hyperparameters]
            for name in choices
            if name in TUNED
        }


def test_every_choice_with_hyperparameters_is_in_one_section():
    named = [name for choices in SECTIONS.values() for name in choices]
    assert len(named) == len(set(named))
    assert set(TUNED) <= set(named)


@pytest.mark.parametrize(
    ("owner", "entry"), TUNABLE[::3], ids=[f"{owner} {entry.name}" for owner, entry in TUNABLE[::3]]
)
def test_hyperparameters_are_in_the_section_of_their_choice(panel, owner, entry):
    panel.settings.update({owner: entry.name})
    for choices, section in zip(SECTIONS.values(), panel.controls.sections, strict=True):
        shown = {widget.label for widget in section.select(WidgetBase)}
        assert ({hyperparameter.label for hyperparameter in entry.hyperparameters} <= shown) == (owner in choices)


# Every widget


def test_every_widget_has_a_label_and_a_tooltip(panel, tuned):
    for widget in (widget for each in (panel, *tuned) for widget in each.all()):
        assert widget.label
        assert (widget.description or "").endswith("."), widget.label


def test_everything_offered_is_allowed(panel):
    """Of what is no registry: whose entries train, see above."""
    offered = [widget.label for widget in panel.all() if isinstance(widget, pn.widgets.Select)]
    others = set(offered) - {label for label, _ in CHOICES.values()}
    assert others == {
        "Batch size",
        "Speed",
        "Learning rate",
        "Penalty rate",
        "Dropout",
        "DropConnect",
        "Input noise",
        "Shuffle",
    }
    for label in sorted(others):
        for option in list(panel.options(label)):
            panel.choose(label, option)
            Run(panel.settings)
        assert panel.refused == []
        panel.reset()


@pytest.mark.parametrize(("label", "sent"), [
    ("Dataset", "Iris"), ("Optimizer", "sgd; drop"), ("Learning rate", "99"), ("Learning rate", 99),
    ("Batch size", "0"), ("Speed", "1e99"), ("Activation", "Soft"), ("Dropout", "0.9"), ("Loss", "None"),
    ("Batch norm", "True"), ("DropConnect", "0.9"), ("Input noise", "-1"), ("Stop when", "now"), ("Shuffle", "maybe"),
    ("Epsilon", "0"), ("Epsilon", None), ("Beta 2", -1), ("Beta 2", "x"),
    ("Noise", 99), ("Noise", -1), ("Noise", "x"), ("Noise", None), ("Noise", float("nan")), ("Noise", [5]),
    ("Samples", 10**9), ("Samples", 100.5), ("Train share", 0), ("Seed", -1), ("Seed", 2**32), ("Seed", "x"),
    ("Seed", None), ("Beta 1", 1),
], ids=str)  # fmt: skip
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_a_browser_may_not_choose_changes_nothing(panel, label, sent):
    panel.settings.update({"optimizer": "adam"})
    shown = panel.widget(label).value
    try:
        panel.choose(label, sent)
    except Exception:
        # Panel logs it; the page goes on.
        assert panel.refused == []
    assert panel.settings.values() == Settings(optimizer="adam").values()
    assert panel.widget(label).value == shown


def test_a_refusal_that_reaches_us_is_told_and_taken_back():
    panel = Panel()
    select = panel.widget("Learning rate")
    select.options = {**select.options, "a million": 1e6}
    panel.choose("Learning rate", "a million")
    (sentence,) = panel.refused
    with pytest.raises(ValueError, match=one_sentence("Learning rate", "1e-06 and 10", "not 1000000.0")):
        raise ValueError(sentence)
    assert panel.settings.training.learning_rate == select.value == 0.03


@pytest.mark.parametrize(("label", "name", "value"), [
    ("Learning rate", "learning_rate", 0.07), ("Batch size", "batch_size", 77), ("Speed", "speed", 42),
    ("Penalty rate", "regularization_rate", 0.2), ("Dropout", "dropout", [0.15, 0.15]),
])  # fmt: skip
def test_a_number_in_between_joins_the_options(panel, label, name, value):
    before = panel.options(label)
    panel.settings.update({name: value})
    plain = value[0] if isinstance(value, list) else value
    assert panel.widget(label).value == plain
    assert plain in panel.options(label).values()
    panel.choose(label, next(iter(before)))
    assert panel.options(label) == before


@pytest.mark.parametrize(("label", "name", "values", "sent"), [
    ("Activation", "activation", ["tanh", "relu"], "Sigmoid"),
    ("Batch norm", "batch_norm", ["before", "off"], "before"),
    ("Batch norm", "batch_norm", ["before", "after"], "after"),
    ("Dropout", "dropout", [0.1, 0.3], "0.5"), ("DropConnect", "drop_connect", [0.1, 0.3], "0.5"),
])  # fmt: skip
def test_layers_that_differ_are_mixed(panel, label, name, values, sent):
    plain = panel.options(label)
    panel.settings.update({name: values})
    assert panel.widget(label).value == MIXED
    panel.choose(label, MIXED)
    assert panel.settings.values()[name] == values
    panel.choose(label, sent)
    assert panel.settings.values()[name] == [plain[sent]] * 2
    assert panel.options(label) == plain


@pytest.mark.parametrize(("label", "name"), [
    ("Activation", "activation"), ("Batch norm", "batch_norm"), ("Dropout", "dropout"), ("DropConnect", "drop_connect"),
])  # fmt: skip
def test_without_layers_there_is_nothing_to_set(label, name):
    panel = Panel(hidden=[])
    panel.choose(label, list(panel.options(label))[-1])
    assert panel.settings.values()[name] == []
    panel.settings.update({"hidden": [3]})
    assert panel.widget(label).value == panel.settings.values()[name][0]


def test_a_new_seed_is_another_seed(panel):
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
    panel = Panel(optimizer="adam")
    panel.controls.set_theme(not dark)
    panel.controls.set_theme(dark)
    panel.settings.update({"schedule": "step"})
    themed = [widget for widget in panel.all() if hasattr(widget, "dark_theme")]
    assert {"Noise", "Beta 1", "Factor"} <= {widget.label.split(",")[0] for widget in themed}
    assert {widget.dark_theme for widget in themed} == {dark}


def test_one_row_and_one_column(panel):
    """One root for each area: each further one costs the page start-up time."""
    assert isinstance(panel.controls.bar, pn.FlexBox)
    assert isinstance(panel.controls.data, pn.Column)
    assert {type(section) for section in panel.controls.sections} == {pn.Column}
