"""Decides the shape of the upload form; what the file says is left to `formats`."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import Field, RadioField, SelectChoice, SelectField, StringField, SubmitField, ValidationError

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import DateOrder
from bau_tracker.domain.weeks import Week
from bau_tracker.storage.tables import Team

WHAT = [SelectChoice("answers", "Survey answers"), SelectChoice("items", "Work items")]
BY_FILE = "The file says which team"
ORDERS = [
    SelectChoice("", "The file settles it"),
    SelectChoice(DateOrder.DAY.value, "Day first: 3 April"),
    SelectChoice(DateOrder.MONTH.value, "Month first: 4 March"),
]


class UploadForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A file, what is in it, whose it is, and for answers the week when the file doesn't say."""

    what = RadioField("What is in the file?", choices=WHAT, default="answers")
    team = SelectField("Team", choices=[])
    week = StringField("Week of all answers", description="Only when the file doesn't say: 2026-W47.")
    date_order = SelectField(
        "Dates such as 3/4/2026",
        choices=ORDERS,
        default="",
        description="Only when the file doesn't settle which comes first.",
    )
    file = FileField("File", [FileRequired("Choose a file.")])
    send = SubmitField("Check the file")

    def validate_week(self, field: Field) -> None:
        """Refuse a week that is none, at its field."""
        if (field.data or "").strip():
            try:
                Week.parse(field.data)
            except InvalidInput as error:
                raise ValidationError(error.message) from error

    def offer(self, teams: Sequence[Team]) -> None:
        """Offer the teams that the person may import for; none of several is chosen beforehand."""
        named = [SelectChoice(team.slug, team.name) for team in teams]
        by_file = [SelectChoice("", BY_FILE)]
        self.team.choices = named + by_file if len(named) == 1 else by_file + named


class ConfirmForm(FlaskForm):  # type: ignore[misc]  # as above
    """The button that takes a checked file over."""

    send = SubmitField("Import")
