"""The form of one person's week, whoever that is known from: a session, or a personal link. No addresses of its own.

Whatever a button puts in place of what was typed, what was typed is kept as the draft.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from bau_tracker.domain.errors import Conflict, InvalidInput
from bau_tracker.domain.permissions import Actor
from bau_tracker.domain.surveys import LONGEST_COMMENT, Answer, AnswerStatus, Step, seconds_between
from bau_tracker.domain.taxonomy import KINDS
from bau_tracker.domain.weeks import Phase, Week
from bau_tracker.services import surveys
from bau_tracker.services.asking import background
from bau_tracker.services.surveys import Survey
from bau_tracker.web import tickets
from bau_tracker.web.clock import now
from bau_tracker.web.database import database
from bau_tracker.web.forms.surveys import SurveyForm, typed_pairs, typed_values
from bau_tracker.web.tickets import Ticket

_AWAY: Final = Answer(away=True)
_OTHER_UNIT: Final = "The team counts in another unit since this was typed, so the amounts can't be taken over."


@dataclass(frozen=True, slots=True)
class Above:
    """What is said above the form: a conflict, or a note.

    `filled` says that the form can be sent as it stands, `kept` that what was typed before is kept as the draft.
    """

    conflict: str = ""
    note: str = ""
    filled: bool = False
    kept: bool = False


_NOTHING: Final = Above()


@dataclass(frozen=True, slots=True)
class Desk:
    """Who answers which week, where the form is read and sent, and where it goes next.

    `revoke_url` makes the personal link worthless by which the form was reached; empty for somebody signed in.
    """

    actor: Actor
    slug: str
    week: Week
    form_url: str
    sent_url: str
    revoke_url: str = ""

    @property
    def by_link(self) -> bool:
        """Say whether the address alone is the authority, so that no session may be used."""
        return bool(self.revoke_url)

    def open_survey(self) -> Survey:
        """Give the survey as it stands now."""
        return surveys.open_survey(database(), self.slug, self.week, actor=self.actor, now=now())

    def form(self, survey: Survey, drafted: MultiDict[str, str] | None = None) -> SurveyForm:
        """Make the form; one reached by a link needs no token of a session."""
        return SurveyForm.of(survey, drafted, token=not self.by_link)


def show(desk: Desk) -> ResponseReturnValue:
    """Show the form: what was typed and not sent, else what was sent, else empty."""
    survey = desk.open_survey()
    if survey.typed and survey.phase is Phase.OPEN:
        drafted = desk.form(survey, typed_pairs(survey.typed))
        if drafted.was_in_other_unit:
            drafted.empty_amounts()
            return _page(desk, survey, drafted, Above(note=f"{_OTHER_UNIT} The rest of your draft stands below."))
        return _page(desk, survey, drafted)
    filled = desk.form(survey)
    if survey.answer and not survey.answer.away:
        filled.fill(survey.answer)
    return _page(desk, survey, filled)


def take(desk: Desk) -> ResponseReturnValue:
    """Do what the pressed button says: send, keep as a draft, be away or take that back, or fill in another answer."""
    survey = desk.open_survey()
    given = desk.form(survey)
    match request.form.get("action"):
        case "draft":
            return _keep_draft(desk, survey, given)
        case "same" | "before":
            return _fill_in(desk, survey, given)
        case "away":
            return _send(desk, survey, given, _AWAY)
        case "undo":
            return _undo(desk, survey, given)
    if given.was_in_other_unit:
        given.empty_amounts()
        return _page(desk, survey, given, Above(f"{_OTHER_UNIT} Type them again, then send."))
    return _send(desk, survey, given, given.answer())


def rescued(ticket: Ticket) -> None:
    """Keep what was typed as the draft of whom a ticket names; raises what `save_draft` raises."""
    typed = typed_values(request.form) | {"opened": [str(ticket.opened)]}
    week, owner = Week.parse(ticket.week), Actor(ticket.person_id)
    surveys.save_draft(database(), ticket.slug, week, typed, actor=owner, now=now())


def _send(desk: Desk, survey: Survey, given: SurveyForm, said: Answer | None) -> ResponseReturnValue:
    if said is None:
        return _page(desk, survey, given)
    seconds = seconds_between(_opened(desk, survey, given), now().timestamp())
    how: dict[str, Any] = {"based_on": given.based_on, "seconds": seconds, "actor": desk.actor, "now": now()}
    try:
        surveys.send_answer(database(), desk.slug, desk.week, said, **how)
    except InvalidInput as error:
        given.blame(error)
        return _page(desk, survey, given)
    except Conflict as error:
        database().rollback()
        return _page(desk, desk.open_survey(), given, Above(f"{error.message} What you typed stands below."))
    if said.away and given.typed and (survey.answer is None or given.answer() != survey.answer):
        _save(desk, survey, given)
    database().commit()
    return redirect(desk.sent_url)


def _undo(desk: Desk, survey: Survey, given: SurveyForm) -> ResponseReturnValue:
    try:
        surveys.undo_away(database(), desk.slug, desk.week, actor=desk.actor, now=now())
    except Conflict as error:
        database().rollback()
        return _page(desk, survey, given, Above(error.message))
    database().commit()
    return redirect(desk.sent_url)


def _keep_draft(desk: Desk, survey: Survey, given: SurveyForm) -> ResponseReturnValue:
    _save(desk, survey, given)
    database().commit()
    if not desk.by_link:  # whoever is signed in in this browser isn't told about somebody else's draft
        flash("Kept as a draft. It counts once you send it.", "success")
    return redirect(desk.form_url)


def _save(desk: Desk, survey: Survey, given: SurveyForm) -> None:
    """Keep what stands in the form as the draft."""
    step = {"step": [given.step.data or survey.team.step.value]}
    typed = typed_values(request.form) | step | {"opened": [str(_opened(desk, survey, given))]}
    surveys.save_draft(database(), desk.slug, desk.week, typed, actor=desk.actor, now=now())


def _fill_in(desk: Desk, survey: Survey, given: SurveyForm) -> ResponseReturnValue:
    """Fill the form with another answer; the comment stays, and what else was typed is kept as the draft."""
    found = _filling(survey)
    if found is None or survey.phase is not Phase.OPEN:
        return _page(desk, survey, given)
    kept = bool(given.typed - {"comment"})
    if kept:
        _save(desk, survey, given)
        database().commit()
    answer, said = found
    comment = given.comment.data
    given.fill(answer)
    given.comment.data = comment or answer.comment
    note = f"{said}. Change what was different, then send."
    return _page(desk, survey, given, Above(note=note, filled=True, kept=kept))


def _filling(survey: Survey) -> tuple[Answer, str] | None:
    """Give what the pressed button fills in, and how that is told; last week's comment stays with last week."""
    before = request.form["action"] == "before"
    if before and survey.before_away:
        return survey.before_away, "These are the hours that you sent before"
    if before or survey.earlier is None:
        return None
    week, earlier = survey.earlier
    scaled = f", scaled to this week's {survey.unit_of_available.counted(survey.hours_available)}"
    return replace(earlier, comment=""), f"Filled in from {week.label}{scaled if survey.scaled else ''}"


