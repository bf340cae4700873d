import panel as pn
import pytest
from panel.widgets.base import WidgetBase

from engine import SURFACES
from engine.race import NOISE
from playground.race_page.choices import GROUNDS, NETWORK, OWN, SPEED, SWEPT, TOLERANCE
from playground.race_page.controls import RaceControls
from playground.race_page.settings import RaceSettings
from playground.runtime.parameters import hyperparameter_setting


class Bar:
    """Controls, their settings, and a browser's hand."""

    def __init__(self, has_network=True, **values):
        self.settings = RaceSettings(**values)
        self.refused = []
        self.controls = RaceControls(self.settings, self.refused.append, has_network)

    def all(self):
        return self.controls.bar.select(WidgetBase)

    def widget(self, label):
        (widget,) = (widget for widget in self.all() if widget.label == label)
        return widget

    def options(self, label):
        return self.widget(label).options

    def choose(self, label, value):
        """What Panel does when a browser says that a widget has another value; selects send theirs as text."""
        widget = self.widget(label)
        sent = str(self.options(label).get(value, value)) if isinstance(widget, pn.widgets.Select) else value
        widget._process_events({"value": sent})


(CONDITION,) = SURFACES["valley"].hyperparameters
ACTS = [
    ("Surface", SURFACES["himmelblau"].label, "surface", "himmelblau"),
    ("Surface", OWN.label, "surface", "own"),
    (SPEED.label, "1 step/s", "speed", 1),
    (SPEED.label, "300 steps/s", "speed", 300),
    (NOISE.label, "0.3", "noise", 0.3),
    ("Scale", "linear", "log_scale", False),
    (TOLERANCE.label, "1e-06", "tolerance", 1e-6),
    (SWEPT.label, "1,000", "swept_steps", 1000),
]


@pytest.fixture(scope="module")
def plain():
    """What is there before anybody chooses; not to be changed."""
    return Bar()


@pytest.mark.parametrize(("label", "sent", "name", "value"), ACTS, ids=[f"{act[0]} {act[1]}" for act in ACTS])
def test_a_widget_sets_its_setting_and_shows_it(label, sent, name, value):
    bar = Bar()
    before = bar.settings.values()
    bar.choose(label, sent)
    assert bar.settings.values()[name] == bar.widget(label).value == value
    follows = {name, "start"} if name == "surface" else {name}
    assert {key: kept for key, kept in bar.settings.values().items() if key not in follows} == {
        key: kept for key, kept in before.items() if key not in follows
    }
    assert bar.refused == []
    bar.settings.update({name: before[name]})
    assert bar.widget(label).value == before[name]


def test_all_surfaces_are_offered(plain):
    assert plain.options("Surface") == {entry.label: name for name, entry in GROUNDS.items()}


def test_without_a_network_it_is_not_offered():
    offered = Bar(has_network=False).options("Surface")
    assert NETWORK.label not in offered
    assert len(offered) == len(GROUNDS) - 1


def test_every_offer_can_be_taken():
    bar = Bar()
    for label in [widget.label for widget in bar.all() if isinstance(widget, pn.widgets.Select)]:
        for option in list(bar.options(label)):
            bar.choose(label, option)
    assert bar.refused == []


def test_every_widget_has_a_label_and_a_tooltip(plain):
    for widget in [*plain.all(), *Bar(surface="valley").all()]:
        assert widget.label
        assert (widget.description or "").endswith("."), widget.label


def test_the_hyperparameter_of_a_surface_comes_and_goes_with_it():
    bar = Bar()
    before = [widget.label for widget in bar.all()]
    bar.choose("Surface", SURFACES["valley"].label)
    assert {widget.label for widget in bar.all() if widget.visible} - set(before) == {CONDITION.label}
    hyperparameter = bar.widget(CONDITION.label)
    name = hyperparameter_setting("surface", "valley", CONDITION.name)
    assert hyperparameter.value == CONDITION.default
    bar.settings.update({name: 20})
    assert hyperparameter.value == 20
    hyperparameter._process_events(
        {"value": str(CONDITION.high) if isinstance(hyperparameter, pn.widgets.Select) else CONDITION.high}
    )
    assert bar.settings.values()[name] == CONDITION.high
    bar.choose("Surface", SURFACES["bowl"].label)
    assert [widget.label for widget in bar.all()] == before


@pytest.mark.parametrize(("label", "sent"), [
    ("Surface", "nowhere"), (SPEED.label, "1e99"), (SPEED.label, 99999), (NOISE.label, "-1"), (TOLERANCE.label, "0"),
    ("Scale", "maybe"), (SWEPT.label, "5"),
], ids=str)  # fmt: skip
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_a_browser_may_not_choose_changes_nothing(label, sent):
    bar = Bar()
    before, shown = bar.settings.values(), bar.widget(label).value
    try:
        bar.choose(label, sent)
    except Exception:
        # Panel logs it; the page goes on.
        assert bar.refused == []
    assert bar.settings.values() == before
    assert bar.widget(label).value == shown


def test_a_number_in_between_joins_the_options(plain):
    bar = Bar(speed=42, tolerance=0.5)
    assert bar.widget(SPEED.label).value == 42
    assert 42 in bar.options(SPEED.label).values()
    assert 0.5 in bar.options(TOLERANCE.label).values()
    assert set(bar.options(SPEED.label).values()) == {42, *plain.options(SPEED.label).values()}
