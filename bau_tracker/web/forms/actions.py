"""Decides the shape of the form for what a team agreed to do."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField, SubmitField

from bau_tracker.services.actions import LONGEST


class ActionForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """One action, in one line."""

    text = StringField(
        "What did you agree to do?",
        description=f"One line, {LONGEST} characters at most: Roll back a bad deployment by one command.",
        render_kw={"maxlength": LONGEST, "autocomplete": "off"},
    )
    send = SubmitField("Add to what is agreed")
