"""Decides what a work item is about, how sure that is, and which signs say so. Whether it is BAU is left to `items`.

First rules: signs are words, labels and the type, each with weights for the classes (`classification_rules`). Scores
are the sums of weights, confidence is the winner's share of their softmax. Weights were tuned so that a confidence of
70 % is right about seven times in ten on items of organisations unseen in the tuning. English words, for the most part.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from itertools import islice
from typing import Final

from bau_tracker.domain.classification_rules import LABEL_RULES, PRIOR, TYPE_RULES, WORD_RULES
from bau_tracker.domain.taxonomy import ItemClass

UNSURE_BELOW: Final = 0.45
"""Under this confidence a page says “unsure” beside the class; the class itself stays."""

_TITLE_READ: Final = 300
_TEXT_READ: Final = 400
_LABELS_READ: Final = 20
_LABEL_READ: Final = 60
_TEXT_WEIGHT: Final = 0.35  # a word deep in a description says less than the same word in the title
_SHORT_TITLE: Final = 2
_LONGEST_PHRASE: Final = 3
_LEAST_SIGN: Final = 0.05
_CONTRADICTS: Final = -0.5
_STEMS_KEPT: Final = 1 << 14

_CLASSES: Final = tuple(ItemClass)
_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019.+-][^\W_]+)*")
_PREFIX: Final = re.compile(r"\W{0,20}([a-z][a-z0-9 -]{1,20}?)\s*(?:\([^)]{0,60}\)|\[[^\]]{0,60}\])?!?\s*:")
_REFERENCES: Final = re.compile(r"(?:\s*(?:\[[^\]]*\]|\([^)]*\)|[a-z]{2,10}-\d+|#?\d+\b)[\s:\-|]*){1,5}")
_RULE: Final = re.compile(r"([a-z_]+) ([+-][0-9.]+)")
_PATTERNS: Final = {
    "<cve>": re.compile(r"\bcve-\d{4}-\d+|\bghsa(?:-\w+)+"),
    "<size>": re.compile(r"\b\d+(?:\.\d+)?\s?(?:[kmgt]i?b?|gib|mib|tib|cpus?|cores?)\b"),
    "<version>": re.compile(r"\bv?\d+\.\d+(?:\.\d+)*(?:[-.]?(?:rc|a|b|beta|alpha)\d*)?\b"),
    "<question>": re.compile(r"\?(?=\s*$)"),
    "<date>": re.compile(
        r"\b\d{4}-\d{2}-\d{2}\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,4}\b"
    ),
    "<path>": re.compile(
        r"[\w-]+\.(?:md|ya?ml|py|js|ts|rb|java|sh|json|xml|tf|txt|toml|html|css|tsx|go|php|rst)\b|/\w+/"
    ),
}
_NOUNS: Final[dict[ItemClass, str]] = {
    ItemClass.FEATURE: "product work",
    ItemClass.CAPACITY: "a capacity upgrade",
    ItemClass.DEFECT: "a defect",
    ItemClass.SECURITY: "a security patch",
    ItemClass.TELEMETRY: "a telemetry improvement",
    ItemClass.SUPPORT: "a support ticket",
    ItemClass.MINOR_CHANGE: "a minor change",
    ItemClass.OTHER: "other work",
}


class Place(StrEnum):
    """Where in a work item a sign stood."""

    TITLE = "title"
    TEXT = "text"
    LABEL = "label"
    TYPE = "type"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sign: the words as found, where, and how much more they say for the winner than for the runner-up."""

    term: str
    place: Place
    weight: float

    def __str__(self) -> str:
        """Write the sign for a person: `“timeout” in the title`."""
        if self.place in {Place.LABEL, Place.TYPE}:
            return f"the {self.place} “{self.term}”"
        return f"“{self.term}” in the {self.place}"


