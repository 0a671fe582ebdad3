"""Decides how a verdict is written as plain data, and read back: the same content in storage, exports and interfaces.

Shares are 0..1, weeks are `2026-W47`. What an older or newer version wrote is read as far as it is known here: a field
that is missing has its default, one that isn't known is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from enum import StrEnum
from typing import Any, Final, TypeVar, cast

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.taxonomy import Chip, Kind
from bau_tracker.domain.verdicts import Complaints, Fall, Growth, Level, Missing, State, Thresholds, Verdict
from bau_tracker.domain.weeks import Week

_Word = TypeVar("_Word", bound=StrEnum)
_PLAIN: Final = (
    "corroborated",
    "low_confidence",
    "planned_share",
    "low",
    "high",
    "earlier_share",
    "pressure",
    "clipped",
    "respondents",
    "expected",
    "weeks",
    "weeks_needed",
    "healthy_line",
)
"""Fields that are numbers, yes or no, or nothing."""


class Because(StrEnum):
    """Why a verdict was reached."""

    PUBLISHED = "published"
    ANSWERS_CHANGED = "answers_changed"
    PEOPLE_CHANGED = "people_changed"
    ANOTHER_DETECTOR = "another_detector"
    ASKED_FOR = "asked_for"


BECAUSE: Final[dict[Because, str]] = {
    Because.PUBLISHED: "the week was published",
    Because.ANSWERS_CHANGED: "answers changed",
    Because.PEOPLE_CHANGED: "who was asked changed",
    Because.ANOTHER_DETECTOR: "there is another version of the detector",
    Because.ASKED_FOR: "other settings count by now",
}


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """Give a verdict as plain data, ready for JSON."""
    fall, found = verdict.fall, verdict.complaints
    return {
        "week": str(verdict.week),
        "signal": verdict.signal.value,
        "state": verdict.state.value,
        "level": verdict.level.value if verdict.level else None,
        **{name: getattr(verdict, name) for name in _PLAIN},
        "missing": verdict.missing.value if verdict.missing else None,
        "fall": {"onset": str(fall.onset), "size": fall.size, "low": fall.low, "high": fall.high} if fall else None,
        "complaints": {"share": found.share, "norm": found.norm, "named": [chip.value for chip in found.named]}
        if found
        else None,
        "grown": [{"kind": one.kind.value, "before": one.before, "after": one.after} for one in verdict.grown],
    }


FLAT_COLUMNS: Final = (
    "signal",
    "state",
    "level",
    *_PLAIN,
    "missing",
    "fall_onset",
    "fall_size",
    "fall_low",
    "fall_high",
    "complaint_share",
    "complaint_norm",
    "complaints_named",
    "grown",
)
"""The content of a verdict as columns of a table; what isn't known is empty."""


def flat_cells(verdict: Verdict) -> tuple[str | float | None, ...]:
    """Give a verdict in FLAT_COLUMNS: yes and no, lists joined by `; `, kinds as `defect 0.1 to 0.25`."""
    data = verdict_data(verdict)
    fall, found = data["fall"] or {}, data["complaints"] or {}
    data |= {f"fall_{name}": fall.get(name) for name in ("onset", "size", "low", "high")}
    data |= {f"complaint_{name}": found.get(name) for name in ("share", "norm")}
    data["complaints_named"] = "; ".join(found.get("named", ()))
    data["grown"] = "; ".join(f"{one['kind']} {one['before']:g} to {one['after']:g}" for one in data["grown"])
    return tuple(_cell(data[name]) for name in FLAT_COLUMNS)


def read_verdict(week: Week, data: Mapping[str, Any]) -> Verdict:
    """Read the verdict on a week back; a state that isn't known here says that there is not enough data."""
    grown = (_growth(one) for one in data.get("grown") or ())
    return Verdict(
        week=week,
        state=_word(State, data.get("state")) or State.NOT_ENOUGH_DATA,
        level=_word(Level, data.get("level")),
        missing=_word(Missing, data.get("missing")),
        fall=_fall(data.get("fall")),
        complaints=_complaints(data.get("complaints")),
        grown=tuple(one for one in grown if one),
        **{name: data[name] for name in _PLAIN if name in data},
    )


def thresholds_data(thresholds: Thresholds) -> dict[str, Any]:
    """Give what was set as plain data."""
    return asdict(thresholds)


def read_thresholds(data: Mapping[str, Any]) -> Thresholds:
    """Read back what was set."""
    return Thresholds(**{one.name: data[one.name] for one in fields(Thresholds) if one.name in data})


def _cell(value: Any) -> str | float | None:  # noqa: ANN401  (whatever the data holds)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value in {None, ""} else cast("str | float", value)


def _word(words: type[_Word], value: object) -> _Word | None:
    return next((word for word in words if word.value == value), None)


def _fall(data: Mapping[str, Any] | None) -> Fall | None:
    try:
        return Fall(Week.parse(data["onset"]), data["size"], data["low"], data["high"]) if data else None
    except (InvalidInput, KeyError):
        return None


def _complaints(data: Mapping[str, Any] | None) -> Complaints | None:
    if not data or "share" not in data:
        return None
    named = (_word(Chip, name) for name in data.get("named") or ())
    return Complaints(data["share"], data.get("norm"), tuple(chip for chip in named if chip))


def _growth(data: Mapping[str, Any]) -> Growth | None:
    kind = _word(Kind, data.get("kind"))
    return Growth(kind, data["before"], data["after"]) if kind and {"before", "after"} <= data.keys() else None
