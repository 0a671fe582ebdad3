import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.domain.importing import DateOrder, ItemRecord, Mapping, Problem
from bau_tracker.formats.items import ItemFile, open_items

FIXTURE = Path(__file__).parent.parent / "fixtures" / "imports" / "jira.csv"
LEAST = ["Summary", "Issue key", "Issue id", "Issue Type", "Status"]


def opened(path: Path, mapping: Mapping | None = None) -> ItemFile:
    return open_items(path, zone=ZoneInfo("Europe/Berlin"), mapping=mapping)


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


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6), max_size=9)))
def test_every_row_of_any_file_is_an_item_or_a_problem(tmp_path: Path, rows: list[list[str]]) -> None:
    first = ["Broken", "A-1", "1", "Bug", "Done", "2026-11-20", ""]
    path = write_csv(tmp_path, [*LEAST, "Created", "Log Work"], [first, *rows])
    with path.open(encoding="utf-8", newline="") as file:
        given_rows = sum(any(cells) for cells in csv.reader(file)) - 1

    assert len(list(opened(path, Mapping(date_order=DateOrder.DAY)))) == given_rows
