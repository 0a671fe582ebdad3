"""A team's page and what leads take out of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Blueprint, Response, render_template, stream_with_context
from flask.typing import ResponseReturnValue

from bau_tracker.charts import complaints, figures, items, kinds, trend, trend_words
from bau_tracker.charts.drawn import Drawn
from bau_tracker.domain.permissions import Action
from bau_tracker.domain.reasons import METHOD
from bau_tracker.domain.taxonomy import ITEM_CLASSES, KINDS, Kind
from bau_tracker.formats.exports import Line, csv_chunks
from bau_tracker.services import actions, alerts, exporting, lifecycle, messages, trends
from bau_tracker.services.trends import TeamTrend
from bau_tracker.storage.items import ItemWeek
from bau_tracker.web.auth import actor, requires
from bau_tracker.web.clock import now
from bau_tracker.web.database import database
from bau_tracker.web.forms.actions import ActionForm
from bau_tracker.web.mail import current_settings
from bau_tracker.web.settling import settle_team

blueprint = Blueprint("teams", __name__, url_prefix="/teams/<slug>")


@blueprint.get("")
@requires(Action.VIEW_TEAM)
def show(slug: str) -> ResponseReturnValue:
    """Show a team's trend, what its unplanned work is made of, complaints, advice and items."""
    settle_team(slug)
    page = trends.team_page(database(), slug, actor=actor(), now=now())
    weeks, verdicts = page.trend.weeks, page.trend.verdicts
    drawn = Drawn(weeks, verdicts, page.trend.thresholds, page.trend.breaks, page.trend.adjusted)
    return render_template(
        "teams/show.html",
        page=page,
        kinds=KINDS,
        item_classes=ITEM_CLASSES,
        weeks=list(zip(weeks, verdicts, strict=True)),
        like_for_like={one.week: one for one in page.trend.adjusted},
        trend_json=figures.figure_json(trend.trend_figure(drawn)),
        trend_sentence=trend_words.trend_sentence(drawn),
        trend_note=trend_words.trend_note(drawn),
        kinds_json=figures.figure_json(kinds.kinds_figure(weeks)),
        kinds_sentence=kinds.kinds_sentence(weeks),
        kinds_key=kinds.kinds_key(weeks),
        complaints=complaints.complaint_bars(weeks),
        items=_items_chart(page.item_weeks),
        method_words=METHOD,
        **_beside(page.trend),
    )


@blueprint.get("/weeks.csv")
@requires(Action.EXPORT_TEAM)
def weeks_csv(slug: str) -> ResponseReturnValue:
    """Send a team's published weeks."""
    settle_team(slug)
    found = exporting.teams_to_export(database(), slug, actor=actor(), now=now())
    rows = exporting.week_rows(database(), found, actor=actor(), now=now())
    return _csv(f"{slug}-weeks.csv", exporting.WEEK_COLUMNS, rows)


@blueprint.get("/items.csv")
@requires(Action.EXPORT_TEAM)
def items_csv(slug: str) -> ResponseReturnValue:
    """Send a team's work items."""
    found = exporting.teams_to_export(database(), slug, actor=actor(), now=now())
    return _csv(f"{slug}-items.csv", exporting.ITEM_COLUMNS, exporting.item_rows(database(), found))


def _beside(seen: TeamTrend) -> dict[str, object]:
    """Give what stands on a team's page beside its figures; of messages None for who doesn't manage it."""
    team, base_url = seen.team, current_settings().base_url
    return {
        "alerts": alerts.shown_alerts(database(), [seen], actor=actor(), now=now()),
        "standing": lifecycle.standing(database(), team.slug, actor=actor(), now=now()),
        "agreed": actions.team_actions(database(), team.slug, actor=actor(), now=now()),
        "agree_form": ActionForm(formdata=None),
        "told": messages.team_messages(database(), team, actor=actor(), base_url=base_url, now=now()),
    }


def _items_chart(weeks: Sequence[ItemWeek]) -> dict[str, object] | None:
    """Give what the page needs to draw items by kind; hours where any are logged, else counts. None without items."""
    if not weeks:
        return None
    span = list(weeks[0].week.until(weeks[-1].week))
    by_week = {week.week: week for week in weeks}
    unit = "hours" if any(week.hours for week in weeks) else "items"
    amounts = {kind: [_amount(by_week.get(week), kind, unit) for week in span] for kind in KINDS}
    return {
        "json": figures.figure_json(items.items_figure(span, amounts, unit)),
        "sentence": items.items_sentence(amounts, unit),
        "key": items.items_key(amounts),
        "unit": unit,
    }


def _amount(week: ItemWeek | None, kind: Kind, unit: str) -> float:
    if week is None:
        return 0.0
    return week.hours.get(kind, 0.0) if unit == "hours" else float(week.counts.get(kind, 0))


def _csv(name: str, columns: Sequence[str], rows: Iterable[Line]) -> Response:
    response = Response(stream_with_context(csv_chunks(columns, rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
