"""The session loop as a client sees it, without a browser: answers, steps, messages and fairness.

    python tests/bench/bench_session_loop.py

Starts its own servers. The pages paint nothing and acknowledge at once, so this is what the server can do; what a
browser makes of it says bench_page.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "protocol"))

from headless import Page
from serving import Server

from engine import FEATURES
from playground.runtime.session_loop import FULL_SPEED

SECONDS = 3.0
COMMANDS = 40
SEVEN = list(FEATURES)[:7]
NETS: dict[str, dict[str, Any]] = {
    "default, 2-4-2-1": {},
    "7-8x6-1": {"features": SEVEN, "hidden": [8] * 6},
    "9-32x10-5": {"features": list(FEATURES), "hidden": [32] * 10, "dataset": "blobs5"},
    "2-64x50-1": {"hidden": [64] * 50},
    "default, in detail": {"layer_detail": 1},
    "default, landscape": {"picture": "landscape"},
    "default, hidden": {"picture": "hidden"},
}
CROWDS = (1, 3, 10)


async def playing(url: str, **settings: Any) -> Page:
    """A page that trains as fast as it goes, warmed up."""
    page = await Page.open(url, restore={"speed": FULL_SPEED, **settings})
    await page.tell("play")
    await page.until(lambda: len(page.pictures) > 30, 60)
    return page


async def answers(page: Page) -> list[float]:
    """Seconds from a command to the scene that shows it, one command after another."""
    waits = []
    for k in range(COMMANDS):
        scenes, start = len(page.scenes), time.perf_counter()
        await page.tell("set", values={"type": "map", "entries": [["discretize", k % 2 == 0]]})
        await page.until(lambda scenes=scenes: len(page.scenes) > scenes)
        waits.append(time.perf_counter() - start)
        await asyncio.sleep(0.03)
    return waits


async def clicks(page: Page) -> list[float]:
    """The same for a widget, of whose changes Panel tells only 50 ms later."""
    waits = []
    for k in range(COMMANDS // 2):
        scenes, start = len(page.scenes), time.perf_counter()
        await page.change(page.widget("Learning rate"), value=("0.01", "0.001")[k % 2])
        await page.until(lambda scenes=scenes: len(page.scenes) > scenes)
        waits.append(time.perf_counter() - start)
        await asyncio.sleep(0.03)
    return waits


async def progress(pages: list[Page]) -> tuple[list[float], list[float]]:
    """Steps and pictures a second of each page, over the same time."""
    before = [(page.pictures[-1].step, len(page.pictures)) for page in pages]
    start = time.perf_counter()
    await asyncio.sleep(SECONDS)
    seconds = time.perf_counter() - start
    after = [(page.pictures[-1].step, len(page.pictures)) for page in pages]
    gained = [(b[0] - a[0], b[1] - a[1]) for a, b in zip(before, after, strict=True)]
    return [steps / seconds for steps, _ in gained], [pictures / seconds for _, pictures in gained]


def spread(waits: list[float]) -> str:
    return f"{1e3 * median(waits):6.0f} {1e3 * quantiles(waits, n=20)[-1]:6.0f}"


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """The address of a fresh server: pages closed before would cost this one their clearing away."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        server.start()
        try:
            yield server.url
        finally:
            server.stop()


async def measure_nets() -> None:
    print("                    steps/s  pictures/s   message bytes       command ms     widget ms")
    print("                                          median    most   median    p95  median   p95")
    for name, settings in NETS.items():
        with serving() as url:
            page = await playing(url, **settings)
            (steps,), (pictures,) = await progress([page])
            sizes = [picture.document.size for picture in page.pictures]
            told, clicked = await answers(page), await clicks(page)
            await page.close()
        print(
            f"{name:18} {steps:8,.0f} {pictures:11.1f} {median(sizes):10,.0f} {max(sizes):7,}   "
            f"{spread(told)}  {spread(clicked)}",
            flush=True,
        )


async def measure_crowds() -> None:
    print("\npages at once   steps/s of all   least to most   pictures/s each   command ms median, p95")
    for count in CROWDS:
        with serving() as url:
            pages = [await playing(url) for _ in range(count)]
            steps, pictures = await progress(pages)
            waits = await answers(pages[0])
            for page in pages:
                await page.close()
        fairness = min(steps) / max(steps)
        print(f"{count:13} {sum(steps):16,.0f} {fairness:15.2f} {median(pictures):17.1f}   {spread(waits)}", flush=True)


async def main() -> None:
    await measure_nets()
    await measure_crowds()


if __name__ == "__main__":
    asyncio.run(main())
