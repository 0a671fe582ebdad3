"""Decides which survey tool a table comes from, by the set of its headings, and which columns are the tool's own.

In what order they stand doesn't matter, except that the tool's own columns come before a question of the same name.
What the questions mean is left to `headers` and `placing`; a person can always correct it with a mapping.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from bau_tracker.formats.headers import plain_words
from bau_tracker.formats.survey_headings import LIMESURVEY, RESPONSE_ID, SINGLE, TOOLS, UNFINISHED, Tool
from bau_tracker.formats.tables import Table, check_headings

_CODE: Final = re.compile(r"[A-Za-z]\w*(?:\[\w+\])*\. ?(?=\S)")
_TAG: Final = re.compile(r"<[a-zA-Z/][^<>]{0,500}>")
_PART: Final = re.compile(r"\S \[[^\[\]]+\]\s*$")
_LEAST_PARTS: Final = 2


@dataclass(frozen=True, slots=True)
class Form:
    """What was recognised of a table: the tool, why, and the places of its own columns.

    `questions` are the headings as they are to be understood, without the codes that a tool puts before them.
    """

    questions: tuple[str, ...]
    tool: str = "table"
    label: str = ""
    why: str = ""
    columns: dict[str, int] = field(default_factory=dict)
    own: frozenset[int] = frozenset()
    times: tuple[int, ...] = ()
    done: int | None = None
    state: int | None = None
    utc: bool = False


def recognise_form(table: Table) -> tuple[Form, Table]:
    """Recognise the tool, and give its table with a header that is whole: of one row, without mark-up."""
    form = _recognised(table.header)
    if form.tool in {"surveymonkey", "limesurvey"}:
        table = replace(table, header=tuple(map(_without_markup, table.header)))
    if form.tool == "surveymonkey":
        table = _with_second_row(table, form)
    return replace(form, questions=_questions(table.header, form)), table


def is_unfinished(form: Form, cells: Sequence[str]) -> bool:
    """Say whether an answer was begun and never sent."""
    if form.state is not None and cells[form.state].strip().casefold() in UNFINISHED:
        return True
    return form.done is not None and not cells[form.done].strip()


def _recognised(header: Sequence[str]) -> Form:
    words = [_heading(text) for text in header]
    for tool in TOOLS:
        if all(not needed.isdisjoint(words) for needed in tool.needs):
            return _form(tool, header, words)
    return _by_parts(header, words) or Form(tuple(header))


def _by_parts(header: Sequence[str], words: Sequence[str]) -> Form | None:
    """Recognise LimeSurvey where everything about an answer but its id was left out of the export."""
    parts = sum(_PART.search(text) is not None for text in header)
    if RESPONSE_ID.isdisjoint(words) or parts < _LEAST_PARTS:
        return None
    named = header[next(place for place, word in enumerate(words) if word in RESPONSE_ID)]
    why = f"“{named}” and questions with their parts in brackets are how LimeSurvey writes its headings."
    return replace(_form(LIMESURVEY, header, words), why=why)


def _form(tool: Tool, header: Sequence[str], words: Sequence[str]) -> Form:
    columns = {name: place for name, known in tool.fields.items() if (place := _first(words, known)) is not None}
    times = tuple(place for known in tool.times if (place := _first(words, known)) is not None)
    if times and "answered_at" not in columns:  # when it was sent was left out of the export
        columns["answered_at"], *_ = times
    known = tool.others.union(*tool.times, tool.state, *tool.needs)
    own = {place for place, word in enumerate(words) if word in known and words.index(word) == place}
    shown = [header[place] for needed in tool.needs if (place := _first(words, needed)) is not None]
    return Form(
        tuple(header),
        tool.key,
        tool.label,
        f"{' and '.join(f'“{text}”' for text in shown)} are headings of {tool.label}."
        if len(shown) > 1
        else f"“{shown[0]}” is a heading of {tool.label}.",
        columns,
        frozenset(own | set(columns.values())),
        times,
        _first(words, tool.done),
        _first(words, tool.state),
        tool.utc,
    )


def _first(words: Sequence[str], known: frozenset[str]) -> int | None:
    return next((place for place, word in enumerate(words) if word in known), None)


def _heading(text: str) -> str:
    """Write a heading for comparing, without a code before it: “id. Response ID”."""
    return plain_words(_CODE.sub("", text, count=1) if _CODE.match(text) else text) or text


def _questions(header: Sequence[str], form: Form) -> tuple[str, ...]:
    if form.tool != "limesurvey":
        return tuple(header)
    return tuple(_CODE.sub("", text, count=1) if _CODE.match(text) else text for text in header)


def _without_markup(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())


def _with_second_row(table: Table, form: Form) -> Table:
    """Write a question over all its columns, with what the second row of the header says of each in brackets.

    The second row, where there is one, is the only row that leaves the tool's own columns empty.
    """
    rows = table.read
    _, below, fault = next(rows(), (0, [], ""))
    two = not fault and any(below) and not any(below[place].strip() for place in form.own)
    under = [_without_markup(text) for text in below] if two else [""] * len(table.header)
    table = replace(table, header=tuple(_whole_questions(table.header, under, form.own)))
    check_headings(table.header, "the file")
    if not two:
        return table
    return replace(table, read=lambda: islice(rows(), 1, None), header_rows=2)


def _whole_questions(header: Sequence[str], under: Sequence[str], own: frozenset[int]) -> Iterator[str]:
    question = ""
    for place, text in enumerate(header):
        if place in own:
            question = ""
            yield text
            continue
        question = text or question
        many = not text or (place + 1 < len(header) and not header[place + 1])
        yield _with_part(question, under[place], many=many)


def _with_part(question: str, part: str, *, many: bool) -> str:
    if not part or (not many and plain_words(part) in SINGLE):
        return question
    return f"{question} [{part.translate(_ROUND)}]".strip()


_ROUND: Final = str.maketrans("[]", "()")
