"""Runs all parts of the drill, whatever one of them finds, and says in the end which failed."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Final

from tests.drill.place import tell

PARTS: Final = ("fuzz", "kill", "memory", "twice")


def main() -> None:
    """Run each part as a process of its own; end with a status that says whether all went well."""
    failed = []
    for part in PARTS:
        tell(f"--- {part}")
        started = time.monotonic()
        if subprocess.run([sys.executable, "-m", f"tests.drill.{part}"], check=False).returncode:
            failed.append(part)
        tell(f"    {time.monotonic() - started:.0f} s")
    if failed:
        sys.exit(f"The drill FAILED in: {', '.join(failed)}. What failed is said above.")
    tell("The drill went well.")


if __name__ == "__main__":
    main()
