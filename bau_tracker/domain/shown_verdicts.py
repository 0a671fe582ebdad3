"""Decides what of a verdict somebody may see, who may see so much of the weeks that it is made of.

A verdict is the same for every reader, weeks are not: in a small team a member may not see those that others do. Who
knows the other weeks could calculate the one that they may not see from a figure that is made of all. What a verdict
is, in a word, is no secret.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.verdicts import DEFAULTS, Verdict, without_figures
from bau_tracker.domain.weeks import Week

YEAR: Final = 53
"""No figure of a verdict that is a plain sum reaches further back."""


def shown_verdict(verdict: Verdict, weeks: Sequence[WeekTotals], secret: Collection[Week]) -> Verdict:
    """Give a week's verdict to somebody who sees of it and the weeks before what `weeks` tell, oldest first.

    `secret` are the weeks that count in verdicts and that they may not see. With one of them among the newest answered
    weeks, which say where a team stands, no figure shows. Complaints and kinds are sums, whose parts can be subtracted:
    they show when all weeks that they may be made of do, none rounded.
    """
    until = [totals for totals in weeks if totals.week <= verdict.week and totals.respondents]
    answered = [totals for totals in until if not totals.hidden or totals.week in secret]
    recent = answered[-DEFAULTS.recent_weeks :]
    if any(totals.week in secret for totals in recent):
        return without_figures(verdict)
    year = [totals for totals in answered if verdict.week - totals.week < YEAR]
    if any(totals.week in secret or totals.rounded for totals in year):
        return replace(verdict, complaints=None, grown=())
    if not all(totals.complaint_answers for totals in year):
        return replace(verdict, complaints=None)
    return verdict
