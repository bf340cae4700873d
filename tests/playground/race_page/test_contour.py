import numpy as np
import pytest
from helpers import assert_close

from engine.surfaces import SURFACES, from_callable, from_text
from playground.race_page.contour import SIZE, contour


def decoded(picture):
    """Heights as a browser reads them off the bytes; nan where there is none."""
    low, unit, span = picture.scale
    t = (picture.heights.astype(float) - 1) / 254
    heights = low + (unit * np.expm1(t * span) if unit else t * span)
    return np.where(picture.heights == 0, np.nan, heights)


def sampled(surface):
    """Heights at the picture's points, the top row first."""
    (left, right), (bottom, top) = surface.box
    x, y = np.meshgrid(np.linspace(left, right, SIZE), np.linspace(bottom, top, SIZE)[::-1])
    return surface.f(np.stack([x, y], axis=-1))


@pytest.mark.parametrize("name", ["bowl", "rosenbrock", "goldstein_price", "plane", "easom", "eggholder"])
@pytest.mark.parametrize("log", [False, True])
def test_the_bytes_are_the_heights(name, log):
    picture, expected = contour(SURFACES[name], log), sampled(SURFACES[name])
    assert (picture.heights.shape, picture.heights.dtype) == ((SIZE, SIZE), np.uint8)
    assert (picture.heights.min(), picture.heights.max()) == (1, 255)
    low, unit, span = picture.scale
    assert (unit > 0) == log
    # Half a byte is what rounding may cost; where the scale is logarithmic, the higher the more.
    slope = unit * np.exp(span * (picture.heights - 1.0 + 0.5) / 254) if log else 1.0
    assert (np.abs(decoded(picture) - expected) <= 0.5001 * slope * span / 254 + 1e-9 * np.ptp(expected)).all()
    assert_close(low, expected.min())


def test_low_ground_gets_more_of_the_bytes():
    surface = SURFACES["goldstein_price"]
    low = sampled(surface) < 100
    kinds = [len(np.unique(contour(surface, log).heights[low])) for log in (False, True)]
    assert kinds[0] <= 2
    assert kinds[1] > 20


def test_the_top_row_comes_first_and_the_left_column():
    north, east = (contour(from_text(text), False).heights for text in ("y", "x"))
    assert north[:, 7].tolist() == sorted(north[:, 7], reverse=True)
    assert (north[0, 0], north[-1, 0]) == (255, 1)
    assert (east[0, 0], east[0, -1]) == (1, 255)


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize(("text", "share"), [("log(x) + y", 0.5), ("sqrt(x) + sqrt(y)", 0.75), ("exp(500 x)", 0.36)])
def test_where_there_is_no_height_the_byte_is_zero(text, share, log):
    surface = from_text(text)
    picture, expected = contour(surface, log), sampled(surface)
    assert ((picture.heights == 0) == ~np.isfinite(expected)).all()
    assert (picture.heights == 0).mean() == pytest.approx(share, abs=0.01)
    assert picture.heights.max() == 255


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("height", [0.0, -3.5, 1e300])
def test_a_flat_surface_is_flat(height, log):
    picture = contour(from_text(f"0 x + {height}"), log)
    assert (picture.heights == 1).all()
    assert (decoded(picture) == height).all()


@pytest.mark.parametrize("log", [False, True])
def test_a_surface_that_is_finite_nowhere_is_blank(log):
    surface = from_text("x + y")
    nowhere = type(surface)(
        **{**{name: getattr(surface, name) for name in surface.__slots__}, "f": lambda w: np.full(w.shape[:-1], np.nan)}
    )
    picture = contour(nowhere, log)
    assert (picture.heights == 0).all()
    assert np.isfinite(picture.scale).all()


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("text", ["3e307 x", "exp(140 x) - exp(140 y)", "1e-310 x", "1e-310 x^2 + 1e-310 y^2", "1/x"])
def test_heights_at_the_ends_of_what_numbers_can_say(text, log):
    picture = contour(from_text(text), log)
    assert np.isfinite(picture.scale).all()
    assert (picture.heights > 0).any()


def test_a_box_need_not_be_square():
    surface = from_callable(lambda x, y: (x - 10) ** 2 + y, box=((0, 100), (-0.001, 0.001)))
    picture = contour(surface, True)
    lowest = np.linspace(0, 100, SIZE)[picture.heights[SIZE // 2].argmin()]
    assert abs(lowest - 10.0) < 100 / SIZE
    assert decoded(picture).max() == pytest.approx(8100.001)
