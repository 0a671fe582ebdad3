"""Decides the shape of the forms by which people get in: password, first person, new password."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField, SubmitField
from wtforms.validators import InputRequired

from bau_tracker.domain.people import SHORTEST_PASSWORD

_NEW = f"{SHORTEST_PASSWORD} characters or more; a few words are fine."


class SignInForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """E-mail address and password."""

    email = EmailField(
        "E-mail address", [InputRequired("Enter your e-mail address.")], render_kw={"autocomplete": "username"}
    )
    password = PasswordField(
        "Password", [InputRequired("Enter your password.")], render_kw={"autocomplete": "current-password"}
    )
    send = SubmitField("Sign in")


class AskForLinkForm(FlaskForm):  # type: ignore[misc]  # as above
    """The address to which a sign-in link is mailed."""

    address = EmailField(
        "Your e-mail address", [InputRequired("Enter your e-mail address.")], render_kw={"autocomplete": "email"}
    )
    send = SubmitField("E-mail me a sign-in link")


class LinkForm(FlaskForm):  # type: ignore[misc]  # as above
    """The button that uses a sign-in link up."""

    send = SubmitField("Sign in")


class FirstPersonForm(FlaskForm):  # type: ignore[misc]  # as above
    """The first person of an empty installation, with the code that the server printed."""

    code = StringField(
        "Code",
        [InputRequired("Enter the code that the server printed.")],
        description="The server printed it when it started.",
        render_kw={"autocomplete": "one-time-code"},
    )
    email = EmailField(
        "Your e-mail address", [InputRequired("Enter your e-mail address.")], render_kw={"autocomplete": "username"}
    )
    password = PasswordField(
        "Choose a password",
        [InputRequired("Choose a password.")],
        description=_NEW,
        render_kw={"autocomplete": "new-password"},
    )
    send = SubmitField("Set up and sign in")


class PasswordForm(FlaskForm):  # type: ignore[misc]  # as above
    """A new password; the current one is asked for where there is one."""

    current = PasswordField("Current password", render_kw={"autocomplete": "current-password"})
    password = PasswordField(
        "New password",
        [InputRequired("Choose a password.")],
        description=_NEW,
        render_kw={"autocomplete": "new-password"},
    )
    send = SubmitField("Set password")
