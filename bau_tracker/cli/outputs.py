"""Decides where commands may write: never onto a file that they read."""

from __future__ import annotations

from pathlib import Path

from bau_tracker.domain.errors import UnreadableInput


def check_output(output: Path | None, *inputs: Path | None) -> None:
    """Refuse to write onto an input, also by a link to it; raises UnreadableInput. None is no file."""
    for given in inputs:
        if output is not None and given is not None and _are_one(output, given):
            raise UnreadableInput(f"{given.name} is read, so it can't be written too. Name another file to write.")


def _are_one(output: Path, given: Path) -> bool:
    return output.exists() and given.exists() and output.samefile(given)
