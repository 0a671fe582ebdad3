from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.permissions import Role
from bau_tracker.formats.people import LONGEST_TEXT, MOST_PEOPLE, PersonLine, read_people


def emails(text: str) -> list[str]:
    return [line.email for line in read_people(text) if not line.problem]


@pytest.mark.parametrize(
    "text",
    [
        "ana@example.org\nbo@example.org",
        "Ana@Example.org, bo@example.org",
        "ana@example.org; bo@example.org;\n",
        "\ufeff\n ana@example.org ,\n\nbo@example.org\t",
        '"Ruiz, Ana" <ana@example.org>\nBo Lind <bo@example.org>',
        "Ana <ana@example.org>, Bo <bo@example.org>",
        "Ruiz, Ana <ana@example.org>; Lind, Bo <bo@example.org>",
        '"Ruiz, Ana" <ana@example.org>, bo@example.org',
        "ana@example.org, Bo Lind <bo@example.org>",
        "mailto:ana@example.org\nBo <mailto:bo@example.org>",
    ],
)
def test_addresses_are_found_however_they_are_pasted(text: str) -> None:
    assert emails(text) == ["ana@example.org", "bo@example.org"]


def test_a_name_before_the_address_is_taken_with_it() -> None:
    (line,) = read_people('"Ruiz,  Ana" <ana@example.org>')
    assert (line.email, line.name) == ("ana@example.org", "Ruiz, Ana")


def test_names_that_a_mail_program_writes_with_a_comma_are_kept() -> None:
    found = read_people("Müller, Eva <eva@example.org>; Schmidt, Jan <jan@example.org>")
    assert [(line.email, line.name, line.problem) for line in found] == [
        ("eva@example.org", "Müller, Eva", ""),
        ("jan@example.org", "Schmidt, Jan", ""),
    ]


@pytest.mark.parametrize(
    "row", ["Ana Ruiz,ana@example.org,lead", "Ana Ruiz\tana@example.org\tlead", "ana@example.org;32"]
)
def test_a_row_without_a_line_that_names_its_columns_says_that_one_is_needed(row: str) -> None:
    bad, good = read_people(f"{row}\nbo@example.org")
    assert bad.problem.startswith("This looks like a row of a table. Put a first line such as email,name,role above it")
    assert good.email == "bo@example.org"


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            "email,shoe size,name,Team",
            "isn't known: “shoe size”, “Team”. Known columns are email, name, role, hours and",
        ),
        ("name;role", "No column of the table is called email. Known columns are email, name, role, hours and from."),
    ],
)
def test_a_table_with_columns_that_cannot_be_is_refused_with_those_that_can(header: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message) as refused:
        read_people(f"{header}\nana@example.org")
    assert refused.value.field == "people"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_by_its_header_in_any_order(delimiter: str) -> None:
    rows = [["Hours", "role", "E-Mail", "from", "name", ""], ["32", "Lead", "ana@example.org", "2026-11-02"]]
    text = "\n".join(delimiter.join(row) for row in rows)
    (line,) = read_people(text)
    assert line == PersonLine(
        line=2,
        text=delimiter.join(rows[1]),
        email="ana@example.org",
        role=Role.LEAD,
        hours=32,
        starts_on=date(2026, 11, 2),
    )


def test_empty_cells_say_nothing() -> None:
    (line,) = read_people("email,role,hours,from\nana@example.org,,,")
    assert (line.role, line.hours, line.starts_on) == (None, None, None)


def test_a_comma_in_a_number_and_quotes_around_a_name_are_understood() -> None:
    (line,) = read_people('email;name;hours\nana@example.org;"Ruiz; Ana";37,5')
    assert (line.name, line.hours) == ("Ruiz; Ana", 37.5)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",lead", "This row has no e-mail address."),
        ("nobody", "“nobody” is not an e-mail address"),
        ("bo@example.org,boss", "“boss” is no role"),
        ("bo@example.org,,many", "“many” is no number of hours"),
        ("bo@example.org,,nan", "between 0 and 100 hours"),
        ("bo@example.org,,-1", "between 0 and 100 hours"),
        ("bo@example.org,,,2/11/2026", "“2/11/2026” is no day"),
        ("bo@example.org,,,2026-02-30", "“2026-02-30” is no day"),
        ("ana@example.org", "The same address stands in line 2"),
    ],
)
def test_one_bad_line_says_why_and_loses_no_other(row: str, reason: str) -> None:
    good, bad, last = read_people(f"email,role,hours,from\nana@example.org\n{row}\nzoe@example.org")
    assert (bad.line, bad.text) == (3, row)
    assert reason in bad.problem
    assert (good.problem, last.problem, last.email) == ("", "", "zoe@example.org")


def test_nothing_and_too_much_are_refused_as_a_whole() -> None:
    with pytest.raises(InvalidInput, match="at least one"):
        read_people(" \n\n")
    with pytest.raises(InvalidInput, match="too much text"):
        read_people("a" * (LONGEST_TEXT + 1))
    row = ",".join(f"a{number}@example.org" for number in range(MOST_PEOPLE + 1))
    with pytest.raises(InvalidInput, match="These are 501 people"):
        read_people(row)
    assert len(read_people(row.partition(",")[2])) == MOST_PEOPLE


@given(st.text(st.characters(codec="utf-8") | st.sampled_from('<>@,;"\t\n'), min_size=1))
def test_whatever_is_pasted_is_read_or_refused_with_a_reason(text: str) -> None:
    try:
        lines = read_people(text)
    except InvalidInput:
        return
    assert all(bool(line.email) or bool(line.problem) for line in lines)
