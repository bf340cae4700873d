"""The tables of all wires as JavaScript. ``python -m playground.wires`` writes them into static/."""

from __future__ import annotations

from playground.pages import PAGES
from playground.runtime.assets import STATIC
from playground.runtime.wire_script import script
from playground.runtime.wire_table import WIRE

WIRES = {"runtime": WIRE} | {entry.name: entry.wire for entry in PAGES.values() if entry.wire}
"""By their folders in static/."""


def main() -> None:
    """Write all of them."""
    for folder, wire in WIRES.items():
        (STATIC / folder / "wire.js").write_text(script(wire), encoding="utf-8")


if __name__ == "__main__":
    main()
