"""Decides which columns are the options of the question about excessive time, and which of them a row has ticked.

Some tools give each option a column of its own: under the question with the option in brackets (SurveyMonkey,
LimeSurvey, a grid of Google Forms), or under the option alone (Typeform).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from bau_tracker.formats.chips import OTHER, is_chip
from bau_tracker.formats.headers import mentioned, named, plain_words
from bau_tracker.formats.looks import Sample

_QUESTION_AND_PART: Final = re.compile(r"(.*\S)\s*\[([^\[\]]*)\]\s*")
_TICKS: Final = frozenset(
    ("yes", "y", "ja", "j", "oui", "o", "sí", "si", "s", "1", "true", "wahr", "vrai", "x", "checked", "selected", "on")
)
_NO_TICKS: Final = frozenset(
    ("", "no", "n", "nein", "non", "0", "false", "falsch", "faux", "unchecked", "not selected", "off", "n a")
)


class Option(NamedTuple):
    """A column of one option; `label` is empty where the cell itself says what was meant."""

    column: int
    label: str


def find_options(questions: Sequence[str], sample: Sample, skipped: frozenset[int]) -> tuple[Option, ...]:
    """Give the columns of the options of what took too much time; none where one column holds them all."""
    found: list[Option] = []
    for column, text in enumerate(questions):
        if column in skipped or not text:
            continue
        split = _QUESTION_AND_PART.fullmatch(text)
        if split and "excessive" in {named(split[1]), mentioned(split[1])}:
            found.append(Option(column, "" if plain_words(split[2]) in OTHER else split[2].strip()))
        elif _is_option(text, sample[column]):
            found.append(Option(column, text))
        elif found and found[-1].column == column - 1 and plain_words(text) in OTHER:
            found.append(Option(column, ""))
    return tuple(found)


def _is_option(text: str, values: Sequence[str]) -> bool:
    """Say whether a column is headed by a complaint and only ever ticked, seen to be where it could hold hours too."""
    if not is_chip(text) or (not values and named(text)):
        return False
    return all(value == text or plain_words(value) in _TICKS - {"1"} for value in values)


def ticked(options: Sequence[Option], cells: Sequence[str]) -> str:
    """Join what a row has ticked, as a single cell would say it."""
    said = []
    for column, label in options:
        text = cells[column].strip()
        if not text:
            continue
        words = plain_words(text)
        if words in _TICKS and label:
            said.append(label)
        elif words not in _NO_TICKS:
            said.append(text)
    return ";".join(said)
