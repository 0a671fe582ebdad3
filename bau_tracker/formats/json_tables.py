"""Decides how JSON becomes a table: which of its objects are the records, and what can't be read at all.

A record is an element of a list, a line of its own, or an element of the list that an API wraps its answer in; several
answers may stand one after the other, as page by page from `gh api --paginate`. A name that an object has twice counts
as its last says. The file is read in pieces, never as a whole. What the names mean is left to `trackers`.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.formats.json_source import Source
from bau_tracker.formats.json_values import DEEPEST, NAME_BETWEEN, as_text, named_texts
from bau_tracker.formats.tables import MOST_COLUMNS, Row, Table, check_headings, clean_header

Record = dict[str, object] | str
"""An object, or the text of what stands in its place."""

_ALWAYS_FEW: Final = 1_000_000
_MOST_PER_VALUE: Final = 100
"""Cells of a table for each value in the records, once it has over _ALWAYS_FEW; trackers' exports stay under 20."""
_NAMES: Final = (".json", ".jsonl", ".ndjson")
_START: Final = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\]])")
_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WRAPPERS: Final = frozenset(
    ("alerts", "data", "incidents", "issues", "items", "records", "result", "results", "value", "values")
)
_OF_A_RECORD: Final = frozenset(
    ("fields", "iid", "incident_number", "key", "message", "name", "number", "short_description", "subject", "summary",
     "tinyId", "title")
)  # fmt: skip
_OF_A_REFUSAL: Final = frozenset(
    ("code", "documentation_url", "error", "error_description", "errorMessages", "errors", "message", "requestId",
     "status", "took")
)  # fmt: skip
_FAULT: Final = "Here stands no record but a single value, or text that is no JSON. Put a record here, or take it out."


def looks_like_json(path: Path, called: str) -> bool:
    """Say whether a file is JSON, by its name or by how it begins."""
    if called.startswith("~$") or not path.is_file():
        return False  # who opens the table says why; a pipe would be waited for without end
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except OSError:
        return False
    encoding = "utf-16" if start.startswith(_UTF16_MARKS) else "utf-8-sig"
    text = start.decode(encoding, "ignore")
    named = called.lower().endswith(_NAMES) and not start.startswith(b"PK\x03\x04")
    return bool(text.strip()) and (named or bool(_START.match(text)))


def json_table(path: Path, called: str) -> Table:
    """Give the records of a JSON file as rows below the names that any of them has; a row's line is its number.

    Raises UnreadableInput with what to do. The header is empty when there is no record.
    """
    with path.open("rb") as file:
        encoding = "utf-16" if file.read(2) in _UTF16_MARKS else "utf-8"

    def records() -> Iterator[tuple[int, Record]]:
        with path.open("rb") as file:
            yield from enumerate(_records(file, encoding, called), 1)

    return _table(records, called, encoding)


def unwrapped(table: Table, column: int, called: str) -> Table:
    """Give the table of the records that stand as JSON in one column, a line a record, as raw dumps of an API do."""

    def records() -> Iterator[tuple[int, Record]]:
        for line, cells, fault in table:
            yield line, ",".join(cells) if fault else record_in(cells[column])

    return _table(records, called, table.encoding)


def record_in(cell: str) -> Record:
    """Give the one object that a cell holds as JSON, or the cell as it is."""
    if not cell.lstrip().startswith("{"):
        return cell
    try:
        found = list(_records(io.BytesIO(cell.encode("utf-8", "replace")), "utf-8", "the cell"))
    except UnreadableInput:
        return cell
    return found[0] if len(found) == 1 else cell


def _table(records: Callable[[], Iterator[tuple[int, Record]]], called: str, encoding: str) -> Table:
    header = _header((record for _, record in records()), called)

    def rows() -> Iterator[Row]:
        for line, record in records():
            if isinstance(record, str):
                yield line, [record, *[""] * (len(header) - 1)], _FAULT
            else:
                texts = _clean(record)
                yield line, [texts.get(name, "") for name in header], ""

    return Table(header, rows, encoding)


