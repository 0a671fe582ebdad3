"""Saying in the browser what the columns of an uploaded file mean, with a preview of what that comes to."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import Mapping
from bau_tracker.domain.permissions import Action
from bau_tracker.services import import_checks
from bau_tracker.services.import_kinds import inspect_any
from bau_tracker.services.recognising import ANSWERS, ITEMS, Look
from bau_tracker.web import reading, uploads
from bau_tracker.web.auth import actor, requires
from bau_tracker.web.clock import now
from bau_tracker.web.database import database
from bau_tracker.web.forms.fields import blame
from bau_tracker.web.forms.import_columns import ColumnsForm, is_wide
from bau_tracker.web.uploads import Upload

blueprint = Blueprint("columns", __name__, url_prefix="/files/<token>")
OTHER: Final = {ANSWERS: ITEMS, ITEMS: ANSWERS}
READ: Final = "read"


@blueprint.route("", methods=["GET", "POST"])
@requires(Action.IMPORT)
def show(token: str) -> ResponseReturnValue:
    """Show what a file was recognised as; take in what is said otherwise, and read the file on request."""
    upload = _upload(token)
    look = _look(token, upload)
    wanted = request.form.get("action", "")
    if wanted in OTHER:
        return _save(token, replace(upload, what=wanted, mapping=None))
    form = _form(look)
    if not form.validate_on_submit():
        return _page(token, look, form)
    said = replace(upload, mapping=form.said, week=form.said_week)
    try:
        seen = _look(token, said)
        if wanted == READ and not seen.inspection.questions:
            run = reading.start(token, said, seen.inspection.rows)
            return redirect(url_for("importing.runs.show", run_id=run.id))
    except InvalidInput as error:
        database().rollback()
        blame(form, error, "encoding")
        return _page(token, look, form)
    if wanted == READ:
        flash("The file can't be read yet: something is still open, see below.", "warning")
    return _save(token, said, anchor=None if seen.inspection.questions else "preview")


@blueprint.post("/drop")
@requires(Action.IMPORT)
def drop(token: str) -> ResponseReturnValue:
    """Give a file up, with an import that was begun of it."""
    upload = _upload(token)
    reading.give_up(upload.run)
    database().commit()
    uploads.drop(reading.uploads_folder(), token)
    flash(f"{upload.file_name} is given up. Nothing of it was stored.", "success")
    return redirect(url_for("importing.upload"))


def _upload(token: str) -> Upload:
    return uploads.find(reading.uploads_folder(), token, actor().person_id)[1]


def _look(token: str, upload: Upload) -> Look:
    path = uploads.path_of(reading.uploads_folder(), token)
    return inspect_any(database(), reading.request_of(path, upload), actor=actor(), now=now())


def _form(look: Look) -> ColumnsForm:
    told = look.request.mapping or Mapping()
    return ColumnsForm.of(look.inspection, told, look.request.week, what=look.request.what)


def _save(token: str, upload: Upload, *, anchor: str | None = None) -> ResponseReturnValue:
    uploads.save(reading.uploads_folder(), token, upload, now())
    return redirect(url_for("importing.columns.show", token=token, _anchor=anchor))


def _page(token: str, look: Look, form: ColumnsForm) -> ResponseReturnValue:
    first = None if look.inspection.questions else import_checks.preview(database(), look, actor=actor(), now=now())
    rendered = render_template(
        "importing/columns.html",
        token=token,
        look=look,
        form=form,
        choices=list(form.columns),
        unused=form.unused,
        first=first,
        is_wide=is_wide(look.inspection.looks),
        categories=import_checks.categories_of(first.rows) if first else {},
        other=OTHER[look.request.what],
    )
    return rendered, 400 if form.errors else 200
