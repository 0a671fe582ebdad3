"""Decides which column of a survey holds which field: as a person says, as the tool writes it, or by its heading.

What can't be decided becomes a question, and what no rule recognises at most a suggestion; neither is ever used.
"""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bau_tracker.domain.importing import ColumnLook, Guess, Mapping, Question
from bau_tracker.formats.headers import ANSWER_FIELDS, FIELD_WORDS, SPLIT_FIELDS, listed, mapped, recognise
from bau_tracker.formats.looks import Sample, column_names
from bau_tracker.formats.options import Option, find_options
from bau_tracker.formats.suggestions import Wanted, suggest
from bau_tracker.formats.survey_tools import Form

_AMOUNTS: Final = ("numbers", "percentages", "hours")
_LOOKS: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys((*SPLIT_FIELDS, "hours_available", "callouts"), _AMOUNTS),
    "answered_at": ("dates",),
    "email": ("e-mail addresses",),
    "deferred": ("yes or no", "a few choices"),
    "away": ("yes or no", "a few choices"),
    "comment": ("text", "a few choices"),
}
_MAYBE: Final[dict[str, tuple[str, ...]]] = {
    "planned": ("roadmap", "features", "feature work", "product work", "project work", "projektarbeit", "vorhaben"),
    "other_bau": (
        "firefighting", "fire fighting", "feuerwehr", "ad hoc", "interrupts", "reactive work", "störungen",
        "unvorhergesehenes", "zwischenrufe",
    ),
    "answered_at": ("when", "date", "wann", "datum"),
    "email": ("who are you", "wer bist du", "person"),
}  # fmt: skip
"""Words that many use and that are too loose to go by: a column called so is offered, never used unasked."""
WANTED: Final = {
    name: Wanted(
        (*FIELD_WORDS[name], *_MAYBE.get(name, ())), _LOOKS.get(name, ()), only_look=name in {"email", "answered_at"}
    )
    for name in ANSWER_FIELDS
}
"""What a column that could hold a field is called and looks like."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Where the fields are: `positions` of those that are certain, guesses of all, and what is to be asked.

    `options` are the columns of the options of what took too much time, `other_email` a question for an address that
    stands in where the tool has none.
    """

    positions: dict[str, int]
    guesses: dict[str, Guess]
    questions: tuple[Question, ...]
    options: tuple[Option, ...] = ()
    other_email: int | None = None


def place(header: Sequence[str], form: Form, mapping: Mapping, sample: Sample) -> Placing:
    """Find the column of each field; raise UnreadableInput only for a mapping that names an unknown field."""
    told, asked = mapped(header, mapping.columns, ANSWER_FIELDS)
    taken = frozenset(index for index in told.values() if index is not None)
    options = _options(form, sample, told)
    ticks = frozenset(option.column for option in options)
    found = recognise(form.questions, taken | form.own | ticks)
    emails = found.pop("email", []) if "email" in form.columns else []
    names = column_names(header)
    certain = {name: (index, "You said so.") for name, index in told.items() if index is not None}
    certain |= {name: (at, f"{form.label} writes it there.") for name, at in form.columns.items() if name not in told}
    for name in [name for name in found if name not in told and name not in certain]:
        certain[name] = found[name][0], "Its heading says so."
        if len(found[name]) > 1:
            several = listed([names[index] for index in found[name]])
            asked.setdefault(name, f"The columns {several} could all be “{name}”. Say which it is.")
    guesses = {
        name: Guess(names[index], asked.get(name, why), sure=name not in asked)
        for name, (index, why) in certain.items()
    }
    if options:
        why = f"{len(options)} columns hold it, one for each thing that can be ticked."
        guesses["excessive"] = Guess(names[options[0].column], why)
    return Placing(
        {name: at for name, (at, _) in certain.items() if name not in asked and at not in ticks},
        guesses,
        tuple(Question(name, asked[name]) for name in ANSWER_FIELDS if name in asked),
        options,
        emails[0] if emails and "email" not in told else None,
    )


def suggestions(looks: Sequence[ColumnLook], placing: Placing, form: Form, mapping: Mapping) -> dict[str, Guess]:
    """Offer columns for the fields that nothing is known of, among the columns that hold no other."""
    used = {*placing.positions.values(), *form.own, *(option.column for option in placing.options)}
    free = [look for index, look in enumerate(looks) if index not in used and look.looks_like != "empty"]
    known = {*placing.guesses, *mapping.columns}
    return suggest(free, {name: want for name, want in WANTED.items() if name not in known})


def _options(form: Form, sample: Sample, told: Dictionary[str, int | None]) -> tuple[Option, ...]:
    """Give the columns of options; none when a person says that one other column, or none, holds the answer."""
    options = find_options(form.questions, sample, form.own)
    if "excessive" in told and told["excessive"] not in {option.column for option in options}:
        return ()
    elsewhere = {index for name, index in told.items() if name != "excessive"}
    return tuple(option for option in options if option.column not in elsewhere)