def _header(records: Iterable[Record], called: str) -> tuple[str, ...]:
    names: dict[str, None] = {}
    count = values = 0
    for record in records:
        count += 1
        texts = {} if isinstance(record, str) else _clean(record)
        if count == 1 and texts and {name.split(NAME_BETWEEN)[0] for name in texts} <= _OF_A_REFUSAL:
            said = " ".join(text for text in texts.values() if text)
            raise UnreadableInput(f"{called} holds no items but what the tool refused them with: “{said[:200]}”.")
        names.update(dict.fromkeys(texts))
        if len(names) > MOST_COLUMNS:
            raise UnreadableInput(
                f"The records of {called} have over {MOST_COLUMNS:,} different names. Export fewer fields."
            )
        values += len(texts)
        if count * len(names) > _ALWAYS_FEW + _MOST_PER_VALUE * values:
            raise UnreadableInput(
                f"The {len(names):,} different names in the records of {called} are hardly ever in the same one. "
                "Export records of one kind."
            )
    check_headings(tuple(names), called)
    return tuple(names) or (("record",) if count else ())


def _clean(record: dict[str, object]) -> dict[str, str]:
    return {_name(name): text for name, text in named_texts(record).items()}


@lru_cache(maxsize=MOST_COLUMNS)
def _name(name: str) -> str:
    return clean_header(as_text(name))


def _records(file: BinaryIO, encoding: str, called: str) -> Iterator[Record]:
    source = Source(file, encoding, called)
    while source.peek():
        for record in _unwrapped(source):
            source.count_record()
            yield record


def _unwrapped(source: Source, depth: int = 0) -> Iterator[Record]:
    """Give the records that the next value comes to."""
    if depth > DEEPEST:
        raise source.too_deep()
    if source.take("["):
        yield from _of_list(source, depth)
    elif source.peek() != "{":
        yield as_text(source.value())
    elif isinstance(whole := source.whole(), dict):
        yield from _inside(whole, source, depth)
    else:
        yield from _of_object(source, depth)


def _of_list(source: Source, depth: int) -> Iterator[Record]:
    if source.take("]"):
        return
    yield from _unwrapped(source, depth + 1)
    while source.take(","):
        yield from _unwrapped(source, depth + 1)
    if not source.take("]"):
        raise source.broken()


def _inside(value: object, source: Source, depth: int) -> Iterator[Record]:
    """Give the records that a value in memory comes to, by the same rules."""
    if depth > DEEPEST:
        raise source.too_deep()
    if isinstance(value, list):
        for each in value:
            yield from _inside(each, source, depth + 1)
    elif not isinstance(value, dict):
        yield as_text(value)
    elif _OF_A_RECORD & value.keys() or not (lists := [each for key, each in value.items() if _wraps(key, each)]):
        yield value
    else:
        for each in lists:
            yield from _inside(each, source, depth + 1)


def _wraps(key: str, value: object) -> bool:
    return key in _WRAPPERS and isinstance(value, list | dict)


def _of_object(source: Source, depth: int) -> Iterator[Record]:
    """Give an object name by name as a record; or, if it only wraps a list of records, these one by one."""
    record: dict[str, object] = {}
    wraps = False
    source.take("{")
    while source.peek() == '"':
        key = str(source.value())
        if not source.take(":"):
            break
        wraps = wraps or (key in _WRAPPERS and source.peek() in {"[", "{"} and not _OF_A_RECORD & record.keys())
        if wraps and key in _OF_A_RECORD:
            raise UnreadableInput(
                f"{source.called} has an object with a list of records and “{key}”. Export one of both."
            )
        if wraps and key in _WRAPPERS:
            yield from _unwrapped(source, depth + 1)
        elif wraps:
            source.value()
        else:
            record[key] = source.value()
        if not source.take(","):
            break
    if not source.take("}"):
        raise source.broken()
    if not wraps:
        yield record
