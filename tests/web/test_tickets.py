from __future__ import annotations

import pytest
from flask import Flask

from bau_tracker.web.tickets import Ticket, read, sign

TICKET = Ticket(7, "payments", "2026-W47", 1_795_000_000)


@pytest.fixture(autouse=True)
def _inside(app: Flask) -> None:
    app.app_context().push()


@pytest.mark.parametrize("by_link", [True, False])
def test_a_ticket_is_read_back_as_it_was_signed(*, by_link: bool) -> None:
    assert read(sign(TICKET, by_link=by_link), by_link=by_link) == TICKET


@pytest.mark.parametrize("by_link", [True, False])
def test_a_ticket_of_a_link_is_none_of_a_session_and_the_other_way_round(*, by_link: bool) -> None:
    assert read(sign(TICKET, by_link=by_link), by_link=not by_link) is None


def test_a_ticket_that_was_changed_or_made_up_is_none() -> None:
    text = sign(TICKET, by_link=False)
    assert read(text[:-1], by_link=False) is None
    assert read("x" + text, by_link=False) is None
    assert read("", by_link=False) is None
