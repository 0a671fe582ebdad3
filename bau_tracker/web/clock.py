"""Decides what time it is: the edge asks here once per request, and everything below takes `now` as an argument."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from flask import current_app, g

CLOCK = "bau_tracker.clock"
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Give the time of the machine."""
    return datetime.now(UTC)


def now() -> datetime:
    """Give the moment of this request, the same wherever it is asked for."""
    if "now" not in g:
        g.now = cast("Clock", current_app.extensions[CLOCK])()
    return cast("datetime", g.now)
