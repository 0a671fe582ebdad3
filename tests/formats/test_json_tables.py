import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.formats import json_source, tables
from bau_tracker.formats.json_tables import json_table, looks_like_json, record_in, unwrapped
from bau_tracker.formats.tables import MOST_COLUMNS, Table, open_table
from tests.patience import not_endless

ONE, TWO = '{"number": 1, "title": "a"}', '{"number": 2, "title": "b"}'
NESTED = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcde"), inner, max_size=3),
    max_leaves=8,
)


def write(tmp_path: Path, content: bytes | str, name: str = "items.json") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def table_of(tmp_path: Path, content: bytes | str) -> Table:
    return json_table(write(tmp_path, content), "items.json")


@pytest.mark.parametrize(
    "content",
    [
        f"[{ONE}, {TWO}]",
        f"[{ONE}][{TWO}]",
        f"[[{ONE}], [{TWO}]]",
        f"{ONE}\n{TWO}\n",
        f"{ONE}{TWO}",
        f'{{"total": 2, "issues": [{ONE}, {TWO}]}}',
        f'{{"issues": [{ONE}], "isLast": false}}\n{{"issues": [{TWO}], "isLast": true}}',
        f'[{{"issues": [{ONE}]}}, {{"issues": [{TWO}]}}]',
        f'{{"data": {ONE}}}{{"data": {TWO}, "took": 0.1}}',
        f'{{"names": {{"x": ["y", {{}}]}}, "incidents": [{ONE}, {TWO}], "more": false}}',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_records_are_found_however_they_are_wrapped(tmp_path: Path, content: str, encoding: str) -> None:
    table = table_of(tmp_path, content.encode(encoding))

    assert table.header == ("number", "title")
    assert list(table) == [(1, ["1", "a"], ""), (2, ["2", "b"], "")]
    assert list(table) == list(table)


def test_names_of_all_records_make_the_header(tmp_path: Path) -> None:
    table = table_of(tmp_path, '[{"title": "a"}, {"title": "b", "labels": ["x"]}]')

    assert table.header == ("title", "labels")
    assert [cells for _, cells, _ in table] == [["a", ""], ["b", "x"]]


def test_a_list_inside_a_record_stays_in_it(tmp_path: Path) -> None:
    assert len(list(table_of(tmp_path, '{"title": "a", "items": [{"x": 1}, {"x": 2}]}'))) == 1


def test_a_long_wrapper_that_turns_out_to_be_a_record_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = '{"items": [{"x": 1}], "title": "a"}'
    assert len(list(table_of(tmp_path, content))) == 1

    monkeypatch.setattr(json_source, "CHUNK", 10)
    with pytest.raises(UnreadableInput, match="list of records and “title”"):
        table_of(tmp_path, content)


def test_what_is_no_record_is_a_fault_with_its_text(tmp_path: Path) -> None:
    rows = list(table_of(tmp_path, f'[{ONE}, 5, "x", null]'))

    assert [(line, cells[0], bool(fault)) for line, cells, fault in rows] == [
        (1, "1", False),
        (2, "5", True),
        (3, "x", True),
        (4, "", True),
    ]


@pytest.mark.parametrize("content", ["[]", '{"issues": []}', "[[],[]]", "[][]"])
def test_a_week_without_items_is_a_table_without_rows(tmp_path: Path, content: str) -> None:
    table = table_of(tmp_path, content)

    assert (table.header, list(table)) == ((), [])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[{"a"', "breaks off at its beginning"),
        (f"[{ONE}, {TWO[:9]}", "breaks off after record 1"),
        (f"[{ONE}] and more", "stops being JSON after record 1"),
        ('[{"number": NaN}]', "stops being JSON"),
        (f"[{ONE},]", "stops being JSON"),
        ("{'number': 1}", "stops being JSON"),
        ("[" * 200, "inside each other"),
        ("[" * 100_000, "inside each other"),
        ('{"a":' * 200 + "1" + "}" * 200, "inside each other"),
        ('{"a":' * 100_000, "inside each other"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "inside each other"),
        ('[{"title": "a", "labels": ' + "[" * 200 + "]" * 200 + "}]", "inside each other"),
        ('{"data": ' + "[" * 900 + "]" * 900 + "}", "inside each other"),
        ("[tru]", "stops being JSON"),
        ('[{"title" "a"}]', "stops being JSON"),
        ('[{"title": "a"} {"title": "b"}]', "stops being JSON after record 1"),
        ('{"issues": [], 5}', "stops being JSON"),
        ('[{"title": -}]', "stops being JSON"),
        ('[{"' + "k" * 301 + '": 1}]', "name of over 300 .* begins: “k{60}…”"),
        ('[{"' + "k" * 200 + '": {"' + "n" * 100 + '": 1}}]', "name of over 300"),
        ("[{" + ",".join(f'"n{n}": 1' for n in range(MOST_COLUMNS + 1)) + "}]", "different names"),
        ('[{"title": "für"}]'.encode("cp1252"), "isn't UTF-8"),
        (b"\xff\xfe[\x00\x00\xd8", "isn't UTF-16"),
        ('{"message": "Bad credentials", "status": "401"}', "refused them with: “Bad credentials 401”"),
        ('{"error": {"message": "Invalid key", "code": 2006}}', "Invalid key"),
        ('{"errorMessages": ["No such project"], "errors": {}}', "No such project"),
    ],
)
def test_what_cannot_be_read_is_refused_with_where_and_why(tmp_path: Path, content: bytes | str, message: str) -> None:
    with pytest.raises(UnreadableInput, match=message):
        table_of(tmp_path, content)


def test_a_name_of_the_most_characters_is_read(tmp_path: Path) -> None:
    table = table_of(tmp_path, '[{"' + "k" * 200 + '": {"' + "n" * 99 + '": 1}}]')

    assert [len(name) for name in table.header] == [300]


def test_names_that_are_too_long_together_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LONGEST_HEADER", 20)

    with pytest.raises(UnreadableInput, match=r"headings of .* have 21 characters together"):
        table_of(tmp_path, '[{"number": 1}, {"customfield_123": 2}]')


@pytest.mark.parametrize(
    "content",
    [
        '[{"' + "k" * 200_000 + '": {' + ",".join(f'"c{n}": 1' for n in range(4_900)) + "}}]",
        '[{"' + "k" * 200 + '": {' + ",".join(f'"c{n}": 1' for n in range(200_000)) + "}}]",
    ],
)
def test_names_that_repeat_a_long_name_do_not_fill_the_memory(tmp_path: Path, content: str) -> None:
    path = tmp_path / "items.json"
    path.write_text(content)
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableInput):
            json_table(path, path.name)
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("record", ['{"title": "%s"}', '{"title": "a", "labels": [%s1]}'])
def test_a_record_without_end_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record: str
) -> None:
    monkeypatch.setattr(json_source, "LONGEST_RECORD", 100_000)
    monkeypatch.setattr(json_source, "CHUNK", 10_000)
    filling = {'{"title": "%s"}': "x", '{"title": "a", "labels": [%s1]}': "1,"}[record]

    with pytest.raises(UnreadableInput, match="record of over 100,000 characters, after record 1"):
        table_of(tmp_path, f"[{ONE}, {record % (filling * 300_000)}]")


