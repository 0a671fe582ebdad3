"""Decides the shape of the weekly survey's form, in the unit of the team; what is sound is left to `domain.surveys`.

Fields hold amounts in the unit, answers hold hours. An amount left as it was shown stands for the same hours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, HiddenField, SelectChoice, SelectMultipleField, TextAreaField
from wtforms.validators import Length

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.surveys import (
    CATEGORIES,
    LONGEST_COMMENT,
    STEPS,
    Answer,
    Step,
    TimeSplit,
    check_amounts,
)
from bau_tracker.domain.taxonomy import CHIPS, KINDS, OVERHEAD_EXAMPLE, PLANNED_EXAMPLE, Chip
from bau_tracker.web.forms.fields import AmountField, HalfDaysField, HoursField, PercentField

if TYPE_CHECKING:
    from bau_tracker.services.surveys import Survey

EXAMPLES: Final[dict[str, str]] = {
    "planned": PLANNED_EXAMPLE,
    **{kind.value: words.example for kind, words in KINDS.items()},
    "overhead": OVERHEAD_EXAMPLE,
}
ALL_PERCENT: Final = 100.0
_AMOUNTS: Final = ("hours_available", *CATEGORIES)
_LONGEST_NUMBER: Final = 10
_TOO_LONG: Final = f"The comment is too long. Shorten it to {LONGEST_COMMENT} characters."
_KEPT: Final = 2000
"""Of what is typed into one field, so many characters are kept in a draft."""


class SurveyForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """One person's week. `revision` is that of the answer it was made from, `ticket` says whose form this is.

    `step` is the one in which it was shown: the team may have chosen another since.
    """

    hours_available: AmountField
    callouts = HoursField("Out-of-hours callouts")
    excessive = SelectMultipleField(
        "What took an excessive amount of time?",
        choices=[SelectChoice(chip.value, words.label) for chip, words in CHIPS.items()],
    )
    deferred = BooleanField("We put off maintenance that should have been done")
    comment = TextAreaField("Anything to add? (optional)", validators=[Length(max=LONGEST_COMMENT, message=_TOO_LONG)])
    revision = HiddenField()
    ticket = HiddenField()
    step = HiddenField()
    survey: Survey

    @classmethod
    def of(cls, survey: Survey, drafted: MultiDict[str, str] | None = None, *, token: bool = True) -> SurveyForm:
        """Make the form of a survey with what was drafted, else sent; `token` protects a post that a session allows."""
        given: dict[str, Any] = {} if drafted is None else {"formdata": drafted}
        form = FORMS[survey.team.step](**given, meta={} if token else {"csrf": False})
        form.survey = survey
        return form

    @property
    def split_fields(self) -> Iterator[tuple[Field, str]]:
        """Go through the fields of the split in order, each with its example."""
        return ((self[name], EXAMPLES[name]) for name in CATEGORIES)

    @property
    def placed(self) -> float:
        """Add up the amounts that can be read, so that the page shows the sum without a script too."""
        return sum(self[name].data or 0.0 for name in CATEGORIES)

    @property
    def most(self) -> float:
        """Give the amount that can be placed."""
        return ALL_PERCENT if self.survey.team.step is Step.PERCENT else self.hours_available.data or 0.0

    @property
    def left(self) -> float:
        """Give the amount that is not placed yet, 0 when too much is."""
        return max(0.0, self.most - self.placed)

    @property
    def over(self) -> float:
        """Give the amount that is placed beyond what can be, 0 when all of it fits."""
        return max(0.0, self.placed - self.most)

    @property
    def typed(self) -> set[str]:
        """Name the fields in which something stands that the form did not begin with."""
        said = {name for name in (*CATEGORIES, "callouts") if self[name].said}
        usual = self.survey.unit_of_available.amount_of(self.survey.hours_available)
        if self.hours_available.said and self.hours_available.data != usual:
            said.add("hours_available")
        return said | {name for name in ("excessive", "deferred", "comment") if self[name].data}

    @property
    def based_on(self) -> int:
        """Give the revision of the answer that the form was made from."""
        text = str(self.revision.data or "")
        return int(text) if text.isdecimal() and len(text) < _LONGEST_NUMBER else 0

    @property
    def was_in_other_unit(self) -> bool:
        """Say whether the amounts were typed in another unit than the team's, and can't be read in this one."""
        return self.step.data not in {None, "", self.survey.team.step.value}

    def answer(self) -> Answer | None:
        """Give the answer that the form says; None when it says none, and then the errors stand at the fields."""
        if not self.validate():
            return None
        try:
            return self._answer()
        except InvalidInput as error:
            self.blame(error)
            return None

    def blame(self, error: InvalidInput) -> None:
        """Put an error at the field it concerns, or at the first."""
        field = self[error.field] if error.field in self else self["planned"]
        words = error.message.removeprefix(f"{field.label.text}: ")
        field.errors = [*field.errors, words[0].upper() + words[1:]]

    def fill(self, answer: Answer) -> None:
        """Fill the form with an answer, as if it had been typed."""
        unit = self.survey.unit(answer.hours_available or self.survey.hours_available)
        for name in CATEGORIES:
            _put(self[name], unit.amount_of(answer.split.hours(name)))
        self.fill_available(answer.hours_available)
        _put(self.callouts, answer.callouts)
        self.excessive.data = [chip.value for chip in answer.excessive or ()]
        self.deferred.data = bool(answer.deferred)
        self.comment.data = answer.comment

    def fill_available(self, hours: float | None) -> None:
        """Fill in the hours available."""
        _put(self.hours_available, None if hours is None else self.survey.unit_of_available.amount_of(hours))

    def empty_amounts(self) -> None:
        """Empty what was typed in the unit, as it can't be read in another one."""
        for name in _AMOUNTS:
            _put(self[name], None)

    def _answer(self) -> Answer:
        survey, stored = self.survey, self.survey.stored
        known = (survey.hours_available, *(one.hours_available for one in stored))
        available = self.survey.unit_of_available.hours_of(self.hours_available.data or 0.0, known)
        unit = survey.unit(available)
        check_amounts({name: self[name].data or 0.0 for name in CATEGORIES}, survey.unit(available or 1.0))
        if not unit.hours and self.placed:
            raise InvalidInput("Say how many hours you worked, or send “Away all week”.", "hours_available")
        split = {
            name: unit.hours_of(self[name].data or 0.0, (one.split.hours(name) for one in stored))
            for name in CATEGORIES
        }
        return Answer(
            split=TimeSplit(**split),
            hours_available=available,
            callouts=self.callouts.data or 0.0,
            excessive=frozenset(Chip(name) for name in self.excessive.data),
            deferred=self.deferred.data,
            comment=" ".join((self.comment.data or "").replace("\0", " ").split()),
        )


