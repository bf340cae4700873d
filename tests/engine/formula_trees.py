"""Random formulas, as text and as functions that know nothing of the engine."""

import numpy as np
from hypothesis import strategies as st

POINTS = np.random.default_rng(5).uniform(-2, 2, size=(7, 2))
"""Where the formulas below are smooth."""

UNARY = [
    ("(-({}))", lambda u: -u),
    ("sin({})", np.sin),
    ("cos({})", np.cos),
    ("tanh({})", np.tanh),
    ("atan(sin({}))", lambda u: np.arctan(np.sin(u))),
    ("exp(sin({}))", lambda u: np.exp(np.sin(u))),
    ("ln(3 + cos({}))", lambda u: np.log(3 + np.cos(u))),
    ("log10(2 + sin({}))", lambda u: np.log10(2 + np.sin(u))),
    ("sqrt(2 + tanh({})^2)", lambda u: np.sqrt(2 + np.tanh(u) ** 2)),
    ("asin(0.5 sin({}))", lambda u: np.arcsin(0.5 * np.sin(u))),
    ("acos(0.5 cos({}))", lambda u: np.arccos(0.5 * np.cos(u))),
    ("sinh(cos({}))", lambda u: np.sinh(np.cos(u))),
    ("cosh(sin({}))", lambda u: np.cosh(np.sin(u))),
    ("tan(sin({}))", lambda u: np.tan(np.sin(u))),
    ("({})²", lambda u: u * u),
    ("({})^3", lambda u: u * u * u),
    ("(2 + sin({}))^-1.5", lambda u: (2 + np.sin(u)) ** -1.5),
    ("(2 + cos({}))^0.3", lambda u: (2 + np.cos(u)) ** 0.3),
    ("2^sin({})", lambda u: 2 ** np.sin(u)),
]
BINARY = [
    ("({} + {})", lambda u, v: u + v),
    ("({} - {})", lambda u, v: u - v),
    ("({} * {})", lambda u, v: u * v),
    ("({}) ({})", lambda u, v: u * v),
    ("{}/(3 + sin({}))", lambda u, v: u / (3 + np.sin(v))),
    ("(2 + cos({}))^tanh({})", lambda u, v: (2 + np.cos(u)) ** np.tanh(v)),
]


def _number(value):
    return f"{value:.3f}", lambda x, y: value + 0 * x


def _unary(operation, tree):
    (form, function), (text, inner) = operation, tree
    return form.format(text), lambda x, y: function(inner(x, y))


def _binary(operation, left, right):
    form, function = operation
    return form.format(left[0], right[0]), lambda x, y: function(left[1](x, y), right[1](x, y))


def trees():
    """Pairs of a text and a function ``(x, y) -> height`` of arrays, complex ones too."""
    leaves = st.one_of(
        st.just(("x", lambda x, y: x)),
        st.just(("y", lambda x, y: y)),
        st.integers(0, 4000).map(lambda k: _number(k / 1000)),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(_unary, st.sampled_from(UNARY), inner), st.builds(_binary, st.sampled_from(BINARY), inner, inner)
        ),
        max_leaves=7,
    )
