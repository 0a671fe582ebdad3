"""Decides how a person writes down what a file's columns mean, and whose address stands for whose.

Which fields and columns there are is left to the readers, which refuse what doesn't exist.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.domain.importing import DateOrder, Mapping, Unit
from bau_tracker.domain.people import same_address
from bau_tracker.formats.encodings import check_encoding
from bau_tracker.formats.tables import check_delimiter, open_table

_KEYS: Final = ("columns", "unit", "date_order", "encoding", "delimiter", "keep_all")
_SAMPLE: Final = '{"columns": {"planned": "Planned work"}, "unit": "hours", "date_order": "day"}'
_LARGEST: Final = 1_000_000
_Choice = TypeVar("_Choice", Unit, DateOrder)


def read_mapping(path: Path) -> Mapping:
    """Read a mapping from JSON; raise UnreadableInput for anything that isn't one."""
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for without end
            raise UnreadableInput(f"{path.name} is no file. Save the mapping as one, as {_SAMPLE}")
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise UnreadableInput(f"{path.name} is too large for a mapping. Write it as {_SAMPLE}")
        return parse_mapping(content.decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"The mapping {path.name} can't be read ({error}).") from error


def parse_mapping(text: str) -> Mapping:
    """Read a mapping from JSON text; raise UnreadableInput for anything that isn't one."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableInput(f"The mapping is no JSON ({error}). Write it as {_SAMPLE}") from error
    if not isinstance(said, dict) or not set(said) <= set(_KEYS):
        raise UnreadableInput(f"A mapping has {', '.join(_KEYS)} and nothing else. Write it as {_SAMPLE}")
    columns = said.get("columns", {})
    if not isinstance(columns, dict) or not all(isinstance(header, str) for header in columns.values()):
        raise UnreadableInput(f"“columns” names a column for each field. Write it as {_SAMPLE}")
    return Mapping(
        columns,
        _choice(said, "unit", Unit),
        _choice(said, "date_order", DateOrder),
        _checked(said, "encoding", check_encoding),
        _checked(said, "delimiter", check_delimiter),
        _yes_or_no(said, "keep_all"),
    )


def read_people(path: Path) -> dict[str, str]:
    """Read who is who: the columns `theirs` and `ours`; give our address by theirs, in small letters."""
    table = open_table(path)
    header = [text.casefold() for text in table.header]
    if not {"theirs", "ours"} <= set(header):
        raise UnreadableInput(
            f"{path.name} needs the columns theirs and ours: an address in the file, and the one here."
        )
    theirs, ours = header.index("theirs"), header.index("ours")
    people: dict[str, str] = {}
    for line, cells, fault in table:
        their, our = same_address(cells[theirs]), cells[ours].strip()
        if fault or not their or not our:
            raise UnreadableInput(f"{path.name}, line {line}: {fault or 'both addresses are needed.'}")
        if people.setdefault(their, our) != our:
            raise UnreadableInput(f"{path.name}, line {line}: “{their}” already stands for “{people[their]}”.")
    return people


def _choice(said: dict[str, object], name: str, choices: type[_Choice]) -> _Choice | None:
    value = said.get(name)
    if value is None or value == "":
        return None
    try:
        return choices(str(value))
    except ValueError as error:
        raise UnreadableInput(f"“{name}” is one of: {', '.join(choices)}.") from error


def _checked(said: dict[str, object], name: str, check: Callable[[str], str]) -> str:
    value = said.get(name)
    if value is None or value == "":
        return ""
    return check(str(value))


def _yes_or_no(said: dict[str, object], name: str) -> bool:
    value = said.get(name, False)
    if not isinstance(value, bool):
        raise UnreadableInput(f"“{name}” is true or false.")
    return value
