"""Histograms: counting, heights, and edges that stay put."""

from dataclasses import replace

import numpy as np
import pytest
from helpers import assert_close, assert_same
from hypothesis import given
from hypothesis import strategies as st
from looking import NUMBERS, passes, trained

from engine.look import BINS, QUANTITIES, Histogram, Viewer, histogram
from engine.look.histograms import VAST, fitting_edges, heights_of

EVERY = replace(NUMBERS, quantities=tuple(QUANTITIES))
SINGLE = 1e-6
"""Relative rounding of single precision, in which a Frame keeps its ranges."""


# Counting

ROUND = [step * 10.0**power for power in range(-30, 31) for step in (1, 2, 5)]


def assert_counts(found, values, atol=1e-6):
    """Counts, mean and deviation of finite values, as NumPy has them."""
    values = np.asarray(values).ravel()
    counts, _ = np.histogram(np.clip(values, found.low, found.high), len(found.counts), (found.low, found.high))
    assert_same(found.counts, counts)
    size = max(np.abs(values).max(), 1e-30)
    # The variance is a difference of squares.
    assert_close([found.mean / size, found.std / size], [values.mean() / size, values.std() / size], atol=atol)


@pytest.mark.parametrize("scale", [1e-20, 0.003, 1.0, 700.0, 1e20])
def test_values_are_counted_between_round_edges(rng, scale):
    values = scale * rng.normal(size=(40, 3))
    found = histogram(values)
    assert found.counts.shape == (BINS,)
    assert found.high == -found.low
    assert np.isclose(ROUND, found.high, rtol=1e-12, atol=0).sum() == 1
    assert found.high / 2.5 * 0.99 <= np.abs(values).max() <= found.high * 1.0011
    assert found.nonfinite == 0
    assert_counts(found, values)


def test_bins_can_be_more_and_edges_fixed(rng):
    values = rng.normal(size=500)
    found = histogram(values, (-1.0, 3.0), bins=48)
    assert (found.low, found.high, len(found.counts)) == (-1.0, 3.0, 48)
    assert_counts(found, values)
    assert found.counts[0] > np.sum((values >= -1) & (values < -1 + 4 / 48)), "what lies outside is in the first bin"


def test_the_mean_may_be_that_of_sizes(rng):
    values = rng.normal(size=500) + 0.5
    plain, sizes = histogram(values), histogram(values, sizes=True)
    assert_close(sizes.mean, np.abs(values).mean())
    assert_close(plain.mean, values.mean())
    assert plain.mean < sizes.mean
    assert sizes.std == plain.std


def test_values_are_left_as_they_were(rng):
    values = rng.normal(size=50)
    values[3] = np.nan
    kept = values.copy()
    histogram(values)
    histogram(values[4:])
    assert_same(values, kept)


@pytest.mark.parametrize("nonfinite", [[np.nan], [np.inf], [-np.inf], [np.nan, np.inf, -np.inf, np.nan]])
def test_what_is_not_finite_is_counted_and_the_rest_is_drawn(rng, nonfinite):
    values = rng.normal(size=50)
    found, plain = histogram(np.insert(values, 7, nonfinite)), histogram(values)
    assert found.nonfinite == len(nonfinite)
    assert_same(found.counts, plain.counts)
    assert (found.low, found.high) == (plain.low, plain.high)
    assert_close([found.mean, found.std], [plain.mean, plain.std])


def test_where_nothing_is_finite_nothing_is_drawn():
    found = histogram(np.full(9, np.nan))
    assert (found.counts.sum(), found.nonfinite, found.mean, found.std) == (0, 9, 0.0, 0.0)
    assert found.heights.max() == 0
    assert heights_of(found.counts, log=True).max() == 0


@pytest.mark.parametrize("value", [0.0, -0.0, 3.0, -0.07, 1e-300, 1e12])
@pytest.mark.parametrize("count", [1, 7])
def test_values_without_spread(value, count):
    found = histogram(np.full(count, value))
    assert found.low <= value <= found.high
    assert sorted(found.counts)[-2:] == [0, count]
    assert_close(found.mean, value)
    # The variance is a difference of squares: of its root half the digits are right.
    assert found.std <= 1e-7 * abs(value)


