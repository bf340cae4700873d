"""static/reference.md: as the registries make it, complete, and tables that a viewer of Markdown can read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import engine
from engine import LIMITS, Hyperparameter, Registry
from engine.config import TUNED
from engine.reference import CHAPTERS, COLUMNS, cell, formula_of, hyperparameter_text, number, reference, table

FILE = Path(__file__).resolve().parents[2] / "static" / "reference.md"
each_chapter = pytest.mark.parametrize("heading", CHAPTERS)

NOT_PARTS = {"LIMITS", "TASKS"}
"""Numbers, which have a list of their own; and what the data decides, so that nobody chooses it."""

_BAR = re.compile(r"(?<!\\)\|")
_DOLLAR = re.compile(r"(?<!\\)\$")


def rows_of(heading: str) -> list[list[str]]:
    """The cells of all rows of one chapter's table, the heading and the rule below it included."""
    text = f"## {heading}: `{CHAPTERS[heading][0]}`\n"
    chapter = reference().partition(text)[2].partition("\n## ")[0]
    lines = chapter.strip().splitlines()
    assert all(line.startswith("| ") and line.endswith(" |") for line in lines), heading
    return [[part.strip() for part in _BAR.split(line)[1:-1]] for line in lines]


def test_the_file_is_what_the_registries_make():
    assert FILE.read_text(encoding="utf-8") == reference(), "python -m engine.reference > static/reference.md"


def test_every_registry_of_parts_has_its_chapter():
    registries = {name: part for name, part in vars(engine).items() if isinstance(part, Registry)}
    missing = [
        name
        for name, part in registries.items()
        if name not in NOT_PARTS and not any(part is shown for _, shown in CHAPTERS.values())
    ]
    assert not missing
    assert len(CHAPTERS) == len(registries) - len(NOT_PARTS), "each once"


def test_chapters_go_by_the_keyword_of_config():
    """All but the surfaces, and the registry that the keyword chooses from."""
    config = engine.Config()
    for keyword, registry in CHAPTERS.values():
        assert hasattr(config if keyword.islower() else engine, keyword)
        assert TUNED.get(keyword, registry) is registry


@each_chapter
def test_tables_are_well_formed(heading):
    titles, rule, *rows = rows_of(heading)
    assert titles == [title for title in COLUMNS if title in titles]
    assert {"name", "what it does"} <= set(titles)
    assert rule == ["---"] * len(titles)
    assert len(rows) == len(CHAPTERS[heading][1])
    for row in rows:
        assert len(row) == len(titles), row
        for part in row:
            assert len(_DOLLAR.findall(part)) % 2 == 0, part
            assert part.count("`") % 2 == 0, part


@each_chapter
def test_a_row_says_all_that_its_entry_knows(heading):
    titles, _, *rows = rows_of(heading)
    for row, entry in zip(rows, CHAPTERS[heading][1].values(), strict=True):
        said = dict.fromkeys(COLUMNS, "") | dict(zip(titles, row, strict=True))
        assert said["name"] == f"`{entry.name}`"
        assert said["what it does"] == entry.doc
        assert said["source"] == getattr(entry, "source", "")
        assert bool(said["formula"]) == bool(getattr(entry, "formula", ""))
        hyperparameters = getattr(entry, "hyperparameters", ())
        assert re.findall(r"`(\w+)` = ", said["hyperparameters"]) == [
            hyperparameter.name for hyperparameter in hyperparameters
        ]
        assert all(hyperparameter.doc in said["hyperparameters"] for hyperparameter in hyperparameters)


@each_chapter
def test_formulas_are_safe_in_a_table(heading):
    for entry in CHAPTERS[heading][1].values():
        formula = formula_of(entry)
        if not formula:
            continue
        inside = formula[1:-1]
        assert (formula[0], formula[-1]) == ("$", "$")
        assert inside == inside.strip(), "a blank beside the dollar keeps it from being one"
        assert not set("$|\n`") & set(inside)
        assert inside.count("{") == inside.count("}")
        assert len(re.findall(r"\\left(?!\w)", inside)) == len(re.findall(r"\\right(?!\w)", inside))
        assert inside.count(r"\begin{") == inside.count(r"\end{")


class Part:
    name, doc, source = "part", "One | two\nthree.", "nobody | 2000"
    formula = r"|a| + \|b\|"


def test_bars_and_line_breaks_do_not_end_a_cell():
    assert cell(Part.doc) == r"One \| two three."
    assert formula_of(Part) == r"$\vert a\vert + \Vert b\Vert$"
    assert table([Part]).splitlines() == [
        "| name | formula | what it does | source |",
        "| --- | --- | --- | --- |",
        r"| `part` | $\vert a\vert + \Vert b\Vert$ | One \| two three. | nobody \| 2000 |",
    ]


def test_a_column_is_there_if_one_entry_has_something_for_it():
    class Bare:
        name, doc = "bare", "Nothing else."

    assert table([Bare]).splitlines()[0] == "| name | what it does |"
    assert table([Bare, Part]).splitlines()[2] == "| `bare` |  | Nothing else. |  |"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.25, "0.25"), (1e-8, "1e-8"), (1e-12, "1e-12"), (1e6, "1,000,000"), (2**32 - 1, "4,294,967,295"),
     (-10, "-10"), (0.9999, "0.9999")],
)  # fmt: skip
def test_numbers_read_well(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("hyperparameter", "text"),
    [
        (Hyperparameter("a", 0.5, 0.0, 1.0, "How much."), "`a` = 0.5 (0 to 1). How much."),
        (Hyperparameter("b", 0, 0, 50, "How | far.", unit="%"), r"`b` = 0 (0 to 50 %). How \| far."),
        (Hyperparameter("k", 2, 2, 5, "How many.", integer=True), "`k` = 2 (2 to 5, whole). How many."),
        (Hyperparameter("s", 1, 0, 1, "Whether.", integer=True), "`s` = 1 (0 or 1). Whether."),
    ],
    ids=["real", "with a unit", "whole", "one of two"],
)
def test_hyperparameters_are_given_with_default_range_and_meaning(hyperparameter, text):
    assert hyperparameter_text(hyperparameter) == text


def test_no_number_is_rounded():
    """What the document says of a hyperparameter is what the hyperparameter is."""
    hyperparameters = [
        *LIMITS.values(),
        *(
            hyperparameter
            for _, registry in CHAPTERS.values()
            for entry in registry.values()
            for hyperparameter in getattr(entry, "hyperparameters", ())
        ),
    ]
    for hyperparameter in hyperparameters:
        for value in (hyperparameter.default, hyperparameter.low, hyperparameter.high):
            assert float(number(value).replace(",", "")) == value, hyperparameter


def test_the_numbers_that_are_no_entry_s_own_are_listed():
    chapter = reference().partition("## Numbers\n\n")[2]
    assert chapter.splitlines() == [f"- {hyperparameter_text(hyperparameter)}" for hyperparameter in LIMITS.values()]
