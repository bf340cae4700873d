import struct
from dataclasses import replace

import numpy as np
import pytest
from fakes import SessionHarness
from helpers import pairwise
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from engine import FEATURES, Config, Trainer
from engine.look import CURVE_POINTS, FrameRequest, Viewer
from engine.parameter_history import MOST
from playground.network_page.pictures import PICTURES
from playground.network_page.scene import FRAME_BYTES
from playground.network_page.sections import Section, sections, strength
from playground.runtime.frame import MAGIC, VERSION, pack, text, unpack

TYPES = ("u1", "i1", "<u2", "<f4", "<f8")
SHAPES = array_shapes(max_dims=3, max_side=9, min_side=0)
PARTS = st.dictionaries(
    st.integers(0, 2**16 - 1), st.sampled_from(TYPES).flatmap(lambda kind: arrays(kind, SHAPES)), max_size=9
)
NUMBERS = st.integers(0, 2**32 - 1)


@given(NUMBERS, NUMBERS, PARTS)
def test_what_is_packed_comes_out(sequence, generation, parts):
    again = unpack(pack(sequence, generation, parts))
    assert again[:2] == (sequence, generation)
    assert list(again[2]) == list(parts)
    for name, array in parts.items():
        assert again[2][name].dtype == array.dtype
        np.testing.assert_array_equal(again[2][name], array.ravel())


@given(PARTS)
def test_sections_start_where_any_number_may(parts):
    message = pack(1, 1, parts)
    table = [struct.unpack_from("<HHII4x", message, 32 + 16 * k) for k in range(len(parts))]
    ends = [offset + array.nbytes for (*_, offset), array in zip(table, parts.values(), strict=True)]
    assert all(offset % 8 == 0 for *_, offset in table)
    assert all(end <= offset for end, (*_, offset) in zip(ends, table[1:], strict=False))
    assert len(message) == (ends[-1] if ends else 32)


def test_the_header_is_as_documented():
    message = pack(7, 9, {Section.TEXT: text("é")})
    assert struct.unpack_from("<4sHHII", message) == (b"NNPF", 1, 1, 7, 9)
    assert struct.unpack_from("<HHII", message, 32) == (9, 1, 2, 48)
    assert message[48:] == "é".encode()


def test_counters_wrap():
    assert unpack(pack(2**32 + 5, 2**40, {}))[:2] == (5, 0)


def test_arrays_are_read_in_c_order_and_copied():
    array = np.arange(12, dtype=np.uint8).reshape(3, 4).T
    message = pack(0, 0, {1: array})
    array[...] = 0
    np.testing.assert_array_equal(unpack(message)[2][1], np.arange(12).reshape(3, 4).T.ravel())


@pytest.mark.parametrize("head", [(b"NNPX", VERSION), (MAGIC, VERSION + 1), (MAGIC, 0)])
def test_other_messages_are_refused(head):
    message = struct.pack("<4sH", *head) + pack(1, 1, {})[6:]
    with pytest.raises(ValueError, match=f"no frame of version {VERSION}"):
        unpack(message)


weights = st.floats(-1e6, 1e6)


@given(weights, weights)
def test_stronger_weights_have_codes_at_least_as_strong(a, b):
    low, high = sorted((a, b))
    first, second = strength(np.array([low, high])).astype(int)
    assert first <= second
    assert abs(first) <= 127 >= abs(second)


@given(weights)
def test_codes_keep_the_sign_and_stand_for_the_weight(w):
    code = float(strength(np.array([w]))[0])
    assert code * w >= 0
    assert strength(np.array([-w]))[0] == -code
    # What the browser makes of it: within half a code, which is at most 1/32 near the ends.
    meant = np.sign(code) * 4 * (code / 127) ** 2
    assert meant == pytest.approx(np.clip(w, -4, 4), abs=4 / 127 + 1e-9)


