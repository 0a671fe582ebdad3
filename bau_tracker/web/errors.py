"""Decides the status code and the page of everything that can go wrong; the words come from where it went wrong."""

from __future__ import annotations

import errno
from typing import Final

from flask import Flask, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge

from bau_tracker.domain.errors import BauTrackerError, Conflict, Expired, Forbidden, InvalidInput, NotFound

STATUS: Final[dict[type[BauTrackerError], int]] = {
    Expired: 410,
    InvalidInput: 400,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
}
"""Of two that fit, the first counts."""
TITLES: Final = {
    400: "That can't be right",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    409: "Something changed in between",
    410: "Over",
    413: "The file is too large",
    500: "Something went wrong",
    503: "Not available just now",
    507: "No room",
}
_WORDS: Final = {
    404: "There is nothing at this address, or not for you. Go to the overview and find it from there.",
    405: "This address doesn't take what was sent. Go back and use the page's own buttons.",
    503: "The database doesn't answer as it should. Nothing was changed; go back and send it again in a minute.",
    507: "The server's disk is full, or can't be written. Nothing was changed. Tell whoever runs it.",
    500: "This is a fault of the program. Nothing was changed; try again, and tell whoever runs it if it stays.",
}

_FULL: Final = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES))
_FULL_WORDS: Final = ("disk is full", "readonly database", "No space left")


def register(app: Flask) -> None:
    """Give every failure its page."""
    app.register_error_handler(BauTrackerError, _ours)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(OSError, _no_room)
    app.register_error_handler(HTTPException, _any)
    app.register_error_handler(InternalServerError, _fault)


def status_of(error: BauTrackerError) -> int:
    """Give the status code of one of our errors."""
    return next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)


def error_page(code: int, message: str) -> ResponseReturnValue:
    """Give the page of an error."""
    return render_template("errors/error.html", title=TITLES.get(code, "Not possible"), message=message), code


def _ours(error: BauTrackerError) -> ResponseReturnValue:
    return error_page(status_of(error), error.message)


def _expired(_error: CSRFError) -> ResponseReturnValue:
    return error_page(
        400, "This page was open too long, or your session ended. Go back, load the page again and send it once more."
    )


def _too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    return error_page(413, "The file is larger than this installation takes. Split it, or import on the command line.")


def _fault(_error: InternalServerError) -> ResponseReturnValue:
    return _bare_page(500)


def _unavailable(error: OperationalError) -> ResponseReturnValue:
    current_app.logger.error("The database doesn't answer: %s", error.orig)
    if any(words in str(error.orig) for words in _FULL_WORDS):
        return _bare_page(507)
    return *_bare_page(503), {"Retry-After": "30"}


def _no_room(error: OSError) -> ResponseReturnValue:
    if error.errno not in _FULL:
        raise error
    current_app.logger.error("The disk can't be written: %s", error.strerror)
    return _bare_page(507)


def _bare_page(code: int) -> tuple[str, int]:
    """Give a page that asks neither the database nor who is signed in: either may be what failed."""
    page = current_app.jinja_env.get_template("errors/fault.html")
    return page.render(title=TITLES[code], message=_WORDS[code]), code


def _any(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    return error_page(code, _WORDS.get(code, error.description or "The request can't be answered."))
