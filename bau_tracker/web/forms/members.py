"""Decides the shape of the forms about who is in a team: add people, change, leave, move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectChoice, SelectField, SubmitField, TextAreaField
from wtforms.validators import InputRequired

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.memberships import ROLE_WORDS
from bau_tracker.domain.permissions import Role
from bau_tracker.formats.people import LONGEST_TEXT, read_text
from bau_tracker.services.memberships import Leave, Move, Terms
from bau_tracker.storage.tables import Team
from bau_tracker.web.forms.fields import DayField, OptionalDayField, OptionalHoursField

ROLES = [
    SelectChoice(Role.MEMBER.value, "Member: answers the survey"),
    SelectChoice(Role.LEAD.value, "Lead: also manages the team"),
]
LONGEST_FILE: Final = 4 * LONGEST_TEXT
"""Bytes of a file that are read: a letter has four at most."""
_SURE = "Yes, I know that I can't manage this team afterwards"


class JoinForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """People to be added, pasted or from a file, with what counts for those of whom it isn't said."""

    people = TextAreaField(
        "E-mail addresses",
        [InputRequired("Paste at least one e-mail address, or choose a file.")],
        description="One a line, or with commas between; “Ana Ruiz <ana@example.org>” gives the name too. A table "
        "works as well, with a first line such as email,name,role,hours,from.",
        render_kw={"rows": 8, "spellcheck": "false"},
    )
    file = FileField("Or a file", description="The same as CSV or plain text.", render_kw={"accept": ".csv,.tsv,.txt"})
    role = SelectField("Role", choices=ROLES, default=Role.MEMBER.value)
    starts_on = DayField(
        "First day",
        description="Who joins within a week is asked for the days of it that are left. Earlier or later days are fine "
        "too; published weeks stand.",
    )
    send = SubmitField("Check")

    def validate(self, extra_validators: dict[str, Any] | None = None) -> bool:
        """Take a file's text in as if it had been pasted, then validate."""
        if self.file.data:
            try:
                taken = self._read_file()
            except InvalidInput as error:
                self.file.errors = [error.message]
                return False
            self.people.data, self.people.raw_data = taken, [taken]
        return bool(super().validate(extra_validators))

    def _read_file(self) -> str:
        if (self.people.data or "").strip():
            raise InvalidInput("Paste addresses or choose a file, one of the two.", "file")
        return read_text(self.file.data.read(LONGEST_FILE))


class PlaceForm(FlaskForm):  # type: ignore[misc]  # as above
    """A change to a person's place in a team; `revision` says which stretches the form was made from."""

    revision = HiddenField()
    sure = BooleanField(_SURE)

    @property
    def based_on(self) -> str:
        """Give the revision that was sent, empty for none."""
        return self.revision.data or ""


class TermsForm(PlaceForm):
    """Another role or other hours from a day on."""

    role = SelectField("Role", choices=[SelectChoice(role.value, words) for role, words in ROLE_WORDS.items()])
    hours = OptionalHoursField(
        "Hours a week", description="Empty for the team's usual week; 0 for somebody who isn't asked."
    )
    starts_on = DayField("From")
    send = SubmitField("Change")

    @property
    def terms(self) -> Terms:
        """Give what was typed."""
        role, hours, starts_on = Role(self.role.data), self.hours.data, self.starts_on.data
        return Terms(role, hours, starts_on, sure=self.sure.data, based_on=self.based_on)


class LeaveForm(PlaceForm):
    """The last day in a team."""

    last_day = OptionalDayField("Last day", description="Empty for none: somebody who was to leave stays.")
    send = SubmitField("Let them leave")

    @property
    def leave(self) -> Leave:
        """Give what was typed."""
        return Leave(self.last_day.data, sure=self.sure.data, based_on=self.based_on)


class MoveForm(PlaceForm):
    """Another team, and the first day there."""

    to_slug = SelectField("To the team", choices=[])
    starts_on = DayField("From")
    send = SubmitField("Move")

    @property
    def move(self) -> Move:
        """Give what was typed."""
        return Move(self.to_slug.data, self.starts_on.data, sure=self.sure.data, based_on=self.based_on)

    def offer(self, teams: Sequence[Team]) -> None:
        """Offer the teams that the actor manages."""
        self.to_slug.choices = [SelectChoice(team.slug, team.name) for team in teams]