def test_numbers_stay_as_they_are_written(tmp_path: Path) -> None:
    numbers = ["2.50", "1e400", "9" * 5_000, "-0", "1E99999999999999999999"]
    table = table_of(tmp_path, f'[{{"n": [{", ".join(numbers)}]}}]')

    assert [cells for _, cells, _ in table] == [["\n".join(numbers)]]


@pytest.mark.parametrize("chunk", [1, 3, 7, 50])
def test_where_a_piece_of_the_file_ends_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    content = (
        f'{{"total": 2, "names": {{"x": [1.5, "für"]}}, "issues": [{ONE}, {TWO}], "more": false}} [{ONE}]\n{TWO}\n'
    )
    whole = list(table_of(tmp_path, content))
    monkeypatch.setattr(json_source, "CHUNK", chunk)

    assert list(table_of(tmp_path, content)) == whole
    assert len(whole) == 4


def test_many_records_may_be_longer_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_source, "LONGEST_RECORD", 1_000)

    assert len(list(table_of(tmp_path, "[" + ",".join([ONE] * 20_000) + "]"))) == 20_000


def test_a_name_twice_in_an_object_counts_as_its_last_says(tmp_path: Path) -> None:
    assert [cells for _, cells, _ in table_of(tmp_path, '[{"title": "a", "title": "b"}]')] == [["b"]]


@pytest.mark.parametrize(
    ("content", "name", "json_"),
    [
        ("[]", "a.txt", True),
        (' \n{"a": 1}', "upload", True),
        ("\ufeff[[{}]]", "upload", True),
        ("what", "a.json", True),
        ("[a],{b}\n1,2\n", "a.csv", False),
        ("title,number\n", "a.csv", False),
        ("", "a.json", False),
        ("PK\x03\x04", "a.json", False),
        ("[]", "~$a.json", False),
    ],
)
def test_json_is_known_by_its_beginning_or_name(tmp_path: Path, content: str, name: str, json_: bool) -> None:
    assert looks_like_json(write(tmp_path, content, "upload"), name) is json_


def test_a_missing_file_is_left_to_who_opens_tables(tmp_path: Path) -> None:
    assert not looks_like_json(tmp_path / "none.json", "none.json")


def test_a_column_of_records_becomes_their_table(tmp_path: Path) -> None:
    path = write(tmp_path, 'id,data\n7,"{""title"": ""a"",\n""number"": 1}"\n8,none\n', "dump.csv")

    table = unwrapped(open_table(path), 1, "dump.csv")

    assert table.header == ("title", "number")
    assert [(line, cells, bool(fault)) for line, cells, fault in table] == [
        (2, ["a", "1"], False),
        (4, ["none", ""], True),
    ]


@pytest.mark.parametrize("cell", ["", "{", "{}{}", '{"a": 1} x', "[{}]", "5", '{"a":' * 100])
def test_a_cell_that_is_not_one_object_stays_what_it_is(cell: str) -> None:
    assert record_in(cell) == cell


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(
    st.lists(st.dictionaries(st.sampled_from("uvwxyz"), NESTED, max_size=4) | st.integers(), max_size=6),
    st.booleans(),
    st.integers(1, 200),
)
def test_every_element_of_any_list_is_one_row(tmp_path: Path, records: list[object], lines: bool, chunk: int) -> None:
    content = "\n".join(map(json.dumps, records)) if lines else json.dumps(records)
    if not content:
        return

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_source, "CHUNK", chunk)
        rows = list(table_of(tmp_path, content))

    assert len(rows) == len(records)
    assert [bool(fault) for _, _, fault in rows] == [isinstance(record, int) for record in records]


def test_very_many_names_that_no_two_records_share_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "items.json"
    first = {f"name {number}": 1 for number in range(4_000)}
    path.write_text(json.dumps([first, *[{}] * 1_000_000]))
    with not_endless(), pytest.raises(UnreadableInput, match="hardly ever in the same one"):
        json_table(path, path.name)
