"""The files of static/, wherever they are: beside the package in a checkout, inside it in an installed wheel."""

from __future__ import annotations

import os
import re
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
STATIC = next(folder for folder in (_PACKAGE / "static", _PACKAGE.parent / "static") if folder.is_dir())

_IMPORT = re.compile(r'^import \{([^{}]*)\} from "(\.{1,2}/[\w./-]+\.js)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|class) (\w+))", re.MULTILINE)
_LEFT_OVER = re.compile(r"^[ \t]*(?:import|export)\b.*|\bimport\s*[(.].*", re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def read(name: str) -> str:
    """The text of one file, named by its path from static/ ("runtime/dom.js")."""
    return (STATIC / name).read_text(encoding="utf-8")


def bundle(entry: str) -> str:
    """Join an ES module and all it imports into one module, which needs no server to resolve its imports.

    Panel hands a component's script to the browser as text, so ``./frame.js`` has no address there, least of all in
    a notebook. Each module becomes a function that returns its exports, in an order in which all it needs is there.

    Parameters
    ----------
    entry : str
        Path from static/. Its exports are the bundle's.

    Raises
    ------
    ValueError
        For a circle of imports, and for a form of import or export that this would get wrong.

    Notes
    -----
    Imports are names in braces from a relative path, on one line or several; exports stand before a function, const
    or class. Everything else (defaults, namespaces, lists of exports, exported ``let``, ``import()``) is refused: the
    bundlers that do it need Node or a binary, and a page must not need either.
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
    _check(name, source)
    for _, needed in _IMPORT.findall(source):
        _collect(_beside(name, needed), parts, (*above, name))
    exports = ", ".join(_EXPORT.findall(source))
    body = _EXPORT.sub("", _IMPORT.sub(lambda found: _destructured(name, found), source))
    parts[name] = f"const {_variable(name)} = (() => {{ // {name}\n{body}\nreturn {{{exports}}};\n}})();"


def _check(name: str, source: str) -> None:
    """Refuse what is left when the forms that are understood are taken out."""
    without = _COMMENT.sub("", _EXPORT.sub("", _IMPORT.sub("", source)))
    if left_over := _LEFT_OVER.search(without):
        raise ValueError(
            f'{name} must import names in braces from "./file.js" and export functions, constants and classes where '
            f"they are declared; not {left_over[0].strip()!r}."
        )


def _beside(name: str, relative: str) -> str:
    """The path from static/ of what a module names relative to itself."""
    return Path(os.path.relpath((STATIC / name).parent / relative, STATIC)).as_posix()


def _destructured(name: str, found: re.Match[str]) -> str:
    names, needed = found.groups()
    plain = " ".join(names.split()).rstrip(",").replace(" as ", ": ")
    # As many lines as before, so that an error's line number differs by a constant.
    lines = "\n" * found[0].count("\n")
    return f"const {{{plain}}} = {_variable(_beside(name, needed))};{lines}"


def _variable(name: str) -> str:
    return "module_" + re.sub(r"\W", "_", name.removesuffix(".js"))
