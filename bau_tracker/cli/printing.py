"""Decides how text reaches a terminal: what files, the database and arguments hold is seen there, and does nothing.

Every command prints by these functions. Tables and lists of rejects are data, and stay as they are.
"""

from __future__ import annotations

import re
from typing import Final

import click

from bau_tracker.domain.importing import Problem

_BREAKS: Final = re.compile("[\t-\r\x1c-\x1e\x85\u2028\u2029]+")
_ACTING: Final = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What moves the cursor, rings, colours, turns the direction of writing, or can't be written at all."""


def say(message: str) -> None:
    """Print a message to standard error."""
    click.echo(shown(message), err=True)


def say_problem(problem: Problem) -> None:
    """Print why a row was left out, in one line."""
    say(f"Line {problem.line}: {in_line(problem.message)}")


def give(line: str) -> None:
    """Print what a command is asked for to standard output."""
    click.echo(shown(line))


def shown(text: str) -> str:
    """Write � for what would do more than be seen; line breaks and tabs stay."""
    return _ACTING.sub("\ufffd", text)


def in_line(text: str) -> str:
    """Write a text from outside as a part of one line, so that it can't pass for a line or a column of its own."""
    return shown(_BREAKS.sub(" ", text))
