"""On a page a refusal names controls by their labels, and never a keyword."""

import re

import pytest
from fakes import SessionHarness
from race_fakes import RaceHarness

from playground.network_page.settings import Settings
from playground.race_page.settings import RaceSettings
from playground.runtime.wording import in_labels

LABELS = {"batch_size": "Batch size", "loss": "Loss", "hinge": "Hinge"}


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        ("batch_size must be 2 or more; not 1.", "Batch size must be 2 or more; not 1."),
        ("loss must be small; the loss is large.", "Loss must be small; the loss is large."),
        ("With a batch_size of 1 there is no loss.", "With a Batch size of 1 there is no loss."),
        ("There is no setting 'batch_size'.", "There is no setting 'batch_size'."),
        ("loss", "Loss"),
        ("data must be known.", "Data must be known."),
        ("", ""),
    ],
)
def test_keywords_become_labels_where_they_are_keywords(sentence, read):
    assert in_labels(sentence, LABELS) == read


def keywords(sentence):
    """What looks like a keyword outside of quotes."""
    return re.findall(r"\b[a-z]+_\w+", re.sub(r"'[^']*'", "", sentence))


HARNESSES = {"network": SessionHarness, "race": RaceHarness}
CHOICES = [("network", name) for name in Settings().values()] + [("race", name) for name in RaceSettings().values()]
WRONG = {"formula": "x +"}


@pytest.mark.parametrize("page", HARNESSES)
def test_a_choice_that_is_refused_is_named_by_its_label(page):
    harness = HARNESSES[page]().opened()
    for name in harness.settings.values():
        harness.screen.notices.clear()
        harness.tell("set", values={name: WRONG.get(name, ["nonsense"])})
        ((level, sentence),) = harness.screen.notices
        assert level == "error", name
        assert not keywords(sentence), sentence
        label = harness.settings.labels()[name]
        assert sentence.startswith((f"{label} must", "A formula must")) or "must be one of" in sentence, sentence


TOGETHER = [
    ({"dataset": "plane"}, {"loss": "hinge"}),
    ({"hidden": [32, 32]}, {"optimizer": "newton"}),
    ({"batch_norm": "before"}, {"batch_size": 1}),
    ({"optimizer": "lbfgs"}, {"clipping": "value"}),
    ({}, {"activation": ["tanh", "leaky_relu", "tanh"]}),
    ({}, {"activation_params": [{"slope": 11}, {}]}),
]


@pytest.mark.parametrize(("values", "change"), TOGETHER, ids=str)
def test_choices_that_do_not_go_together_are_named_by_their_labels(values, change):
    harness = SessionHarness(**values).opened()
    harness.tell("set", values=change)
    ((level, sentence),) = harness.screen.notices
    assert level == "error"
    assert not keywords(sentence)
    assert sentence[0].isupper()
