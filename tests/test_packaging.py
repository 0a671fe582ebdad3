"""What people install works away from the checkout, and what the lock files install is what the program needs."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture import PACKAGE, Program

ROOT = Path(__file__).parent.parent
LOCKS = sorted(ROOT.glob("requirements*.lock"))
SHIPPED = ("bau_tracker", "templates", "migrations", "seed")
SHOW_A_PAGE = """
import bau_tracker
from bau_tracker.settings import read_settings
from bau_tracker.web.app import create_app

client = create_app(read_settings()).test_client()
assert client.get("/healthz").status_code == 200
assert client.get("/static/app.css").status_code == 200
page = client.get("/", follow_redirects=True)
assert page.status_code == 200, page.status
print(bau_tracker.__file__)
print(page.text)
"""


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command with hardly anything in its environment and give its output; its failure shows what it said."""
    result = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as people do, from the source distribution, but with the locked build tools and no network."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the Python of an environment that has the wheel and sees the locked packages, but not the checkout.

    A line of a .pth file adds a folder to the path; .pth files in that folder, such as the checkout's own, don't count.
    """
    folder = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps", wheel, cwd=folder)
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip())
    locked = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "locked.pth").write_text("\n".join(sorted(locked)), encoding="utf-8")
    return python


@pytest.mark.slow
def test_the_wheel_holds_every_shipped_file_and_nothing_else(wheel: Path) -> None:
    expected = {
        path.relative_to(ROOT / "bau_tracker" if folder == "bau_tracker" else ROOT).as_posix()
        for folder in SHIPPED
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}
        assert any(name.endswith(".dist-info/licenses/LICENSE") for name in archive.namelist())
    assert found == {f"bau_tracker/{name}" for name in expected}
    for name in ("templates/layout.html", "migrations/env.py", "seed/", "web/static/app.css"):
        assert any(each.startswith(f"bau_tracker/{name}") for each in found), name


@pytest.mark.slow
def test_the_installed_wheel_says_its_version_and_shows_a_page_from_elsewhere(installed: Path, tmp_path: Path) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    data = str(tmp_path / "data")
    for command in ((installed, "-m", PACKAGE), (installed.parent / "bau-tracker",)):
        assert version in run(*command, "--version", cwd=tmp_path)
    run(installed, "-m", PACKAGE, "migrate", cwd=tmp_path, BAU_TRACKER_DATA_DIR=data)
    output = run(installed, "-I", "-c", SHOW_A_PAGE, cwd=tmp_path, BAU_TRACKER_DATA_DIR=data)
    imported_from, page = output.split("\n", maxsplit=1)
    assert Path(imported_from).is_relative_to(installed.parent.parent)
    assert "<h1" in page


def locked(path: Path) -> dict[str, str]:
    """Give the version of each package in a lock file."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", path.read_text(encoding="ascii"), re.MULTILINE))


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_lock_file_names_no_address_and_a_hash_for_every_package(path: Path) -> None:
    text = path.read_text(encoding="ascii")
    assert "://" not in text
    assert len(re.findall(r"^\S+==.*\\\n +--hash=sha256:", text, re.MULTILINE)) == len(locked(path)) > 0


def test_the_lock_files_satisfy_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    asked = {
        "requirements.lock": project["project"]["dependencies"] + groups["build"],
        "requirements-test.lock": [each for each in groups["test"] if isinstance(each, str)],
    }
    for name, requirements in asked.items():
        versions = locked(ROOT / name)
        for requirement in map(Requirement, requirements):
            assert versions.get(canonicalize_name(requirement.name), "missing") in requirement.specifier, requirement


def test_tests_run_with_the_versions_that_people_get() -> None:
    assert locked(ROOT / "requirements.lock").items() <= locked(ROOT / "requirements-test.lock").items()


def test_everything_the_program_imports_comes_with_it_or_is_an_extra() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {Requirement(each).name for extra in project["optional-dependencies"].values() for each in extra}
    distributions, versions = packages_distributions(), locked(ROOT / "requirements.lock")
    missing = {
        module.problem(each.line, f"{each.top} is in no package of requirements.lock")
        for module in Program(ROOT).modules.values()
        for each in module.imports
        if each.top not in sys.stdlib_module_names | {PACKAGE} | extras
        and not {canonicalize_name(name) for name in distributions.get(each.top, [])} & versions.keys()
    }
    assert "\n".join(sorted(missing)) == ""
