"""Decides where the example data lies; what its files say is left to `formats.seeding`."""

from __future__ import annotations

from pathlib import Path

from bau_tracker.resources import resource


def seed_folder() -> Path:
    """Give the folder of the example data; raises FileNotFoundError when it was not shipped."""
    return resource("seed")