@pytest.mark.parametrize("bins", [BINS, 48])
def test_zero_is_above_the_middle_at_every_scale(bins):
    """Of a layer of ReLUs half the values are zero: they must not hop from bar to bar."""
    for edge in ROUND:
        assert histogram(np.array([0.0, 0.0, edge]), bins=bins).counts[bins // 2] == 2, edge


@pytest.mark.parametrize("size", [1e31, 1e100, 1e154, 1e300])
def test_what_is_vast_is_taken_for_the_limit(size):
    found = histogram(np.array([size, -size, size, 1.0]))
    assert found.nonfinite == 0
    assert_close([found.low, found.high, found.mean], [-VAST, VAST, VAST / 4])
    assert found.counts[[0, BINS // 2, BINS - 1]].tolist() == [1, 1, 2]


NUMBERS_OF_ANY_KIND = st.lists(st.floats(allow_nan=True, allow_infinity=True, width=64), min_size=1, max_size=40)


@given(NUMBERS_OF_ANY_KIND, st.integers(1, 60), st.booleans())
def test_every_value_is_counted_once(values, bins, sizes):
    found = histogram(np.array(values), bins=bins, sizes=sizes)
    assert found.counts.sum() + found.nonfinite == len(values)
    assert found.nonfinite == np.sum(~np.isfinite(values))
    assert np.isfinite([found.low, found.high, found.mean, found.std]).all()
    assert found.low < found.high
    assert found.std >= 0


# Heights


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=48), st.booleans())
def test_the_highest_bin_has_the_full_height_and_order_is_kept(counts, log):
    counts = np.array(counts)
    heights = heights_of(counts, log)
    assert heights.dtype == np.uint8
    assert heights.max() == (255 if counts.any() else 0)
    order = np.argsort(counts)
    assert np.all(np.diff(heights[order].astype(int)) >= 0)


def test_heights_are_shares_of_the_highest_bin():
    counts = np.array([[0, 1, 50, 100], [4, 3, 0, 1]])
    assert heights_of(counts).tolist() == [[0, 2, 127, 255], [255, 191, 0, 63]]
    assert Histogram(counts[0], -1, 1, 0, 0, 0).heights.tolist() == [0, 2, 127, 255]


def test_logarithmic_heights_show_a_lone_value():
    counts = np.array([0, 1, 9, 99, 9999])
    assert heights_of(counts).tolist() == [0, 0, 0, 2, 255]
    expected = 255 * np.log([1, 2, 10, 100, 10_000]) / np.log(10_000)
    assert np.abs(heights_of(counts, log=True) - (expected - 0.5)).max() <= 0.5


def test_a_frame_has_logarithmic_heights_on_request():
    trainer, state = trained()
    plain, log = (Viewer(trainer).look(state, replace(NUMBERS, log=log)) for log in (False, True))
    assert_same(plain.ranges, log.ranges)
    counts = histogram(passes(trainer, state)[0].layers[0].post, (-1.0, 1.0)).counts
    assert_same(plain.heights[1, 0], heights_of(counts))
    assert_same(log.heights[1, 0], heights_of(counts, log=True))
    assert log.heights[1, 0].sum() > plain.heights[1, 0].sum()


# Edges


@given(st.floats(1e-20, 1e20), st.floats(1e-20, 1e20))
def test_edges_stay_while_they_fit(reach, old):
    before = fitting_edges(old)
    after, fresh = fitting_edges(reach, before), fitting_edges(reach)
    fits = reach <= before[1] <= 3.0 * fresh[1]
    assert after == (before if fits else fresh)
    assert reach <= after[1] * 1.0011, "nothing lies outside"
    assert after[1] <= 3.0 * fresh[1], "they are not too wide"


def test_edges_do_not_flap_between_two_round_numbers():
    """A distribution that varies around 1 has edges at 2 once it has crossed 1."""
    edges, seen = None, []
    for reach in (0.95, 1.05, 0.95, 1.05, 0.9, 1.1):
        edges = fitting_edges(reach, edges)
        seen.append(edges[1])
    assert seen == [1, 2, 2, 2, 2, 2]
    assert fitting_edges(0.6, edges)[1] == 2
    assert fitting_edges(0.5, edges)[1] == 0.5, "2 is too wide by now"


@pytest.mark.parametrize("before", [(0.0, 1.0), (-1.0, 3.0), (0.0, 0.0)])
def test_edges_that_are_not_around_zero_are_not_kept(before):
    assert fitting_edges(0.7, before) == (-1.0, 1.0)


def test_a_frame_keeps_the_edges_of_the_frame_before():
    trainer, state = trained({"hidden": (4,), "activation": "relu", "samples": 40}, 5)
    viewer, request = Viewer(trainer), replace(NUMBERS, quantities=("weight", "gradient"))
    weights = trainer.network.weight_positions[0].ravel()

    def at(reach):
        params = state.params.copy()
        params[weights] *= reach / np.abs(params[weights]).max()
        return replace(state, params=params)

    def edge(frame):
        return frame.ranges[1, 0, 1]

    small, large = (viewer.look(at(reach), request) for reach in (0.15, 0.35))
    assert (edge(small), edge(large)) == (np.float32(0.2), np.float32(0.5))
    assert edge(viewer.look(at(0.15), request, before=large)) == np.float32(0.5)
    assert edge(viewer.look(at(0.15), request, before=viewer.look(at(30.0), request))) == np.float32(0.2), (
        "far too wide"
    )
    assert edge(viewer.look(at(0.35), request, before=small)) == np.float32(0.5), "does not fit"
    for other in (replace(request, quantities=("gradient", "weight")), replace(request, histograms=False)):
        assert edge(viewer.look(at(0.15), request, before=viewer.look(at(0.35), other))) == np.float32(0.2)
    shallower, other = trained({"hidden": (), "samples": 40}, 5)
    assert edge(viewer.look(at(0.15), request, before=Viewer(shallower).look(other, request))) == np.float32(0.2)


def test_nothing_changes_where_nothing_changed():
    trainer, state = trained()
    viewer = Viewer(trainer)
    frame = viewer.look(state, EVERY)
    again = viewer.look(state, EVERY, before=viewer.look(state, EVERY, before=frame))
    assert_same(frame.ranges, again.ranges)


@pytest.mark.parametrize(("mean", "spread"), [(0.5, 1e-9), (100.0, 1e-6), (1e-3, 1e-12), (0.0, 1e-20)])
def test_a_small_spread_around_a_large_mean_keeps_its_digits(mean, spread, rng):
    values = mean + spread * rng.normal(size=1000)
    assert_close(histogram(values).std, values.std(), rtol=1e-6)
    assert histogram(np.full(7, 0.1)).std < 1e-16
