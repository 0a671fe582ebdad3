"""Decides which column of a survey holds what, by the words of its header or by a mapping; never by its place.

Words come from the taxonomy, with a few aliases in English and German. A header that could be two things, and two
headers that could be the same thing, are left to a person: nothing is guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from typing import Final

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.domain.surveys import CATEGORIES
from bau_tracker.formats.looks import column_names

SPLIT_FIELDS: Final = tuple(CATEGORIES)
ANSWER_FIELDS: Final = (
    "team", "week", "answered_at", "email", "respondent", "hours_available", *SPLIT_FIELDS,
    "callouts", "excessive", "deferred", "comment", "away",
)  # fmt: skip
"""What a mapping for answers can name."""

_PUNCTUATION: Final = re.compile(r"[\W_]+")
_BRACKETS: Final = re.compile(r"\[([^\[\]]*)\]\s*$")
_ASIDE: Final = re.compile(r"[(\[][^()\[\]]*[)\]]")
_NOISE: Final = re.compile(
    r"\b(?:how many|how much|hours?|hrs?|h|std|stunden|days?|tage|percent|percentage|prozent|share|anteil|time|zeit|"
    r"work|did you|you|your|have you|was|were|spend|spent|went|on|to|into|of|for|in|the|a|an|this|last|week|weekly|"
    r"die|der|das|für|an|auf|mit|diese|letzte|woche|number|please|enter|what)\b"
)
_OTHER_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "team": ("team name", "which team", "what team", "squad", "team slug", "welches team"),
    "week": (
        "which week", "iso week", "calendar week", "survey week", "reporting week", "week commencing", "week beginning",
        "week starting", "week ending", "week of", "woche", "kalenderwoche", "welche woche", "kw",
    ),
    "answered_at": (
        "timestamp", "answered at", "submitted at", "zeitstempel", "horodateur", "marca temporal", "completion time",
        "date submitted",
    ),
    "email": (
        "email address", "e mail", "e mail address", "mail", "username", "e mail adresse", "nutzername",
        "adresse e mail", "adresse de messagerie", "nom d utilisateur", "correo electrónico",
        "dirección de correo electrónico", "nombre de usuario",
    ),
    "respondent": ("response id", "respondent id", "antwort id"),
    "hours_available": (
        "hours available", "available hours", "working hours", "hours worked", "available", "total hours",
        "verfügbare stunden", "arbeitsstunden",
    ),
    "planned": ("planned", "planned product work", "geplant", "geplante arbeit"),
    "overhead": ("meetings", "meetings and training", "administration", "besprechungen"),
    "callouts": ("callout", "call outs", "out of hours", "out of hours callouts", "rufbereitschaft"),
    "excessive": ("excessive", "excessive amount of time", "complaints", "too much time", "übermäßig viel zeit"),
    "deferred": (
        "put off", "maintenance put off", "deferred maintenance", "maintenance deferred", "deferred", "postponed",
        "aufgeschoben", "verschoben",
    ),
    "comment": ("comments", "anything else", "remarks", "notes", "kommentar", "bemerkung", "bemerkungen"),
    "away": ("away all week", "on leave", "on leave all week", "absent", "abwesend"),
    "capacity": ("capacity upgrades", "infrastructure capacity", "infrastructure capacity upgrade", "kapazität"),
    "defect": ("defects", "defect fixes", "bugs", "bug fixes", "bug fixing", "fehlerbehebung"),
    "security": ("security patches", "security patching", "sicherheit", "sicherheitsupdates"),
    "telemetry": ("telemetry improvements", "monitoring", "monitoring and alerting", "telemetrie"),
    "support": ("support tickets", "live support", "incident support", "supportanfragen"),
    "minor_change": ("minor changes", "small changes", "kleine änderungen"),
    "other_bau": ("bau", "other unplanned work", "unplanned work", "unplanned", "business as usual", "ungeplant",
                  "ungeplante arbeit", "sonstige bau", "sonstiges bau", "sonstige ungeplante arbeit"),
}  # fmt: skip


FIELD_WORDS: Final[dict[str, tuple[str, ...]]] = {
    name: (name.replace("_", " "), *((CATEGORIES[name],) if name in CATEGORIES else ()), *_OTHER_WORDS[name])
    for name in ANSWER_FIELDS
}
"""What each field is called, in the order in which the words are shown."""


def plain_words(text: str) -> str:
    """Write a text in small letters without punctuation, for comparing."""
    return _PUNCTUATION.sub(" ", text.casefold().replace("'", "")).strip()


_FIELD_BY_WORDS: Final = {plain_words(words): name for name, every in FIELD_WORDS.items() for words in every}
_FIELD_BY_CORE: Final = {
    core: name
    for words, name in _FIELD_BY_WORDS.items()
    if name in SPLIT_FIELDS and (core := " ".join(_NOISE.sub(" ", words).split()))
}
_PHRASES: Final = sorted((words for words in _FIELD_BY_WORDS if " " in words), key=len, reverse=True)
_PHRASE: Final = re.compile(rf"\b(?:{'|'.join(map(re.escape, _PHRASES))})\b")
_WORDS_OF_A_QUESTION: Final = re.compile(r"\b(?:excessive|comments?|callouts?|put off|deferred|away|overhead)\b")


def recognise(header: Sequence[str], skipped: frozenset[int] = frozenset()) -> dict[str, list[int]]:
    """Give the columns that each field could be in, by their words; surer matches leave out the others."""
    sure: dict[str, list[int]] = {}
    likely: dict[str, list[int]] = {}
    for index, text in enumerate(header):
        if index in skipped or not text:
            continue
        name = named(text)
        if name:
            sure.setdefault(name, []).append(index)
        elif name := mentioned(text):
            likely.setdefault(name, []).append(index)
    return {**likely, **sure}


def mapped(
    header: Sequence[str], columns: Dictionary[str, str], fields: Sequence[str]
) -> tuple[dict[str, int | None], dict[str, str]]:
    """Give the column of each field that a mapping names, and by field what is wrong with those that aren't there.

    None is a field that the mapping says isn't in the file. Raises UnreadableInput for an unknown field.
    """
    unknown = [name for name in columns if name not in fields]
    if unknown:
        raise UnreadableInput(f"The mapping names “{unknown[0]}”, which is no field. Fields are: {', '.join(fields)}.")
    told: dict[str, int | None] = {}
    wrong: dict[str, str] = {}
    for name, text in columns.items():
        try:
            told[name] = position(header, text) if text else None
        except UnreadableInput as error:
            wrong[name] = error.message
    return told, wrong


def sample_mapping(columns: Dictionary[str, str]) -> str:
    """Write a mapping as one line of JSON, for a message that asks for one."""
    return json.dumps({"columns": dict(columns)}, ensure_ascii=False)


def listed(header: Sequence[str], most: int = 12) -> str:
    """Write a header for a message, cut when it is long."""
    shown = ", ".join(f"“{text if len(text) <= 60 else text[:59] + '…'}”" for text in header[:most] if text)  # noqa: PLR2004
    return f"{shown} and {len(header) - most} more" if len(header) > most else shown


def position(header: Sequence[str], text: str) -> int:
    """Give the place of the column of a name, as `column_names` gives it or as it is headed, whatever its capitals.

    Raises UnreadableInput when the file has no such column, or several.
    """
    names = column_names(header)
    if text in names:
        return names.index(text)
    wanted = plain_words(text)
    found = [
        index
        for index, (name, heading) in enumerate(zip(names, header, strict=True))
        if wanted and wanted in {plain_words(name), plain_words(heading)}
    ]
    if not found:
        raise UnreadableInput(
            f"The mapping names the column “{text}”, which the file doesn't have. It has {listed(header)}."
        )
    if len(found) > 1:
        raise UnreadableInput(
            f"The file has {len(found)} columns called “{text}”. "
            f"Write “{names[found[0]]}” or “{names[found[1]]}” in the mapping."
        )
    return found[0]


def named(text: str) -> str:
    """Name the field whose words are all that a header says, units and the wording of a question aside."""
    bracket = _BRACKETS.search(text)
    for part in (bracket[1] if bracket else "", _ASIDE.sub(" ", text), text):
        words = plain_words(part)
        core = " ".join(_NOISE.sub(" ", words).split())
        name = _FIELD_BY_WORDS.get(words) or _FIELD_BY_CORE.get(core)
        if name:
            return name
    return ""


def mentioned(text: str) -> str:
    """Name the one field whose words stand somewhere in a header; empty when none does, or several do."""
    words = plain_words(text)
    found = {_FIELD_BY_WORDS[phrase] for phrase in _PHRASE.findall(words)}
    if not found:
        found = {_FIELD_BY_WORDS[word] for word in _WORDS_OF_A_QUESTION.findall(words) if word in _FIELD_BY_WORDS}
    return found.pop() if len(found) == 1 else ""
