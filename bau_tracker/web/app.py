"""Puts the web application together from its parts; decides nothing itself."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask
from flask_bootstrap import Bootstrap5

from bau_tracker.domain.permissions import Action
from bau_tracker.resources import resource
from bau_tracker.settings import Settings
from bau_tracker.storage.engine import make_engine
from bau_tracker.web import auth, clock, database, errors, filters, mail, reading, security
from bau_tracker.web.assets import assets
from bau_tracker.web.clock import Clock, system_clock
from bau_tracker.web.views import (
    accounts,
    actions,
    alerts,
    health,
    importing,
    lifecycle,
    links,
    members,
    messages,
    method,
    organisation,
    overview,
    own,
    people,
    surveys,
    team_settings,
    teams,
    verdicts,
)

SETTINGS = "bau_tracker.settings"


def create_app(settings: Settings, *, clock_: Clock = system_clock, engine: sa.Engine | None = None) -> Flask:
    """Make the application for these settings; `clock_` and `engine` are replaced by tests and commands."""
    app = Flask(__name__, template_folder=str(resource("templates")))
    app.extensions[SETTINGS] = settings
    app.extensions[clock.CLOCK] = clock_
    app.config["BOOTSTRAP_SERVE_LOCAL"] = True
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    security.register(app, settings)
    database.register(app, engine or make_engine(settings.database_url))
    auth.register(app)
    errors.register(app)
    filters.register(app)
    mail.register(app)
    reading.register(app)
    Bootstrap5(app)
    for part in (
        overview,
        lifecycle,
        teams,
        verdicts,
        members,
        actions,
        alerts,
        team_settings,
        surveys,
        links,
        own,
        people,
        messages,
        accounts,
        organisation,
        importing,
        method,
        health,
    ):
        app.register_blueprint(part.blueprint)
    app.register_blueprint(assets)

    @app.context_processor
    def menu() -> dict[str, object]:
        return {"may_import": auth.may_somewhere(Action.IMPORT)}

    return app
