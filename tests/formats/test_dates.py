from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import DateOrder
from bau_tracker.formats.dates import Moments, OrderEvidence, is_date, is_placeholder, parse_moment
from tests.patience import not_endless

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")


def evidence(*texts: str) -> OrderEvidence:
    found = OrderEvidence()
    for text in texts:
        found.see(text)
    return found


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-15 14:03:11", datetime(2026, 2, 15, 13, 3, 11, tzinfo=UTC)),
        ("2026-02-15", datetime(2026, 2, 14, 23, tzinfo=UTC)),
        ("2016-03-03T13:40:01.000+0000", datetime(2016, 3, 3, 13, 40, 1, tzinfo=UTC)),
        ("2026-02-15T14:03:11Z", datetime(2026, 2, 15, 14, 3, 11, tzinfo=UTC)),
        ("2026/02/15 2:03:11 PM GMT+1", datetime(2026, 2, 15, 13, 3, 11, tzinfo=UTC)),
        ("2026/02/15 12:03:11 AM GMT-5:30", datetime(2026, 2, 15, 5, 33, 11, tzinfo=UTC)),
        ("2026/02/15 2:03:11 PM MEZ", datetime(2026, 2, 15, 13, 3, 11, tzinfo=UTC)),
        ("15/Feb/26 4:37 PM", datetime(2026, 2, 15, 15, 37, tzinfo=UTC)),
        ("15. März 2026 08:00", datetime(2026, 3, 15, 7, tzinfo=UTC)),
        ("Feb 15, 2026 4:37:00 PM", datetime(2026, 2, 15, 15, 37, tzinfo=UTC)),
        ("Sun, 15 Feb 2026 16:37:00 +0100", datetime(2026, 2, 15, 15, 37, tzinfo=UTC)),
        ("15.02.2026, 16:37", datetime(2026, 2, 15, 15, 37, tzinfo=UTC)),
        ("15.02.26", datetime(2026, 2, 14, 23, tzinfo=UTC)),
        ("46068.5", datetime(2026, 2, 15, 11, tzinfo=UTC)),
    ],
)
def test_dates_that_need_no_order_are_read_in_the_zone(text: str, moment: datetime) -> None:
    assert not evidence(text).needed
    assert parse_moment(text, BERLIN) == moment


def test_the_abbreviation_of_the_own_zone_wins() -> None:
    assert parse_moment("2026/07/15 2:00:00 PM EDT", NEW_YORK) == datetime(2026, 7, 15, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("9/6/2018 0:06:16", DateOrder.MONTH, date(2018, 9, 6)),
        ("9/6/2018 0:06:16", DateOrder.DAY, date(2018, 6, 9)),
        ("09-06-18", DateOrder.DAY, date(2018, 6, 9)),
        ("5/5/2026", None, date(2026, 5, 5)),
    ],
)
def test_dates_of_numbers_follow_the_order_of_their_column(text: str, order: DateOrder | None, day: date) -> None:
    assert parse_moment(text, BERLIN, order).date() == day


def test_one_value_over_12_settles_the_whole_column() -> None:
    assert evidence("9/6/2018", "10/6/2018", "13/6/2018").order is DateOrder.DAY
    assert evidence("9/6/2018", "9/28/2018").order is DateOrder.MONTH


def test_a_column_that_nothing_settles_asks_with_both_readings() -> None:
    found = evidence("9/6/2018", "5/5/2018", "", "no date")
    assert found.order is None
    assert "“9/6/2018” can be read as 9 June 2018 (day first) or as 6 September 2018 (month first)" in found.doubt


def test_a_column_in_two_orders_is_told_so() -> None:
    assert "different orders" in evidence("28/9/2018", "9/28/2018").doubt


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2026-02-30", "31/2/2026", "13/13/2026", "12 Foo 2026", "2026-02-15 25:00", "9/6/2018 13:00 PM",
     "2026/02/15 2:00 PM XYZT", "0000-00-00 00:00:00", "47"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="no date that can be read"):
        parse_moment(text, BERLIN, DateOrder.DAY)


def test_a_number_date_without_an_order_is_never_guessed() -> None:
    with pytest.raises(InvalidInput):
        parse_moment("9/6/2018", BERLIN)


