"""Reads the people that somebody pastes: addresses one a line or in a row, `Name <address>`, or a table with a header.

A line that can't be understood says why and leaves the others alone. What becomes of each is left to the services.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.memberships import sound_hours
from bau_tracker.domain.people import normal_email
from bau_tracker.domain.permissions import Role

MOST_PEOPLE: Final = 500
LONGEST_TEXT: Final = 100_000
_NAMED: Final = re.compile(r'(?P<name>"[^<>"]*"\s*|[^<>"]*)<(?P<email>[^<>]*)>')
_DAYS: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_COLUMNS: Final = {
    "email": "email", "e-mail": "email", "mail": "email", "address": "email", "e-mail address": "email",
    "email address": "email", "name": "name", "role": "role", "hours": "hours", "hours a week": "hours",
    "from": "starts_on", "start": "starts_on", "starts_on": "starts_on", "first day": "starts_on",
}  # fmt: skip
_KNOWN: Final = "email, name, role, hours and from"
_ROW: Final = "This looks like a row of a table. Put a first line such as email,name,role above it, with its columns."
_ROLES: Final = {"": None, "member": Role.MEMBER, "lead": Role.LEAD}


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person of what was pasted; None where nothing was said. `problem` says why it can't be taken."""

    line: int
    text: str
    email: str = ""
    name: str = ""
    role: Role | None = None
    hours: float | None = None
    starts_on: date | None = None
    problem: str = ""


def read_text(content: bytes) -> str:
    """Read a text file: UTF-8, else the usual letters of Windows; raises InvalidInput for what is no text."""
    if b"\0" in content:
        raise InvalidInput("This file isn't text. Save the table as CSV, then choose that file.", "file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read_people(text: str) -> list[PersonLine]:
    """Read what was pasted, the same address only once.

    Raises InvalidInput when it is too much or nothing, and for a table with columns that aren't known.
    """
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(f"That is too much text. Add {MOST_PEOPLE} people at a time.", "people")
    lines = [(number, line.strip()) for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1)]
    given = [(number, line) for number, line in lines if line]
    if not given:
        raise InvalidInput("Paste at least one e-mail address, or choose a file.", "people")
    found = list(_without_repeats(_read_table(given) if _header(given[0][1]) else _read_list(given)))
    if len(found) > MOST_PEOPLE:
        raise InvalidInput(f"These are {len(found)} people. Add {MOST_PEOPLE} at a time.", "people")
    return found


def _header(line: str) -> tuple[str, Sequence[str]] | None:
    """Give the delimiter and the columns of a line that names columns; None for another.

    Raises InvalidInput when one isn't known, or none is the address.
    """
    for delimiter in (",", ";", "\t"):
        given = [name.strip().strip('"').strip() for name in line.split(delimiter)]
        names = [_COLUMNS.get(name.casefold(), "") for name in given]
        if any(names) and "@" not in line:
            _check_columns(given, names)
            return delimiter, names
    return None


def _check_columns(given: Sequence[str], names: Sequence[str]) -> None:
    unknown = [f"“{name[:40]}”" for name, known in zip(given, names, strict=True) if name and not known]
    if unknown:
        raise InvalidInput(
            f"The first line names what isn't known: {', '.join(unknown)}. Known columns are {_KNOWN}. "
            "Rename the others, or leave them out.",
            "people",
        )
    if "email" not in names:
        raise InvalidInput(f"No column of the table is called email. Known columns are {_KNOWN}.", "people")


def _read_table(given: Sequence[tuple[int, str]]) -> Iterator[PersonLine]:
    delimiter, names = _header(given[0][1]) or (",", ())
    for number, text in given[1:]:
        (cells,) = csv.reader([text], delimiter=delimiter)
        said = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}
        yield _read_row(PersonLine(number, text[:200]), said)


def _read_row(line: PersonLine, said: dict[str, str]) -> PersonLine:
    try:
        return replace(
            line,
            email=_address(said.get("email", "")),
            name=_clean(said.get("name", "")),
            role=_role(said.get("role", "")),
            hours=_hours(said.get("hours", "")),
            starts_on=_day(said.get("starts_on", "")),
        )
    except InvalidInput as error:
        return replace(line, problem=error.message)


def _read_list(given: Sequence[tuple[int, str]]) -> Iterator[PersonLine]:
    for number, text in given:
        for part in _parts(text):
            if piece := part.strip(" ,;\t"):
                yield _read_one(PersonLine(number, piece[:200]), piece)


def _parts(text: str) -> Iterator[str]:
    """Split where one person ends and the next begins: a comma may stand within a name, as in `Ruiz, Ana <...>`."""
    if text.count("@") == 1:
        yield text
        return
    for piece in re.split(r"[;\t]|(?<=>)\s*,", text):
        yield from piece.split(",") if piece.count("@") != 1 else [piece]


def _read_one(line: PersonLine, piece: str) -> PersonLine:
    match = _NAMED.fullmatch(piece)
    if not match and "@" in piece and re.search(r"[,;\t]", piece):
        return replace(line, problem=_ROW)
    try:
        email = normal_email(match["email"] if match else piece)
    except InvalidInput as error:
        return replace(line, problem=error.message)
    return replace(line, email=email, name=_clean(match["name"].strip(' "')) if match else "")


def _without_repeats(lines: Iterator[PersonLine]) -> Iterator[PersonLine]:
    seen: dict[str, int] = {}
    for line in lines:
        if line.email in seen and not line.problem:
            yield replace(line, problem=f"The same address stands in line {seen[line.email]}.")
            continue
        if line.email:
            seen[line.email] = line.line
        yield line


def _clean(name: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())[:120]


def _address(text: str) -> str:
    if not text:
        raise InvalidInput("This row has no e-mail address.")
    return normal_email(text)


def _role(text: str) -> Role | None:
    if text.casefold() not in _ROLES:
        raise InvalidInput(f"“{text[:40]}” is no role. Write member or lead.")
    return _ROLES[text.casefold()]


def _hours(text: str) -> float | None:
    try:
        return sound_hours(float(text.replace(",", ".")) if text else None)
    except ValueError:
        raise InvalidInput(f"“{text[:40]}” is no number of hours. Write a number such as 32.") from None


def _day(text: str) -> date | None:
    if not text:
        return None
    match = _DAYS.fullmatch(text)
    try:
        if match:
            return date(*(int(part) for part in match.groups()))
    except ValueError:
        pass
    raise InvalidInput(f"“{text[:40]}” is no day. Write it as 2026-11-23.")
