"""Decides whether two files come from the same form, and which questions were reworded between them.

Only headings are compared, whatever their order. What is remembered of a form, and what a changed question means for
the figures, is left to whoever remembers it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Final

from bau_tracker.formats.headers import plain_words
from bau_tracker.formats.looks import column_names
from bau_tracker.formats.suggestions import alike

LEAST_COMMON: Final = 0.5
"""Share of headings in common from which two files are taken to be of the same form (judgement)."""
LEAST_REWORDED: Final = 0.5
"""How alike two headings must be for one to be the other in new words (judgement)."""


class Change(StrEnum):
    """What became of a question."""

    SAME = "same"
    REWORDED = "reworded"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class ChangedQuestion:
    """What became of the question that a field was read from; `now` is the best match, empty when it is gone."""

    field: str
    before: str
    now: str
    change: Change

    @property
    def message(self) -> str:
        """Say it to a person."""
        if self.change is Change.REWORDED:
            return f"The question “{self.before}” now seems to be “{self.now}”."
        if self.change is Change.GONE:
            return f"The question “{self.before}” is no longer in the file."
        return f"The question “{self.before}” is the same."


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a header compares with an earlier one: each mapped question, and the share of headings in common."""

    questions: tuple[ChangedQuestion, ...]
    common: float

    @property
    def same_form(self) -> bool:
        """Say whether both are of the same form at all."""
        return self.common >= LEAST_COMMON

    @property
    def changed(self) -> tuple[ChangedQuestion, ...]:
        """Give the questions that were reworded or are gone."""
        return tuple(question for question in self.questions if question.change is not Change.SAME)

    @property
    def message(self) -> str:
        """Say it to a person."""
        share = f"{self.common:.0%} of the headings are the same"
        if not self.same_form:
            return f"This seems to be another form: only {share}."
        return " ".join((f"This is the same form: {share}.", *(question.message for question in self.changed)))


def fingerprint(header: Sequence[str]) -> str:
    """Give what tells a form from others: a hash of its headings, whatever their order, capitals and punctuation."""
    return blake2b("\x1f".join(sorted(map(_plain, header))).encode(), digest_size=16).hexdigest()


def compare_headers(before: Sequence[str], columns: Dictionary[str, str], now: Sequence[str]) -> Comparison:
    """Say what became of each mapped question; `columns` is field -> column name, as a mapping for the earlier file.

    Fields that the mapping says aren't there are left out.
    """
    names = column_names(now)
    earlier = {_plain(name) for name in (*before, *column_names(before))}
    new = [name for name, text in zip(names, now, strict=True) if _plain(text) not in earlier and _plain(name)]
    kept = {_plain(name): name for name in reversed(names)}
    questions = []
    for field, column in columns.items():
        if not column:
            continue
        if _plain(column) in kept:
            questions.append(ChangedQuestion(field, column, kept[_plain(column)], Change.SAME))
            continue
        match = max(new, key=lambda name: alike(column, name), default="")
        if match and alike(column, match) >= LEAST_REWORDED:
            new.remove(match)
            questions.append(ChangedQuestion(field, column, match, Change.REWORDED))
        else:
            questions.append(ChangedQuestion(field, column, "", Change.GONE))
    return Comparison(tuple(questions), _common(before, now))


def _common(before: Sequence[str], now: Sequence[str]) -> float:
    """Give the headings in common as a share of all that there are in either; repeated ones count each time."""
    first, second = Counter(map(_plain, before)), Counter(map(_plain, now))
    whole = (first | second).total()
    return (first & second).total() / whole if whole else 1.0


def _plain(text: str) -> str:
    """Write a heading for comparing; hours turned into percent are a change."""
    return plain_words(text.replace("%", " percent ")) or text.strip()
