import pytest

from bau_tracker.formats.item_cells import (
    Cells,
    closed_when_done,
    github_type,
    gitlab_sprint,
    jira_url,
    key_with_repository,
    opsgenie_type,
    servicenow_type,
    without_pull_requests,
)


def cells(**texts: str) -> Cells:
    return Cells(list(texts.values()), {name: [index] for index, name in enumerate(texts)})


def test_a_field_gives_what_its_columns_say_the_first_first_and_nothing_for_null() -> None:
    found = Cells(["", " b ", "null", "c\n d"], {"x": [2, 0, 1, 3]}, frozenset(("null",)))

    assert found.texts("x") == ["b", "c\n d"]
    assert (found.text("x"), found.text("y")) == ("b", "")
    assert found.lines("x") == ["b", "c", "d"]


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://github.com/example/shop/issues/4", "example/shop#4"),
        ("https://github.example.org/example/shop/pull/4/files?w=1", "example/shop#4"),
        ("https://api.github.com/repos/example/shop/issues/4", "example/shop#4"),
        ("https://github.example.org/api/v3/repos/example/shop/issues/4", "example/shop#4"),
        ("https://gitlab.example.org/pay/refunds/api/-/issues/4", "pay/refunds/api#4"),
        ("https://gitlab.example.org/pay/refunds/-/issues/incident/4", "pay/refunds#4"),
        ("https://gitlab.example.org/pay/refunds/-/work_items/4#note_1", "pay/refunds#4"),
        ("https://gitlab.example.org/pay/refunds/issues/4", "pay/refunds#4"),
        ("https://example.org/4", "4"),
        ("", "4"),
    ],
)
def test_a_key_names_its_repository_where_the_page_tells(url: str, key: str) -> None:
    assert key_with_repository(cells(external_key="4", url=url)) == key


def test_a_key_names_its_repository_where_another_column_tells() -> None:
    api = "https://api.github.com/repos/example/shop"

    assert key_with_repository(cells(external_key="4", repository=api)) == "example/shop#4"
    assert key_with_repository(cells(external_key="4", repository="example/shop")) == "example/shop#4"
    assert key_with_repository(cells(external_key="4", full_key="pay/refunds#4")) == "pay/refunds#4"
    assert key_with_repository(cells(external_key="", repository="example/shop")) == ""


@pytest.mark.parametrize(
    ("api", "page"),
    [
        ("https://jira.example.org/rest/api/3/issue/1", "https://jira.example.org/browse/A-1"),
        ("https://example.org/jira/rest/agile/1.0/issue/1", "https://example.org/jira/browse/A-1"),
        ("https://example.org/other", ""),
        ("", ""),
    ],
)
def test_the_page_of_a_jira_issue_is_made_from_its_api(api: str, page: str) -> None:
    assert jira_url(cells(external_key="A-1", api_url=api)) == page


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("INC0010001", "Incident"),
        ("SCTASK0020002", "Catalog task"),
        ("RITM1", "Requested item"),
        ("X1", "own"),
        ("", "own"),
    ],
)
def test_the_number_of_a_service_desk_says_what_it_is(number: str, kind: str) -> None:
    assert servicenow_type(cells(external_key=number, item_type="own")) == kind


def test_pull_requests_are_told_by_a_column_of_theirs_or_their_page() -> None:
    page = "https://github.com/example/shop/pull/4"
    for pull_request in (cells(pull_request="https://api.github.com/x"), cells(url=page)):
        assert github_type(pull_request) == "Pull request"
        assert without_pull_requests(pull_request)
    issue = cells(url="https://github.com/example/pull/issues/4", pull_request="", item_type="Bug")
    assert (github_type(issue), without_pull_requests(issue)) == ("Bug", "")


def test_an_alert_is_no_incident_until_somebody_opened_one() -> None:
    assert opsgenie_type(cells(started="", url="https://x.app.opsgenie.com/alert/detail/1")) == "Alert"
    assert opsgenie_type(cells(started="2026-11-18", url="")) == "Incident"


def test_the_last_change_is_the_end_only_of_what_is_done() -> None:
    assert closed_when_done(cells(status="Resolved", closed="", updated="2026-11-18")) == "2026-11-18"
    assert closed_when_done(cells(status="open", closed="", updated="2026-11-18")) == ""
    assert closed_when_done(cells(status="open", closed="2026-11-17", updated="2026-11-18")) == "2026-11-17"


@pytest.mark.parametrize(
    ("iteration", "start", "due", "found"),
    [
        ("2026-11-16", "2026-11-02", "2026-11-27", "2026-11-16"),
        ("", "2026-11-02", "2026-11-27", "2026-11-02"),
        ("", "2026-10-01", "2026-12-31", ""),
        ("", "2026-11-02", "", ""),
    ],
)
def test_a_milestone_is_a_sprint_only_when_it_is_as_short(iteration: str, start: str, due: str, found: str) -> None:
    assert gitlab_sprint(cells(sprint_started=iteration, milestone_started=start, milestone_due=due)) == found
