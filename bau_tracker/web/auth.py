"""Decides who a request comes from, and that every endpoint says what it needs: `@requires(action)` or `@public`.

Whether the action is allowed for a certain team is checked in the services. Sessions last SESSION_LASTS and end when
the person's session key changes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from flask import Flask, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user

from bau_tracker.domain.permissions import Action, Actor
from bau_tracker.services.permissions import teams_allowing
from bau_tracker.storage import people
from bau_tracker.storage.tables import Person
from bau_tracker.web.clock import now
from bau_tracker.web.database import database

P = ParamSpec("P")
R = TypeVar("R")

SESSION_LASTS: Final = timedelta(days=14)
GUARD: Final = "bau_tracker_guard"
PUBLIC: Final = "public"

login_manager = LoginManager()


class User(UserMixin):  # type: ignore[misc]  # flask-login has no types
    """The person signed in, as flask-login wants it; the id changes with the session key."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.id = f"{person.id}:{person.session_key}"

    @property
    def name(self) -> str:
        """Give what the person is called."""
        return self.person.name or self.person.email


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Open a view to everybody, on purpose."""
    setattr(view, GUARD, PUBLIC)
    return view


def requires(action: Action) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Let a view be used only by somebody signed in, and name what the services then check for the team in question."""

    def guard(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return ask_to_sign_in()
            return view(*args, **kwargs)

        setattr(guarded, GUARD, action)
        return guarded

    return guard


def actor() -> Actor:
    """Give who does what this request asks for."""
    person: Person = current_user.person
    return Actor(person.id, current_user.name, is_admin=person.is_admin)


def may_somewhere(action: Action) -> bool:
    """Say whether the person signed in may do this with any team; for menus."""
    if not current_user.is_authenticated:
        return False
    return bool(teams_allowing(database(), action, actor=actor(), now=now()))


def sign_in(person: Person) -> None:
    """Begin a session."""
    session.clear()
    session.permanent = True
    login_user(User(person))


def ask_to_sign_in() -> ResponseReturnValue:
    """Send somebody unknown to the sign-in page, and back afterwards to a page that can be opened again."""
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    if request.method != "GET":
        flash("You were signed out before this was sent. Sign in and do it again.", "warning")
    return redirect(url_for("people.sign_in", next=target))


def register(app: Flask) -> None:
    """Set up flask-login."""
    app.permanent_session_lifetime = SESSION_LASTS
    login_manager.init_app(app)
    login_manager.user_loader(_load)


def _load(user_id: str) -> User | None:
    number, _, session_key = user_id.partition(":")
    person = people.person_with_id(database(), int(number)) if number.isdecimal() else None
    return User(person) if person is not None and person.session_key == session_key else None
