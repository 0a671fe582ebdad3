"""Decides which survey tool a table comes from, by the set of its headings, and which columns are the tool's own.

Headings are known in the languages in which the tools were seen to write them; in what order they stand doesn't
matter, except that the tool's own columns come before a question of the same name. What the questions mean is left to
`headers` and `placing`, a person can always correct it with a mapping.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from bau_tracker.formats.headers import plain_words
from bau_tracker.formats.tables import Table

_CODE: Final = re.compile(r"[A-Za-z]\w*(?:\[\w+\])*\. ?(?=\S)")
_TAG: Final = re.compile(r"<[a-zA-Z/][^<>]{0,500}>")
_PART: Final = re.compile(r"\S \[[^\[\]]+\]\s*$")
_LEAST_PARTS: Final = 2


@dataclass(frozen=True, slots=True)
class Tool:
    """How a survey tool is known: one heading of each group of `needs` must be there.

    `fields` are the columns that say what every answer says, `times` stand in for an answer that was never sent,
    `others` are no questions either. `done` is empty, or `state` one of UNFINISHED, where an answer isn't finished.
    """

    key: str
    label: str
    needs: tuple[frozenset[str], ...]
    fields: dict[str, frozenset[str]]
    times: tuple[frozenset[str], ...] = ()
    others: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    state: frozenset[str] = frozenset()
    utc: bool = False


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


UNFINISHED: Final = frozenset(("partial", "started"))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


_RESPONSE_ID: Final = _words("response id|antwort id|id de la réponse|id de respuesta")
_LIME_SENT: Final = _words("date submitted|submitdate|datum abgeschickt|date de soumission|fecha de envío")
_LIME_LAST_PAGE: Final = _words("last page|lastpage|letzte seite|dernière page|última página")
_LIME_LANGUAGE: Final = _words("start language|startlanguage|start sprache|langue de départ|lenguaje inicial")
_LIME_STARTED: Final = _words("date started|startdate|datum gestartet|date de lancement")
_LIME_TOUCHED: Final = _words("date last action|datestamp|datum letzte aktivität|date de la dernière action")
_MS_START: Final = _words("start time|startzeit|heure de début|hora de inicio")
_MS_END: Final = _words("completion time|fertigstellungszeit|heure de fin|hora de finalización")
_EMAIL: Final = _words(
    "email|e mail|email address|adresse de messagerie|correo electrónico|adresse e mail|e mail adresse"
    "|dirección de correo electrónico"
)
_TYPEFORM_SENT: Final = _words("submit date utc")

_LIMESURVEY: Final = Tool(
    "limesurvey",
    "LimeSurvey",
    (_RESPONSE_ID | {"id"}, _LIME_SENT | _LIME_LAST_PAGE | _LIME_LANGUAGE),
    {"respondent": _RESPONSE_ID | {"id"}, "answered_at": _LIME_SENT, "email": _words("email address|email")},
    (_LIME_TOUCHED, _LIME_STARTED),
    _LIME_LAST_PAGE
    | _LIME_LANGUAGE
    | _words(
        "seed|zufallsstartwert|zufallsgeneratorstartwert|tête de série|ip address|ipaddr|ip adresse|referrer url"
        "|refurl|access code|token|zugangscode|first name|firstname|last name|lastname"
    ),
    done=_LIME_SENT,
)
_TOOLS: Final = (
    _LIMESURVEY,
    Tool(
        "microsoft_forms",
        "Microsoft Forms",
        (frozenset(("id",)), _MS_START, _MS_END),
        {"respondent": frozenset(("id",)), "answered_at": _MS_END, "email": _EMAIL},
        (),
        _MS_START | _words(
            "name|nom|nombre|last modified time|uhrzeit der letzten änderung|heure de la dernière modification"
            "|hora de la última modificación|language|sprache|langue|idioma"
        ),
    ),
    Tool(
        "typeform",
        "Typeform",
        (frozenset(("#", "network id")), _TYPEFORM_SENT),
        {"respondent": frozenset("#"), "answered_at": _TYPEFORM_SENT},
        (_words("stage date utc"), _words("start date utc")),
        _words("network id|tags|ending|score"),
        done=_TYPEFORM_SENT,
        state=_words("response type"),
        utc=True,
    ),
    Tool(
        "surveymonkey",
        "SurveyMonkey",
        (_words("respondent id|respondentid"),),
        {
            "respondent": _words("respondent id|respondentid"),
            "answered_at": _words("end date|enddate|date modified"),
            "email": _words("email address|emailaddress"),
        },
        (_words("start date|startdate|date created"),),
        _words(
            "collector id|collectorid|collector|ip address|ipaddress|first name|firstname|last name|lastname"
            "|custom data|custom data 1|customdata|lastname customdata"
        ),
    ),
    Tool(
        "google_forms",
        "Google Forms",
        (_words("timestamp|zeitstempel|horodateur|marca temporal"),),
        {"answered_at": _words("timestamp|zeitstempel|horodateur|marca temporal")},
    ),
)  # fmt: skip
_SINGLE: Final = _words(
    "response|open ended response|antwort|antworten|offene antwort|réponse|réponse ouverte|respuesta|respuesta abierta"
)
"""What SurveyMonkey writes below a question that has one column only."""


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
    for tool in _TOOLS:
        if all(not needed.isdisjoint(words) for needed in tool.needs):
            return _form(tool, header, words)
    return _by_parts(header, words) or Form(tuple(header))


def _by_parts(header: Sequence[str], words: Sequence[str]) -> Form | None:
    """Recognise LimeSurvey where everything about an answer but its id was left out of the export."""
    parts = sum(_PART.search(text) is not None for text in header)
    if _RESPONSE_ID.isdisjoint(words) or parts < _LEAST_PARTS:
        return None
    named = header[next(place for place, word in enumerate(words) if word in _RESPONSE_ID)]
    why = f"“{named}” and questions with their parts in brackets are how LimeSurvey writes its headings."
    return replace(_form(_LIMESURVEY, header, words), why=why)


def _form(tool: Tool, header: Sequence[str], words: Sequence[str]) -> Form:
    columns = {name: place for name, known in tool.fields.items() if (place := _first(words, known)) is not None}
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
        tuple(place for known in tool.times if (place := _first(words, known)) is not None),
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

    The second row, where there is one, is the only row without a respondent's id.
    """
    respondent = form.columns["respondent"]
    _, below, fault = next(iter(table), (0, [], ""))
    two = not fault and any(below) and not below[respondent].strip()
    under = [_without_markup(text) for text in below] if two else [""] * len(table.header)
    header = []
    question = ""
    for place, text in enumerate(table.header):
        if text:
            question = text
        many = not text or not "".join(table.header[place + 1 : place + 2] or ["end"])
        header.append(_with_part(question or text, under[place], many=many) if place not in form.own else text)
        if place in form.own:
            question = ""

    if not two:
        return replace(table, header=tuple(header))
    return replace(table, header=tuple(header), read=lambda: islice(table.read(), 1, None), header_rows=2)


def _with_part(question: str, part: str, *, many: bool) -> str:
    if not part or (not many and plain_words(part) in _SINGLE):
        return question
    return f"{question} [{part.translate(_ROUND)}]".strip()


_ROUND: Final = str.maketrans("[]", "()")
