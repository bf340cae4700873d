import gc

import pytest

from playground.room import FRAME, LEAST_SLICE, OVERHEAD, SLICE, Room


class Trainee:
    """Anything that can enter."""


def crowd(room, count):
    sessions = [Trainee() for _ in range(count)]
    for session in sessions:
        room.enter(session)
    return sessions


def test_an_empty_room_gives_all_there_is():
    assert (Room().slice, Room().period, Room().training) == (SLICE, FRAME, 0)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 10, 30, 100])
def test_all_slices_and_pictures_fit_into_one_processor(count):
    room = Room()
    sessions = crowd(room, count)
    assert room.training == len(sessions)
    assert LEAST_SLICE <= room.slice <= SLICE
    assert room.period >= FRAME
    assert count * (room.slice + OVERHEAD) <= room.period * (1 + 1e-9)


def test_more_sessions_get_no_longer_slices_and_no_more_pictures():
    room, sessions, seen = Room(), [], []
    for _ in range(100):
        sessions += crowd(room, 1)
        seen.append((-room.slice, room.period))
    assert seen == sorted(seen)
    assert room.slice * len(sessions) >= SLICE


def test_leaving_gives_the_time_back():
    room = Room()
    first, *others = crowd(room, 5)
    for session in others:
        room.leave(session)
        room.leave(session)
    assert room.training == 1
    assert first in room
    assert others[0] not in room
    assert room.slice == SLICE


def test_entering_twice_counts_once():
    room = Room()
    session = Trainee()
    room.enter(session)
    room.enter(session)
    assert room.training == 1


def test_who_is_gone_does_not_count():
    room = Room()
    sessions = crowd(room, 10)
    del sessions[1:]
    gc.collect()
    assert room.training == 1
