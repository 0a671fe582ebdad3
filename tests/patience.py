"""Ends what would never end: a hostile file may not keep the program busy."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

BUSY: Final = 60.0
"""Seconds of the processor's own time, whatever else the machine does; what is tested takes a few at most."""


@contextmanager
def not_endless() -> Iterator[None]:
    """Fail what goes on and on."""

    def end(*_: object) -> None:
        raise AssertionError(f"It was busy for {BUSY:g} seconds and hadn't ended.")

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, BUSY)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
