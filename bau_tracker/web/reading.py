"""Decides what of an import happens while the browser waits: short files whole, long ones go on in a thread.

The page of a run shows how far it has come. A process that dies takes its threads with it; a run keeps what was read,
and goes on where it stood once somebody asks for it after the lease.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from logging import Logger
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Final, cast

from flask import Flask, current_app
from sqlmodel import Session

from bau_tracker.domain.errors import BauTrackerError, Conflict, NotFound
from bau_tracker.domain.importing import RunState
from bau_tracker.domain.permissions import Actor
from bau_tracker.domain.weeks import Week
from bau_tracker.services import importing, runs
from bau_tracker.services.recognising import Request
from bau_tracker.settings import Settings
from bau_tracker.storage.engine import writing
from bau_tracker.storage.tables import ImportRun
from bau_tracker.web import uploads
from bau_tracker.web.auth import actor
from bau_tracker.web.clock import CLOCK, Clock, now
from bau_tracker.web.database import ENGINE, database
from bau_tracker.web.uploads import Upload

if TYPE_CHECKING:
    import sqlalchemy as sa

_SETTINGS: Final = "bau_tracker.settings"
READERS: Final = "bau_tracker.readers"
AT_ONCE: Final = 20_000
"""So many rows are read, or taken over, while the browser waits: about a second."""
_FAULT: Final = (
    "This is a fault of the program, and nothing was imported. Tell whoever runs it, with the time and the file's name."
)


def register(app: Flask) -> None:
    """Make the threads in which long files are read: two, as one writes while the other takes its file apart."""
    app.extensions[READERS] = ThreadPoolExecutor(2, thread_name_prefix="import")


def start(token: str, upload: Upload, rows: int | None) -> ImportRun:
    """Begin the import of an uploaded file, in the place of one that was begun of it before, and read it.

    `rows` is how many it will be, for the page that says how far it is. Commits; raises what `importing.begin` and
    `importing.read_on` raise, and then nothing of it is left.
    """
    path = uploads.path_of(uploads_folder(), token)
    give_up(upload.run)
    run = importing.begin(database(), request_of(path, upload), actor=actor(), now=now())
    run.rows_total = run.rows_total or rows
    uploads.save(uploads_folder(), token, replace(upload, run=run.id), now())
    database().commit()
    try:
        read(run)
    except BauTrackerError:
        database().rollback()
        give_up(run.id)
        database().commit()
        raise
    return run


def request_of(path: Path, upload: Upload) -> Request:
    """Give what an uploaded file is to be imported as, by what was said about it."""
    return Request(
        what=upload.what,
        path=path,
        file_name=upload.file_name,
        team=upload.team or None,
        week=Week.parse(upload.week) if upload.week else None,
        mapping=upload.mapping,
        people=upload.people,
    )


def read(run: ImportRun) -> None:
    """Read a run on: what is short now, the rest in a thread. Commits; raises what `importing.read_on` raises."""
    holder, clock, before = token_hex(16), _clock(), run.rows
    for rows in importing.read_on(database(), run.id, holder=holder, clock=clock):
        database().commit()
        if rows - before >= AT_ONCE:
            _hand_over(run.id, partial(_read_rest, run_id=run.id, holder=holder, clock=clock))
            break
    database().commit()


def take_over(run: ImportRun) -> None:
    """Take a run over: a short one now, a long one in a thread; then its file isn't needed any more.

    Commits; raises what `importing.take_over` raises.
    """
    token, folder = token_of(run), uploads_folder()
    work = partial(_take_over, run_id=run.id, by=actor(), clock=_clock(), then=partial(uploads.drop, folder, token))
    if run.rows <= AT_ONCE:
        work(database())
        return
    importing.announce(database(), run.id, now=now())
    database().commit()
    _hand_over(run.id, work)


def token_of(run: ImportRun) -> str:
    """Give the token of the uploaded file that a run reads; empty when it was no upload, or is gone."""
    return uploads.token_of(uploads_folder(), run.request.get("file", ""))


def uploads_folder() -> Path:
    """Give the folder in which uploaded files wait."""
    return cast("Settings", current_app.extensions[_SETTINGS]).uploads_dir


def give_up(run_id: int | None) -> None:
    """Give up an import that was begun of a file, if it is still there; one that is being taken over stands."""
    if run_id is not None:
        with suppress(NotFound):
            if runs.run_of(database(), run_id, actor=actor(), now=now()).state == RunState.TAKING_OVER:
                raise Conflict("This file is being imported already.")
            runs.discard(database(), run_id, actor=actor(), now=now())


def _read_rest(session: Session, run_id: int, holder: str, clock: Clock) -> None:
    """Read to the end, unless another process does by now, or the run was given up."""
    with suppress(Conflict, NotFound):
        for _ in importing.read_on(session, run_id, holder=holder, clock=clock):
            session.commit()


def _take_over(session: Session, run_id: int, by: Actor, clock: Clock, then: Callable[[], None]) -> None:
    importing.take_over(session, run_id, actor=by, now=clock())
    session.commit()
    then()


def _hand_over(run_id: int, work: Callable[[Session], None]) -> None:
    """Leave work on a run to a thread, with a session of its own."""
    executor = cast("Executor", current_app.extensions[READERS])
    engine = cast("sa.Engine", current_app.extensions[ENGINE])
    executor.submit(_work, engine, current_app.logger, run_id, work)


def _work(engine: sa.Engine, log: Logger, run_id: int, work: Callable[[Session], None]) -> None:
    """Do it; what goes wrong is written down at the run, as nobody waits for an answer."""
    try:
        with Session(writing(engine)) as session:
            work(session)
    except BauTrackerError as error:
        _fail(engine, run_id, error.message)
    except Exception:
        log.exception("Import %s failed", run_id)
        _fail(engine, run_id, _FAULT)


def _fail(engine: sa.Engine, run_id: int, message: str) -> None:
    with Session(writing(engine)) as session:
        importing.fail(session, run_id, message)
        session.commit()


def _clock() -> Clock:
    return cast("Clock", current_app.extensions[CLOCK])
