"""Decides how a team's trend chart is said: its sentence for who doesn't see it, and the note on its marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bau_tracker.charts.drawn import Drawn
from bau_tracker.charts.figures import describe, share_of
from bau_tracker.charts.strip import strip_note
from bau_tracker.domain.looks import Adjusted
from bau_tracker.domain.reasons import headline, reason
from bau_tracker.domain.verdicts import SIGNALS, Signal, Verdict


def trend_sentence(drawn: Drawn) -> str:
    """Say what the trend chart shows: the signal and since when, its reason, the newest figures, gaps and breaks."""
    weeks = drawn.weeks
    shown = [totals for totals in weeks if share_of(totals) is not None]
    if not shown:
        return "No week has a figure yet."
    sentences = [*_verdict(drawn), *_line(drawn), f"Newest figure: {describe(shown[-1])}."]
    missing = len(weeks) - len(shown)
    if missing:
        sentences.append(f"{missing} of {len(weeks)} weeks {'has' if missing == 1 else 'have'} no figure.")
    sentences += [f"From {week} on the questions are others than before." for week in drawn.broken_at]
    return " ".join(sentences)


def interval_words(one: Adjusted, *, rounded: bool) -> str:
    """Write a point of the line like for like: `61 % (56 to 66)`, `about 60 % (55 to 65)`."""
    return f"{'about ' if rounded else ''}{one.share:.0f} % ({one.low:.0f} to {one.high:.0f})"


def _verdict(drawn: Drawn) -> Iterator[str]:
    if drawn.verdict:
        words = SIGNALS[drawn.verdict.signal].label
        yield f"{words} since {_since(drawn.verdicts)}: {headline(drawn.verdict, drawn.thresholds)}."
        yield reason(drawn.verdict, drawn.thresholds)


def _line(drawn: Drawn) -> Iterator[str]:
    if drawn.adjusted:
        newest = drawn.adjusted[-1]
        yield f"Like for like, {newest.week} is at {interval_words(newest, rounded=newest.week in drawn.rounded)}."
    clipped = [str(one.week) for one in drawn.adjusted if one.clipped]
    if clipped:
        yield f"Counted in part, being far off their neighbours: {', '.join(clipped)}."


def trend_note(drawn: Drawn) -> str:
    """Explain the marks that this chart holds, for a line under it."""
    return " ".join(_notes(drawn))


def _notes(drawn: Drawn) -> Iterator[str]:
    weeks = drawn.weeks
    if drawn.adjusted:
        yield (
            "Blue line: planned work like for like, the same people compared, in a band of 95 % certainty. Grey "
            "points: the answers as they came."
        )
    if drawn.fall and any(one.fitted is not None for one in drawn.adjusted):
        yield "Thin line: the level before, and the fall that fits best."
    if any(one.clipped for one in drawn.adjusted):
        yield "Crosses: weeks far off their neighbours, which count in part, so that one bad week is no slide."
    if any(drawn.is_hollow(totals) for totals in weeks if share_of(totals) is not None):
        yield f"Hollow points: under {drawn.thresholds.response_floor * 100:.0f} % answered."
    if drawn.rounded:
        yield "“About”: rounded, since the difference to a week before would tell what one person answered."
    if any(share_of(totals) is None for totals in weeks):
        yield "Circles on the axis: weeks without a figure."
    if drawn.broken_at:
        yield "Upright line: the questions are others from there on, so figures on both sides may not compare."
    if drawn.healthy < drawn.thresholds.healthy:
        yield "The healthy line allows for one person a day on unplanned work, as this team has set."
    if any(verdict.signal is not Signal.NOT_ENOUGH_DATA for verdict in drawn.verdicts):
        yield strip_note(drawn.verdicts)


def _since(verdicts: Sequence[Verdict]) -> str:
    since = verdicts[-1]
    for verdict in reversed(verdicts):
        if verdict.signal is not since.signal:
            break
        since = verdict
    return str(since.week)