def test_a_watched_layers_curve_has_its_sections():
    trainer = Trainer(Config(activation="relu"))
    viewer, state = Viewer(trainer), trainer.init()
    assert not {Section.CURVE, Section.CURVE_HEIGHTS} & set(sections(viewer.look(state)))
    frame = viewer.look(state, FrameRequest(curve=2))
    parts = unpack(pack(0, 0, sections(frame)))[2]
    layer, low, high, *values = parts[Section.CURVE].tolist()
    assert (layer, low, high) == (2, np.float32(frame.curve.low), np.float32(frame.curve.high))
    f, slope = np.array(values).reshape(2, CURVE_POINTS)
    np.testing.assert_allclose(f, np.maximum(np.linspace(low, high, CURVE_POINTS), 0), atol=1e-6 * high)
    assert set(slope) == {0, 1}
    np.testing.assert_array_equal(parts[Section.CURVE_HEIGHTS], frame.curve.heights)


def test_what_was_not_wished_for_has_no_section():
    trainer = Trainer(Config())
    nothing = FrameRequest(boundary=False, maps=False, histograms=False)
    viewer, state = Viewer(trainer), trainer.init()
    assert sections(viewer.look(state, nothing)) == {}
    for request, names in (
        (replace(nothing, boundary=True), {Section.BOUNDARY}),
        (replace(nothing, maps=True), {Section.MAPS, Section.SILENCED, Section.WEIGHTS, Section.BIASES}),
        (replace(nothing, histograms=True), {Section.HISTOGRAMS, Section.STATS, Section.SATURATION}),
        (replace(nothing, profile=True), {Section.PROFILE}),
    ):
        assert set(sections(viewer.look(state, request))) == names


SHAPES_OF_NETWORKS = (0, 1), (1, 1), (1, 32), (2, 8), (3, 32), (6, 8), (9, 32), (10, 1), (10, 32)


@pytest.mark.parametrize(
    ("shape", "dataset", "features"),
    pairwise(SHAPES_OF_NETWORKS, ["circle", "blobs5", "plane"], [("x1",), tuple(FEATURES)]),
    ids=str,
)
def test_a_frame_of_any_network_is_small(shape, dataset, features):
    layers, units = shape
    harness = SessionHarness(
        dataset=dataset, hidden=[units] * layers, features=features, batch_norm="after", samples=50
    )
    assert harness.opened().picture.size <= FRAME_BYTES
    if layers:
        harness.tell("watch", layer=layers)
        assert Section.CURVE in harness.settle().parts
        assert harness.picture.size <= FRAME_BYTES
    parts = harness.picture.parts
    assert parts[Section.BOUNDARY].size == 100 * 100
    outputs = 5 if dataset == "blobs5" else 1
    assert parts[Section.MAPS].size % (layers * units + outputs) == 0
    assert parts[Section.BIASES].size == layers * units + outputs
    assert parts[Section.HISTOGRAMS].size == (layers + 2) * 2 * 32


LARGEST = {"dataset": "blobs5", "features": list(FEATURES), "batch_norm": "before"}


@pytest.mark.parametrize("hidden", [[4, 2], [32] * 10, [64] * 50], ids=["small", "columns", "strip"])
@pytest.mark.parametrize("picture", PICTURES)
def test_a_frame_of_any_picture_is_small(picture, hidden):
    # Of the strip few points, for its steps are long; all that depends on them is how many places are sent.
    samples = 1000 if picture == "hidden" and len(hidden) <= 10 else 50
    harness = SessionHarness(**LARGEST, hidden=hidden, picture=picture, samples=samples).opened()
    harness.tell("watch", layer=len(hidden))
    for step in range(1, MOST + 1):
        harness.run._path.add(step, harness.run.state.params)
    harness.tell("step")
    # The largest is the first of a page that renders again: it has the histograms of the first State too.
    harness.tell("ready")
    parts = harness.settle().parts
    assert set(parts) >= {Section.CURVE, Section.FIRST_HISTOGRAMS, Section.HISTOGRAMS}
    more = (1000 - samples) * 2 * 4 if picture == "hidden" else 0
    assert max(sent.size for sent in harness.screen.pictures) + more <= FRAME_BYTES
    if picture == "hidden":
        assert parts[Section.HIDDEN_POINTS].size == 2 * samples
    if picture == "landscape":
        assert parts[Section.PATH].size == 2 * len(harness.run._path) > 2
