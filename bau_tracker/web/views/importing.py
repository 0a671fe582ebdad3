"""Importing a file in the browser: upload it, and the list of the imports before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.permissions import Action
from bau_tracker.services import importing, runs
from bau_tracker.services.import_kinds import inspect_any
from bau_tracker.services.permissions import teams_allowing
from bau_tracker.storage.tables import Team
from bau_tracker.web import reading, uploads
from bau_tracker.web.auth import actor, requires
from bau_tracker.web.clock import now
from bau_tracker.web.database import database
from bau_tracker.web.forms.fields import blame
from bau_tracker.web.forms.importing import UploadForm
from bau_tracker.web.uploads import Upload
from bau_tracker.web.views import import_columns, import_runs

blueprint = Blueprint("importing", __name__, url_prefix="/import")
blueprint.register_blueprint(import_columns.blueprint)
blueprint.register_blueprint(import_runs.blueprint)


@blueprint.route("", methods=["GET", "POST"])
@requires(Action.IMPORT)
def upload() -> ResponseReturnValue:
    """Take a file in, and read it at once when it leaves nothing open."""
    form = UploadForm()
    uploads.drop_old(reading.uploads_folder(), now())
    importing.drop_stale(database(), now())
    database().commit()
    teams = teams_allowing(database(), Action.IMPORT, actor=actor(), now=now())
    form.offer(teams)
    if not teams or not form.validate_on_submit():
        return _page(form, teams)
    try:
        return redirect(_take_in(form.file.data, _said(form)))
    except InvalidInput as error:
        database().rollback()
        blame(form, error, "file")
        return _page(form, teams)


def _take_in(file: FileStorage, upload: Upload) -> str:
    """Keep a file, and give the page on which it goes on; a file that can't be read isn't kept."""
    token = uploads.keep(reading.uploads_folder(), file, upload, now())
    try:
        return _next(token, upload)
    except InvalidInput:
        uploads.drop(reading.uploads_folder(), token)
        raise


def _next(token: str, upload: Upload) -> str:
    """Read a file that leaves nothing open, and give the page of its import; else that of its columns."""
    folder = reading.uploads_folder()
    wanted = reading.request_of(uploads.path_of(folder, token), upload)
    look = inspect_any(database(), wanted, actor=actor(), now=now())
    known = replace(upload, what=look.request.what)
    changed = look.memory and look.memory.comparison
    if look.inspection.questions or changed:
        uploads.save(folder, token, known, now())
        return url_for("importing.columns.show", token=token)
    return url_for("importing.runs.show", run_id=reading.start(token, known, look.inspection.rows).id)


def _page(form: UploadForm, teams: Sequence[Team]) -> ResponseReturnValue:
    shown = runs.runs_shown(database(), actor=actor())
    status = 400 if form.errors else 200 if teams or actor().is_admin else 403
    waiting = uploads.waiting(reading.uploads_folder(), actor().person_id) if teams else {}
    page = render_template(
        "importing/upload.html",
        form=form,
        teams=teams,
        runs=shown,
        waiting=waiting,
        waits_until=importing.waits_until,
    )
    return page, status


def _said(form: UploadForm) -> Upload:
    name = re.split(r"[\\/]", form.file.data.filename or "")[-1]
    return Upload(
        person_id=actor().person_id or 0,
        file_name="".join(letter for letter in name if letter.isprintable()) or "file",
        what=form.what.data,
        team=form.team.data,
    )
