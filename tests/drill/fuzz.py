"""Reads and imports files that went wrong in all ways: each is taken or refused with a message, and no row is lost.

Run by `make drill`, or `python -m tests.drill.fuzz`, for MINUTES. Examples are numbered and made of the seed and their
number. Each runs in a process with a limit of time and memory; a file that breaks a rule is kept and named.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from tests.drill.examples import BROKEN, Workshop, make_example
from tests.drill.place import Failure, main_of, number, seeded, tell

MINUTES: Final = 5.0
SECONDS: Final = 30.0
"""How long one example may take; what takes longer hangs."""
MEMORY: Final = 1 << 30
"""Bytes that a process may take, the program itself included."""
_MOST_BROKEN: Final = 10
_CONTEXT: Final = multiprocessing.get_context("spawn")


@dataclass(slots=True)
class Found:
    """What became of the examples; `broken` says by number which rule one broke."""

    outcomes: Counter[str] = field(default_factory=Counter)
    broken: dict[int, str] = field(default_factory=dict)
    slowest: tuple[float, int] = (0.0, 0)

    def note(self, example: int, outcome: str, seconds: float) -> None:
        self.slowest = max(self.slowest, (seconds, example))
        if outcome.startswith(BROKEN):
            self.broken[example] = outcome
        else:
            self.outcomes[outcome] += 1


class Worker:
    """A process that tries one example after the other."""

    _connection: Connection
    _process: BaseProcess

    def __init__(self, seed: int, folder: Path) -> None:
        self._seed, self._folder = seed, folder
        self._start()

    def outcome_of(self, example: int) -> str:
        """Give what became of an example."""
        self._connection.send(example)
        if not self._connection.poll(SECONDS):
            self.stop()
            self._start()
            return f"{BROKEN} it took over {SECONDS:g} seconds"
        try:
            return str(self._connection.recv())
        except EOFError:
            self._process.join()
            code = self._process.exitcode
            self._start()
            return f"{BROKEN} the process ended with {code}"

    def stop(self) -> None:
        self._process.kill()
        self._process.join()

    def _start(self) -> None:
        self._connection, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_work, args=(theirs, self._seed, self._folder), daemon=True)
        self._process.start()
        theirs.close()
        self._connection.recv()


def _work(connection: Connection, seed: int, folder: Path) -> None:
    """Try examples, as a process of its own, until it is ended from outside."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    workshop = Workshop(folder)
    connection.send("ready")
    while True:
        connection.send(workshop.outcome_of(seed, connection.recv()))


def drill(seed: int, seconds: float, folder: Path) -> None:
    """Try examples for so long; raise Failure when one broke a rule."""
    found, examples, ends = Found(), count(1), time.perf_counter() + seconds

    def try_some() -> None:
        worker = Worker(seed, folder)
        while time.perf_counter() < ends and len(found.broken) < _MOST_BROKEN:
            example, started = next(examples), time.perf_counter()
            found.note(example, worker.outcome_of(example), time.perf_counter() - started)
        worker.stop()

    processes = os.cpu_count() or 1
    with ThreadPoolExecutor(processes) as threads:
        for future in [threads.submit(try_some) for _ in range(processes)]:
            future.result()
    tell(f"{sum(found.outcomes.values()) + len(found.broken):,} files")
    tell(f"  the slowest, number {found.slowest[1]}, took {found.slowest[0]:.1f} s")
    for outcome, times in found.outcomes.most_common():
        tell(f"  {times:,} {outcome}")
    if found.broken:
        raise Failure("\n".join(f"{outcome}\n    {_keep(seed, one)}" for one, outcome in found.broken.items()))


def _keep(seed: int, number_: int) -> Path:
    """Keep the file of an example; give where it is."""
    example = make_example(seed, number_)
    folder = Path(tempfile.gettempdir()) / f"bau-drill-kept-{seed}"
    folder.mkdir(exist_ok=True)
    path = folder / f"{number_}-{example.name}"
    path.write_bytes(example.content)
    return path


def main() -> None:
    """Drill for so many minutes."""
    seed, _ = seeded()
    with tempfile.TemporaryDirectory(prefix="bau-drill-") as folder:
        drill(seed, number("MINUTES", MINUTES) * 60, Path(folder))


if __name__ == "__main__":
    main_of(main)
