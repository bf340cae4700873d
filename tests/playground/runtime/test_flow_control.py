"""FlowControl: no more pictures on their way than the window, none for nobody, and the newest when there is room."""

import pytest

from playground.runtime.flow_control import PATIENCE, FlowControl

PERIOD = 0.02


def shown(flow, now):
    """Send one picture, as a Sender does."""
    number = flow._number(now, PERIOD)
    flow._sent(now)
    return number


@pytest.fixture
def flow():
    flow = FlowControl(window=2)
    flow.welcome()
    return flow


def test_nothing_is_sent_before_a_page_has_greeted():
    assert FlowControl(window=2).due is None


def test_what_is_as_it_was_is_not_sent_again(flow):
    flow.stale = False
    assert flow.due is None


def test_a_full_window_waits_for_an_acknowledgement(flow):
    assert [shown(flow, 0.0), shown(flow, 0.02)] == [1, 2]
    assert flow.due is None
    flow.acknowledge(1)
    assert flow.due is not None
    assert [number for number, when in flow.under_way] == [2]


def test_an_acknowledgement_covers_all_before_it_and_an_old_or_unknown_one_nothing_more(flow):
    shown(flow, 0.0)
    shown(flow, 0.0)
    flow.acknowledge(0)
    assert len(flow.under_way) == 2
    flow.acknowledge(99)
    assert not flow.under_way


def test_turns_are_a_period_apart_and_lost_time_is_not_made_up_for(flow):
    shown(flow, 10.0)
    assert flow.due == 10.0, "the first turn was at the beginning of time"
    flow.acknowledge(1)
    shown(flow, 10.0)
    assert flow.due == pytest.approx(10.0 + PERIOD)


def test_a_page_that_does_not_answer_is_abandoned(flow):
    assert not flow.is_abandoned(100.0)
    shown(flow, 0.0)
    assert not flow.is_abandoned(PATIENCE)
    assert flow.is_abandoned(PATIENCE + 1e-6)
    flow.welcome()
    assert not flow.is_abandoned(PATIENCE + 1e-6), "a page that greets anew has lost what was under way"
