"""Decides the shape of the weekly survey's form; what makes an answer sound is left to `domain.surveys`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, HiddenField, SelectChoice, SelectMultipleField, TextAreaField
from wtforms.validators import Length

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.surveys import CATEGORIES, LONGEST_COMMENT, Answer, TimeSplit
from bau_tracker.domain.taxonomy import CHIPS, KINDS, OVERHEAD_EXAMPLE, PLANNED_EXAMPLE, Chip
from bau_tracker.web.forms.fields import HoursField

EXAMPLES: Final[dict[str, str]] = {
    "planned": PLANNED_EXAMPLE,
    **{kind.value: words.example for kind, words in KINDS.items()},
    "overhead": OVERHEAD_EXAMPLE,
}
_LONGEST_NUMBER: Final = 10
_KEPT: Final = 2000
"""Of what is typed into one field, so many characters are kept in a draft."""


class SurveyForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """One person's week. `revision` is that of the answer it was made from, `ticket` says whose form this is."""

    hours_available = HoursField("Hours you worked this week")
    callouts = HoursField("Out-of-hours callouts")
    excessive = SelectMultipleField(
        "What took an excessive amount of time?",
        choices=[SelectChoice(chip.value, words.label) for chip, words in CHIPS.items()],
    )
    deferred = BooleanField("We put off maintenance that should have been done")
    comment = TextAreaField("Anything to add? (optional)", validators=[Length(max=LONGEST_COMMENT)])
    revision = HiddenField()
    ticket = HiddenField()

    @property
    def split_fields(self) -> Iterator[tuple[Field, str]]:
        """Go through the fields of the split in order, each with its example."""
        return ((self[name], EXAMPLES[name]) for name in CATEGORIES)

    @property
    def placed(self) -> float:
        """Add up the hours that can be read, so that the page shows the sum without a script too."""
        return sum(self[name].data or 0.0 for name in CATEGORIES)

    @property
    def left(self) -> float:
        """Give the hours that are not placed yet, 0 when too many are."""
        return max(0.0, (self.hours_available.data or 0.0) - self.placed)

    @property
    def based_on(self) -> int:
        """Give the revision of the answer that the form was made from."""
        text = str(self.revision.data or "")
        return int(text) if text.isdecimal() and len(text) < _LONGEST_NUMBER else 0

    def answer(self) -> Answer | None:
        """Give the answer that the form says; None when it says none, and then the errors stand at the fields."""
        if not self.validate():
            return None
        try:
            return Answer(
                split=TimeSplit(**{name: self[name].data for name in CATEGORIES}),
                hours_available=self.hours_available.data,
                callouts=self.callouts.data or 0.0,
                excessive=frozenset(Chip(name) for name in self.excessive.data),
                deferred=self.deferred.data,
                comment=" ".join((self.comment.data or "").replace("\0", " ").split()),
            )
        except InvalidInput as error:
            self.blame(error)
            return None

    def blame(self, error: InvalidInput) -> None:
        """Put an error at the field it concerns, or at the first."""
        field = self[error.field] if error.field in self else self["planned"]
        field.errors = [*field.errors, error.message.removeprefix(f"{field.label.text}: ")]

    def fill(self, answer: Answer) -> None:
        """Fill the form with an answer, as if it had been typed."""
        for name in CATEGORIES:
            _put(self[name], answer.split.hours(name))
        _put(self.hours_available, answer.hours_available)
        _put(self.callouts, answer.callouts)
        self.excessive.data = [chip.value for chip in answer.excessive or ()]
        self.deferred.data = bool(answer.deferred)
        self.comment.data = answer.comment


def _put(field: Field, value: float | None) -> None:
    field.data, field.raw_data = value, None


def typed_values(form: MultiDict[str, str]) -> dict[str, list[str]]:
    """Give what was typed into the fields of the survey, as typed, to be kept in a draft."""
    names = (*CATEGORIES, "hours_available", "callouts", "excessive", "deferred", "comment")
    return {name: [value[:_KEPT].replace("\0", " ") for value in form.getlist(name)] for name in names if name in form}


for _name, _label in CATEGORIES.items():
    setattr(SurveyForm, _name, HoursField(_label))
