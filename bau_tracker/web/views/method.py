"""The page that explains how verdicts are reached; it tells of nobody, so everybody may read it."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from bau_tracker.domain.reasons import METHOD
from bau_tracker.web.auth import public

blueprint = Blueprint("method", __name__)


@blueprint.get("/method")
@public
def show() -> ResponseReturnValue:
    """Explain the detector, to a lead and to an engineer."""
    return render_template("method/show.html", method_words=METHOD)