@dataclass(frozen=True, slots=True)
class Classification:
    """What an item is taken to be about; `confidence` is 0..1, `evidence` stands strongest first."""

    item_class: ItemClass
    confidence: float
    evidence: tuple[Evidence, ...] = ()

    @property
    def unsure(self) -> bool:
        """Say whether a page should call the class unsure."""
        return self.confidence < UNSURE_BELOW

    @property
    def reason(self) -> str:
        """Give the reason in one sentence: what points to the class, and what a label says against it."""
        signs = [sign for sign in self.evidence if sign.weight > 0][:2]
        noun = _NOUNS[self.item_class]
        if not signs:
            return f"No sign in it sets {noun} apart; that is only the likeliest."
        verb = "points" if len(signs) == 1 else "point"
        words = _joined(signs)
        return f"{words[0].upper()}{words[1:]} {verb} to {noun}{self._labels_say(signs)}."

    def _labels_say(self, named: Sequence[Evidence]) -> str:
        labels = [sign for sign in self.evidence if sign.place is Place.LABEL]
        against = next((sign for sign in labels if sign.weight <= _CONTRADICTS), None)
        if against:
            return f", although {against} says otherwise"
        if any(sign.place is Place.LABEL for sign in named):
            return ""
        return "; a label agrees" if any(sign.weight > 0 for sign in labels) else "; no label says otherwise"


def _joined(signs: Sequence[Evidence]) -> str:
    """Name one or two signs, and the place once when they share it."""
    first, last = signs[0], signs[-1]
    if first is not last and first.place is last.place and first.place in {Place.TITLE, Place.TEXT}:
        return f"“{first.term}” and {last}"
    return " and ".join(map(str, signs))


_Weights = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Rules:
    """Rules by the words that set them off."""

    by_term: Mapping[str, tuple[int, ...]]
    phrase_starts: frozenset[str]
    weights: tuple[_Weights, ...]


@dataclass(frozen=True, slots=True)
class _Sign:
    """A rule that fired: its words as found, where, and its weights there."""

    term: str
    place: Place
    weights: _Weights


def classify(title: str, *, text: str = "", labels: Sequence[str] = (), item_type: str = "") -> Classification:
    """Say what a work item is about from its words, labels and type, whatever they hold.

    Only the beginning of each is read (300 characters of the title, 400 of the text, 20 labels).
    """
    signs = list(_signs(title[:_TITLE_READ], text[:_TEXT_READ], labels[:_LABELS_READ], item_type[:_LABEL_READ]))
    columns = zip(_prior(), *(sign.weights for sign in signs), strict=True)
    scores = [sum(column) for column in columns]
    order = sorted(range(len(_CLASSES)), key=lambda index: -scores[index])
    first, second = order[0], order[1]
    confidence = 1 / sum(math.exp(score - scores[first]) for score in scores)
    return Classification(_CLASSES[first], confidence, _evidence(signs, first, second))


def _evidence(signs: Sequence[_Sign], first: int, second: int) -> tuple[Evidence, ...]:
    """Add up what each word says for the winner against the runner-up, strongest first."""
    found: dict[tuple[str, Place], float] = {}
    for sign in signs:
        key = (sign.term, sign.place)
        found[key] = found.get(key, 0.0) + sign.weights[first] - sign.weights[second]
    said = [Evidence(term, place, round(weight, 2)) for (term, place), weight in found.items()]
    telling = [sign for sign in said if abs(sign.weight) >= _LEAST_SIGN]
    return tuple(sorted(telling, key=lambda sign: -abs(sign.weight)))


def _signs(title: str, text: str, labels: Sequence[str], item_type: str) -> Iterator[_Sign]:
    words = _rules(WORD_RULES)
    fired: set[int] = set()
    yield from _fire(words, _title_terms(title.lower(), words), Place.TITLE, fired)
    for sign in _fire(words, _terms(text.lower(), words), Place.TEXT, fired):
        yield _Sign(sign.term, sign.place, tuple(weight * _TEXT_WEIGHT for weight in sign.weights))
    label_rules, known_labels = _rules(LABEL_RULES), set[int]()
    for label in labels:
        shown = label.strip()[:_LABEL_READ]
        terms = ((term, shown) for term, _ in _phrases(shown.lower(), label_rules))
        yield from _fire(label_rules, terms, Place.LABEL, known_labels)
    whole = " ".join(map(_stem, _WORD.findall(item_type.lower())))
    yield from _fire(_rules(TYPE_RULES), [(whole, item_type.strip())], Place.TYPE, set())


