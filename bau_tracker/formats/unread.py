"""Decides which columns of a survey nobody reads though they count time: hours that would be lost without a word.

One that could be a part of the week is asked about, before anything is read; the others are named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bau_tracker.domain.importing import ColumnLook, Guess, Mapping, Question
from bau_tracker.domain.surveys import CATEGORIES
from bau_tracker.formats.headers import listed
from bau_tracker.formats.looks import Sample, column_names, look_of
from bau_tracker.formats.placing import WANTED, Placing
from bau_tracker.formats.suggestions import suggest
from bau_tracker.formats.survey_tools import Form
from bau_tracker.formats.values import unit_in

_COUNTS: Final = frozenset(("hours", "percentages", "numbers"))


@dataclass(frozen=True, slots=True)
class Unread:
    """Columns that count time and hold no field: those that could hold one, by field, and a note on the others."""

    guesses: dict[str, Guess]
    questions: tuple[Question, ...]
    notes: tuple[str, ...]


def find_unread(header: Sequence[str], form: Form, sample: Sample, placing: Placing, mapping: Mapping) -> Unread:
    """Look for columns that count time and that nothing is read from; once a person chose columns, to name them."""
    columns = _columns(header, form, sample, placing)
    missing = {name: WANTED[name] for name in CATEGORIES if name not in placing.guesses and name not in mapping.columns}
    offered = {} if mapping.columns or not placing.positions.keys() & set(CATEGORIES) else suggest(columns, missing)
    guesses = {name: Guess(guess.column, guess.why, sure=False) for name, guess in offered.items()}
    asked = {guess.column for guess in guesses.values()}
    others = [look.name for look in columns if look.name not in asked]
    counts = "it counts" if len(others) == 1 else "they count"
    notes = (f"Nothing is read from {listed(others)}, though {counts} time.",) if others else ()
    return Unread(guesses, tuple(_question(name, guess) for name, guess in guesses.items()), notes)


def _columns(header: Sequence[str], form: Form, sample: Sample, placing: Placing) -> list[ColumnLook]:
    read = {*placing.positions.values(), *form.own, *(option.column for option in placing.options)}
    names = column_names(header)
    read |= {index for index, name in enumerate(names) if name in {guess.column for guess in placing.guesses.values()}}
    looks = (
        (look_of(names[index], sample[index]), form.questions[index])
        for index in range(len(header))
        if index not in read
    )
    return [look for look, heading in looks if look.looks_like in _COUNTS and unit_in(heading) is not None]


def _question(name: str, guess: Guess) -> Question:
    asks = f"Nothing is read from “{guess.column}”, though it counts time. Is it “{CATEGORIES[name]}”?"
    return Question(name, f"{asks} Say so, or that the file doesn't have that.")
