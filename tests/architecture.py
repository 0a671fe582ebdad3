"""Reads every module of the program as a syntax tree and says, with file and line, where it breaks the house's rules.

Decides which layer may import what (the table `LAYERS`), what counts as reading the clock, and how long things may be.
"""

from __future__ import annotations

import ast
import graphlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

PACKAGE: Final = "bau_tracker"
LONGEST_MODULE: Final = 400
LONGEST_FUNCTION: Final = 50
LONGEST_VIEW: Final = 25

_STORAGE: Final = {"sqlmodel", "sqlalchemy", "alembic", "psycopg"}
_BUNDLED: Final = {"holidays"}
_WEB: Final = {
    "flask",
    "flask_login",
    "flask_wtf",
    "flask_bootstrap",
    "wtforms",
    "jinja2",
    "markupsafe",
    "werkzeug",
    "itsdangerous",
    "email_validator",
}
_BELOW_EDGE: Final = {"domain", "settings", "resources", "storage", "formats", "charts", "outbound", "services"}


class Layer(NamedTuple):
    """What a layer may import: layers of ours, and packages from outside beside the standard library."""

    ours: set[str]
    outside: set[str]


LAYERS: Final = {
    "domain": Layer(set(), {"numpy"}),
    "settings": Layer(set(), set()),
    "resources": Layer(set(), set()),
    "storage": Layer({"domain", "resources"}, _STORAGE | _BUNDLED),
    "formats": Layer({"domain"}, {"python_calamine", "xlsxwriter"}),
    "charts": Layer({"domain"}, {"plotly"}),
    "outbound": Layer({"domain", "resources"}, {"jinja2", "markupsafe", "apprise"}),
    "services": Layer({"domain", "storage", "formats", "outbound"}, {"sqlmodel", "argon2", "itsdangerous"}),
    "web": Layer(_BELOW_EDGE, _STORAGE | _WEB),
    "cli": Layer(_BELOW_EDGE | {"web"}, _STORAGE | _WEB | {"click", "rich", "gunicorn"}),
    "__main__": Layer({"cli"}, set()),
}
ONLY: Final = {("services", "sqlmodel"): {"sqlmodel.Session"}}
"""Of some packages a layer may take no more than these names."""

EDGE: Final = {"web", "cli"}
"""The layers that may read the clock and hand the moment down."""
CLOCKS: Final = {
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "sqlalchemy.func.current_timestamp",
    "sqlalchemy.func.now",
    "sqlmodel.func.now",
    "time.gmtime",
    "time.localtime",
    "time.time",
    "time.time_ns",
}


