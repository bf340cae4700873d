"""The README's list of the API says all that there is, and nothing that there is not."""

import re
from pathlib import Path

import engine
import playground
from engine import Trainer

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")
API = README.partition("## The API")[2].partition("\n## ")[0]
CODE = re.findall(r"`([^`]+)`", API)
SAID = {re.match(r"\w+", code)[0] for code in CODE if re.match(r"\w", code)}


def test_every_public_name_is_in_the_list():
    assert set(engine.__all__) | set(playground.__all__) <= SAID


def test_every_capital_name_in_the_list_is_there():
    modules = [engine, playground, engine.race, engine.look]
    for name in SAID:
        if name[0].isupper():
            assert any(hasattr(module, name) for module in modules), name


def test_the_methods_of_a_trainer_are_its_own():
    row = next(line for line in API.splitlines() if line.startswith("| `Trainer("))
    for method in re.findall(r"`([a-z]+)[(`]", row.partition(" | ")[2]):
        assert hasattr(Trainer, method), method


def test_the_keywords_in_the_list_are_taken():
    row = next(code for code in CODE if code.startswith("Config("))
    assert set(re.findall(r"(\w+)=", row)) <= set(engine.Config.__dataclass_fields__)
