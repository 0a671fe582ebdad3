import csv
import io
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.domain.importing import DateOrder, Guess, Inspection, ItemRecord, Mapping, Problem
from bau_tracker.formats.exports import write_rejects
from bau_tracker.formats.items import ItemFile, inspect_items, open_items
from tests.tracker_files import ITEMS, WRITERS, Item

FIXTURES = Path(__file__).parent.parent / "fixtures" / "imports"
FIXTURE = FIXTURES / "jira.csv"
LEAST = ["Summary", "Issue key", "Issue id", "Issue Type", "Status"]


def opened(path: Path, mapping: Mapping | None = None) -> ItemFile:
    return open_items(path, zone=ZoneInfo("Europe/Berlin"), mapping=mapping)


def inspected(path: Path, mapping: Mapping | None = None) -> Inspection:
    return inspect_items(path, zone=ZoneInfo("Europe/Berlin"), mapping=mapping)


def write_csv(tmp_path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    path = tmp_path / "items.csv"
    path.write_text(text.getvalue(), "utf-8", newline="")
    return path


def items(file: ItemFile) -> list[ItemRecord]:
    return [each for each in file if isinstance(each, ItemRecord)]


def test_a_jira_issue_keeps_its_repeated_columns_and_its_log_without_names() -> None:
    item = items(opened(FIXTURE))[0]

    assert (item.source, item.external_key, item.title) == ("jira", "PAY-1", "Card payments fail, sometimes")
    assert (item.item_type, item.status, item.priority) == ("Bug", "Done", "High")
    assert item.labels == ("production", "urgent")
    assert item.component == "api, ledger"
    assert item.text == 'Step one;\nstep "two"'
    assert item.created == datetime(2025, 11, 3, 8, 5, tzinfo=UTC)
    assert item.closed == datetime(2025, 11, 7, 14, 59, tzinfo=UTC)
    assert item.logged == ((date(2025, 11, 3), 3600), (date(2025, 11, 4), 5400))
    assert item.team == ""


def test_time_spent_counts_on_the_day_of_resolution_when_there_is_no_log() -> None:
    assert items(opened(FIXTURE))[1].logged == ((date(2025, 11, 5), 7200),)


def test_an_open_issue_has_no_end_and_nothing_logged() -> None:
    item = items(opened(FIXTURE))[2]

    assert (item.closed, item.logged, item.labels) == (None, (), ())


def test_rows_without_key_or_title_and_logs_that_make_no_sense_are_problems_with_their_line() -> None:
    problems = [each for each in opened(FIXTURE) if isinstance(each, Problem)]

    assert [(each.line, each.column) for each in problems] == [(6, "Issue key"), (7, "Summary"), (8, "Log Work")]


def test_columns_are_found_in_any_order_and_unresolved_orders_are_asked_for(tmp_path: Path) -> None:
    path = write_csv(tmp_path, [*reversed(LEAST), "Created"], [["To Do", "Bug", "1", "A-1", "Broken", "9/6/2018 0:06"]])

    with pytest.raises(UnreadableInput, match="date_order"):
        opened(path)
    item = items(opened(path, Mapping(date_order=DateOrder.MONTH)))[0]
    assert (item.external_key, item.created) == ("A-1", datetime(2018, 9, 5, 22, 6, tzinfo=UTC))


def test_a_log_date_can_settle_the_order_of_the_whole_file(tmp_path: Path) -> None:
    row = ["Broken", "A-1", "1", "Bug", "Done", "9/6/2018", "a;b;28/6/2018 10:00;ada;60"]
    item = items(opened(write_csv(tmp_path, [*LEAST, "Created", "Log Work"], [row])))[0]

    assert item.logged == ((date(2018, 6, 28), 60),)
    assert item.created == datetime(2018, 6, 8, 22, tzinfo=UTC)


def test_time_spent_without_any_date_is_a_problem(tmp_path: Path) -> None:
    row = ["Broken", "A-1", "1", "Bug", "Done", "60"]
    (found,) = opened(write_csv(tmp_path, [*LEAST, "Time Spent"], [row]))

    assert isinstance(found, Problem)
    assert "no date" in found.message


def test_two_thousand_columns_of_a_real_site_are_no_obstacle(tmp_path: Path) -> None:
    header = [*LEAST, *["Affects versions"] * 165, *[f"Custom field ({n})" for n in range(2_091)]]
    row = ["Broken", "A-1", "1", "Bug", "Done", *[""] * (len(header) - 5)]

    assert items(opened(write_csv(tmp_path, header, [row])))[0].external_key == "A-1"


def test_another_tool_is_read_by_a_mapping(tmp_path: Path) -> None:
    mapping = Mapping({"title": "Name", "external_key": "No", "labels": "Tags", "logged_hours": "h", "created": "On"})
    path = write_csv(tmp_path, ["No", "Name", "Tags", "h", "On"], [["7", "Broken", "a; b,c", "1,5", "2026-11-20"]])

    (item,) = items(opened(path, mapping))

    assert (item.source, item.external_key, item.labels) == ("table", "7", ("a", "b", "c"))
    assert item.logged == ((date(2026, 11, 20), 5400),)


def test_rows_without_a_key_column_keep_the_same_key_when_their_status_changes(tmp_path: Path) -> None:
    mapping, header = Mapping({"title": "Name", "status": "State"}), ["Name", "State"]
    before = items(opened(write_csv(tmp_path, header, [["Broken", "open"], ["Broken", "open"]]), mapping))
    after = items(opened(write_csv(tmp_path, header, [["Broken", "done"], ["Broken", "open"]]), mapping))

    assert [each.external_key for each in before] == [each.external_key for each in after]
    assert len({each.external_key for each in before}) == 2


def test_what_is_no_jira_export_asks_for_a_mapping(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"“No”, “Name”.*mapping.*title"):
        opened(write_csv(tmp_path, ["No", "Name"], [["1", "x"]]))


def test_jira_s_api_gives_the_same_issue_as_its_csv_does_with_sprints_and_texts_made_plain() -> None:
    first, second, third = items(opened(FIXTURES / "jira.json"))

    assert (first.source, first.external_key, first.url) == ("jira", "PAY-1", "https://jira.example.org/browse/PAY-1")
    assert (first.item_type, first.incident, first.status) == ("[System] Incident", True, "Done")
    assert (first.labels, first.component) == (("production", "ledger"), "api, queue")
    assert first.text == "Seen by twice.\nfirst\nsecond"
    assert first.sprint_started == datetime(2026, 11, 2, 8, tzinfo=UTC)
    assert first.logged == ((date(2026, 11, 19), 3600), (date(2026, 11, 19), 1800), (date(2026, 11, 20), 3600))
    assert (second.item_type, second.text, second.sprint_started) == ("Story", "", None)
    assert third.sprint_started == datetime(2026, 11, 16, 8, tzinfo=UTC)


def test_issues_of_two_repositories_stay_apart_and_a_bot_s_pull_request_is_left_out() -> None:
    shop, pull_request, till = opened(FIXTURES / "github.json")

    assert isinstance(shop, ItemRecord)
    assert isinstance(pull_request, Problem)
    assert isinstance(till, ItemRecord)
    assert (shop.external_key, till.external_key) == ("example/shop#4", "example/till#4")
    assert (shop.labels, shop.status) == (("bug", "prio: high, now"), "closed")
    assert "pull request" in pull_request.message
    assert pull_request.line == 2
    assert len(items(opened(FIXTURES / "github.json", Mapping(keep_all=True)))) == 3


def test_both_ways_out_of_github_name_an_issue_the_same() -> None:
    api, command = items(opened(FIXTURES / "github.json"))[0], items(opened(FIXTURES / "gh_issues.json"))[0]

    for name in ("source", "external_key", "title", "status", "url", "created", "closed"):
        assert getattr(api, name) == getattr(command, name)


def test_issues_without_dates_or_pages_are_read_and_the_risk_is_said(tmp_path: Path) -> None:
    path = tmp_path / "issues.json"
    path.write_text('[{"number": 4, "title": "Broken", "state": "OPEN"}]', "utf-16")

    file = opened(path)

    (item,) = items(file)
    assert (item.external_key, item.created, item.status) == ("4", None, "open")
    assert "which repository" in file.layout.notes[-1]


def test_both_ways_out_of_gitlab_name_an_issue_the_same() -> None:
    sheet, api = items(opened(FIXTURES / "gitlab.csv"))[0], items(opened(FIXTURES / "gitlab.json"))[0]

    for name in ("source", "external_key", "title", "labels", "url", "created", "closed", "logged"):
        assert getattr(sheet, name) == getattr(api, name)
    assert (api.incident, api.item_type, api.sprint_started) == (
        True,
        "incident",
        datetime(2026, 11, 16, tzinfo=ZoneInfo("Europe/Berlin")),
    )


def test_a_service_desk_s_times_are_those_of_the_zone_given() -> None:
    incident, task = items(opened(FIXTURES / "servicenow.csv"))

    assert (incident.external_key, incident.incident, incident.priority) == ("INC0010001", True, "1 - Critical")
    assert incident.created == datetime(2026, 11, 18, 8, 30, tzinfo=UTC)
    assert incident.text == "Since 9:20.\nAll & everywhere"
    assert (task.item_type, task.incident, task.closed, task.component) == ("Catalog task", False, None, "")


def test_a_tree_of_azure_is_read_with_its_titles_tags_and_hours() -> None:
    epic, bug = items(opened(FIXTURES / "azure_devops.csv"))

    assert (epic.title, epic.labels, epic.item_type) == ("One basket", ("roadmap", "web"), "Epic")
    assert (bug.title, bug.text, bug.external_key) == ("Basket forgets the voucher", "Twice\ntoday", "42")
    assert bug.logged == ((date(2026, 11, 19), 9000),)


def test_both_ways_out_of_pagerduty_name_an_incident_the_same_and_log_no_work() -> None:
    sheet, api = items(opened(FIXTURES / "pagerduty.csv"))[0], items(opened(FIXTURES / "pagerduty.json"))[0]

    for name in ("source", "external_key", "title", "priority", "component", "created", "closed", "incident", "logged"):
        assert getattr(sheet, name) == getattr(api, name)
    assert (api.incident, api.logged) == (True, ())


def test_opsgenie_s_incidents_and_alerts_are_told_apart() -> None:
    incident, alert = items(opened(FIXTURES / "opsgenie.json"))

    assert (incident.item_type, incident.incident, incident.priority) == ("Incident", True, "P1")
    assert incident.closed == datetime(2026, 11, 18, 9, 55, tzinfo=UTC)
    assert (alert.item_type, alert.incident, alert.closed) == ("Alert", False, None)


def test_a_raw_dump_with_a_record_in_a_column_is_unwrapped(tmp_path: Path) -> None:
    record = json.dumps({"tinyId": "1", "message": "Down", "id": "x", "createdAt": "2026-11-18T08:00:00Z"})
    path = write_csv(tmp_path, ["id", "params", "data"], [["1", '{"a": 1}', record], ["2", "{}", "cut {"]])

    item, problem = opened(path)

    assert isinstance(item, ItemRecord)
    assert (item.source, item.line, item.title) == ("opsgenie", 2, "Down")
    assert isinstance(problem, Problem)
    assert problem.row[0] == "cut {"
    assert "column “data”" in opened(path).layout.notes[0]


def test_a_file_of_a_week_without_items_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "issues.json"
    path.write_text("[]", "utf-8")

    assert list(opened(path)) == []
    assert "nothing to take over" in inspected(path).layout.notes[0]
    assert inspected(path).questions == ()


def test_minutes_and_literal_nulls_of_any_table_are_read_by_a_mapping(tmp_path: Path) -> None:
    header = ["title", "done", "time_spent_minutes", "tags"]
    path = write_csv(tmp_path, header, [["Broken", "2026-11-18", "30", "NULL"], ["Down", "NULL", "0", "a,b"]])

    first, second = items(
        opened(path, Mapping({"title": "title", "closed": "done", "logged_hours": header[2], "labels": "tags"}))
    )

    assert (first.logged, first.labels) == (((date(2026, 11, 18), 1800),), ())
    assert (second.closed, second.logged, second.labels) == (None, (), ("a", "b"))


def test_an_inspection_says_what_was_recognised_and_why(tmp_path: Path) -> None:
    row = ["Broken", "A-1", "1", "Bug", "Done", "28/6/2018", "x", "y"]
    found = inspected(write_csv(tmp_path, [*LEAST, "Created", "Labels", "Labels"], [row]))

    assert (found.layout.tool, found.rows, found.date_order, found.questions) == ("jira", 1, DateOrder.DAY, ())
    assert found.layout.why.startswith("Recognised as Jira by the columns “Summary”, “Issue key”")
    assert found.guesses["external_key"] == Guess("Issue key", "Jira calls it “Issue key”.")
    assert found.guesses["labels"].column == "Labels (1)"
    assert [look.name for look in found.looks][-2:] == ["Labels (1)", "Labels (2)"]
    assert found.looks[0].examples == ("Broken",)


def test_an_inspection_asks_for_all_that_is_open_and_each_answer_settles_one(tmp_path: Path) -> None:
    path = write_csv(tmp_path, ["No", "Name", "On"], [["1", "Broken", "9/6/2018"]])
    columns = {"title": "Name", "created": "On"}

    assert [question.field for question in inspected(path).questions] == ["title"]
    assert [question.field for question in inspected(path, Mapping(columns)).questions] == ["date_order"]
    settled = inspected(path, Mapping(columns, date_order=DateOrder.MONTH))
    assert (settled.questions, settled.date_order) == ((), DateOrder.MONTH)
    assert settled.guesses["title"] == Guess("Name", "The mapping says so.")


def test_a_mapping_that_names_what_is_not_there_is_asked_about_and_an_unknown_field_refused(tmp_path: Path) -> None:
    path = write_csv(tmp_path, ["No", "Name"], [["1", "Broken"]])
    (question,) = inspected(path, Mapping({"title": "Nome"})).questions
    assert (question.field, "“Nome”, which the file doesn't have" in question.message) == ("title", True)
    with pytest.raises(UnreadableInput, match="no field"):
        inspected(path, Mapping({"titel": "Name"}))


def test_columns_of_an_unknown_table_are_offered_and_not_used_unasked(tmp_path: Path) -> None:
    header = ["ticket", "subject", "opened", "resolved"]
    path = write_csv(tmp_path, header, [["7", "Disk full", "2026-11-17", "2026-11-18"]])
    found = inspected(path)
    offered = {field: guess.column for field, guess in found.guesses.items()}
    assert offered == {"external_key": "ticket", "title": "subject", "created": "opened", "closed": "resolved"}
    assert not any(guess.sure for guess in found.guesses.values())
    assert [question.field for question in found.questions] == ["title"]
    assert [look.looks_like for look in found.looks] == ["numbers", "a few choices", "dates", "dates"]


def test_a_person_says_the_encoding_and_the_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_bytes("Name|Größe, Art\nStörung|x\n".encode("mac-roman"))
    mapping = Mapping({"title": "Name"}, encoding="mac-roman", delimiter="|")
    (item,) = opened(path, mapping)
    assert isinstance(item, ItemRecord)
    assert item.title == "Störung"


@pytest.mark.parametrize("name", ["github.json", "jira.json", "gitlab.json", "pagerduty.json", "opsgenie.json"])
def test_a_mended_list_of_rejects_of_json_is_read_as_the_same_tracker(tmp_path: Path, name: str) -> None:
    file = opened(FIXTURES / name, Mapping(keep_all=True))
    rejects = [Problem(item.line, "", "to be mended", item.row) for item in items(file)]
    path = tmp_path / "rejects.csv"
    write_rejects(path, file.layout, rejects)

    again = opened(path, Mapping(keep_all=True))

    assert again.layout.tool == file.layout.tool
    for before, after in zip(items(file), items(again), strict=True):
        assert (before.external_key, before.labels, before.logged) == (after.external_key, after.labels, after.logged)
        assert (before.text.split(), before.sprint_started) == (after.text.split(), after.sprint_started)


@pytest.mark.parametrize("name", [path.name for path in FIXTURES.iterdir() if path.suffix == ".json"])
def test_no_name_of_a_person_in_json_reaches_a_preview_or_a_list_of_rejects(name: str) -> None:
    found, file = inspected(FIXTURES / name), opened(FIXTURES / name)

    assert "Ada" not in repr(found)
    assert "ada" not in " ".join(cell for entry in file for cell in entry.row)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6), max_size=9)))
