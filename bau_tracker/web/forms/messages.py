"""Decides the shape of the form by which people choose which messages they get."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, SubmitField
from wtforms.widgets import CheckboxInput, ListWidget


class MessagesForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """The teams about which messages are wanted."""

    wanted = SelectMultipleField(
        "Send me messages about", choices=[], widget=ListWidget(), option_widget=CheckboxInput(), validate_choice=False
    )
    send = SubmitField("Save")
