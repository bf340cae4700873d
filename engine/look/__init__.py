"""What one State looks like: losses, boundary, unit maps, histograms, saturation. Looking changes nothing."""

from engine.look.frame import EVERYTHING, Curve, Frame, FrameRequest, Unit
from engine.look.histograms import BINS, HIGHEST, STATISTICS, Histogram, histogram
from engine.look.layer_detail import CURVE_POINTS, LayerDetail, Normalisation
from engine.look.pictures import REACH, ZERO, certainties, grid_points, to_bytes
from engine.look.plane import DataPlane, plane_of
from engine.look.quantities import QUANTITIES, Quantity
from engine.look.viewer import Viewer
from engine.look.views import VIEWS, View

__all__ = [
    "BINS",
    "CURVE_POINTS",
    "EVERYTHING",
    "HIGHEST",
    "QUANTITIES",
    "REACH",
    "STATISTICS",
    "VIEWS",
    "ZERO",
    "Curve",
    "DataPlane",
    "Frame",
    "FrameRequest",
    "Histogram",
    "LayerDetail",
    "Normalisation",
    "Quantity",
    "Unit",
    "View",
    "Viewer",
    "certainties",
    "grid_points",
    "histogram",
    "plane_of",
    "to_bytes",
]