def test_every_row_of_any_file_is_an_item_or_a_problem(tmp_path: Path, rows: list[list[str]]) -> None:
    first = ["Broken", "A-1", "1", "Bug", "Done", "2026-11-20", ""]
    path = write_csv(tmp_path, [*LEAST, "Created", "Log Work"], [first, *rows])
    with path.open(encoding="utf-8", newline="") as file:
        given_rows = sum(any(cells) for cells in csv.reader(file)) - 1

    assert len(list(opened(path, Mapping(date_order=DateOrder.DAY)))) == given_rows


@pytest.mark.parametrize("write", WRITERS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(found=ITEMS)
def test_what_a_tracker_writes_is_read_back(
    tmp_path: Path, write: Callable[[list[Item]], str], found: list[Item]
) -> None:
    key, told = WRITERS[write]
    path = tmp_path / "items"
    path.write_text(write(found), "utf-8", newline="")

    read = items(open_items(path, zone=ZoneInfo("UTC")))

    assert [item.external_key for item in read] == [key.format(n) for n in range(len(found))]
    for item, written in zip(read, found, strict=True):
        assert (item.title, item.created, item.closed) == (written["title"], written["created"], written["closed"])
        assert item.text == (written["text"] if "text" in told else "")
        assert item.labels == (tuple(written["labels"]) if "labels" in told else ())
        assert sum(seconds for _, seconds in item.logged) == (written["seconds"] if "seconds" in told else 0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_or_keeps_its_rows(tmp_path: Path, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([path for path in sorted(FIXTURES.iterdir()) if path.name != "answers.csv"]))
    content = whole.read_bytes()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 40)))
    path = tmp_path / f"damaged{whole.suffix}"
    path.write_bytes(content[:start] + data.draw(st.binary(max_size=12)) + content[end:])

    check_that_nothing_is_lost(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(
    st.binary(max_size=200) | st.text('[]{}:,"\\na1 \n', max_size=60).map(str.encode), st.sampled_from(["csv", "json"])
)
def test_any_bytes_are_refused_or_read(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"any.{suffix}"
    path.write_bytes(content)

    check_that_nothing_is_lost(path)


def check_that_nothing_is_lost(path: Path) -> None:
    with suppress(UnreadableInput):
        rows = inspected(path, Mapping(date_order=DateOrder.DAY)).rows
        assert len(list(opened(path, Mapping(date_order=DateOrder.DAY)))) == rows
