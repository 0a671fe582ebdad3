"""Decides which column could hold a field that no rule recognised: a suggestion to a person, never used unasked.

First counts a heading that is one of the field's own words, then how alike the words are, then what the values look
like. It knows no fields itself: who asks says what is wanted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from bau_tracker.domain.importing import ColumnLook, Guess

LEAST_ALIKE: Final = 0.6
"""How alike a heading and a field's words must be, from 0 to 1, to be worth a suggestion (judgement)."""
_LOOK_COUNTS: Final = 0.25
_LONGEST: Final = 200
_WORD: Final = re.compile(r"[^\W_]+")
_STEM: Final = 4
_ENDING: Final = 3
_SHORT_HEADING: Final = 40
_MISSPELT: Final = 0.8
_FEW_WORDS: Final = 5
_HOLDS_ALL: Final = 0.65
_MOST_COLUMNS: Final = 300


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a field is called, in several words, and what its values look like.

    `only_look` says that the look alone is enough, as with an e-mail address.
    """

    words: tuple[str, ...]
    looks: tuple[str, ...] = ()
    only_look: bool = False


class _Offer(NamedTuple):
    """How well a column fits a field."""

    score: float
    field: str
    column: int
    why: str


def suggest(looks: Sequence[ColumnLook], wanted: Dictionary[str, Wanted]) -> dict[str, Guess]:
    """Offer a column for each field that one fits, no column twice; a guess of these is never sure."""
    offers = [
        offer
        for field, want in wanted.items()
        for place, look in enumerate(looks[:_MOST_COLUMNS])
        if (offer := _offer(field, want, place, look)) is not None
    ]
    found: dict[str, Guess] = {}
    taken: set[int] = set()
    for offer in sorted(offers, key=lambda offer: (-offer.score, offer.column)):
        if offer.field not in found and offer.column not in taken:
            taken.add(offer.column)
            found[offer.field] = Guess(looks[offer.column].name, offer.why, sure=False)
    return found


def alike(one: str, other: str) -> float:
    """Say from 0 to 1 how alike a heading is to other words: by its words, or by its letters when it is misspelt."""
    first, second = _words(one), _words(other)
    if not first or not second or _opposite(first, second) or _opposite(second, first):
        return 0.0
    shared = sum(any(_same(word, another) for another in second) for word in first)
    by_words = min(1.0, 2 * shared / (len(first) + len(second)))
    if shared >= len(second) and len(first) <= _FEW_WORDS:
        by_words = max(by_words, _HOLDS_ALL)
    letters, others = " ".join(first), " ".join(second)
    if max(len(letters), len(others)) > _SHORT_HEADING:
        return by_words
    matcher = SequenceMatcher(None, letters, others, autojunk=False)
    by_letters = matcher.ratio() if matcher.quick_ratio() >= _MISSPELT else 0.0
    return max(by_words, by_letters if by_letters >= _MISSPELT else 0.0)


def _offer(field: str, want: Wanted, place: int, look: ColumnLook) -> _Offer | None:
    heading = " ".join(_words(look.name))
    fits = look.looks_like in want.looks
    if heading and heading in {" ".join(_words(words)) for words in want.words}:
        return _Offer(2.0 + fits, field, place, f"The heading “{look.name}” says so.")
    words, score = _most_alike(look.name, want.words)
    if want.looks and look.looks_like not in {"empty", "", *want.looks}:
        return None
    if score >= LEAST_ALIKE:
        also = f", and it looks like {look.looks_like}" if fits else ""
        return _Offer(score + fits * _LOOK_COUNTS, field, place, f"The heading resembles “{words}”{also}.")
    if fits and want.only_look:
        return _Offer(_LOOK_COUNTS, field, place, f"It looks like {look.looks_like}.")
    return None


def _most_alike(heading: str, words: Collection[str]) -> tuple[str, float]:
    return max(((word, alike(heading, word)) for word in words), key=lambda pair: pair[1], default=("", 0.0))


def _words(text: str) -> list[str]:
    return _WORD.findall(text[:_LONGEST].casefold())


def _opposite(words: Sequence[str], others: Sequence[str]) -> bool:
    """Say whether one says with “un” what the other says without, in English or German."""
    return any(f"un{word}" in others for word in words)


def _same(word: str, other: str) -> bool:
    """Say whether two words are one, whatever their ending: plan and planned, hour and hours."""
    short, long = sorted((word, other), key=len)
    return word == other or (len(short) >= _STEM and len(long) - len(short) <= _ENDING and long.startswith(short))
