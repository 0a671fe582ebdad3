from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bau_tracker.domain.importing import DateOrder, ItemRecord, Problem
from bau_tracker.formats.item_rows import MOST_LABELS, ItemReading, ItemRows
from bau_tracker.formats.trackers import recognise_tracker

BERLIN = ZoneInfo("Europe/Berlin")
JIRA = {"key": "A-1", "fields.summary": "Broken", "fields.created": "2026-11-18T09:00:00.000+0100"}
GITHUB = {"number": "4", "title": "Broken", "html_url": "https://github.com/example/shop/issues/4"}
AZURE = {"ID": "4", "Work Item Type": "Bug", "Title": "Broken", "State": "New"}
SERVICENOW = {"number": "INC1", "short_description": "Broken", "opened_at": "2026-11-18 09:00:00"}
GITLAB = {"Issue ID": "4", "Title": "Broken", "State": "Open", "URL": ""}


def read(row: dict[str, str], *, order: DateOrder | None = None, keep_all: bool = False) -> ItemRecord | Problem:
    header = list(row)
    tracker, columns = recognise_tracker(header)
    rows = ItemRows(ItemReading(tracker, header, columns, BERLIN, order, keep_all))
    return rows.read(2, list(row.values()))


def item(row: dict[str, str]) -> ItemRecord:
    found = read(row)
    assert isinstance(found, ItemRecord)
    return found


def problem(row: dict[str, str]) -> Problem:
    found = read(row)
    assert isinstance(found, Problem)
    return found


def test_a_pull_request_is_left_out_and_can_be_taken_along() -> None:
    row = GITHUB | {"pull_request.url": "https://api.github.com/repos/example/shop/pulls/4"}

    assert "pull request, so it is left out" in problem(row).message
    assert '{"keep_all": true}' in problem(row).message
    kept = read(row, keep_all=True)
    assert isinstance(kept, ItemRecord)
    assert (kept.item_type, kept.external_key) == ("Pull request", "example/shop#4")


@pytest.mark.parametrize("title", ["Bump quickcart from 1.0 to 1.1", "Update tilljs to v2 [SECURITY]"])
def test_what_a_bot_proposes_keeps_its_text_and_gets_no_label(title: str) -> None:
    found = item(GITHUB | {"title": title, "body": "Bumps it."})

    assert (found.title, found.text, found.labels, found.item_type) == (title, "Bumps it.", (), "")


@pytest.mark.parametrize(("days", "seconds"), [("2026-11-18\n2026-11-19", "60"), ("", "60"), ("2026-11-18", "")])
def test_a_log_without_as_many_times_as_days_is_a_problem(days: str, seconds: str) -> None:
    row = JIRA | {"fields.worklog.worklogs.started": days, "fields.worklog.worklogs.timeSpentSeconds": seconds}

    assert "days without a time" in problem(row).message


def test_log_lines_that_add_up_to_years_are_a_mistake() -> None:
    days, seconds = "\n".join(["2026-11-18"] * 41), "\n".join(["360000"] * 41)
    row = JIRA | {"fields.worklog.worklogs.started": days, "fields.worklog.worklogs.timeSpentSeconds": seconds}

    assert "4,100 hours on one item can't be right" in problem(row).message


def test_the_first_page_of_a_log_is_filled_up_by_the_time_spent() -> None:
    row = JIRA | {
        "fields.worklog.worklogs.started": "2026-11-18T23:30:00.000+0000",
        "fields.worklog.worklogs.timeSpentSeconds": "600",
        "fields.timespent": "1000",
    }

    assert item(row).logged == ((date(2026, 11, 19), 600), (date(2026, 11, 18), 400))


def test_time_spent_counts_on_the_day_of_the_team() -> None:
    row = GITLAB | {"Closed At (UTC)": "2026-11-18 23:30:00", "Time Spent": "60"}

    assert item(row).closed == datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    assert item(row).logged == ((date(2026, 11, 19), 60),)


