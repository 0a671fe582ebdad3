from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture import (
    LONGEST_FUNCTION,
    LONGEST_MODULE,
    LONGEST_VIEW,
    Program,
    clocks_read,
    cycles,
    roots_used_as_hubs,
    too_long,
    wrong_layers,
)

Guard = Callable[[Program], Iterator[str]]
ROOT = Path(__file__).parent.parent
GUARDS: tuple[Guard, ...] = (wrong_layers, roots_used_as_hubs, cycles, clocks_read, too_long)


@pytest.mark.parametrize("guard", GUARDS)
def test_the_program_keeps_to_its_architecture(guard: Guard) -> None:
    program = Program(ROOT)
    assert len(program.modules) > 30
    assert "\n".join(guard(program)) == ""


def problems(guard: Guard, root: Path, sources: dict[str, str]) -> list[str]:
    """Run a guard on a program made of a few modules, given as their path in the package and their source."""
    for name, source in ({"__init__": ""} | sources).items():
        path = root / "bau_tracker" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
        (path.parent / "__init__.py").touch()
    return list(guard(Program(root)))


@pytest.mark.parametrize(
    ("layer", "source"),
    [
        ("domain", "import bau_tracker.storage.people"),
        ("domain", "from bau_tracker import services"),
        ("domain", "from ..services import surveys"),
        ("domain", "import sqlalchemy"),
        ("domain", "def late():\n    from flask import g"),
        ("domain", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import plotly"),
        ("storage", "from bau_tracker.formats.tables import read_table"),
        ("storage", "from bau_tracker.settings import Settings"),
        ("storage", "import flask"),
        ("formats", "from bau_tracker.storage import tables"),
        ("formats", "import sqlmodel"),
        ("charts", "from bau_tracker.storage import trends"),
        ("outbound", "from bau_tracker.settings import Settings"),
        ("services", "from bau_tracker.charts import trend"),
        ("services", "from bau_tracker.web import auth"),
        ("services", "import sqlalchemy as sa"),
        ("services", "from sqlmodel import Session, select"),
        ("web", "from bau_tracker.cli import main"),
        ("web", "import click"),
        ("cli", "import requests"),
    ],
)
def test_an_import_against_the_layers_is_found(tmp_path: Path, layer: str, source: str) -> None:
    (problem,) = problems(wrong_layers, tmp_path, {f"{layer}/bad": source})
    last = len(source.splitlines())
    assert problem.startswith(f"bau_tracker/{layer}/bad.py:{last}: ")


def test_a_folder_without_a_floor_is_found(tmp_path: Path) -> None:
    found = problems(wrong_layers, tmp_path, {"helpers/text": "import json"})
    assert (
        found[-1] == "bau_tracker/helpers/text.py:1: “helpers” has no floor; give it one in tests.architecture.LAYERS"
    )


@pytest.mark.parametrize(
    ("layer", "source"),
    [
        ("domain", "import json\nfrom bau_tracker.domain import weeks\nfrom . import surveys\nimport numpy as np"),
        ("storage", "import sqlalchemy as sa\nfrom bau_tracker.resources import resource"),
        ("services", "from sqlmodel import Session\nfrom bau_tracker.formats import tables\nimport argon2"),
        ("web", "from flask import g\nfrom bau_tracker.charts import trend"),
        ("cli", "import click\nfrom bau_tracker.web.app import create_app"),
    ],
)
def test_an_import_of_a_lower_floor_is_none_of_the_guards_business(tmp_path: Path, layer: str, source: str) -> None:
    assert problems(wrong_layers, tmp_path, {f"{layer}/good": source}) == []


def test_a_package_root_used_as_a_hub_is_found(tmp_path: Path) -> None:
    found = problems(
        roots_used_as_hubs,
        tmp_path,
        {
            "domain/__init__": '"""Words."""\nfrom bau_tracker.domain.weeks import Week',
            "domain/weeks": "class Week: ...",
            "services/surveys": "from bau_tracker.domain import weeks\nfrom bau_tracker.domain import Week",
        },
    )
    assert found == [
        "bau_tracker/domain/__init__.py:2: an __init__.py holds a docstring at most",
        "bau_tracker/services/surveys.py:2: bau_tracker.domain.Week is no module; import it from where it is defined",
    ]


def test_a_circle_of_imports_is_found_also_inside_functions(tmp_path: Path) -> None:
    found = problems(
        cycles,
        tmp_path,
        {
            "domain/weeks": "import json\nfrom bau_tracker.domain.surveys import Answer",
            "domain/surveys": "def late():\n    from bau_tracker.domain import trends",
            "domain/trends": "import bau_tracker.domain.weeks",
            "domain/errors": "from bau_tracker.domain import weeks",
        },
    )
    assert len(found) == 1
    assert "a circle of imports: " in found[0]
    assert found[0].count("bau_tracker.domain.") == 4
    assert "bau_tracker.domain.weeks -> bau_tracker.domain.surveys" in found[0]


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nthis = datetime.now()",
        "from datetime import datetime as dt\nthis = dt.utcnow()",
        "import datetime\nthis = datetime.date.today()",
        "import datetime as d\nthis = d.datetime.today()",
        "from datetime import datetime\nfactory = datetime.now",
        "from time import time\nthis = time()",
        "import sqlalchemy as sa\nthis = sa.func.now()",
    ],
)
def test_the_clock_read_below_the_edge_is_found(tmp_path: Path, source: str) -> None:
    (problem,) = problems(clocks_read, tmp_path, {"services/surveys": source})
    assert problem.startswith("bau_tracker/services/surveys.py:2: ")


def test_the_clock_may_be_read_at_the_edge_and_durations_anywhere(tmp_path: Path) -> None:
    edge = "from datetime import UTC, datetime\nthis = datetime.now(UTC)"
    below = "import time\nfrom datetime import date\nthis = time.perf_counter(), date.min"
    assert problems(clocks_read, tmp_path, {"web/clock": edge, "cli/main": edge, "services/surveys": below}) == []


@pytest.mark.parametrize(
    ("path", "longest"), [("services/surveys", LONGEST_FUNCTION), ("web/views/surveys", LONGEST_VIEW)]
)
def test_a_function_one_line_too_long_is_found(tmp_path: Path, path: str, longest: int) -> None:
    just_right = "def f():\n" + "    pass\n" * (longest - 1)
    assert problems(too_long, tmp_path, {path: just_right}) == []
    (problem,) = problems(too_long, tmp_path, {path: f"{just_right}    pass\n"})
    assert f":1: f has {longest + 1} lines" in problem


def test_a_module_one_line_too_long_is_found(tmp_path: Path) -> None:
    assert problems(too_long, tmp_path, {"domain/weeks": "#\n" * LONGEST_MODULE}) == []
    (problem,) = problems(too_long, tmp_path, {"domain/weeks": "#\n" * (LONGEST_MODULE + 1)})
    assert problem == f"bau_tracker/domain/weeks.py:1: the module has {LONGEST_MODULE + 1} lines, more than 400"