def typed_values(form: MultiDict[str, str]) -> dict[str, list[str]]:
    """Give what was typed into the fields of the survey, as typed and in which unit, to be kept in a draft."""
    names = (*_AMOUNTS, "callouts", "excessive", "deferred", "comment", "step")
    return {name: [value[:_KEPT].replace("\0", " ") for value in form.getlist(name)] for name in names if name in form}


def typed_pairs(typed: Mapping[str, object]) -> MultiDict[str, str]:
    """Give the values of a draft as if they were just typed."""
    kept = {"step": [Step.HOURS.value], **typed}  # drafts from before teams chose their unit
    return MultiDict(
        (name, str(value)) for name, values in kept.items() if isinstance(values, list) for value in values
    )


def _put(field: Field, value: float | None) -> None:
    field.data, field.raw_data = value, None


def _form_in(step: Step, field: type[AmountField]) -> type[SurveyForm]:
    """Give the form with its amounts in a unit; percent are percent of hours."""
    in_hours = step in {Step.HOURS, Step.PERCENT}
    words = "Hours" if in_hours else STEPS[step].many.capitalize()
    available = (HoursField if in_hours else field)(f"{words} you worked this week")
    fields = {name: field(label) for name, label in CATEGORIES.items()}
    return type(f"SurveyFormIn{step.name}", (SurveyForm,), {"hours_available": available, **fields})


FORMS: Final[dict[Step, type[SurveyForm]]] = {
    Step.HALF_DAYS: _form_in(Step.HALF_DAYS, HalfDaysField),
    Step.HOURS: _form_in(Step.HOURS, HoursField),
    Step.PERCENT: _form_in(Step.PERCENT, PercentField),
}
