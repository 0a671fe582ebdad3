"""Decides the shape of the forms about imports; what a file says is left to `formats`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import Field, RadioField, SelectChoice, SelectField, SubmitField

from bau_tracker.services.import_people import ADD, LEAVE_OUT
from bau_tracker.storage.tables import Team

WHAT = [
    SelectChoice("", "Recognise it"),
    SelectChoice("answers", "Survey answers"),
    SelectChoice("items", "Work items"),
]
BY_FILE = "The file says which team"
MOST_PEOPLE: Final = 50
MOST_CHOICES: Final = 5_000
"""So many unknown people are asked about on one page, with so many choices in all; the others follow."""


class UploadForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A file, whose it is, and what is in it; everything else is asked later, and only when the file doesn't say."""

    file = FileField(
        "File",
        [FileRequired("Choose a file.")],
        description="As your tool exports it: CSV, XLSX or JSON. Nothing needs to be changed in it first.",
    )
    team = SelectField("Team", choices=[])
    what = RadioField("What is in it?", choices=WHAT, default="")
    send = SubmitField("Check the file")

    def offer(self, teams: Sequence[Team]) -> None:
        """Offer the teams that the person may import for; none of several is chosen beforehand."""
        named = [SelectChoice(team.slug, team.name) for team in teams]
        by_file = [SelectChoice("", BY_FILE)]
        self.team.choices = named + by_file if len(named) == 1 else by_file + named


class PeopleForm(FlaskForm):  # type: ignore[misc]  # as above
    """Whose address each of a file's is; the fields are called who-0, who-1 and so on, in the order of `addresses`."""

    addresses: Sequence[str]
    send = SubmitField("Save, and read the file again")

    @classmethod
    def of(cls, unknown: Sequence[str], members: Sequence[str], *, team: Team | None) -> PeopleForm:
        """Make the form for the first of some addresses, with everybody who could be meant; `team` takes new ones."""
        add = [SelectChoice(ADD, f"Add them to {team.name}")] if team else []
        choices = [
            SelectChoice("", "Decide later: reject these rows"),
            *add,
            SelectChoice(LEAVE_OUT, "Leave these rows out"),
            *(SelectChoice(email, f"This is {email}") for email in members),
        ]
        asked = list(unknown[: min(MOST_PEOPLE, max(1, MOST_CHOICES // len(choices)))])
        fields = {f"who-{number}": SelectField(email, choices=choices) for number, email in enumerate(asked)}
        form: PeopleForm = type("AskedPeopleForm", (cls,), fields)()
        form.addresses = asked
        return form

    @property
    def asked(self) -> list[Field]:
        """Give the field of each address."""
        return [self[f"who-{number}"] for number in range(len(self.addresses))]

    @property
    def said(self) -> dict[str, str]:
        """Give what was chosen by address, where something was."""
        pairs = zip(self.addresses, self.asked, strict=True)
        return {address: field.data for address, field in pairs if field.data}
