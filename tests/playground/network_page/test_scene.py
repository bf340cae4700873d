import base64
import json

import numpy as np
import pytest

from engine import ACTIVATIONS, DATASETS, DIRECTIONS, EXPERIMENTS, FEATURES, TASKS, Config, Trainer
from engine.datasets import EXTENT
from engine.look import QUANTITIES, VIEWS, grid_points, plane_of
from engine.own_data import MOST_CLASSES
from engine.placements import PLACEMENTS
from playground.network_page.choices import DisplaySettings
from playground.network_page.pictures import AXES, PICTURES
from playground.network_page.scene import (
    FRAME_BYTES,
    GRID,
    MOST_COLUMNS,
    MOST_LINKS,
    PALETTE,
    TILE,
    catalog,
    is_strip,
    label_unit,
    points,
    tile_side,
)
from playground.network_page.sections import COORDINATE_UNIT, Section
from playground.network_page.settings import Settings
from playground.network_page.training_run import Run
from playground.runtime.frame import unpack


def described(**values):
    return Run(Settings(**values)).scene()


def test_a_scene_describes_the_network_layer_by_layer():
    scene, _ = described(
        hidden=[3, 2],
        activation=["relu", "tanh"],
        batch_norm=["after", "off"],
        dropout=[0.0, 0.5],
        drop_connect=[0.2, 0.0],
        dataset="blobs3",
        features=["x1", "x1_x2"],
    )
    assert scene["layers"] == [
        {"kind": "input", "units": 2, "features": ["x1", "x1_x2"]},
        {
            "kind": "hidden",
            "units": 3,
            "activation": "relu",
            "activation_label": ACTIVATIONS["relu"].label,
            "norm_label": "BN after",
            "dropout": 0.0,
            "drop_connect": 0.2,
        },
        {
            "kind": "hidden",
            "units": 2,
            "activation": "tanh",
            "activation_label": ACTIVATIONS["tanh"].label,
            "norm_label": "",
            "dropout": 0.5,
            "drop_connect": 0.0,
        },
        {"kind": "output", "units": 3, "label": "softmax"},
    ]


@pytest.mark.parametrize(("values", "label"), [
    ({}, "sigmoid"), ({"loss": "hinge"}, "linear"), ({"loss": "perceptron"}, "step"),
    ({"dataset": "blobs3"}, "softmax"), ({"dataset": "blobs3", "loss": "hinge"}, "softmax"),
    ({"dataset": "plane"}, "linear"),
], ids=str)  # fmt: skip
def test_the_output_says_how_scores_become_predictions(values, label):
    assert described(**values)[0]["layers"][-1]["label"] == label


@pytest.mark.parametrize("dataset", list(DATASETS))
def test_a_scene_describes_the_data(dataset):
    scene, packed = described(dataset=dataset, samples=200, train_fraction=0.3)
    entry = DATASETS[dataset]
    task = TASKS[entry.task]
    assert scene["task"] == {"exclusive": task.exclusive, "probabilities": task.probabilities}
    assert scene["classes"] == entry.classes
    assert (scene["train"], scene["test"]) == (60, 140)
    assert (scene["grid"], scene["tile"], scene["extent"]) == (GRID, TILE, EXTENT)
    assert scene["layers"][-1]["units"] == (entry.classes if entry.classes > 2 else 1)
    assert [part.size for part in unpack(packed)[2].values()] == [400, 200]


def test_a_scene_carries_all_choices_and_goes_through_json():
    for settings in (
        Settings(dataset="spiral", hidden=[], dark=True),
        Settings(activation="elu", activation_params={"alpha": 2}, batch_norm="after", stopping="epochs", view="train"),
    ):
        scene, _ = Run(settings).scene()
        assert json.loads(json.dumps(scene)) == scene
        assert scene["settings"] == settings.values()


@pytest.mark.parametrize(("dataset", "unit"), [("circle", 1), ("blobs5", 1), ("plane", 0.01)])
@pytest.mark.parametrize("noise", [0, 50])
def test_points_arrive_as_they_are(dataset, unit, noise):
    data = Trainer(Config(dataset=dataset, noise=noise)).data
    *_, parts = unpack(points(data, plane_of(data)))
    assert described(dataset=dataset)[0]["label_unit"] == label_unit(data.task) == unit
    places, labels = parts[Section.POINTS].reshape(-1, 2) * COORDINATE_UNIT, parts[Section.LABELS] * unit
    np.testing.assert_allclose(places, np.clip(data.points, -2 * EXTENT, 2 * EXTENT), atol=EXTENT / 32767)
    np.testing.assert_allclose(labels, data.labels, atol=0.5 * unit if unit < 1 else 0)


