"""Test functions of the literature on optimisation, with two parameters.

Most are in two collections: Surjanovic and Bingham 2013, Virtual Library of Simulation Experiments, and Jamil and
Yang 2013, A literature survey of benchmark functions for global optimisation problems. Sources name the older paper
where there is one.
"""

from __future__ import annotations

import math

from engine.surfaces.base import square, written

CLASSICS = (
    written(
        "rosenbrock", "Rosenbrock", "(1 - x)^2 + 100(y - x^2)^2", ((-2.0, 2.0), (-1.0, 3.0)), (-1.2, 1.0),
        ((1.0, 1.0),), "A curved valley with a flat bottom.", "Rosenbrock 1960",
        # Not AdamW, because its decay moves the minimum, nor Lion, which keeps moving, nor AdaDelta, which would need
        # more steps.
        reach={
            "sgd": 0.0019, "momentum": 0.001, "momentum_classic": 0.001, "nesterov": 0.0007, "adagrad": 0.7,
            "rmsprop": 0.0008, "adam": 0.0025, "nadam": 0.002, "delta_bar_delta": 0.0005, "newton": 1.0, "bfgs": 1.0,
            "lbfgs": 1.0,
        },
    ),
    written(
        "beale", "Beale", "(1.5 - x + x y)^2 + (2.25 - x + x y^2)^2 + (2.625 - x + x y^3)^2",
        ((-1.0, 4.5), (-1.5, 2.0)), (1.0, 1.0), ((3.0, 0.5),),
        "A flat, narrow valley; the surface rises steeply towards the corners.",
        "Beale 1958; start of Moré, Garbow and Hillstrom 1981; a part of the usual box (-4.5 to 4.5 on both axes)",
    ),
    written(
        "himmelblau", "Himmelblau", "(x^2 + y - 11)^2 + (x + y^2 - 7)^2", square(5.0), (0.3, -4.0),
        (
            (3.0, 2.0), (-2.805118086952745, 3.131312518250573), (-3.779310253377747, -3.2831859912861696),
            (3.5844283403304917, -1.8481265269644036),
        ),
        "Four equal minima around a hill: a small change of the start decides which one is found.", "Himmelblau 1972",
    ),
    written(
        "goldstein_price", "Goldstein–Price",
        "(1 + (x + y + 1)^2 (19 - 14x + 3x^2 - 14y + 6x y + 3y^2))"
        " (30 + (2x - 3y)^2 (18 - 32x + 12x^2 + 48y - 36x y + 27y^2))",
        square(2.0), (1.2, -0.4), ((0.0, -1.0),),
        "Heights from 3 to a million, and four minima, one of which is the lowest.",
        "Goldstein and Price 1971",
    ),
    written(
        "six_hump_camel", "Six-hump camel", "(4 - 2.1x^2 + x^4 / 3) x^2 + x y + (4y^2 - 4) y^2",
        ((-2.2, 2.2), (-1.3, 1.3)), (1.3, 0.9),
        ((0.08984201310031806, -0.7126564030207396), (-0.08984201310031806, 0.7126564030207396)),
        "Six minima, two of which are the lowest.",
        "Dixon and Szegő 1978; the middle of the usual box, 3 and 2 to each side",
    ),
    written(
        "three_hump_camel", "Three-hump camel", "2x^2 - 1.05x^4 + x^6 / 6 + x y + y^2", square(2.5), (-0.5, 2.1),
        ((0.0, 0.0),), "Three minima; the middle one is the lowest.",
        "Branin 1972; the middle of the usual box, 5 to each side",
    ),
    written(
        "mccormick", "McCormick", "sin(x + y) + (x - y)^2 - 1.5x + 2.5y + 1", ((-1.5, 4.0), (-3.0, 4.0)), (3.0, -1.0),
        ((0.5 - math.pi / 3, -0.5 - math.pi / 3),), "A sloping valley with two minima, one higher than the other.",
        "Surjanovic and Bingham 2013",
    ),
    written(
        "matyas", "Matyas", "0.26(x^2 + y^2) - 0.48x y", square(10.0), (-7.0, 3.0), ((0.0, 0.0),),
        "A valley along a diagonal, with condition number 25: steep in a direction that is not an axis.",
        "Jamil and Yang 2013",
    ),
    written(
        "booth", "Booth", "(x + 2y - 7)^2 + (2x + y - 5)^2", square(10.0), (-7.0, -4.0), ((1.0, 3.0),),
        "A valley along a diagonal, with condition number 9.", "Jamil and Yang 2013",
    ),
    written(
        "styblinski_tang", "Styblinski–Tang", "(x^4 - 16x^2 + 5x + y^4 - 16y^2 + 5y) / 2", square(5.0), (0.1, -1.0),
        ((-2.903534027771177, -2.903534027771177),), "Four minima, one near each corner.", "Styblinski and Tang 1990",
    ),
    written(
        "rastrigin", "Rastrigin", "20 + x^2 - 10cos(2pi x) + y^2 - 10cos(2pi y)", square(5.12), (-3.4, 2.6),
        ((0.0, 0.0),), "A bowl with a regular pattern of over a hundred minima.", "Rastrigin 1974",
    ),
    written(
        "ackley", "Ackley",
        "20 - 20exp(-0.2sqrt((x^2 + y^2) / 2)) + e - exp((cos(2pi x) + cos(2pi y)) / 2)", square(5.0), (-3.4, 2.6),
        ((0.0, 0.0),),
        "A rough plain around a funnel; at the lowest point the surface has a sharp tip and no gradient.",
        "Ackley 1987; the middle of the usual box, 32.768 to each side",
    ),
    written(
        "griewank", "Griewank", "1 + (x^2 + y^2) / 4000 - cos(x) cos(y / sqrt(2))", square(10.0), (-6.0, 5.0),
        ((0.0, 0.0),), "Regular waves on a bowl that is almost flat.",
        "Griewank 1981; the middle of the usual box, 600 to each side",
    ),
    written(
        "levy", "Levy",
        "sin(pi(x + 3) / 4)^2 + ((x - 1) / 4)^2 (1 + 10sin(pi(x + 3) / 4 + 1)^2)"
        " + ((y - 1) / 4)^2 (1 + sin(pi(y + 3) / 2)^2)",
        square(10.0), (-6.0, 5.0), ((1.0, 1.0),), "Long parallel ridges between the start and the minimum.",
        "Laguna and Martí 2005, with w = 1 + (x − 1) / 4 substituted",
    ),
    written(
        "easom", "Easom", "-cos(x) cos(y) exp(-(x - pi)^2 - (y - pi)^2)", ((-0.5, 6.5), (-0.5, 6.5)), (1.9, 2.0),
        ((math.pi, math.pi),), "A hole in a plain that is flat up to rounding: nothing shows where the hole is.",
        "Easom 1990; the middle of the usual box, 100 to each side",
    ),
    written(
        "eggholder", "Eggholder", "-(y + 47) sin(sqrt(abs(x / 2 + y + 47))) - x sin(sqrt(abs(x - y - 47)))",
        square(512.0), (400.0, 350.0), ((512.0, 404.2318051137578),),
        "Very rough; its lowest point is on the border of the box, beyond which it goes further down.",
        "Jamil and Yang 2013",
    ),
    written(
        "schaffer", "Schaffer N. 2", "0.5 + (sin(x^2 - y^2)^2 - 0.5) / (1 + 0.001(x^2 + y^2))^2", square(4.0),
        (-1.8, 1.2), ((0.0, 0.0),), "Waves that get shorter outwards, and two long valleys that cross.",
        "Surjanovic and Bingham 2013; the middle of their box, 100 to each side",
    ),
)  # fmt: skip
