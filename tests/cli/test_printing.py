from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker import cli
from bau_tracker.cli.printing import in_line, shown
from tests.cli.program import Run

ESCAPE = "\x1b[31m\x07\x9b2J\u202e"
HEADER = "Timestamp,Email Address,Planned work (hours),Defect fix (hours),Overhead (hours)\n"
MODULES = sorted(Path(cli.__file__).parent.glob("*.py"))


@given(st.text())
def test_no_control_character_of_any_text_is_printed_but_line_breaks_and_tabs(text: str) -> None:
    printed = shown(text)
    assert len(printed) == len(text)
    assert not [one for one in printed if unicodedata.category(one) in {"Cc", "Cs"} and one not in "\n\t"]
    assert shown(printed) == printed


@given(st.text())
def test_a_text_from_outside_stays_in_its_line_and_column(text: str) -> None:
    assert len(in_line(f"x{text}x").splitlines()) == 1
    assert "\t" not in in_line(text)


def test_letters_of_all_kinds_stay_as_they_are() -> None:
    text = "Zoë\u00a0Müller, 日本, \u06a9\u062a\u0627\u0628\u200c\u0647\u0627, \U0001f469\u200d\U0001f4bb, 50 %"
    assert in_line(text) == text


@pytest.mark.parametrize("module", [path for path in MODULES if path.name != "printing.py"], ids=lambda path: path.name)
def test_every_command_prints_by_the_functions_that_clean(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert not [call for call in ("click.echo", "click.secho", "print(", "sys.stderr.write") if call in text]


def test_an_import_prints_names_addresses_cells_and_headings_as_text_only(run_with_team: Run, tmp_path: Path) -> None:
    file = tmp_path / "survey\x1b[31m\n.csv"
    cells = f"2026-11-20 15:00:00,{ESCAPE}who@example.org,30,5,5\n2026-11-20 15:00,member0@example.org,{ESCAPE},5,5\n"
    file.write_text(HEADER + cells, encoding="utf-8")
    outcome = run_with_team("import", "answers", file, "--team", "payments")
    assert outcome.status == 3
    assert "survey�[31m .csv: recognised as google_forms" in outcome.err
    assert "�[31m" in next(line for line in outcome.err.splitlines() if line.startswith("Line 2: "))
    assert "�[31m" in run_with_team("import", "list").out
    for text in (outcome.err, run_with_team("import", "list").out):
        assert not set(text) & set("\x1b\x07\x9b\u202e")


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "answers", f"{ESCAPE}.csv"),
        ("import", "answers", "a.csv", f"{ESCAPE}.csv"),
        ("import", "answers", "a.csv", "--week", ESCAPE),
        ("classify", f"{ESCAPE}.csv"),
        ("detect", f"{ESCAPE}.csv"),
        ("export", "weeks", "--team", ESCAPE),
        ("member", "add", f"{ESCAPE}@example.org", "--team", "payments"),
        (f"--{ESCAPE}",),
        (ESCAPE,),
    ],
)
def test_what_a_failure_repeats_of_its_arguments_is_text_only(run: Run, arguments: tuple[str, ...]) -> None:
    outcome = run(*arguments)
    assert outcome.status in {1, 2}
    assert outcome.err
    assert not set(outcome.err) & set("\x1b\x07\x9b\u202e")


@pytest.mark.parametrize("command", ["classify", "detect"])
def test_a_header_of_a_file_is_repeated_as_text_only(run: Run, tmp_path: Path, command: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"{ESCAPE},b\n1,2\n", encoding="utf-8")
    outcome = run(command, file)
    assert outcome.status == 2
    assert not set(outcome.err) & set("\x1b\x07\x9b\u202e")
