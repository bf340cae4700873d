"""The files of static/, wherever they are: beside the package in a checkout, inside it in an installed wheel."""

from __future__ import annotations

import re
from pathlib import Path

_HERE = Path(__file__).parent
STATIC = next(folder for folder in (_HERE / "static", _HERE.parent / "static") if folder.is_dir())

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|let|class) (\w+))", re.MULTILINE)


def read(name: str) -> str:
    """The text of one file of static/."""
    return (STATIC / name).read_text(encoding="utf-8")


def bundle(entry: str) -> str:
    """Join an ES module and all it imports into one module, which needs no server to resolve its imports.

    Panel hands a component's script to the browser as text, so ``./frame.js`` has no address there, least of all in
    a notebook. Each module becomes a function that returns its exports, in an order in which all it needs is there.

    Parameters
    ----------
    entry : str
        File name in static/. Its exports are the bundle's.

    Notes
    -----
    Imports are one line each, of names from "./file.js"; exports stand before a declaration.
    """
    parts: dict[str, str] = {}
    _collect(entry, parts, ())
    names = ", ".join(_EXPORT.findall(read(entry)))
    return "\n".join([*parts.values(), f"export const {{{names}}} = {_variable(entry)};"])


def _collect(name: str, parts: dict[str, str], above: tuple[str, ...]) -> None:
    """Add a module after the modules it imports."""
    if name in above:
        raise ValueError(f"static/ must have no import circles; not {' > '.join((*above, name))}.")
    if name in parts:
        return
    source = read(name)
    for _, needed in _IMPORT.findall(source):
        _collect(needed, parts, (*above, name))
    exports = ", ".join(_EXPORT.findall(source))
    body = _EXPORT.sub("", _IMPORT.sub(_destructure, source))
    parts[name] = f"const {_variable(name)} = (() => {{ // {name}\n{body}\nreturn {{{exports}}};\n}})();"


def _destructure(match: re.Match[str]) -> str:
    names, name = match.groups()
    return f"const {{{names.replace(' as ', ': ')}}} = {_variable(name)};\n"


def _variable(name: str) -> str:
    return "module_" + re.sub(r"\W", "_", name.removesuffix(".js"))
