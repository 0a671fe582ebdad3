"""Decides the shape of the form on which somebody says what the columns of a file mean.

The form begins with what was recognised; only what is chosen otherwise, or was a mere suggestion, is said about the
file. What the columns then come to is left to `formats`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from typing import Any, Final

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, RadioField, SelectChoice, SelectField, StringField, ValidationError

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import ColumnLook, DateOrder, Guess, Inspection, Mapping, Unit
from bau_tracker.domain.surveys import CATEGORIES
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.encodings import ENCODINGS
from bau_tracker.services.recognising import ANSWERS
from bau_tracker.web.filters import shown

ANSWER_LABELS: Final = {
    "email": "E-mail address",
    "respondent": "Response id",
    "team": "Team",
    "week": "The week that is answered",
    "answered_at": "When it was answered",
    "hours_available": "Hours available",
    **CATEGORIES,
    "callouts": "Out-of-hours callouts",
    "excessive": "What took an excessive amount of time",
    "deferred": "Maintenance was put off",
    "comment": "Comment",
    "away": "Away all week",
}
ITEM_LABELS: Final = {
    "external_key": "Key",
    "title": "Title",
    "text": "Description",
    "item_type": "Type",
    "status": "Status",
    "priority": "Priority",
    "labels": "Labels",
    "component": "Component",
    "url": "Address of its page",
    "team": "Team",
    "created": "Created",
    "started": "Begun",
    "closed": "Closed",
    "updated": "Last changed",
    "sprint_started": "When its sprint began",
    "logged_hours": "Hours logged",
}
DELIMITERS: Final = {"comma": "Comma ,", "semicolon": "Semicolon ;", "tab": "Tab", "bar": "Bar |"}
UNITS: Final = {Unit.HOURS: "Hours", Unit.DAYS: "Days", Unit.PERCENT: "Percent of the week"}
ORDERS: Final = {DateOrder.DAY: "The day", DateOrder.MONTH: "The month"}
WEEK_RULE: Final = (
    "Only when no column says it: 2026-W47. Left empty, a column with the week counts; else when it was answered: on a "
    "Monday or Tuesday it is about the week before, on a later day about the week of that day."
)
UNFINISHED: Final = "Take answers along that were not finished"
PULL_REQUESTS: Final = "Take pull requests along, and whatever else is left out as no work item"
MOST_OPTIONS: Final = 60
"""Of a file with more columns they aren't all listed at each field: one types a name, and the browser offers some."""
MOST_LETTERS: Final = 30_000
"""So it is too where the names of the columns are longer together, as each field would repeat them."""
_NEAR: Final = {"week": ("answered_at",), "planned": tuple(CATEGORIES), "other_bau": tuple(CATEGORIES)}
"""Where else the answer to what is asked of a field may lie."""
PREFIX: Final = "column-"
_SHOWN: Final = 50
_SHOWN_OPTION: Final = 90
_DELIMITER_NAMES: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def _choices(labels: Dictionary[Any, str]) -> list[SelectChoice]:
    return [SelectChoice(str(value), label) for value, label in labels.items()]


def is_wide(looks: Sequence[ColumnLook]) -> bool:
    """Say whether the columns of a file are too many, or too long, to be listed at each field."""
    return len(looks) > MOST_OPTIONS or sum(len(look.name) for look in looks) > MOST_LETTERS


class ColumnsForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Which column holds what, how the file is written, and what only a person can say; made by `of`."""

    encoding = SelectField("Encoding")
    delimiter = SelectField("Between the cells")
    unit = SelectField("Numbers of the split of time are")
    date_order = RadioField("Which comes first in dates?", choices=_choices(ORDERS), validate_choice=False)
    week = StringField("Week of all answers", description=WEEK_RULE)
    keep_all = BooleanField()
    inspection: Inspection
    told: Mapping
    is_answers: bool

    @classmethod
    def of(cls, inspection: Inspection, told: Mapping, week: Week | None, *, what: str) -> ColumnsForm:
        """Make the form of a file as it is understood with what was told so far."""
        is_answers = what == ANSWERS
        labels = ANSWER_LABELS if is_answers else ITEM_LABELS
        fields = {f"{PREFIX}{name}": _column_field(label, inspection.looks) for name, label in labels.items()}
        kind: type[ColumnsForm] = type("FileColumnsForm", (cls,), fields)
        values: dict[str, Any] = {f"{PREFIX}{name}": guess.column for name, guess in inspection.guesses.items()}
        values |= {
            "encoding": told.encoding,
            "delimiter": _DELIMITER_NAMES.get(told.delimiter, told.delimiter),
            "unit": told.unit or "",
            "date_order": told.date_order or "",
            "week": str(week) if week else "",
            "keep_all": told.keep_all,
        }
        form = kind(data=values)
        form.inspection, form.told, form.is_answers = inspection, told, is_answers
        form.describe()
        return form

    @property
    def columns(self) -> Iterator[ColumnChoice]:
        """Go through the fields that a column can be chosen for, each with what is known of it."""
        looks = {look.name: look for look in self.inspection.looks}
        asked = {question.field for question in self.inspection.questions}
        near = {other for name in asked for other in _NEAR.get(name, ())}
        for field in self:
            if field.name.startswith(PREFIX):
                name = field.name.removeprefix(PREFIX)
                guess, look = self.inspection.guesses.get(name), looks.get(field.data or "")
                yield ColumnChoice(field, guess, look, is_asked=name in asked, is_near=name in near)

    @property
    def unused(self) -> list[ColumnLook]:
        """Give the columns that are chosen for nothing, and hold something."""
        chosen = {choice.field.data for choice in self.columns}
        return [look for look in self.inspection.looks if look.examples and look.name not in chosen]

    @property
    def asks_for_order(self) -> bool:
        """Say whether the order of dates is open, or was said by somebody."""
        return self.told.date_order is not None or any(one.field == "date_order" for one in self.inspection.questions)

    @property
    def said_week(self) -> str:
        """Give the week that was typed, empty for none."""
        return (self.week.data or "").strip() if self.is_answers else ""

    @property
    def said(self) -> Mapping:
        """Give what was said about the file: what was told before, with what differs from what was shown."""
        guesses = self.inspection.guesses
        columns = {name: text for name, text in self.told.columns.items() if not text or name in guesses}
        for choice in self.columns:
            name, chosen = choice.field.name.removeprefix(PREFIX), (choice.field.data or "").strip()
            shown = choice.guess.column if choice.guess else ""
            if chosen != shown or (choice.guess and not choice.guess.sure):
                columns[name] = chosen
        return Mapping(
            columns=columns,
            unit=Unit(self.unit.data) if self.unit.data else None,
            date_order=DateOrder(self.date_order.data) if self.date_order.data in set(DateOrder) else None,
            encoding=self.encoding.data,
            delimiter=self.delimiter.data,
            keep_all=self.keep_all.data,
        )

    def validate_week(self, field: Field) -> None:
        """Refuse a week that is none, at its field."""
        if (field.data or "").strip():
            try:
                Week.parse(field.data)
            except InvalidInput as error:
                raise ValidationError(error.message) from error

    def validate(self, extra_validators: dict[str, Any] | None = None) -> bool:
        """Validate the fields, and refuse a column that isn't there, and one that would be counted twice."""
        sound = bool(super().validate(extra_validators))
        names = {look.name for look in self.inspection.looks}
        counted: dict[str, str] = {}
        for choice in self.columns:
            field, chosen = choice.field, (choice.field.data or "").strip()
            if chosen and chosen not in names:
                field.errors = [f"The file has no column “{shown(chosen, _SHOWN)}”. Choose one that it has, or none."]
            elif chosen and self.is_answers and field.name.removeprefix(PREFIX) in CATEGORIES:
                if chosen in counted:
                    already = f"“{shown(chosen, _SHOWN)}” is chosen for “{counted[chosen]}” already"
                    field.errors = [f"{already}; it would count twice."]
                counted[chosen] = field.label.text
            sound = sound and not field.errors
        return sound

    def describe(self) -> None:
        """Say in the choices what was recognised, so that nobody has to decide what needs no deciding."""
        layout = self.inspection.layout
        written = ENCODINGS.get(layout.encoding.removesuffix("-sig"), layout.encoding)
        self.encoding.choices = [SelectChoice("", f"As recognised: {written}"), *_choices(ENCODINGS)]
        between = DELIMITERS.get(_DELIMITER_NAMES.get(layout.delimiter, ""), layout.delimiter)
        self.delimiter.choices = [SelectChoice("", f"As recognised: {between}"), *_choices(DELIMITERS)]
        self.unit.choices = [SelectChoice("", "As the file says"), *_choices(UNITS)]
        self.keep_all.label.text = UNFINISHED if self.is_answers else PULL_REQUESTS


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A field to choose a column for: what was recognised, what the chosen column holds, and whether it is asked for.

    `is_near` says that what is asked of another field could be answered here.
    """

    field: Field
    guess: Guess | None
    look: ColumnLook | None
    is_asked: bool
    is_near: bool

    @property
    def is_found(self) -> bool:
        """Say whether anything is known, chosen or asked of it."""
        return bool(self.guess or self.field.data or self.is_open)

    @property
    def is_open(self) -> bool:
        """Say whether somebody has to look at it, so that it belongs in front."""
        return bool(self.is_asked or self.is_near or self.field.errors or (self.guess and not self.guess.sure))


def _column_field(label: str, looks: Sequence[ColumnLook]) -> Field:
    """Make a field to choose a column: a list, or for a wide file a name to be typed."""
    if is_wide(looks):
        return StringField(label, render_kw={"list": "columns", "autocomplete": "off"})
    options = [SelectChoice(look.name, _option(look)) for look in looks]
    return SelectField(label, choices=[SelectChoice("", "Not in this file"), *options], validate_choice=False)


def _option(look: ColumnLook) -> str:
    example = f": {look.examples[0]}" if look.examples else ""
    return shown(f"{look.name} ({look.looks_like}{example})", _SHOWN_OPTION)
