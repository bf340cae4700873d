"""Ten minutes at full speed: does anything grow?

    python tests/bench/soak.py [minutes]

Opens the page with the layer in detail and the loss landscape showing, so that every record is kept, trains as fast as
it goes, and prints every half minute the memory of the server and of the page's heap. The last line compares the
second half's start and end.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import chromium
from playwright.sync_api import CDPSession, sync_playwright
from serving import Server

CHOICES: dict[str, object] = {"speed": 1e9, "layer_detail": 1, "picture": "landscape", "batch_norm": "before"}
PERIOD = 30.0
WARM = 0.3
"""Share of the time after which everything is full that is bounded."""


def serve(port: int) -> None:
    """Serve the page."""
    import panel as pn

    from playground import Playground

    def make() -> None:
        pn.extension(sizing_mode="stretch_width", notifications=False)
        play = Playground(full_page=True, **CHOICES)
        pn.state.on_session_destroyed(lambda context: play.stop())
        play.servable()

    pn.serve({"playground": make}, port=port, show=False)


def resident(process: int) -> float:
    """Megabytes that a process holds."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def heap(page: CDPSession) -> float:
    """Megabytes of the page's heap after a collection."""
    page.send("HeapProfiler.collectGarbage")
    return float(page.send("Runtime.getHeapUsage")["usedSize"]) / 2**20


def main(minutes: float) -> None:
    """Run and print."""
    folder = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
    server = Server(folder, (sys.executable, __file__))
    server.start()
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(playwright), args=chromium.FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(server.url)
        page.locator(".playground[data-train-loss]").wait_for(timeout=60_000)
        page.get_by_role("button", name="Play").click()
        devtools = page.context.new_cdp_session(page)
        start = time.monotonic()
        while (passed := time.monotonic() - start) < minutes * 60:
            page.wait_for_timeout(min(PERIOD, minutes * 6) * 1000)
            step = int(page.locator(".playground").get_attribute("data-step") or 0)
            rows.append((passed, resident(server.process.pid), heap(devtools)))
            print(
                f"{passed:6.0f} s  step {step:12,}  server {rows[-1][1]:7.1f} MB  page {rows[-1][2]:6.1f} MB",
                flush=True,
            )
        browser.close()
    server.stop()
    warm = [row for row in rows if row[0] >= WARM * minutes * 60]
    for name, column in ("server", 1), ("page", 2):
        print(f"{name}: {warm[0][column]:.1f} MB after warming up, {warm[-1][column]:.1f} MB at the end")


if __name__ == "__main__":
    if "--port" in sys.argv:
        serve(int(sys.argv[sys.argv.index("--port") + 1]))
    else:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0)
