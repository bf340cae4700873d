import json

import numpy as np
import pytest
from race_fakes import RaceHarness

from engine import MOMENTUM_SCHEDULES, OPTIMIZERS, SCHEDULES, SURFACES, Config
from engine.surfaces import from_callable
from playground.race_page.choices import LAST_STEP, MOST_RACERS, NETWORK, racer
from playground.race_page.contour import SIZE
from playground.race_page.race_run import RaceRun
from playground.race_page.scene import COLORS, catalog, racer_looks, scene
from playground.race_page.sections import HEAD, Section
from playground.race_page.settings import RaceSettings
from playground.runtime.frame import Status, pack, unpack


def described(network=None, **values):
    return scene(RaceRun(RaceSettings(**values), network), 7)


def test_a_scene_describes_surface_and_racers():
    shown = described(
        surface="valley", racers=["sgd", ("adam", 0.25), {"optimizer": "lion", "color": 9, "shown": False}]
    )
    valley = SURFACES["valley"]
    assert (shown["ground"], shown["generation"], shown["heard"], shown["remark"]) == (valley.label, 0, 7, "")
    assert [(racer["label"], racer["color"], racer["shown"], racer["usual"]) for racer in shown["racers"]] == [
        ("SGD", COLORS[0], True, True),
        ("Adam", COLORS[1], True, False),
        ("Lion", COLORS[9], False, True),
    ]
    assert shown["racers"][1]["rate"] == 0.25
    surface = shown["surface"]
    assert (surface["label"], surface["text"], surface["doc"]) == (valley.label, valley.text, valley.doc)
    assert surface["box"] == [[-4, 4], [-4, 4]]
    assert surface["minima"] == [[0, 0]]
    assert (surface["lowest"], surface["size"]) == (0, SIZE)
    assert set(surface["scale"]) == {"low", "unit", "span"}


@pytest.mark.parametrize("name", [*SURFACES, "own"])
def test_every_scene_can_be_sent_as_json(name):
    shown = described(surface=name)
    assert json.loads(json.dumps(shown, allow_nan=False)) == shown
    assert shown["own"] == (name == "own")


def test_a_rate_that_is_not_chosen_is_the_one_that_is_raced_with():
    settings = RaceSettings(racers=list(OPTIMIZERS)[:MOST_RACERS], surface="rosenbrock")
    run = RaceRun(settings)
    rates = [racer["rate"] for racer in scene(run, 0)["racers"]]
    assert rates == [racer.learning_rate for racer in run.race.trajectory.race.racers]


def test_a_network_has_no_surface():
    shown = described(lambda: Config(hidden=(2,)), surface="network", racers=["sgd", ("adam", 0.5)])
    assert (shown["ground"], shown["surface"]) == (NETWORK.label, None)
    assert [racer["rate"] for racer in shown["racers"]] == [OPTIMIZERS["sgd"].usual_rate, 0.5]
    json.dumps(shown, allow_nan=False)


def test_a_racer_looks_as_it_is_set():
    settings = RaceSettings(racers=[{"optimizer": "adam", "color": 3}, {"shown": False, "color": 0}])
    assert racer_looks(settings) == [
        {"label": "Adam", "color": COLORS[3], "shown": True},
        {"label": "SGD", "color": COLORS[0], "shown": False},
    ]


def test_there_is_a_colour_for_each_racer():
    assert len(set(COLORS)) == len(COLORS) == MOST_RACERS


def test_the_catalog_names_all_that_can_be_chosen():
    found = catalog()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["limits"] == {"racers": MOST_RACERS, "steps": LAST_STEP}
    assert found["colors"] == list(COLORS)
    assert found["racer"] == racer()
    for kind, registry in (
        ("optimizers", OPTIMIZERS), ("schedules", SCHEDULES), ("momentum_schedules", MOMENTUM_SCHEDULES),
    ):  # fmt: skip
        assert [entry["name"] for entry in found[kind]] == list(registry)
        for entry in found[kind]:
            assert entry["label"]
            assert entry["doc"].endswith(".")
            for shown, hyperparameter in zip(
                entry["hyperparameters"], registry[entry["name"]].hyperparameters, strict=True
            ):
                assert shown["low"] <= shown["default"] <= shown["high"]
                assert (shown["name"], shown["default"], shown["integer"]) == (
                    hyperparameter.name,
                    hyperparameter.default,
                    hyperparameter.integer,
                )
                assert shown["label"]
                assert shown["doc"].endswith(".")


