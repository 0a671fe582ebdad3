"""Decides the shape of the forms about a team as a whole: its settings, a new team, its channel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from typing import Any, Final

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TimeField,
)
from wtforms.validators import InputRequired, Length

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.surveys import Step
from bau_tracker.domain.team_settings import SETTINGS, STEPS, TeamSettings, day_label, default_of
from bau_tracker.domain.verdict_settings import VERDICT_SETTINGS
from bau_tracker.domain.weeks import MOMENTS, OPENING_DAYS, DayTime
from bau_tracker.services.team_settings import LONGEST_ADDRESS
from bau_tracker.web.forms.fields import HoursField, WholeNumberField, blame
from bau_tracker.web.forms.verdict_settings import VerdictSettingsForm

_LAST_DAY: Final = OPENING_DAYS.stop + 7
_STEP_CHOICES: Final = [SelectChoice(step.value, words) for step, words in STEPS.items()]
_BACK: Final = [SelectChoice(name, words.label) for name, words in SETTINGS.items() if name not in VERDICT_SETTINGS]
_ZONE: Final = "A name such as Europe/Berlin or UTC."
_REGION: Final = "A country such as DE or GB, or a part of one such as DE-BY; empty for none."


class NewTeamForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """What a team is at first; all of it can be changed later."""

    name = StringField(SETTINGS["name"].label, [InputRequired("Give the team a name.")])
    timezone = StringField(
        SETTINGS["timezone"].label,
        [InputRequired("Choose a time zone.")],
        default="UTC",
        description=_ZONE,
        render_kw={"list": "zones", "autocomplete": "off"},
    )
    hours = HoursField(SETTINGS["hours_per_week"].label, default=default_of("hours_per_week"))
    step = SelectField(SETTINGS["step"].label, choices=_STEP_CHOICES, default=Step.HALF_DAYS.value)
    holidays = StringField(
        SETTINGS["holidays"].label, description=_REGION, render_kw={"list": "regions", "autocomplete": "off"}
    )
    send = SubmitField("Add the team")


class SettingsForm(VerdictSettingsForm):
    """All settings of a team; `back` names those that are to have their default again."""

    name = StringField(SETTINGS["name"].label, [InputRequired("Give the team a name.")])
    timezone = StringField(SETTINGS["timezone"].label, render_kw={"list": "zones", "autocomplete": "off"})
    hours_per_week = HoursField(SETTINGS["hours_per_week"].label)
    step = SelectField(SETTINGS["step"].label, choices=_STEP_CHOICES)
    holidays = StringField(SETTINGS["holidays"].label, render_kw={"list": "regions", "autocomplete": "off"})
    time_split = WholeNumberField(SETTINGS["time_split"].label)
    comments = WholeNumberField(SETTINGS["comments"].label)
    shows_missing = BooleanField(SETTINGS["shows_missing"].label)
    back = SelectMultipleField(choices=_BACK)

    def fill_all(self, settings: TeamSettings) -> None:
        """Show settings in the fields."""
        self.fill(settings.verdicts)
        for name in ("name", "timezone", "hours_per_week", "holidays", "time_split", "comments", "shows_missing"):
            self[name].data = getattr(settings, name)
        self.step.data = settings.step.value
        for name in MOMENTS:
            moment = getattr(settings, name)
            self[f"{name}_day"].data, self[f"{name}_at"].data = str(moment.day), moment.at

    def settings(self) -> TeamSettings:
        """Give the settings that the form says; for those in `back` the default."""
        typed: dict[str, Any] = {
            "name": self.name.data,
            "timezone": (self.timezone.data or "").strip(),
            "hours_per_week": self.hours_per_week.data or 0.0,
            "step": Step(self.step.data),
            "holidays": self.holidays.data or "",
            **{name: self._moment(name) for name in MOMENTS},
            "time_split": self.time_split.data,
            "comments": self.comments.data,
            "shows_missing": self.shows_missing.data,
            "verdicts": self.verdict_settings(),
        }
        return TeamSettings(**typed | {name: default_of(name) for name in self.back.data if name != "name"})

    def blame(self, error: InvalidInput) -> None:
        """Put an error at the field of the setting that it names."""
        moment = f"{error.field}_day"
        names = {"hours": "hours_per_week"} | ({error.field: moment} if moment in self else {})
        blame(self, InvalidInput(error.message, names.get(error.field, error.field)), "name")

    def moments(self) -> Iterator[tuple[str, Field, Field]]:
        """Go through the moments of a week: name, day, time of day."""
        return ((name, self[f"{name}_day"], self[f"{name}_at"]) for name in MOMENTS)

    def _moment(self, name: str) -> DayTime:
        at: time = self[f"{name}_at"].data
        return DayTime(int(self[f"{name}_day"].data), at.replace(second=0, microsecond=0))


class ChannelForm(FlaskForm):  # type: ignore[misc]  # as above
    """The address of a team's channel; it is a secret, so it isn't shown again."""

    address = StringField(
        "Address of the team's channel",
        [Length(max=LONGEST_ADDRESS, message=f"{LONGEST_ADDRESS} characters is the most.")],
        description="Where is posted that a week is open, and what it came to: the https:// address of a webhook of "
        "Slack or Microsoft Teams, or jsons://host/path of another tool. Empty for none.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    send = SubmitField("Save the address")


def _add_fields() -> None:
    for name in MOMENTS:
        days = OPENING_DAYS if name == "opens" else range(OPENING_DAYS.start, _LAST_DAY)
        choices = [SelectChoice(str(day), day_label(day)) for day in days]
        label = SETTINGS[name].label
        setattr(SettingsForm, f"{name}_day", SelectField(f"{label}: day", choices=choices))
        wanted = InputRequired("Give a time of day, as 09:00.")
        setattr(SettingsForm, f"{name}_at", TimeField(f"{label}: time", [wanted], format=["%H:%M", "%H:%M:%S"]))


_add_fields()