@pytest.mark.parametrize(("values", "layer"), [
    ({"hidden": []}, {"hidden": 2, "activation": "tanh", "activation_params": {}, "batch_norm": "off", "dropout": 0.0,
                      "drop_connect": 0.0}),
    ({"hidden": [5, 3], "activation": ["relu", "elu"], "activation_params": [{}, {"alpha": 2}],
      "batch_norm": ["off", "after"], "dropout": [0, 0.2], "drop_connect": [0.1, 0]},
     {"hidden": 3, "activation": "elu", "activation_params": {"alpha": 2}, "batch_norm": "after", "dropout": 0.2,
      "drop_connect": 0}),
    ({"hidden": [4, 1]}, {"hidden": 2, "activation": "tanh", "activation_params": {}, "batch_norm": "off",
                          "dropout": 0.0, "drop_connect": 0.0}),
], ids=["the first", "after another", "two units at least"])  # fmt: skip
def test_a_scene_says_what_one_more_layer_would_be_like(values, layer):
    scene, _ = described(**values)
    assert scene["new_layer"] == layer
    chosen, named = Settings(**values), Settings(**values)
    chosen.update({"hidden": [*chosen.model.hidden, layer["hidden"]]})
    named.update({name: [*getattr(named.model, name), value] for name, value in layer.items()})
    assert chosen.values() == named.values(), "Python adds the same layer"


def test_every_class_has_a_colour():
    assert len(PALETTE) == MOST_CLASSES >= max(entry.classes for entry in DATASETS.values())