def test_a_short_description_names_two_hyperparameters_and_no_detail():
    told = {entry["name"]: entry["told"] for entry in catalog()["optimizers"]}
    assert (told["sgd"], told["adagrad"], told["adam"]) == ([], [], ["beta1", "beta2"])
    assert "epsilon" not in {name for names in told.values() for name in names}


def test_the_momentum_of_a_rule_is_one_of_its_hyperparameters():
    for entry in catalog()["optimizers"]:
        assert entry["momentum"] in ["", *(hyperparameter["name"] for hyperparameter in entry["hyperparameters"])]


# What a picture holds


def test_a_picture_says_what_is_known():
    harness = RaceHarness(surface="bowl", racers=[("sgd", 0.1), ("sgd", 100.0), ("adam", 0.01)], selected=2).opened()
    harness.tell("step")
    harness.tell("step")
    harness.tell("seek", step=1, id=5)
    shot = harness.settle()
    cursor, length, status, pace, _, winner, sought = shot.parts[Section.SCALARS]
    assert (cursor, length, status, pace, winner, sought) == (1, 2, Status.PAUSED, 0, -1, 5)
    positions = np.concatenate([one.parts[Section.POSITIONS] for one in harness.screen.shots]).reshape(-1, 3, 2)
    values = np.concatenate([one.parts[Section.VALUES] for one in harness.screen.shots]).reshape(-1, 3)
    assert positions.tolist() == harness.race.trajectory.positions.astype("f4").tolist()
    assert values.tolist() == harness.race.trajectory.values.astype("f4").tolist()
    heads = shot.parts[Section.HEADS].reshape(3, len(HEAD))
    np.testing.assert_array_equal(heads, harness.race.heads(True))
    assert shot.read(Section.CARD) == harness.race.card(2)
    assert shot.read(Section.FATES) == ["", "left the map at step 1", ""]
    assert unpack(pack(1, 2, shot.parts))[:2] == (1, 2)


def test_what_is_inside_the_rules_is_computed_when_it_is_seen(monkeypatch):
    harness, asked = RaceHarness(surface="bowl", racers=["sgd"]).opened(), []
    heads = harness.race.heads
    monkeypatch.setattr(harness.race, "heads", lambda deep: asked.append(deep) or heads(deep))
    overlays = ("velocity_vectors", "lookahead", "rate_ellipses", "local_model")
    harness.settings.update(dict.fromkeys(overlays, False))
    harness.pass_time(0.1)
    assert set(asked) == {False}
    for name in overlays:
        asked.clear()
        harness.settings.update({**dict.fromkeys(overlays, False), name: True})
        harness.pass_time(0.1)
        assert set(asked) == {True}


@pytest.mark.parametrize(("surface", "curves"), [
    ("beale", ["loss", "distance", "length"]), ("saddle", ["loss", "length"]),
])  # fmt: skip
def test_a_scene_offers_the_curves_that_make_sense(surface, curves):
    assert RaceHarness(surface=surface).opened().scene["curves"] == curves


def test_networks_have_their_loss_only():
    assert RaceHarness(surface="network", network=Config).opened().scene["curves"] == ["loss"]


def test_a_surface_says_whether_it_can_be_written_down():
    assert RaceHarness(surface="beale").opened().scene["surface"]["written"]
    unwritten = from_callable(lambda x, y: np.asarray(x * x + y * y).round(3))
    assert not RaceHarness(surface=unwritten).opened().scene["surface"]["written"]


def test_a_racer_without_a_colour_gets_the_first_that_nobody_has():
    harness = RaceHarness(racers=["sgd", "adam", "momentum"]).opened()
    racers = [harness.settings.race.racers[k] for k in (0, 2)]
    harness.tell("set", id=1, values={"racers": [*racers, {**racers[0], "color": None}]})
    assert [racer["color"] for racer in harness.settings.race.racers] == [0, 2, 1]