@dataclass(frozen=True)
class Import:
    """One name that a module imports, in full: `bau_tracker.domain.weeks.Week`, or `json` for the whole module.

    The module's code knows it as `alias`, which stands for `meaning`: after `import os.path`, `os` stands for os.
    """

    name: str
    alias: str
    meaning: str
    line: int

    @property
    def top(self) -> str:
        """Give the package that the name comes from."""
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class Module:
    """One source file; `name` is its dotted name, and of a package that of its folder."""

    path: Path
    root: Path

    @cached_property
    def name(self) -> str:
        """Give the dotted name."""
        parts = self.path.relative_to(self.root).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def text(self) -> str:
        """Give the source."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """Give the syntax tree."""
        return ast.parse(self.text, str(self.path))

    @cached_property
    def layer(self) -> str:
        """Give the folder or file under the package that the module belongs to; empty for the package itself."""
        return self.name.removeprefix(PACKAGE).removeprefix(".").partition(".")[0]

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """Give all imports, also those inside functions and for type checking."""
        return tuple(found for node in ast.walk(self.tree) for found in self._imported(node))

    def _imported(self, node: ast.AST) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            for each in node.names:
                top = each.name.partition(".")[0]
                yield Import(each.name, each.asname or top, each.name if each.asname else top, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            for each in node.names:
                name = f"{self._source(node)}.{each.name}"
                yield Import(name, each.asname or each.name, name, node.lineno)

    def _source(self, node: ast.ImportFrom) -> str:
        """Give the module that names come from, in full also where the import is relative."""
        if not node.level:
            return node.module or ""
        folder = self.path.relative_to(self.root).parts[: -node.level]
        return ".".join([*folder, *([node.module] if node.module else [])])

    def problem(self, line: int, text: str) -> str:
        """Say what is wrong and where."""
        return f"{self.path.relative_to(self.root)}:{line}: {text}"


@dataclass(frozen=True)
class Program:
    """All modules under a folder that holds the package."""

    root: Path

    @cached_property
    def modules(self) -> dict[str, Module]:
        """Give the modules by name."""
        found = (Module(path, self.root) for path in sorted((self.root / PACKAGE).rglob("*.py")))
        return {module.name: module for module in found}

    def module_of(self, name: str) -> str | None:
        """Give the module of ours that an imported name is or is in."""
        while name and name not in self.modules:
            name = name.rpartition(".")[0]
        return name or None

    def is_package(self, name: str) -> bool:
        """Say whether a module of ours is a folder."""
        return self.modules[name].path.name == "__init__.py"


def wrong_layers(program: Program) -> Iterator[str]:
    """Find modules without a layer, imports of a higher or neighbouring layer, and packages that the layer has not."""
    for module in program.modules.values():
        if not module.layer:
            continue
        if module.layer not in LAYERS:
            yield module.problem(1, f"“{module.layer}” has no floor; give it one in {__name__}.LAYERS")
            continue
        for each in module.imports:
            if reason := _reason_against(module.layer, each):
                yield module.problem(each.line, f"{module.layer} may not import {each.name}{reason}")


def _reason_against(layer: str, each: Import) -> str | None:
    """Say why a layer may not have an import; None if it may."""
    allowed = LAYERS[layer]
    if each.top == PACKAGE:
        other = each.name.removeprefix(PACKAGE).removeprefix(".").partition(".")[0]
        return None if other in {layer, *allowed.ours} else f" (only of: {_listed(allowed.ours)})"
    if each.top in sys.stdlib_module_names:
        return None
    if each.top not in allowed.outside:
        return f" (only, beside the standard library: {_listed(allowed.outside)})"
    if each.name not in (only := ONLY.get((layer, each.top), {each.name})):
        return f" (only {_listed(only)})"
    return None


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"


def roots_used_as_hubs(program: Program) -> Iterator[str]:
    """Find __init__ files with more than a docstring, and names taken from a folder that are no module of it."""
    for module in program.modules.values():
        if program.is_package(module.name):
            extra = module.tree.body[1 if ast.get_docstring(module.tree) is not None else 0 :]
            yield from (module.problem(node.lineno, "an __init__.py holds a docstring at most") for node in extra)
        for each in module.imports:
            source = program.module_of(each.name)
            if source is not None and source != each.name and program.is_package(source):
                yield module.problem(each.line, f"{each.name} is no module; import it from where it is defined")


def cycles(program: Program) -> Iterator[str]:
    """Find a circle of modules that import each other, if there is one."""
    needs = {
        module.name: {other for each in module.imports if (other := program.module_of(each.name))} - {module.name}
        for module in program.modules.values()
    }
    try:
        graphlib.TopologicalSorter(needs).prepare()
    except graphlib.CycleError as error:
        circle: list[str] = error.args[1][::-1]
        module = program.modules[circle[0]]
        line = next(each.line for each in module.imports if program.module_of(each.name) == circle[1])
        yield module.problem(line, f"a circle of imports: {' -> '.join(circle)}")


def clocks_read(program: Program) -> Iterator[str]:
    """Find the clock read below the edge, under whatever name it was imported."""
    for module in program.modules.values():
        if module.layer in EDGE:
            continue
        known = {each.alias: each.meaning for each in module.imports}
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute | ast.Name) and _full_name(node, known) in CLOCKS:
                yield module.problem(node.lineno, f"{_full_name(node, known)} reads the clock; take `now` instead")


def _full_name(node: ast.expr, known: dict[str, str]) -> str:
    """Give what an expression of names and dots stands for, empty for any other expression."""
    if isinstance(node, ast.Name):
        return known.get(node.id, "")
    if isinstance(node, ast.Attribute) and (before := _full_name(node.value, known)):
        return f"{before}.{node.attr}"
    return ""


def too_long(program: Program) -> Iterator[str]:
    """Find modules and functions that are longer than the house allows."""
    for module in program.modules.values():
        if (lines := len(module.text.splitlines())) > LONGEST_MODULE:
            yield module.problem(1, f"the module has {lines} lines, more than {LONGEST_MODULE}")
        longest = LONGEST_VIEW if module.name.startswith(f"{PACKAGE}.web.views.") else LONGEST_FUNCTION
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > longest:
                    yield module.problem(node.lineno, f"{node.name} has {lines} lines, more than {longest}")
