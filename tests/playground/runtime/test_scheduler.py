import gc

import pytest

from playground.runtime.scheduler import FRAME, LEAST_SLICE, OVERHEAD, SLICE, Scheduler


class Trainee:
    """Anything that can enter."""


def crowd(scheduler, count):
    sessions = [Trainee() for _ in range(count)]
    for session in sessions:
        scheduler.enter(session)
    return sessions


def test_an_empty_room_gives_all_there_is():
    assert (Scheduler().slice, Scheduler().period, Scheduler().training) == (SLICE, FRAME, 0)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 10, 30, 100])
def test_all_slices_and_pictures_fit_into_one_processor(count):
    scheduler = Scheduler()
    sessions = crowd(scheduler, count)
    assert scheduler.training == len(sessions)
    assert LEAST_SLICE <= scheduler.slice <= SLICE
    assert scheduler.period >= FRAME
    assert count * (scheduler.slice + OVERHEAD) <= scheduler.period * (1 + 1e-9)


def test_more_sessions_get_no_longer_slices_and_no_more_pictures():
    scheduler, sessions, seen = Scheduler(), [], []
    for _ in range(100):
        sessions += crowd(scheduler, 1)
        seen.append((-scheduler.slice, scheduler.period))
    assert seen == sorted(seen)
    assert scheduler.slice * len(sessions) >= SLICE


def test_leaving_gives_the_time_back():
    scheduler = Scheduler()
    first, *others = crowd(scheduler, 5)
    for session in others:
        scheduler.leave(session)
        scheduler.leave(session)
    assert scheduler.training == 1
    assert first in scheduler
    assert others[0] not in scheduler
    assert scheduler.slice == SLICE


def test_entering_twice_counts_once():
    scheduler = Scheduler()
    session = Trainee()
    scheduler.enter(session)
    scheduler.enter(session)
    assert scheduler.training == 1


def test_who_is_gone_does_not_count():
    scheduler = Scheduler()
    sessions = crowd(scheduler, 10)
    del sessions[1:]
    gc.collect()
    assert scheduler.training == 1
