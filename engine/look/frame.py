"""Frame: what one State looks like; FrameRequest: what of it somebody wants to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from engine.arrays import Array
from engine.state import Evaluation


class Unit(NamedTuple):
    """A unit by its place: layer 0 holds the inputs, the last layer the outputs."""

    layer: int
    place: int


class Curve(NamedTuple):
    """What a layer's activation does to its pre-activations as they are now.

    layer : int, 1 for the first hidden layer
    low, high : the range of pre-activations shown
    heights : (32,) uint8, their distribution over the training points, 255 for the highest bin
    f, df : (65,) float32, the function and its derivative at equal distances from ``low`` to ``high``
    """

    layer: int
    low: float
    high: float
    heights: Array
    f: Array
    df: Array


@dataclass(frozen=True, slots=True)
class FrameRequest:
    """What somebody wants to see of a State. What is not wished for is not computed.

    Parameters
    ----------
    view : str
        Key of VIEWS: how boundary and maps are made. Histograms always use batch statistics and no masks.
    focus : Unit or None
        The unit whose map is wanted in place of the prediction.
    quantities : tuple of str
        Keys of QUANTITIES: what the histograms show, from the top row down.
    log : bool
        Whether the heights of histograms are logarithms of counts.
    curve : int or None
        The hidden layer, from 1, whose activation is wanted in detail.
    boundary, maps, histograms, profile : bool
        Whether these are wanted; ``maps`` stands for the weights and biases too.
    fine : bool
        Whether the boundary of a large network may take longer, and so have more pixels.
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


EVERYTHING = FrameRequest()


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One State, seen. What was not wished for is None.

    Attributes
    ----------
    step, epoch : int
    evaluation : Evaluation
        Losses and accuracies on all points, in evaluation mode.
    request : FrameRequest
        What was asked for.
    boundary : (G, G) uint8 array
        The prediction over the square, first row at the top; or the map of the unit that was asked for. One output:
        1 to 255 for -1 to 1, times ``scale``; a probability p is shown as 2p - 1; of several outputs that are no
        classes the first. Several classes: the class in the
        high three bits, its certainty, 0 to 31, in the low five (0 for probability 1/C, 31 for 1). A spread is 128
        for none to 255 for ``scale``.
    scale : float
        The value that the boundary's 255 stands for: the largest in size, but at least 1 unless it is a spread.
    maps : (units, T, T) uint8 array
        The output of every hidden and output unit over the square.
    silenced : (units,) uint8 array
        1 for hidden and output units that the masks of this view switch off.
    weights : (W,) array
        All weights, layer by layer, (from, to) row by row; of a maxout unit the mean of its pieces.
    biases : (units,) array
        Of hidden and output units; with batch norm before the activation its shift.
    heights : (columns, quantities, 32) uint8 array
        For inputs, hidden layers and output: the distribution of each quantity, 255 for the highest bin.
    ranges : (columns, quantities, 5) float32 array
        Low edge, high edge, mean (of sizes where the quantity says so), standard deviation, and how many values are
        not finite numbers and left out of all the rest.
    saturation : (columns, 2) float32 array
        Of the hidden layers: the share of saturated values and the share of dead units; NaN elsewhere, and where it
        makes no sense.
    profile : (columns, 2) float64 array
        Spread of the signal (standard deviation of activations) and norm of the gradient with respect to the
        pre-activations (root mean square over samples) of every column; of the inputs the spread alone.
    curve : Curve
        The activation of the layer that was asked for.
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
