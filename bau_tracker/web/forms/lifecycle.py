"""Decides the shape of the forms about a team's beginning and end, and about a week that is opened again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectChoice, SelectField, StringField, SubmitField
from wtforms.validators import InputRequired

from bau_tracker.domain.weeks import Week
from bau_tracker.services.reopening import LONGEST_REASON, MOST_DAYS, USUAL_DAYS
from bau_tracker.storage.tables import Team
from bau_tracker.web.forms.fields import DayField

_SURE: Final = InputRequired("Tick the box if that is what you want.")


class ArchiveForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """The last day of a team."""

    last_day = DayField("Last day")
    sure = BooleanField("Yes, everybody's time in this team ends then", [_SURE])
    send = SubmitField("Archive the team")


class MergeForm(FlaskForm):  # type: ignore[misc]  # as above
    """The team that another is merged into, and its first day there."""

    into = SelectField("Into the team", choices=[])
    first_day = DayField("From", description="The first day on which everybody is in that team.")
    sure = BooleanField("Yes, this team ends the day before", [_SURE])
    send = SubmitField("Merge")

    def offer(self, teams: Sequence[Team]) -> None:
        """Offer the teams that are not archived."""
        self.into.choices = [SelectChoice(team.slug, team.name) for team in teams]


class BringBackForm(FlaskForm):  # type: ignore[misc]  # as above
    """The button that brings an archived team back."""

    send = SubmitField("Bring the team back")


class ReopenForm(FlaskForm):  # type: ignore[misc]  # as above
    """A published week that is opened again, for how long and why."""

    week = SelectField("Week", choices=[])
    days = SelectField(
        "For how long",
        choices=[SelectChoice(str(days), f"{days} day{'' if days == 1 else 's'}") for days in range(1, MOST_DAYS + 1)],
        default=str(USUAL_DAYS),
    )
    reason = StringField(
        "Why",
        description="Kept in the team's history: two people were on a course and answered late.",
        render_kw={"maxlength": LONGEST_REASON, "autocomplete": "off"},
    )
    send = SubmitField("Open the week again")

    def offer(self, weeks: Sequence[Week]) -> None:
        """Offer the weeks that can be opened again."""
        self.week.choices = [SelectChoice(str(week), week.label) for week in weeks]
