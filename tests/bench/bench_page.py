"""Painted frames, training speed, load time and answers of the page, as a browser sees them.

    python tests/bench/bench_page.py

Starts its own server and a headless Chromium with software rendering, and prints a table. A frame counts when a
canvas was drawn on between two refreshes of the display; a frame that was sent but not drawn does not.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import chromium
from playwright.sync_api import Browser, Page, sync_playwright
from serving import Server

SECONDS = 6.0
SIX_LAYERS = {"hidden": (8,) * 6, "features": ("x1", "x2", "x1_squared", "x2_squared", "x1_x2", "sin_x1", "sin_x2")}
LARGEST = {"hidden": (32,) * 10, "dataset": "blobs5", "noise": 30}
PAGES = {
    "playground": {},
    "six_layers": SIX_LAYERS,
    "full_speed": {"speed": 1e9},
    "six_layers_full_speed": {**SIX_LAYERS, "speed": 1e9},
    "largest": LARGEST,
    "layer_in_detail": {"layer_detail": 1},
    "strip": {"hidden": (64,) * 50},
    "hidden_space": {"picture": "hidden"},
    "landscape": {"picture": "landscape"},
}

TWELVE = (
    "sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam", "adamw", "nadam", "newton", "bfgs",
    "lbfgs",
)  # fmt: skip
VECTORS = dict.fromkeys(("gradient_vectors", "velocity_vectors", "lookahead", "rate_ellipses", "local_model"), True)
RACES = {
    f"race_{speed}": {"racers": list(TWELVE), "speed": speed, "surface": "rosenbrock", **VECTORS}
    for speed in (30, 300, 1000)
}

COUNT_PAINTS = """
(() => {
  const drawn = new Set(), counts = new Map();
  for (const name of ["drawImage", "putImageData", "fill", "stroke", "fillRect", "clearRect"]) {
    const draw = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function () {
      if (this.canvas.isConnected) drawn.add(this.canvas);
      return draw.apply(this, arguments);
    };
  }
  const tick = () => {
    for (const canvas of drawn) counts.set(canvas, (counts.get(canvas) ?? 0) + 1);
    drawn.clear();
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  window.forgetPaints = () => counts.clear();
  window.countPaints = (canvas) => counts.get(canvas) ?? 0;
})()
"""


def serve(port: int) -> None:
    """Serve one page for each measurement."""
    import panel as pn

    from playground import OptimizerRace, Playground

    def page(kind: type, choices: dict[str, object]):
        def make() -> None:
            pn.extension(sizing_mode="stretch_width", notifications=False)
            play = kind(full_page=True, **choices)
            pn.state.on_session_destroyed(lambda context: play.stop())
            play.servable()

        return make

    networks = {name: page(Playground, choices) for name, choices in PAGES.items()}
    races = {name: page(OptimizerRace, choices) for name, choices in RACES.items()}
    pn.serve({**networks, **races}, port=port, show=False)


def opened(browser: Browser, url: str) -> tuple[Page, float]:
    """A fresh page with its first picture painted, and the seconds that took."""
    page = browser.new_context(viewport={"width": 1300, "height": 900}).new_page()
    page.add_init_script(COUNT_PAINTS)
    start = time.perf_counter()
    page.goto(url)
    page.locator(".playground:is([data-train-loss], [data-drawn])").wait_for(timeout=60_000)
    return page, time.perf_counter() - start


def painted(browser: Browser, url: str) -> tuple[float, float]:
    """Painted frames and training steps a second while it plays."""
    page, _ = opened(browser, url)
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_timeout(2000)
    stage = page.locator(".playground")
    canvas = stage.locator("canvas:is(.boundary, .top)")
    page.evaluate("forgetPaints()")
    start, step = time.perf_counter(), int(stage.get_attribute("data-step") or 0)
    page.wait_for_timeout(SECONDS * 1000)
    frames = canvas.evaluate("canvas => countPaints(canvas)")
    steps, spent = int(stage.get_attribute("data-step") or 0) - step, time.perf_counter() - start
    page.context.close()
    return frames / spent, steps / spent


def answers(browser: Browser, url: str) -> list[float]:
    """Seconds from choosing another optimizer to a scene that says so, while training at full speed."""
    page, _ = opened(browser, url)
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(1500)
    times = []
    for k in range(10):
        pressed = time.perf_counter()
        page.get_by_role("button", name="Pause" if k % 2 == 0 else "Play", exact=True).click()
        page.locator(f".playground[data-status={'paused' if k % 2 == 0 else 'playing'}]").wait_for()
        times.append(time.perf_counter() - pressed)
        page.wait_for_timeout(300)
    page.context.close()
    return times


LOOK_AGAIN = """(select, value) => new Promise((done) => {
    let stage = select;
    while (!stage.closest(".playground")) stage = stage.getRootNode().host;
    stage = stage.closest(".playground");
    const start = performance.now();
    const seen = new MutationObserver(() => {
        seen.disconnect();
        requestAnimationFrame(() => done((performance.now() - start) / 1000));
    });
    seen.observe(stage, {attributes: true, attributeFilter: ["data-train-loss"]});
    select.value = value;
    select.dispatchEvent(new Event("change", {bubbles: true}));
})"""


def looks(browser: Browser, url: str) -> list[float]:
    """Seconds from choosing another initialisation of a deep network, at rest, to its depth profile painted."""
    page, _ = opened(browser, url)
    page.wait_for_timeout(1500)
    select = page.get_by_label("Initialisation", exact=True)
    values = [select.locator("option", has_text=name).first.get_attribute("value") for name in ("He normal", "LeCun")]
    times = []
    for k in range(10):
        times.append(select.evaluate(LOOK_AGAIN, values[k % 2]))
        page.wait_for_timeout(300)
    page.context.close()
    return times


FOLLOW = """(canvas) => {
    let moved = 0;
    window.lags = [];
    canvas.addEventListener("pointermove", () => { moved = performance.now(); }, {capture: true});
    new MutationObserver(() => requestAnimationFrame(() => window.lags.push((performance.now() - moved) / 1000)))
        .observe(canvas.closest(".playground"), {attributes: true, attributeFilter: ["data-generation"]});
}"""


def drags(browser: Browser, url: str) -> list[float]:
    """Seconds from moving the start of twelve racers to their 300 steps from there painted."""
    page, _ = opened(browser, url)
    page.wait_for_timeout(1000)
    canvas = page.locator("canvas.top")
    canvas.evaluate(FOLLOW)
    box = canvas.bounding_box()
    assert box is not None, "it is painted"
    x, y = box["x"] + 0.4 * box["width"], box["y"] + 0.4 * box["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    for k in range(12):
        page.mouse.move(x + 8 * k, y + 5 * k)
        page.wait_for_timeout(400)
    lags = page.evaluate("lags")
    page.mouse.up()
    page.context.close()
    return lags


def main() -> None:
    """Measure and print."""
    folder = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
    server = Server(folder, (sys.executable, __file__))
    server.start()
    base = server.url.rsplit("/", 1)[0]
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(playwright), args=chromium.FLAGS)
        opened(browser, server.url)[0].context.close()
        loads = [opened(browser, server.url) for _ in range(5)]
        rows.append(("seconds to the first picture, cold cache", statistics.median(s for _, s in loads), "at most 3"))
        for page, _ in loads:
            page.context.close()
        limits = {"playground": 55, "six_layers": 50, "full_speed": 30, "layer_in_detail": 40, "strip": 20}
        for name in PAGES:
            frames, steps = painted(browser, f"{base}/{name}")
            rows.append((f"{name}: painted frames a second", frames, f"at least {limits.get(name, '-')}"))
            rows.append((f"{name}: steps a second", steps, "at least 10000" if name == "full_speed" else "-"))
        for name in RACES:
            frames, steps = painted(browser, f"{base}/{name}")
            rows.append((f"{name}: twelve racers with vectors, painted frames a second", frames, "at least 30"))
            rows.append((f"{name}: steps a second", steps, "-"))
        times = drags(browser, f"{base}/race_30")
        label = "seconds from a drag of the start to 12 x 300 steps painted"
        rows.append((label, statistics.median(times), "at most 0.15"))
        rows.append(("the same, slowest", max(times), "-"))
        times = answers(browser, f"{base}/full_speed")
        rows.append(("seconds until a click is painted, full speed, median", statistics.median(times), "at most 0.2"))
        rows.append(("the same, slowest of ten", max(times), "-"))
        times = looks(browser, f"{base}/strip")
        label = "seconds from another initialisation to the profile of 50 layers of 64"
        rows.append((label, statistics.median(times), "at most 0.1"))
        browser.close()
    server.stop()
    for label, value, limit in rows:
        print(f"{label:70} {value:12,.2f}   {limit}")
    print(json.dumps({label: round(value, 3) for label, value, _ in rows}))


if __name__ == "__main__":
    if "--port" in sys.argv:
        serve(int(sys.argv[sys.argv.index("--port") + 1]))
    else:
        main()