def _page(desk: Desk, survey: Survey, given: SurveyForm, above: Above = _NOTHING) -> ResponseReturnValue:
    """Show the form with what it holds; the revision is the newest, so that sending again replaces knowingly."""
    opened = _opened(desk, survey, given)
    if given.hours_available.data is None and not given.hours_available.raw_data:
        given.fill_available(survey.hours_available)
    given.revision.data, given.step.data = str(survey.revision), survey.team.step.value
    ticket = Ticket(desk.actor.person_id or 0, desk.slug, str(desk.week), opened)
    given.ticket.data = tickets.sign(ticket, by_link=desk.by_link)
    page = render_template(
        "surveys/form.html",
        bare=desk.by_link,
        desk=desk,
        survey=survey,
        form=given,
        background=background(database(), survey, actor=desk.actor, now=now()),
        **asdict(above),
        late=now() > survey.due_at,
        most_comment=LONGEST_COMMENT,
        open=survey.phase is Phase.OPEN,
        kinds=KINDS,
        AnswerStatus=AnswerStatus,
        Step=Step,
    )
    return page, 409 if above.conflict else 400 if given.errors else 200


def _opened(desk: Desk, survey: Survey, given: SurveyForm) -> int:
    """Give when the form was first opened, in seconds since 1970: by its ticket, else by the draft, else now."""
    ticket = tickets.read(str(given.ticket.data or ""), by_link=desk.by_link)
    if ticket and (ticket.person_id, ticket.slug, ticket.week) == (desk.actor.person_id, desk.slug, str(desk.week)):
        return ticket.opened
    kept = (survey.typed or {}).get("opened")
    return int(kept[0]) if isinstance(kept, list) and kept else int(now().timestamp())