def _fire(rules: _Rules, terms: Iterable[tuple[str, str]], place: Place, fired: set[int]) -> Iterator[_Sign]:
    """Give each rule that a term sets off, once; `fired` remembers which ones did."""
    for term, shown in terms:
        for rule in rules.by_term.get(term, ()):
            if rule not in fired:
                fired.add(rule)
                yield _Sign(shown, place, rules.weights[rule])


def _title_terms(title: str, rules: _Rules) -> Iterator[tuple[str, str]]:
    """Give the terms that only a title has (its prefix, first words, shortness), then those of any text."""
    prefix = _PREFIX.match(title)
    if prefix:
        yield f"{prefix[1].strip()}:", prefix[1].strip()
        start = prefix.end()
    else:
        references = _REFERENCES.match(title)
        start = references.end() if references else 0
    first = [match[0] for match in islice(_WORD.finditer(title, start), 2)]
    for length in range(1, len(first) + 1):
        yield "^" + " ".join(map(_stem, first[:length])), " ".join(first[:length])
    if 0 < len(list(islice(_WORD.finditer(title), _SHORT_TITLE + 1))) <= _SHORT_TITLE:
        yield "<short>", title.strip()
    yield from _terms(title, rules)


def _terms(text: str, rules: _Rules) -> Iterator[tuple[str, str]]:
    yield from _phrases(text, rules)
    for name, pattern in _PATTERNS.items():
        match = pattern.search(text)
        if match:
            yield name, match[0]


def _phrases(text: str, rules: _Rules) -> Iterator[tuple[str, str]]:
    """Give what may be a phrase of the rules, longest first, then each word, as stems and as it stands."""
    words = _WORD.findall(text)
    stems = [_stem(word) for word in words]
    starts = [place for place, stem in enumerate(stems) if stem in rules.phrase_starts]
    for length in range(_LONGEST_PHRASE, 1, -1):
        for start in starts:
            yield " ".join(stems[start : start + length]), " ".join(words[start : start + length])
    yield from zip(stems, words, strict=True)


@lru_cache(_STEMS_KEPT)
def _stem(word: str) -> str:
    """Cut the endings of English inflection, so that fix, fixes, fixed and fixing are one word."""
    word = word.replace("\u2019", "'")
    for ending in ("ing", "ed", "es", "s"):
        cut = word.removesuffix(ending)
        if cut != word and len(cut) > 2 and not (ending == "s" and word.endswith(("ss", "us", "is"))):  # noqa: PLR2004
            word = cut
            break
    return word[:-1] if len(word) > 3 and word.endswith("e") else word  # noqa: PLR2004


@cache
def _rules(table: str) -> _Rules:
    by_term: dict[str, list[int]] = {}
    weights: list[_Weights] = []
    for line in re.sub(r"\n +", " ", table).splitlines():
        if not line or line.startswith("#"):
            continue
        terms, _, said = line.partition(" = ")
        for term in terms.split(", "):
            by_term.setdefault(_key(term), []).append(len(weights))
        weights.append(_weights(said))
    starts = frozenset(term.split(" ")[0] for term in by_term if " " in term)
    return _Rules({term: tuple(dict.fromkeys(rules)) for term, rules in by_term.items()}, starts, tuple(weights))


def _key(term: str) -> str:
    """Write a rule's term as it is looked up: in stems, marks kept."""
    if term.startswith("<") or term.endswith(":"):
        return term
    mark = "^" if term.startswith("^") else ""
    return mark + " ".join(map(_stem, _WORD.findall(term)))


def _weights(said: str) -> _Weights:
    given = {ItemClass(name): float(weight) for name, weight in _RULE.findall(said)}
    return tuple(given.get(item_class, 0.0) for item_class in _CLASSES)


@cache
def _prior() -> _Weights:
    return _weights(PRIOR)
