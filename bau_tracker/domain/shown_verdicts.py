"""Decides what of a verdict somebody may see, who may see so much of the weeks that it is made of.

A verdict is the same for every reader, weeks are not: in a small team a member may not see those that others do. Who
knows the other weeks could calculate the one that they may not see from a figure that is made of all. What a verdict
is, in a word, is no secret.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from bau_tracker.domain.detector import NORM
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.verdicts import DEFAULTS, Complaints, Verdict, without_figures
from bau_tracker.domain.weeks import Week


def shown_verdict(verdict: Verdict, weeks: Sequence[WeekTotals], secret: Collection[Week]) -> Verdict:
    """Give a week's verdict to somebody who sees of it and the weeks before what `weeks` tell, oldest first.

    `secret` are the weeks that count in verdicts and that they may not see. With one of them among the newest answered
    weeks, which say where a team stands, no figure shows. Complaints and kinds are sums, whose parts can be subtracted:
    they show when each week that they are made of does, and none is rounded.
    """
    until = [totals for totals in weeks if totals.week <= verdict.week and totals.respondents]
    answered = [totals for totals in until if not totals.hidden or totals.week in secret]
    recent = answered[-DEFAULTS.recent_weeks :]
    if any(totals.week in secret for totals in recent):
        return without_figures(verdict)
    onset = verdict.fall.onset if verdict.fall else verdict.week
    kinds = [totals for totals in answered if onset - totals.week <= NORM]
    grown = () if any(totals.hidden or totals.rounded for totals in kinds) else verdict.grown
    return replace(verdict, complaints=_complaints(verdict, answered, recent), grown=grown)


def _complaints(verdict: Verdict, answered: Sequence[WeekTotals], recent: Sequence[WeekTotals]) -> Complaints | None:
    """Give what the newest weeks complain of, and the norm, each where every count that it adds up shows."""
    if verdict.complaints is None or not all(map(_shows_complaints, recent)):
        return None
    begun = min(
        [totals.week for totals in recent] + ([verdict.fall.onset] if verdict.fall else []), default=verdict.week
    )
    before = [totals for totals in answered if 0 < begun - totals.week <= NORM]
    norm = verdict.complaints.norm if all(map(_shows_complaints, before)) else None
    return replace(verdict.complaints, norm=norm)


def _shows_complaints(totals: WeekTotals) -> bool:
    return not (totals.hidden or totals.rounded) and totals.complaint_answers > 0
