"""The tables of all wires as JavaScript. ``python -m playground.wires`` writes them into static/."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import playground
from playground.runtime.assets import STATIC
from playground.runtime.wire import Wire
from playground.runtime.wire_script import script
from playground.runtime.wire_table import WIRE


def _wires() -> dict[str, Wire]:
    """By their folders in static/. Pages are found by their folders: their scripts may not fit the tables yet."""
    pages = [module.name for module in pkgutil.iter_modules(playground.__path__) if module.name.endswith("_page")]
    found = {page.removesuffix("_page"): import_module(f"playground.{page}.wire").WIRE for page in pages}
    return {"runtime": WIRE, **found}


WIRES = _wires()


def main() -> None:
    """Write all of them."""
    for folder, wire in WIRES.items():
        (STATIC / folder / "wire.js").write_text(script(wire), encoding="utf-8")


if __name__ == "__main__":
    main()
