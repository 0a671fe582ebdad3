"""Decides how `bau-tracker classify` meets files and people: what goes where, and with which exit status."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, TextIO, cast

import click

from bau_tracker.cli.outputs import check_output
from bau_tracker.cli.printing import say, say_problem
from bau_tracker.domain.classification import Classification, classify
from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.domain.importing import Problem
from bau_tracker.formats.classification import read_items, write_classes

_FAILED: Final = 1
_UNREADABLE: Final = 2
_SOME_REJECTED: Final = 3
_PROBLEMS_SHOWN: Final = 20
_IN_MEMORY: Final = 8 << 20


@click.command("classify")
@click.argument("source", metavar="IN.csv", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option(
    "-o", "--output", metavar="OUT.csv", default="-", type=click.Path(dir_okay=False, allow_dash=True),
    help="Where to write the classes; standard output when left out.",
)  # fmt: skip
def command(source: str, output: str) -> None:
    """Say what each work item of a CSV file is about. Needs no database.

    \b
    IN.csv   id,title[,body_excerpt|description][,labels][,item_type]; - for standard input
    OUT.csv  id,predicted_class,confidence,evidence
    """
    problems: list[Problem] = []
    try:
        if source != "-" and output != "-":
            check_output(Path(output), Path(source))
        with _opened(source) as items, _destination(output) as classes:
            write_classes(classes, _classified(items, problems))
    except UnreadableInput as error:
        say(error.message)
        sys.exit(_UNREADABLE)
    except OSError as error:
        say(f"Nothing was written: {error.strerror or error}.")
        sys.exit(_FAILED)
    if problems:
        _report(problems)
        sys.exit(_SOME_REJECTED)


def _classified(items: BinaryIO, problems: list[Problem]) -> Iterator[tuple[str, Classification]]:
    """Classify what can be read, and note what can't."""
    silent = not sys.stderr.isatty()
    with click.progressbar(read_items(items), label="Classifying", file=sys.stderr, hidden=silent) as bar:
        for item in bar:
            if isinstance(item, Problem):
                problems.append(item)
            else:
                found = classify(item.title, text=item.text, labels=item.labels, item_type=item.item_type)
                yield item.item_id, found


@contextlib.contextmanager
def _opened(source: str) -> Iterator[BinaryIO]:
    """Open a file, or keep standard input aside, so that it can be read twice."""
    if source != "-":
        path = Path(source)
        if not path.is_file():  # a pipe would be waited for without end
            raise UnreadableInput(f"{path.name} is no file. Save it as one, or give - and send it to standard input.")
        with path.open("rb") as file:
            yield file
        return
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
        shutil.copyfileobj(sys.stdin.buffer, spool)
        spool.seek(0)
        yield cast("BinaryIO", spool)


@contextlib.contextmanager
def _destination(output: str) -> Iterator[TextIO]:
    """Give a file that appears at its place, or on standard output, only once it is complete."""
    if output == "-":
        with tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", newline="") as spool:
            yield cast("TextIO", spool)
            spool.seek(0)
            for line in spool:
                sys.stdout.buffer.write(line.encode())
            sys.stdout.buffer.flush()
        return
    place = Path(output).resolve()  # a link stays one
    if place.exists() and not place.is_file():  # a pipe or a device, which a file can't take the place of
        with place.open("w", encoding="utf-8", newline="") as file:
            yield file
        return
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
        unfinished.chmod(0o666 & ~_umask())
        unfinished.replace(place)
    finally:
        unfinished.unlink(missing_ok=True)


def _umask() -> int:
    """Ask for the permissions that new files lack; the system tells only while setting them."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _report(problems: list[Problem]) -> None:
    for problem in problems[:_PROBLEMS_SHOWN]:
        say_problem(problem)
    if len(problems) > _PROBLEMS_SHOWN:
        say(f"... and {len(problems) - _PROBLEMS_SHOWN} more.")
    rows = "row was" if len(problems) == 1 else "rows were"
    say(f"{len(problems)} {rows} left out; the rest is done.")
