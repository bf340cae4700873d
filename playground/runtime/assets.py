"""The files of static/, wherever they are: beside the package in a checkout, inside it in an installed wheel."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

_PACKAGE = Path(__file__).parents[1]
STATIC = next(folder for folder in (_PACKAGE / "static", _PACKAGE.parent / "static") if folder.is_dir())

_IMPORT = re.compile(r'^import \{([^{}]*)\} from "(\.{1,2}/[\w./-]+\.js)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|class) (\w+))", re.MULTILINE)
_LEFT_OVER = re.compile(
    r"^[ \t]*(?:import|export)\b.*|\bimport\s*[(.].*|^(?=\S)(?!.*\basync\b).*\bawait\b.*", re.MULTILINE
)
_SEVERAL = re.compile(r"^export const \w+ = [\w.+*/ -]*,.*", re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/|^//.*?$", re.DOTALL | re.MULTILINE)
_DOC = re.compile(r"^[ \t]*/\*\*.*?\*/", re.DOTALL | re.MULTILINE)


def read(name: str) -> str:
    """The text of one file, named by its path from static/ ("runtime/dom.js")."""
    return (STATIC / name).read_text(encoding="utf-8")


def bundle(entry: str | Path) -> str:
    """Join an ES module and all it imports into one module, which needs no server to resolve its imports.

    Panel hands a component's script to the browser as text, so ``./frame.js`` has no address there, least of all in
    a notebook. Each module becomes a function that returns its exports, in an order in which all it needs is there.

    Parameters
    ----------
    entry : str or Path
        Path from static/, or of a file anywhere. Its exports are the bundle's.

    Raises
    ------
    ValueError
        For a circle of imports, for a name that a module does not export, and for a form that this would get wrong.

    Notes
    -----
    Imports are names in braces from a relative path, on one line or several; exports stand before a function, const
    or class. Everything else (defaults, namespaces, lists of exports, exported ``let``, ``import()``, ``await`` outside
    of functions) is refused: the bundlers that do it need Node or a binary, and a page must not need either.
    Types are for those who write: comments that begin with ``/**`` are left out, their lines stay.
    """
    modules: dict[str, _Module] = {}
    name = _from_static(STATIC / entry)
    _collect(name, modules, ())
    exports = ", ".join(modules[name].exports)
    texts = (module.text for module in modules.values())
    return "\n".join([*texts, f"export const {{{exports}}} = {_variable(name)};"])


class _Module(NamedTuple):
    """A module as a function that has been called."""

    text: str
    exports: list[str]


def _collect(name: str, modules: dict[str, _Module], above: tuple[str, ...]) -> None:
    """Add a module after the modules it imports."""
    if name in above:
        raise ValueError(f"static/ must have no import circles; not {' > '.join((*above, name))}.")
    if name in modules:
        return
    source = read(name)
    _check(name, source)
    for names, path in _IMPORT.findall(source):
        needed = _beside(name, path)
        _collect(needed, modules, (*above, name))
        _check_names(name, names, needed, modules[needed].exports)
    modules[name] = _wrapped(name, source)


def _wrapped(name: str, source: str) -> _Module:
    exports = _EXPORT.findall(source)
    body = _EXPORT.sub("", _IMPORT.sub(lambda found: _destructured(name, found), _DOC.sub(_blank, source)))
    names = ", ".join(exports)
    text = f"const {_variable(name)} = (() => {{ // {name}\n{body}\nreturn {{{names}}};\n}})();"
    return _Module(text, exports)


def _check(name: str, source: str) -> None:
    """Refuse what is left when the forms that are understood are taken out."""
    without = _COMMENT.sub("", _EXPORT.sub("", _IMPORT.sub("", source)))
    if left_over := _LEFT_OVER.search(without) or _SEVERAL.search(source):
        raise ValueError(
            f'{name} must import names in braces from "./file.js" and export functions, constants and classes where '
            f"they are declared, one at a time; not {left_over[0].strip()!r}."
        )


def _check_names(name: str, names: str, needed: str, exports: list[str]) -> None:
    """Refuse names that a module does not have: a browser would, but a bundle makes them undefined."""
    wanted = {part.split(" as ")[0].strip() for part in names.split(",")} - {""}
    if missing := wanted - set(exports):
        raise ValueError(f"{name} imports {', '.join(sorted(missing))} from {needed}, which does not export it.")


def _blank(found: re.Match[str]) -> str:
    """As many lines as before, so that an error's line number differs by a constant."""
    return "\n" * found[0].count("\n")


def _beside(name: str, relative: str) -> str:
    """The path from static/ of what a module names relative to itself."""
    return _from_static((STATIC / name).parent / relative)


def _from_static(path: Path) -> str:
    return Path(os.path.relpath(path, STATIC)).as_posix()


def _destructured(name: str, found: re.Match[str]) -> str:
    names, needed = found.groups()
    plain = " ".join(names.split()).rstrip(",").replace(" as ", ": ")
    return f"const {{{plain}}} = {_variable(_beside(name, needed))};{_blank(found)}"


def _variable(name: str) -> str:
    return "module_" + re.sub(r"\W", "_", name.removesuffix(".js"))
