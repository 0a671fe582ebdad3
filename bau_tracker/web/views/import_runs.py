"""One import in the browser: how far it has come, what it would change, taking it over, undoing it, giving it up."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue

from bau_tracker.domain.errors import Conflict, InvalidInput, UnreadableInput
from bau_tracker.domain.importing import RunState
from bau_tracker.domain.permissions import Action
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.exports import csv_chunks, reject_row
from bau_tracker.formats.tables import REJECT_COLUMNS
from bau_tracker.services import import_checks, import_people, importing, runs
from bau_tracker.services.trends import SHOWN_WEEKS
from bau_tracker.storage.tables import ImportRun
from bau_tracker.web import reading, uploads
from bau_tracker.web.auth import actor, requires
from bau_tracker.web.clock import now
from bau_tracker.web.database import database
from bau_tracker.web.forms.importing import PeopleForm

blueprint = Blueprint("runs", __name__, url_prefix="/runs/<int(max=2147483647):run_id>")
SECONDS: Final = 2
"""How often the page of a run that goes on is loaded anew."""
UNDER_WAY: Final = (RunState.READING, RunState.TAKING_OVER)


@blueprint.get("")
@requires(Action.IMPORT)
def show(run_id: int) -> ResponseReturnValue:
    """Show how far an import has come, what it would change, or what it has changed."""
    run = _run(run_id)
    if run.state in UNDER_WAY:
        return _progress(run)
    if run.state == RunState.READ:
        return _check(run)
    return _result(run)


@blueprint.post("/confirm")
@requires(Action.IMPORT)
def confirm(run_id: int) -> ResponseReturnValue:
    """Take over what was read."""
    run = _run(run_id)
    try:
        reading.take_over(run)
    except Conflict as error:
        database().rollback()
        flash(error.message, "error")
    return redirect(url_for("importing.runs.show", run_id=run_id))


@blueprint.post("/go-on")
@requires(Action.IMPORT)
def go_on(run_id: int) -> ResponseReturnValue:
    """Go on with an import whose process has stopped."""
    run = _run(run_id)
    if run.state not in UNDER_WAY:
        return redirect(url_for("importing.runs.show", run_id=run_id))
    try:
        reading.read(run) if run.state == RunState.READING else reading.take_over(run)
    except Conflict as error:
        database().rollback()
        flash(error.message, "error")
    except UnreadableInput as error:
        database().rollback()
        importing.fail(database(), run_id, error.message)
        database().commit()
    return redirect(url_for("importing.runs.show", run_id=run_id))


@blueprint.post("/give-up")
@requires(Action.IMPORT)
def give_up(run_id: int) -> ResponseReturnValue:
    """Give an import up that nothing was taken over from, with its file."""
    run = _run(run_id)
    token = reading.token_of(run)
    runs.discard(database(), run_id, actor=actor(), now=now())
    database().commit()
    uploads.drop(reading.uploads_folder(), token)
    flash(f"{run.file_name} is given up. Nothing of it was stored.", "success")
    return redirect(url_for("importing.upload"))


@blueprint.post("/people")
@requires(Action.IMPORT)
def people(run_id: int) -> ResponseReturnValue:
    """Take in whose the unknown addresses are, and read the file again."""
    run = _run(run_id)
    token = reading.token_of(run)
    _, upload = uploads.find(reading.uploads_folder(), token, actor().person_id)
    form = _people_form(run)
    if form is None or not form.validate_on_submit():
        return _check(run, form)
    try:
        found = import_people.match_people(database(), run, form.said, actor=actor(), now=now())
    except InvalidInput as error:
        database().rollback()
        flash(error.message, "error")
        return redirect(url_for("importing.runs.show", run_id=run_id))
    said = replace(upload, people=upload.people | found, run=run.id)
    again = reading.start(token, said, run.rows_total)
    return redirect(url_for("importing.runs.show", run_id=again.id))


@blueprint.route("/undo", methods=["GET", "POST"])
@requires(Action.IMPORT)
def undo(run_id: int) -> ResponseReturnValue:
    """Say what undoing an import does, and do it on request."""
    run = _run(run_id)
    if run.state != RunState.IMPORTED:
        raise Conflict("Only an import that was taken over can be undone, and only once.")
    if request.method == "GET":
        return render_template("importing/undo.html", run=run)
    runs.undo(database(), run_id, actor=actor(), now=now())
    database().commit()
    return redirect(url_for("importing.runs.show", run_id=run_id))


@blueprint.get("/rejects.csv")
@requires(Action.IMPORT)
def rejects_csv(run_id: int) -> ResponseReturnValue:
    """Send the rows that were rejected, with the reasons, to be mended and uploaded again."""
    run = _run(run_id)
    rows = (
        reject_row(reject, len(run.header)) for reject in runs.rejects_of(database(), run_id, actor=actor(), now=now())
    )
    chunks = csv_chunks((*run.header, *REJECT_COLUMNS), rows)
    response = Response(stream_with_context(chunks), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="rejects-{run_id}.csv"'
    return response


def _run(run_id: int) -> ImportRun:
    return runs.run_of(database(), run_id, actor=actor(), now=now())


def _progress(run: ImportRun) -> ResponseReturnValue:
    """Show how far a run is, anew every few seconds, by a header and not in the page, where it can't be turned off."""
    held = run.leased_until is not None and run.leased_until > now()
    steady = not held or "steady" in request.args
    response = make_response(render_template("importing/progress.html", run=run, held=held, steady=steady))
    if not steady:
        response.headers["Refresh"] = str(SECONDS)
    return response


def _check(run: ImportRun, form: PeopleForm | None = None) -> ResponseReturnValue:
    objection = importing.objection(database(), run, actor=actor(), now=now())
    if objection:
        return render_template("importing/stale.html", run=run, objection=objection)
    result = importing.result_of(database(), run)
    rows = import_checks.first_rows(database(), run) if _is_own(run) else []
    rendered = render_template(
        "importing/check.html",
        run=run,
        result=result,
        reasons=import_checks.reasons(database(), run, result.problems),
        rows=rows,
        categories=import_checks.categories_of(rows),
        before=import_checks.imported_before(database(), run, actor=actor()),
        team=import_checks.team_of(database(), run),
        token=reading.token_of(run) if _is_own(run) else "",
        form=form or _people_form(run),
        waits_until=importing.waits_until(run),
        first_day=import_people.first_day(database(), run, now()),
    )
    return rendered, 400 if form and form.errors else 200


def _result(run: ImportRun) -> ResponseReturnValue:
    result = importing.result_of(database(), run)
    return render_template(
        "importing/result.html",
        run=run,
        shown_since=Week.containing(now().date()).shift(-SHOWN_WEEKS),
        result=result,
        reasons=import_checks.reasons(database(), run, result.problems),
        team=import_checks.team_of(database(), run),
    )


def _people_form(run: ImportRun) -> PeopleForm | None:
    """Give the form about the unknown people of one's own upload."""
    if not run.unknown or not _is_own(run) or not reading.token_of(run):
        return None
    members = import_people.people_to_choose(database(), run, actor=actor(), now=now())
    return PeopleForm.of(run.unknown, members, team=import_checks.team_of(database(), run))


def _is_own(run: ImportRun) -> bool:
    return run.person_id == actor().person_id
