"""Importing a file in the browser: upload, see what would change, then take it over; and what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from flask import Blueprint, Response, current_app, redirect, render_template, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import DateOrder, Mapping
from bau_tracker.domain.permissions import Action
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.exports import csv_chunks, reject_row
from bau_tracker.formats.tables import REJECT_COLUMNS
from bau_tracker.services import importing, runs
from bau_tracker.services.permissions import teams_allowing
from bau_tracker.services.recognising import Request
from bau_tracker.settings import Settings
from bau_tracker.storage.tables import ImportRun
from bau_tracker.web import uploads
from bau_tracker.web.auth import actor, requires
from bau_tracker.web.clock import now
from bau_tracker.web.database import database
from bau_tracker.web.forms.importing import ConfirmForm, UploadForm
from bau_tracker.web.uploads import Upload

blueprint = Blueprint("importing", __name__, url_prefix="/import")
SETTINGS = "bau_tracker.settings"


@blueprint.route("", methods=["GET", "POST"])
@requires(Action.IMPORT)
def upload() -> ResponseReturnValue:
    """Take a file in and say what importing it would change."""
    form = UploadForm()
    uploads.drop_old(_folder(), now())
    teams = teams_allowing(database(), Action.IMPORT, actor=actor(), now=now())
    form.offer(teams)
    if not teams:
        return render_template("importing/upload.html", form=form, teams=teams), 200 if actor().is_admin else 403
    if not form.validate_on_submit():
        return render_template("importing/upload.html", form=form, teams=teams), 400 if form.errors else 200
    given = _said(form)
    token = uploads.keep(_folder(), form.file.data, given, now())
    try:
        run = _read(token)
    except InvalidInput as error:
        uploads.drop(_folder(), token)
        form[error.field if error.field in form else "file"].errors = [error.message]
        return render_template("importing/upload.html", form=form, teams=teams), 400
    database().commit()
    result = importing.result_of(database(), run)
    return render_template("importing/check.html", result=result, run=run, given=given, form=ConfirmForm())


@blueprint.post("/runs/<int(max=2147483647):run_id>")
@requires(Action.IMPORT)
def confirm(run_id: int) -> ResponseReturnValue:
    """Take a checked file over."""
    runs.run_of(database(), run_id, actor=actor())
    importing.take_over(database(), run_id, actor=actor(), now=now())
    database().commit()
    return redirect(url_for("importing.show", run_id=run_id))


@blueprint.get("/runs/<int(max=2147483647):run_id>")
@requires(Action.IMPORT)
def show(run_id: int) -> ResponseReturnValue:
    """Show what became of a file."""
    run = runs.run_of(database(), run_id, actor=actor())
    rejects = runs.rejects_of(database(), run_id, actor=actor())
    return render_template("importing/run.html", run=run, rejects=list(rejects)[:50])


@blueprint.get("/runs/<int(max=2147483647):run_id>/rejects.csv")
@requires(Action.IMPORT)
def rejects_csv(run_id: int) -> ResponseReturnValue:
    """Send the rows that were rejected, with the reasons, to be mended and uploaded again."""
    run = runs.run_of(database(), run_id, actor=actor())
    rows = (reject_row(reject, len(run.header)) for reject in runs.rejects_of(database(), run_id, actor=actor()))
    chunks = csv_chunks((*run.header, *REJECT_COLUMNS), rows)
    response = Response(stream_with_context(chunks), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="rejects-{run_id}.csv"'
    return response


def _read(token: str) -> ImportRun:
    path, given = uploads.find(_folder(), token, actor().person_id)
    wanted = Request(
        what=given.what,
        path=path,
        file_name=given.file_name,
        team=given.team or None,
        week=Week.parse(given.week) if given.week.strip() else None,
        mapping=Mapping(date_order=DateOrder(given.date_order)) if given.date_order else None,
    )
    run = importing.begin(database(), wanted, actor=actor(), now=now())
    for _ in importing.read_on(database(), run.id, holder=token, clock=now):
        pass
    return run


def _said(form: UploadForm) -> Upload:
    return Upload(
        person_id=actor().person_id or 0,
        file_name=_printable(Path(form.file.data.filename or "file").name),
        what=form.what.data,
        team=form.team.data,
        week=form.week.data or "",
        date_order=form.date_order.data,
    )


def _printable(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable()) or "file"


def _folder() -> Path:
    return cast("Settings", current_app.extensions[SETTINGS]).uploads_dir
