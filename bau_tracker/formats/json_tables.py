"""Decides how JSON becomes a table: which of its objects are the records, and what can't be read at all.

A record is an element of a list, a line of its own, or an element of the list that an API wraps its answer in; several
answers may stand one after the other, as page by page from `gh api --paginate`. A name that an object has twice counts
as its last says. The file is read in pieces, never as a whole. What the names mean is left to `trackers`.
"""

from __future__ import annotations

import codecs
import decimal
import io
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

import ijson

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.formats.json_values import NAME_BETWEEN, as_text, named_texts
from bau_tracker.formats.tables import MOST_COLUMNS, Row, Table, clean_header

LONGEST_RECORD: Final = 4_000_000
"""Bytes between the end of one record and the end of the next."""
DEEPEST: Final = 60
"""Lists and objects inside each other. Tables and lists in a document tree come to about thirty."""
LONGEST_NAME: Final = 300

Record = dict[str, object] | str
"""An object, or the text of what stands in its place."""
Event = tuple[str, object]

_CHUNK: Final = 1 << 16
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
_SIGNS_OF_A_BAD_NUMBER: Final = (ValueError, decimal.DecimalException, SystemError)
"""Thousands of digits, or an exponent without end; the C part of ijson says SystemError where Python refuses one."""


def looks_like_json(path: Path, called: str) -> bool:
    """Say whether a file is JSON, by its name or by how it begins."""
    if called.startswith("~$"):
        return False
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except OSError:
        return False  # who opens the table says why
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
    count = 0
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
        if (longest := max(map(len, names), default=0)) > LONGEST_NAME:
            raise UnreadableInput(f"{called} has a name of {longest:,} characters; {LONGEST_NAME} is the most.")
    return tuple(names) or (("record",) if count else ())


def _clean(record: dict[str, object]) -> dict[str, str]:
    return {clean_header(as_text(name)): text for name, text in named_texts(record).items()}


class _Text:
    """Hands a file on as UTF-8 in pieces, and refuses one that goes on for too long without a record's end."""

    def __init__(self, file: BinaryIO, encoding: str, called: str) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-16" if encoding == "utf-16" else "utf-8-sig")()
        self._called = called
        self._ended = False
        self.records = 0
        self.since = 0

    def read(self, size: int = _CHUNK) -> bytes:
        """Give the next piece; empty at the end."""
        if size == 0:  # ijson asks so for the type of what it will get
            return b""
        text = ""
        while not text and not self._ended:
            chunk = self._file.read(_CHUNK)
            self._ended = not chunk
            text = self._decoder.decode(chunk, final=self._ended)
        self.since += len(text)
        if self.since > LONGEST_RECORD + _CHUNK:
            raise UnreadableInput(
                f"{self._called} has a record of over {LONGEST_RECORD:,} characters, {self.place}. Export fewer fields."
            )
        return text.encode()

    @property
    def place(self) -> str:
        """Say where reading stands, in words."""
        return f"after record {self.records:,}" if self.records else "at its beginning"


def _records(file: BinaryIO, encoding: str, called: str) -> Iterator[Record]:
    text = _Text(file, encoding, called)
    try:
        events = _bounded(ijson.basic_parse(text, multiple_values=True, buf_size=_CHUNK), called)
        for event in events:
            for record in _unwrapped(events, event, called):
                text.records += 1
                text.since = 0
                yield record
    except UnicodeDecodeError as error:
        raise UnreadableInput(
            f"{called} isn't {encoding.upper()}, {text.place}, so it can't be read as JSON. Save it as UTF-8."
        ) from error
    except ijson.JSONError as error:
        raise UnreadableInput(_what_is_wrong(str(error), called, text.place)) from error
    except _SIGNS_OF_A_BAD_NUMBER as error:
        raise UnreadableInput(f"{called} has a number that is too large to be one, {text.place}.") from error


def _what_is_wrong(error: str, called: str, place: str) -> str:
    if "premature EOF" in error or "Incomplete" in error:
        return f"{called} breaks off {place}. Was the download cut short? Export it again."
    return f"{called} stops being JSON {place}. Export it again, as the tool writes it."


def _bounded(events: Iterable[Event], called: str) -> Iterator[Event]:
    depth = 0
    for event in events:
        depth += event[0].startswith("start_") - event[0].startswith("end_")
        if depth > DEEPEST:
            raise UnreadableInput(f"{called} has over {DEEPEST} lists and objects inside each other.")
        yield event


def _unwrapped(events: Iterator[Event], event: Event, called: str) -> Iterator[Record]:
    """Give the records that a value comes to, once its first event is known."""
    if event[0] == "start_array":
        for inner in events:
            if inner[0] == "end_array":
                return
            yield from _unwrapped(events, inner, called)
    elif event[0] == "start_map":
        yield from _of_object(events, called)
    else:
        yield as_text(event[1])


def _of_object(events: Iterator[Event], called: str) -> Iterator[Record]:
    """Give an object as a record; or, if it only wraps a list of records, these one by one."""
    record: dict[str, object] = {}
    wraps = False
    for kind, name in events:
        if kind == "end_map":
            break
        key, first = str(name), next(events)
        wraps = wraps or (key in _WRAPPERS and first[0].startswith("start_") and not _OF_A_RECORD & record.keys())
        if wraps and key in _OF_A_RECORD:
            raise UnreadableInput(
                f"{called} has an object with both a list of records and “{key}”. Export one of them."
            )
        if wraps and key in _WRAPPERS:
            yield from _unwrapped(events, first, called)
        elif wraps:
            _skip(events, first)
        else:
            record[key] = _built(events, first)
    if not wraps:
        yield record


def _skip(events: Iterator[Event], first: Event) -> None:
    depth = first[0].startswith("start_") - first[0].startswith("end_")
    while depth:
        kind = next(events)[0]
        depth += kind.startswith("start_") - kind.startswith("end_")


def _built(events: Iterator[Event], first: Event) -> object:
    kind, value = first
    if kind == "start_array":
        return [_built(events, event) for event in iter(lambda: next(events), ("end_array", None))]
    if kind == "start_map":
        inner: dict[str, object] = {}
        for _, name in iter(lambda: next(events), ("end_map", None)):
            inner[str(name)] = _built(events, next(events))
        return inner
    return value