def test_the_newer_list_of_work_items_of_gitlab_writes_times_for_people() -> None:
    page = "https://gitlab.example.org/pay/refunds/-/work_items/4"
    row = {"ID": "900", "IID": "4", "Title": "Stuck", "Type": "Incident", "URL": page, "State": "Closed"}
    found = item(
        row | {"Closed At (UTC)": "2026-11-18 10:00:00", "Time Spent": "1d 1h 30m", "Labels": "bug, ops::live"}
    )

    assert (found.external_key, found.incident, found.labels) == ("pay/refunds#4", True, ("bug", "ops::live"))
    assert found.logged == ((date(2026, 11, 18), 34_200),)


@pytest.mark.parametrize("column", ["seconds_to_resolve", "seconds_to_first_ack"])
def test_how_long_an_incident_was_open_is_no_work(column: str) -> None:
    row = {"id": "P1", "incident_number": "1", "description": "Down", "created_on": "2026-11-18", column: "5400"}

    assert (item(row).logged, item(row).incident, item(row).item_type) == ((), True, "Incident")


def test_the_first_sprint_counts_for_what_was_carried_over() -> None:
    row = JIRA | {"fields.customfield_10020.startDate": "2026-11-16T08:00:00.000Z\n2026-11-02T08:00:00.000Z\n"}

    assert item(row).sprint_started == datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org/x", "https://a b", "www.example.org", ""])
def test_only_pages_are_kept_as_links(url: str) -> None:
    assert item(GITHUB | {"html_url": url}).url == ""


def test_labels_in_one_cell_come_apart_as_their_tracker_joins_them() -> None:
    assert item(AZURE | {"Tags": "roadmap; web, shop; roadmap"}).labels == ("roadmap", "web, shop")
    assert item(GITLAB | {"Labels": "bug,ops::live"}).labels == ("bug", "ops::live")
    assert item(GITHUB | {"labels.name": "bug\nprio: high, now"}).labels == ("bug", "prio: high, now")


def test_more_labels_than_a_person_gives_are_a_problem() -> None:
    found = problem(GITHUB | {"labels.name": "\n".join(map(str, range(MOST_LABELS + 1)))})

    assert (found.column, "201 labels" in found.message) == ("labels.name", True)


def test_html_becomes_plain_text_and_what_only_speaks_of_tags_stays() -> None:
    assert item(AZURE | {"Description": "<div>One &lt; two<br/></div><p>three</p>"}).text == "One < two\nthree"
    assert item(AZURE | {"Description": "Generic List<int> fails"}).text == "Generic List<int> fails"
    assert item(GITHUB | {"body": "<p>as written</p>"}).text == "<p>as written</p>"


def test_a_literal_null_is_nothing() -> None:
    found = item(SERVICENOW | {"resolved_at": "null", "cmdb_ci": "NULL", "description": "null"})

    assert (found.closed, found.component, found.text) == (None, "", "")
    assert problem(SERVICENOW | {"short_description": "null"}).column == "short_description"


def test_a_date_that_is_none_is_a_problem_in_its_column() -> None:
    assert problem(SERVICENOW | {"opened_at": "soon"}).column == "opened_at"


def test_a_title_of_a_tree_is_in_the_column_of_its_level() -> None:
    row = {"ID": "4", "Work Item Type": "Task", "Title 1": "", "Title 2": "", "Title 3": "Deep down"}

    assert item(row).title == "Deep down"


PEOPLE: Sequence[tuple[dict[str, str], Sequence[str]]] = (
    (SERVICENOW, ("caller_id", "assigned_to", "opened_by", "sys_created_by", "closed_by", "watch_list")),
    (AZURE, ("Assigned To", "Created By", "Changed By", "Closed By")),
    (GITLAB, ("Author", "Author Username", "Assignee", "Assignee Username")),
    (JIRA, ("fields.assignee.displayName", "fields.reporter", "fields.creator.emailAddress")),
    (GITHUB, ("user.login", "assignees.login", "assignee")),
)


@pytest.mark.parametrize(("row", "columns"), PEOPLE)
def test_no_name_of_a_person_gets_into_an_item(row: dict[str, str], columns: Sequence[str]) -> None:
    found = item(row | dict.fromkeys(columns, "Ada Example <ada@example.org>"))

    said = [getattr(found, field.name) for field in fields(found) if field.name != "row"]
    assert "Ada" not in repr(said)
