"""Decides the shape of the forms by which administrators add and change people."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

from bau_tracker.services.accounts import Details

_LONGEST_NAME = 120


class PersonForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Who somebody is."""

    email = EmailField("E-mail address", [InputRequired("Enter an e-mail address.")], render_kw={"autocomplete": "off"})
    name = StringField(
        "Name",
        [Length(max=_LONGEST_NAME, message=f"{_LONGEST_NAME} characters is the most.")],
        render_kw={"autocomplete": "off"},
    )
    is_admin = BooleanField("Administrator: manages all teams and all people")
    sure = BooleanField("Yes, I know that I can't administer this installation afterwards")
    send = SubmitField("Save")

    @property
    def details(self) -> Details:
        """Give what was typed."""
        return Details(self.name.data or "", self.email.data, is_admin=self.is_admin.data, sure=self.sure.data)


class ButtonForm(FlaskForm):  # type: ignore[misc]  # as above
    """A button alone; its words stand in the template."""