@pytest.mark.parametrize("text", ["1980-01-01 00:00:00", "1970-01-01"])
def test_the_date_that_stands_for_no_date_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="no real date"):
        parse_moment(text, BERLIN)


@given(st.datetimes(min_value=datetime(2000, 1, 2), max_value=datetime(2099, 12, 30)))  # noqa: DTZ001
def test_a_moment_comes_back_however_it_is_written(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    expected = whole.replace(tzinfo=BERLIN)
    assert parse_moment(f"{whole:%Y-%m-%d %H:%M:%S}", BERLIN) == expected
    assert parse_moment(f"{whole:%d/%b/%y %I:%M:%S %p}", BERLIN) == expected
    assert parse_moment(f"{whole:%m/%d/%Y %H:%M:%S}", BERLIN, DateOrder.MONTH) == expected
    assert parse_moment(f"{whole:%d.%m.%Y, %H:%M:%S}", BERLIN) == expected
    assert parse_moment(moment.replace(tzinfo=UTC).isoformat(), BERLIN) == moment.replace(tzinfo=UTC)


@given(st.text(alphabet="0123456789/-.: APMfebJn,+Z", max_size=24))
def test_any_text_is_a_moment_with_a_zone_or_invalid_input(text: str) -> None:
    OrderEvidence().see(text)
    with suppress(InvalidInput):
        assert parse_moment(text, BERLIN, DateOrder.DAY).utcoffset() is not None


def test_an_excel_serial_counts_days_from_the_end_of_1899() -> None:
    assert parse_moment("36527", UTC) == datetime(2000, 1, 2, tzinfo=UTC)
    assert parse_moment("46068.25", UTC) - parse_moment("46068", UTC) == timedelta(hours=6)


def outcome(read: Callable[[str], datetime], text: str) -> datetime | str:
    try:
        return read(text)
    except InvalidInput as error:
        return error.message


WRITTEN = st.sampled_from(["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d/%b/%y %I:%M %p", "%m/%d/%y", "%c"])
DATE_TEXTS = st.one_of(
    st.text(alphabet="0123456789/-.: APMfebJn,+Z", max_size=24),
    st.builds(datetime.strftime, st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)), WRITTEN),  # noqa: DTZ001
)


@given(st.lists(DATE_TEXTS, max_size=6), st.sampled_from([None, *DateOrder]))
def test_a_column_reads_each_cell_as_it_is_read_alone(texts: list[str], order: DateOrder | None) -> None:
    column = Moments(BERLIN, order)

    for text in texts * 2:
        assert outcome(column.read, text) == outcome(lambda text: parse_moment(text, BERLIN, order), text)


def test_dates_that_cannot_be_dates_settle_nothing_and_ask_nothing() -> None:
    found = evidence("13/14/2026", "0/5/2026", "99/1/2026")
    assert (found.needed, found.order, found.doubt) == (False, None, "")


def test_the_doubt_names_an_example_and_both_readings() -> None:
    evidence = OrderEvidence()
    evidence.see("9/6/2026 10:00")
    evidence.see("8/7/2026 10:00")

    assert (
        "“9/6/2026 10:00” can be read as 9 June 2026 (day first) or as 6 September 2026 (month first)" in evidence.doubt
    )


@pytest.mark.parametrize(("text", "hidden"), [("1980-01-01 00:00:00", True), ("01.01.1980", True), ("1/1/1970", True),
                                              ("2026-01-01", False), ("1980-05-06", False), ("", False)])  # fmt: skip
def test_a_date_that_stands_for_a_hidden_one_is_known(text: str, hidden: bool) -> None:
    assert is_placeholder(text) is hidden


@pytest.mark.parametrize(
    ("text", "date"), [("9/6/2018", True), ("15. März 2026 08:00", True), ("soon", False), ("60", False)]
)
def test_what_is_written_like_a_date_is_told_from_other_texts(text: str, date: bool) -> None:
    assert is_date(text) is date


def test_no_spaces_are_shared_out_in_a_text_that_is_no_date() -> None:
    with not_endless(), pytest.raises(InvalidInput, match="no date"):
        parse_moment("2026-11-20 10:00" + " " * 1_000_000 + "x\ny", UTC)
