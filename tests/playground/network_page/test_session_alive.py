"""The session alive, in real time; and large networks."""

import asyncio
import contextlib
import gc
import math
import threading
import time
import weakref

import pytest
from fakes import FakeScreen, SessionHarness

from playground.network_page.sections import Section
from playground.network_page.session import Session
from playground.network_page.settings import Settings
from playground.runtime.flow_control import WINDOW
from playground.runtime.frame import Status
from playground.runtime.scheduler import Scheduler
from playground.runtime.session_loop import FULL_SPEED

# Alive


@contextlib.asynccontextmanager
async def living(screen_type=FakeScreen, **values):
    """A session whose clock really runs, and the screen it shows itself on."""
    screen = screen_type(time.perf_counter)
    session = Session(Settings(**values), screen, Scheduler())
    task = asyncio.create_task(session.run_until_cancelled())
    try:
        yield session, screen
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(condition, seconds=5.0):
    """Wait until something is true."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.002)


def painting(session, screen):
    """Let a screen acknowledge each picture as soon as it comes."""
    show = screen.frame

    def frame(message, losses):
        show(message, losses)
        session.post({"type": "ack", "seq": screen.pictures[-1].sequence})

    screen.frame = frame


async def test_a_living_session_plays():
    async with living(speed=FULL_SPEED) as (session, screen):
        painting(session, screen)
        session.post({"type": "ready"})
        session.post({"type": "play"})
        await until(lambda: len(screen.pictures) > 20)
        assert screen.pictures[-1].step > 20
        session.post({"type": "pause"})
        await until(lambda: screen.pictures[-1].status == Status.PAUSED)
        assert session.run.state.step == screen.pictures[-1].step


async def test_a_living_session_rests_when_there_is_nothing_to_do():
    async with living() as (session, screen):
        painting(session, screen)
        session.post({"type": "ready"})
        await until(lambda: screen.pictures and not session._sender.under_way)
        ticks, tick = [], session._turn
        session._turn = lambda: ticks.append(1) or tick()
        await asyncio.sleep(0.1)
        assert ticks == []


async def test_others_get_their_turn_while_it_trains_at_full_speed():
    async with living(speed=FULL_SPEED) as (session, screen):
        painting(session, screen)
        session.post({"type": "ready"})
        session.post({"type": "play"})
        await until(lambda: screen.pictures[-1:] and screen.pictures[-1].step > 100)
        waits = []
        for _ in range(20):
            start = time.perf_counter()
            await asyncio.sleep(0)
            waits.append(time.perf_counter() - start)
        assert sorted(waits)[10] < 0.1


async def test_commands_come_from_any_thread():
    async with living() as (session, screen):
        painting(session, screen)
        threads = [threading.Thread(target=session.post, args=({"type": "step"},)) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            await asyncio.to_thread(thread.join)
        await until(lambda: session.run.state.step == 20)
        await asyncio.to_thread(session.post, {"type": "ready"})
        await until(lambda: screen.pictures)


async def test_a_command_from_another_thread_wakes_a_sleeping_loop():
    async with living() as (session, screen):
        await asyncio.sleep(0)
        heard = asyncio.Event()
        screen.scene = lambda *scene, **more: heard.set()
        threading.Timer(0.05, session.post, [{"type": "ready"}]).start()
        async with asyncio.timeout(3):
            await heard.wait()


async def test_settings_may_be_changed_in_any_thread():
    async with living() as (session, screen):
        session.post({"type": "ready"})
        await until(lambda: screen.scenes)
        await asyncio.to_thread(session.settings.update, {"dataset": "xor"})
        await until(lambda: len(screen.scenes) == 2)
        assert screen.scenes[1][0]["settings"]["dataset"] == "xor"


def breaking(owner, name, times=1):
    """Make a method fail for the first few calls."""
    work, left = getattr(owner, name), [times]

    def method(*arguments):
        if left[0]:
            left[0] -= 1
            raise ZeroDivisionError("the test's own fault")
        return work(*arguments)

    setattr(owner, name, method)


@pytest.mark.parametrize("part", ["compose", "step", "apply", "scene", "check"])
async def test_an_error_is_logged_and_shown_and_pauses_but_the_clock_lives_on(part, caplog):
    async with living(speed=FULL_SPEED) as (session, screen):
        painting(session, screen)
        session.post({"type": "ready"})
        session.post({"type": "play"})
        await until(lambda: screen.pictures[-1:] and screen.pictures[-1].step > 0)
        breaking(session.run, part)
        if part in ("apply", "scene"):
            session.settings.update({"noise": 5})
        if part == "check":
            session.post({"type": "check"})
        await until(lambda: screen.notices)
        level, sentence = screen.notices[0]
        assert level == "error"
        assert "ZeroDivisionError: the test's own fault" in sentence
        assert any(record.exc_info and record.levelname == "ERROR" for record in caplog.records)
        await until(lambda: screen.pictures[-1].status == Status.PAUSED)
        session.post({"type": "reset"})
        session.post({"type": "play"})
        await until(lambda: screen.pictures[-1].status == Status.PLAYING)


async def test_a_screen_that_fails_for_a_while_does_not_end_the_clock():
    async with living() as (session, screen):
        painting(session, screen)
        breaking(screen, "frame", times=2 * WINDOW)
        breaking(screen, "notice", times=2)
        session.post({"type": "ready"})
        await until(lambda: session.post({"type": "step"}) or screen.pictures)


def test_a_chart_that_did_not_arrive_comes_with_the_next_picture():
    harness = SessionHarness().opened()
    breaking(harness.screen, "frame")
    harness.session.post({"type": "step"})
    harness.session._safe_turn()
    assert harness.settle().losses["step"].tolist() == [0, 1]


async def test_who_leaves_is_forgotten():
    async with living(speed=FULL_SPEED) as (session, screen):
        painting(session, screen)
        session.post({"type": "ready"})
        session.post({"type": "play"})
        await until(lambda: session.scheduler.training == 1)
    assert session.scheduler.training == 0


async def test_who_is_gone_takes_no_memory():
    async def short_life():
        async with living() as (session, _):
            return weakref.ref(session)

    gone = await short_life()
    await until(lambda: gc.collect() is None or gone() is None)


def test_a_command_after_the_end_is_no_error():
    async def short_life():
        async with living() as (session, _):
            pass
        return session

    session = asyncio.run(short_life())
    session.post({"type": "play"})


# Large networks


def side_of(picture):
    return math.isqrt(picture.parts[Section.BOUNDARY].size)


def test_at_rest_a_new_network_is_shown_at_once_and_then_finely():
    harness = SessionHarness(hidden=[64] * 12)
    harness.tell("ready")
    for _ in range(3):
        harness.acknowledge()
        harness.pass_time(0.2)
    first, second = harness.screen.pictures
    assert side_of(second) > 1.5 * side_of(first)
    harness.tell("play")
    harness.pass_time(0.5)
    assert side_of(harness.picture) == side_of(first)
    harness.tell("pause")
    assert side_of(harness.settle()) == side_of(first)
    harness.pass_time(0.4)
    assert side_of(harness.picture) == side_of(second)


def test_a_small_network_is_shown_once():
    harness = SessionHarness()
    harness.tell("ready")
    for _ in range(3):
        harness.acknowledge()
        harness.pass_time(0.2)
    assert len(harness.screen.pictures) == 1
