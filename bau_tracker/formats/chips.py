"""Decides which complaints a cell of ticked options names, whatever tool joined the options.

Google joins by a comma, Microsoft by a semicolon with one more at the end, our own export by a semicolon, others by a
stroke between spaces. Options are matched by the labels of the taxonomy and a few other words for the same thing.
"""

from __future__ import annotations

import re
from typing import Final

from bau_tracker.domain.taxonomy import CHIPS, Chip
from bau_tracker.formats.headers import plain_words

_LONGEST: Final = 10_000
"""Characters from which a cell can't be a list of options that were ticked."""
_MOST_PIECES: Final = 5
"""Into how many pieces the commas of a single option can cut it."""
OTHER: Final = frozenset(("other", "sonstiges", "andere", "autre", "otro", "other please specify"))
_NONE: Final = OTHER | frozenset(
    ("", "none", "none of these", "none of the above", "nothing", "no", "n a", "keine", "nichts")
)
_OTHER_WORDS: Final[dict[Chip, tuple[str, ...]]] = {
    Chip.DEPENDENCIES: ("failing dependencies", "dependency failures", "third parties", "abhängigkeiten"),
    Chip.INCIDENTS: ("live incidents", "production incidents", "callouts", "störungen", "vorfälle"),
    Chip.INFRASTRUCTURE: ("capacity", "infrastructure firefighting", "capacity and infrastructure", "infrastruktur"),
    Chip.DEPLOYMENTS: ("deployment", "releases", "deploying", "ausrollen"),
    Chip.ENVIRONMENTS: ("flaky tests", "flaky environments", "test environments", "testumgebungen"),
    Chip.APPROVALS: ("change approval", "change approvals", "waiting for approval", "waiting on approval", "freigaben"),
    Chip.ALERTS: ("noisy alerts", "intermittent alerts", "alerting", "false alarms", "alarme"),
    Chip.DIAGNOSIS: ("too little telemetry", "missing telemetry", "poor monitoring", "diagnosing", "diagnose"),
    Chip.INTERRUPTIONS: ("interruption", "support requests", "ad hoc requests", "context switching", "unterbrechungen"),
}
_CHIP_BY_WORDS: Final[dict[str, Chip]] = {
    plain_words(words): chip for chip in Chip for words in (chip.value, CHIPS[chip].label, *_OTHER_WORDS[chip])
}
_ANYWHERE: Final = re.compile(
    rf"\b(?:{'|'.join(re.escape(words) for words in sorted(_CHIP_BY_WORDS, key=len, reverse=True))})\b"
)


def read_chips(text: str) -> tuple[frozenset[Chip], tuple[str, ...]]:
    """Give the complaints a cell names, and the options that are none that we know."""
    if len(text) > _LONGEST:
        return frozenset(), (text,)
    chips: set[Chip] = set()
    unknown: list[str] = []
    for part in re.split(r"[;\n]| / ", text):
        _read_part([piece.strip() for piece in part.split(", ")], chips, unknown)
    return frozenset(chips), tuple(unknown)


def is_chip(text: str) -> bool:
    """Say whether a text is the name of a complaint and nothing else."""
    return plain_words(text) in _CHIP_BY_WORDS


def _read_part(pieces: list[str], chips: set[Chip], unknown: list[str]) -> None:
    """Read options joined by commas, trying the longest first: an option can have a comma in it."""
    start = 0
    while start < len(pieces):
        for end in range(min(len(pieces), start + _MOST_PIECES), start, -1):
            chip = _CHIP_BY_WORDS.get(plain_words(" ".join(pieces[start:end])))
            if chip:
                chips.add(chip)
                break
        else:
            end = start + 1
            _read_loosely(pieces[start], chips, unknown, first=start == 0)
        start = end


def _read_loosely(piece: str, chips: set[Chip], unknown: list[str], *, first: bool) -> None:
    """Look for a known label inside an option; words in small letters after a comma go on with the option before."""
    words = plain_words(piece)
    known = _ANYWHERE.search(words)
    if known:
        chips.add(_CHIP_BY_WORDS[known[0]])
    elif words not in _NONE and (first or not piece[:1].islower()):
        unknown.append(piece)
