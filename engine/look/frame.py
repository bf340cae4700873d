"""Frame: what one State looks like; FrameRequest: which parts of it are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from engine.arrays import Array
from engine.registry import check_kind
from engine.state import Evaluation


class Unit(NamedTuple):
    """A unit by its layer and its number in it, from 0: layer 0 is the inputs, the last layer the outputs."""

    layer: int
    number: int


class Curve(NamedTuple):
    """A layer's activation function, and its present pre-activations.

    layer : int, 1 for the first hidden layer
    low, high : the range of pre-activations that is shown
    heights : (32,) uint8, the distribution of pre-activations over the training points, 255 for the highest bin
    f, df : (65,) float32, the function and its derivative at equally spaced points from ``low`` to ``high``
    """

    layer: int
    low: float
    high: float
    heights: Array
    f: Array
    df: Array


@dataclass(frozen=True, slots=True)
class FrameRequest:
    """What to show of a State. Parts that are not requested are not computed.

    Parameters
    ----------
    view : str
        Key of VIEWS: how boundary and maps are made. Histograms always use batch statistics and no masks.
    focus : Unit or None
        The unit whose map is shown instead of the prediction.
    quantities : tuple of str
        Keys of QUANTITIES: what the rows of histograms show, from the top down.
    log : bool
        Whether histograms show logarithms of counts.
    curve : int or None
        The hidden layer, from 1, whose activation function is wanted.
    boundary, maps, histograms, profile : bool
        Whether these are wanted; ``maps`` includes the weights and biases.
    fine : bool
        Whether the boundary of a large network may take longer and have more pixels.
    """

    view: str = "evaluate"
    focus: Unit | None = None
    quantities: tuple[str, ...] = ("activation", "gradient")
    log: bool = False
    curve: int | None = None
    boundary: bool = True
    maps: bool = True
    histograms: bool = True
    profile: bool = False
    fine: bool = False

    def __post_init__(self) -> None:
        check_kind("quantities", self.quantities, tuple)
        if self.focus is not None:
            check_kind("focus", self.focus, Unit)


EVERYTHING = FrameRequest()


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What one State looks like. Parts that were not requested are None.

    Attributes
    ----------
    step, epoch : int
    evaluation : Evaluation
        Losses and accuracies on all points, in evaluation mode.
    request : FrameRequest
        What was requested.
    boundary : (G, G) uint8 array
        The prediction over the square, first row at the top; or the map of the requested unit. One output:
        1 to 255 for -1 to 1, times ``scale``; a probability p is shown as 2p - 1; of several outputs that are no
        classes the first. Several classes: n times the class, plus its certainty, 0 for probability 1/C to n - 1 for
        1; n is ``certainties(C)``, 32 for up to 8 classes. A spread is 128 for none to 255 for ``scale``.
    scale : float
        The value for 255 in the boundary: the largest absolute value, but at least 1 unless it is a spread.
    maps : (units, T, T) uint8 array
        The output of every hidden and output unit over the square.
    silenced : (units,) uint8 array
        1 for hidden and output units that the masks of this view set to zero.
    weights : (W,) array
        All weights, layer by layer, (from, to) row by row; for a maxout unit the mean of its pieces.
    biases : (units,) array
        For hidden and output units; with batch norm before the activation, its shift.
    heights : (columns, quantities, 32) uint8 array
        For inputs, hidden layers and output: the distribution of each quantity, 255 for the highest bin.
    ranges : (columns, quantities, 5) float32 array
        Low edge, high edge, mean (for some quantities of absolute values), standard deviation, and how many values are
        not finite; these do not count in the others.
    saturation : (columns, 2) float32 array
        For hidden layers, the share of saturated values and the share of dead units; NaN for other layers, and where
        these are not defined.
    profile : (columns, 2) float64 array
        Spread of the signal (standard deviation of activations) and norm of the gradient with respect to the
        pre-activations (root mean square over samples) of every column; for the inputs the spread alone.
    curve : Curve
        The activation function of the requested layer.
    """

    step: int
    epoch: int
    evaluation: Evaluation
    request: FrameRequest
    boundary: Array | None = None
    scale: float = 1.0
    maps: Array | None = None
    silenced: Array | None = None
    weights: Array | None = None
    biases: Array | None = None
    heights: Array | None = None
    ranges: Array | None = None
    saturation: Array | None = None
    profile: Array | None = None
    curve: Curve | None = None