def oklab(color):
    """Lightness and two colour axes, in which equal distances look about equally far (Ottosson 2020)."""
    channels = np.array([int(color[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    cones = [[0.41222, 0.53633, 0.05145], [0.21190, 0.68070, 0.10740], [0.08830, 0.28172, 0.62998]]
    axes = [[0.21045, 0.79362, -0.00407], [1.97800, -2.42859, 0.45059], [0.02590, 0.78277, -0.80868]]
    return np.array(axes) @ np.cbrt(np.array(cones) @ linear)


def test_no_two_classes_look_alike_and_none_like_the_middle_of_a_theme():
    colors = np.array([oklab(color) for color in (*PALETTE, "#e8eaeb", "#262e36")])
    apart = np.linalg.norm(colors[:, None] - colors, axis=-1) + np.eye(len(colors))
    assert apart.min() >= apart[:8, :8].min() > 0.1


@pytest.mark.parametrize("inputs", [1, 9])
def test_more_units_have_smaller_maps_that_can_still_be_seen(inputs):
    features = tuple(FEATURES)[:inputs]
    sides = []
    for layers in range(11):
        network = Trainer(Config(dataset="blobs5", features=features, hidden=(32,) * layers)).network
        sides.append(tile_side(network))
        assert sides[-1] ** 2 * (32 * layers + 5) < FRAME_BYTES
    assert sides == sorted(sides, reverse=True)
    assert sides[0] == TILE
    assert sides[-1] >= 4


# Scheduler for units and links


@pytest.mark.parametrize(("hidden", "strip"), [
    ([], False), ([64], False), ([64, 64], False), ([64] * 3, False), ([64] * 4, True), ([32] * 10, False),
    ([1] * MOST_COLUMNS, False), ([1] * (MOST_COLUMNS + 1), True), ([33] * 10, False), ([34] * 10, True),
    ([64] * 50, True),
], ids=lambda value: f"{len(value)} x {value[:1]}" if isinstance(value, list) else str(value))  # fmt: skip
def test_networks_without_room_are_strips(hidden, strip):
    scene, _ = described(hidden=hidden, samples=50)
    assert scene["strip"] == strip
    assert [layer["units"] for layer in scene["layers"]] == [2, *hidden, 1], "every layer is described all the same"


def test_links_are_counted_once_each():
    """With one input: w links from it, and w to each of the outputs and to each unit of the next layer."""
    for width in range(1, 65):
        network = Trainer(Config(features=("x1",), hidden=(width,) * 3, samples=50)).network
        assert is_strip(network) == (2 * width + 2 * width**2 > MOST_LINKS)
    maxout = Trainer(Config(hidden=(64, 64), activation="maxout", samples=50)).network
    assert not is_strip(maxout), "the pieces of a unit share its links"


# Saturation


@pytest.mark.parametrize(("activation", "expected"), [
    ("tanh", 0.5), ("sigmoid", 0.5), ("relu", 0.75), ("step", None), ("maxout", None), ("linear", 0.5),
])  # fmt: skip
def test_a_scene_says_from_where_on_a_layer_is_in_trouble(activation, expected):
    scene, _ = described(hidden=[3, 2], activation=[activation, "tanh"])
    first, *hidden, last = scene["thresholds"]
    assert first is last is None
    assert hidden[0] == (expected if expected is None else pytest.approx(expected, abs=0.01))
    assert hidden[1] == pytest.approx(0.5, abs=0.01)
    assert scene["usual"] == [share if share is None else pytest.approx(2 * share - 1) for share in scene["thresholds"]]
    json.dumps(scene, allow_nan=False)


@pytest.mark.parametrize(("hidden", "chosen", "layer", "units"), [
    ([4, 2], (0, [1, 2]), 0, [1, 2]), ([4, 2], (1, [3, 4]), 1, [3, 4]), ([4, 2], (2, [3, 4]), 2, [2, 1]),
    ([4, 2], (9, [1, 2]), 2, [1, 2]), ([4, 2], (1, [5, 7]), 1, [4, 1]), ([4], (1, [3, 3]), 1, [3, 4]),
    ([1], (1, [1, 2]), 1, [1, 1]), ([], (3, [2, 1]), 0, [2, 1]),
])  # fmt: skip
def test_a_scene_says_which_layer_and_units_hidden_space_shows(hidden, chosen, layer, units):
    scene, _ = described(hidden=hidden, hidden_layer=chosen[0], hidden_units=chosen[1])
    assert scene["hidden_space"] == {"layer": layer, "units": units}


# The catalog


def test_the_catalog_offers_all_there_is_in_order():
    offer = catalog()
    for part, registry in (
        ("datasets", DATASETS), ("features", FEATURES), ("activations", ACTIVATIONS), ("placements", PLACEMENTS),
        ("views", VIEWS), ("quantities", QUANTITIES), ("pictures", PICTURES), ("axes", AXES),
        ("directions", DIRECTIONS),
    ):  # fmt: skip
        assert [(entry["name"], entry["label"], entry["doc"]) for entry in offer[part]] == [
            (entry.name, entry.label, entry.doc) for entry in registry.values()
        ]
    assert [(entry["name"], entry["label"], entry["notice"]) for entry in offer["experiments"]] == [
        (entry.name, entry.label, entry.notice) for entry in EXPERIMENTS.values()
    ]
    assert offer["limits"] == {"layers": 50, "units": 64}
    assert offer["dropout"] == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
    for rate in offer["dropout"]:
        Settings(dropout=rate)
    Settings(hidden=[offer["limits"]["units"]] * offer["limits"]["layers"])
    json.dumps(offer)


def test_the_catalog_has_the_hyperparameters_of_every_activation():
    for offered, entry in zip(catalog()["activations"], ACTIVATIONS.values(), strict=True):
        assert [hyperparameter["name"] for hyperparameter in offered["hyperparameters"]] == [
            hyperparameter.name for hyperparameter in entry.hyperparameters
        ]
        for shown, hyperparameter in zip(offered["hyperparameters"], entry.hyperparameters, strict=True):
            assert shown["low"] <= shown["default"] <= shown["high"]
            assert (shown["low"], shown["high"], shown["integer"]) == (
                hyperparameter.low,
                hyperparameter.high,
                hyperparameter.integer,
            )
            assert shown["label"]
            assert shown["doc"].endswith(".")
            for number in (shown["low"], shown["high"]):
                Settings(activation=entry.name, activation_params={shown["name"]: number}).config()


def test_the_catalog_says_what_the_page_writes_beside_its_switches():
    for name, switch in catalog()["switches"].items():
        parameter = DisplaySettings.param[name]
        assert switch == {"name": name, "label": parameter.label, "doc": parameter.doc}
        assert Settings(**{name: True}).values()[name] is True


def test_the_catalog_says_what_the_page_writes_beside_its_menus():
    settings = Settings()
    for name, menu in catalog()["selects"].items():
        parameter = settings.owner(name).param[name]
        assert menu == {"name": name, "label": parameter.label, "doc": parameter.doc}


def test_the_catalog_tells_quantities_apart():
    for offered, entry in zip(catalog()["quantities"], QUANTITIES.values(), strict=True):
        assert (offered["symbol"], offered["sizes"], offered["backward"]) == (entry.symbol, entry.sizes, entry.backward)


@pytest.mark.parametrize(("part", "setting"), [
    ("quantities", "upper"), ("quantities", "lower"), ("pictures", "picture"), ("axes", "hidden_axes"),
    ("directions", "directions"), ("experiments", "experiment"), ("views", "view"),
])  # fmt: skip
def test_everything_in_the_catalog_can_be_chosen(part, setting):
    for entry in catalog()[part]:
        assert Settings(**{setting: entry["name"]}).values()[setting] == entry["name"]


def test_thumbnails_show_every_label():
    for thumbnail in catalog()["datasets"]:
        rows = np.array(thumbnail["points"])
        assert rows.shape == (80, 3)
        classes = DATASETS[thumbnail["name"]].classes
        assert len(set(rows[:, 2])) == classes if classes else rows[:, 2].min() < 0 < rows[:, 2].max()


def test_feature_maps_show_the_features():
    x1, x2 = grid_points(TILE).T
    maps = {
        entry["name"]: np.frombuffer(base64.b64decode(entry["map"]), np.uint8) / 127 - 128 / 127
        for entry in catalog()["features"]
    }
    for name, values in {"x1": x1, "x2": x2, "x1_squared": x1**2, "x1_x2": x1 * x2, "sin_x1": np.sin(x1)}.items():
        np.testing.assert_allclose(maps[name], values / np.abs(values).max(), atol=0.01)
