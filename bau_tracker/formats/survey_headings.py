"""Decides by which headings each survey tool is known, and what its own columns say.

Headings are written as `plain_words` has them, in the languages in which the tools were seen to write them. How a table
is recognised by them is left to `survey_tools`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


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


UNFINISHED: Final = frozenset(("partial", "started"))
"""What Typeform writes of an answer that was begun and never sent."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


RESPONSE_ID: Final = _words("response id|antwort id|id de la réponse|id de respuesta")
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

LIMESURVEY: Final = Tool(
    "limesurvey",
    "LimeSurvey",
    (RESPONSE_ID | {"id"}, _LIME_SENT | _LIME_LAST_PAGE | _LIME_LANGUAGE),
    {"respondent": RESPONSE_ID | {"id"}, "answered_at": _LIME_SENT, "email": _words("email address|email")},
    (_LIME_TOUCHED, _LIME_STARTED),
    _LIME_LAST_PAGE
    | _LIME_LANGUAGE
    | _words(
        "seed|zufallsstartwert|zufallsgeneratorstartwert|tête de série|ip address|ipaddr|ip adresse|referrer url"
        "|refurl|access code|token|zugangscode|first name|firstname|last name|lastname"
    ),
    done=_LIME_SENT,
)
TOOLS: Final = (
    LIMESURVEY,
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
SINGLE: Final = _words(
    "response|open ended response|antwort|antworten|offene antwort|réponse|réponse ouverte|respuesta|respuesta abierta"
)
"""What SurveyMonkey writes below a question that has one column only."""
