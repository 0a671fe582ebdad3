"""Decides where the files shipped with the program are: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).parent


def resource(name: str) -> Path:
    """Give the folder `templates`, `migrations` or `seed`; raises FileNotFoundError when it was not shipped."""
    for folder in (_PACKAGE / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"The folder “{name}” is missing from this installation; install the program again.")
