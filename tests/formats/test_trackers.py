import pytest

from bau_tracker.formats.trackers import TABLE, TRACKERS, reason_of, recognise_tracker

HEADERS = {
    "jira": [
        ["Summary", "Issue key", "Issue id", "Issue Type", "Status", "Labels", "Labels"],
        ["Zusammenfassung", "Vorgangsschlüssel", "Vorgangs-ID", "Vorgangstyp", "Status"],
        ["Work item key", "Work item id", "Summary", "Work type", "Status"],
        ["expand", "id", "self", "key", "fields.summary", "fields.status.name"],
    ],
    "github": [
        ["number", "title"],
        ["number", "title", "labels", "labels.name", "state", "closedAt", "milestone.title"],
        ["url", "html_url", "number", "title", "state", "reactions.+1"],
    ],
    "gitlab": [
        ["Issue ID", "URL", "Title", "State", "Description", "Author"],
        ["ID", "IID", "Title", "Description", "Type", "URL", "State", "Created At (UTC)", "Parent IID"],
        ["id", "iid", "project_id", "title", "state", "issue_type"],
    ],
    "servicenow": [
        ["number", "short_description", "opened_at", "caller_id"],
        ["Number", "Short description", "Opened", "Priority", "State"],
        ["Nummer", "Kurzbeschreibung", "Geöffnet"],
    ],
    "pagerduty": [
        ["id", "incident_number", "description", "service_name", "created_on", "resolved_on"],
        ["id", "incident_number", "title", "summary", "html_url", "service.summary"],
    ],
    "opsgenie": [["id", "tinyId", "message", "priority"]],
    "azure_devops": [
        ["ID", "Work Item Type", "Title", "Assigned To", "State", "Tags"],
        ["ID", "Work Item Type", "Title 1", "Title 2", "State"],
        ["id", "rev", "fields.System.Title", "fields.System.WorkItemType"],
    ],
    "table": [
        ["No", "Name"],
        ["Number", "Title"],
        ["number", "title", "salary"],
        ["id", "title", "state"],
        ["key", "summary"],
        ["Issue key", "Summary", "Status"],
        [],
        [""],
    ],
}
PEOPLE = (
    "Assigned To",
    "assigned_to",
    "caller_id",
    "Reporter",
    "Assignee",
    "user.login",
    "Author",
    "Opened by",
    "owner",
)


@pytest.mark.parametrize(
    ("source", "header"), [(source, header) for source, headers in HEADERS.items() for header in headers]
)
def test_a_tracker_is_known_by_its_set_of_headers_in_any_order(source: str, header: list[str]) -> None:
    for ordered in (header, header[::-1], sorted(header)):
        assert recognise_tracker(ordered)[0].source == source


@pytest.mark.parametrize("source", [source for source in HEADERS if source not in {"table", "github"}])
def test_headers_of_a_site_beside_those_needed_change_nothing(source: str) -> None:
    for header in HEADERS[source]:
        tracker, columns = recognise_tracker(["Custom field (Team)", "", *header, "u_region", *PEOPLE])

        assert tracker.source == source
        assert {0, 1, len(header) + 2}.isdisjoint(index for indexes in columns.values() for index in indexes)


def test_no_column_of_people_is_ever_read() -> None:
    for headers in HEADERS.values():
        for header in headers:
            whole = [*header, *PEOPLE]
            _, columns = recognise_tracker(whole)
            assert {whole[index] for indexes in columns.values() for index in indexes}.isdisjoint(PEOPLE)


def test_the_surest_of_several_columns_comes_first() -> None:
    header = ["url", "number", "title", "html_url"]

    assert recognise_tracker(header)[1]["url"] == [3, 0]


def test_the_columns_that_gave_a_tracker_away_are_named() -> None:
    header = ["number", "title", "html_url"]
    tracker, columns = recognise_tracker(header)

    assert reason_of(tracker, header, columns) == "Recognised as GitHub by the columns “title”, “number”, “html_url”."
    assert "No tracker" in reason_of(TABLE, ["a"], {})


def test_every_tracker_needs_what_it_has_columns_for() -> None:
    for tracker in TRACKERS:
        assert set(tracker.needs) <= set(tracker.columns)
