from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from bau_tracker.domain.weeks import Week
from bau_tracker.outbound.errors import NotTaken
from bau_tracker.outbound.letters import Letter, address_letter, one_line, write

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
EVIL = "Pay\r\nBcc: all@example.org\r\n\r\n<b>ments</b>\x00"


def letter(**values: str) -> Letter:
    usual = {"to": "ana@example.org", "name": "Ana", "subject": "Hello", "text": "text\n", "html": "<p>text</p>\n"}
    return Letter(**({**usual, "key": "invitation.2026-W47.1.person-1"} | values))


def headers(base_url: str = "https://bau.example.org", **values: str) -> dict[str, str]:
    message = address_letter(letter(**values), sender="BAU Tracker <bau@example.org>", base_url=base_url, now=NOW)
    read_back = message_from_bytes(message.as_bytes(), policy=policy.default)
    return {name: str(value) for name, value in read_back.items()}


def asking(**values: object) -> tuple[str, str, str]:
    usual: dict[str, object] = {
        "kind": "invitation", "name": "Ana", "team": "Payments", "week": Week.parse("2026-W47"), "minimum": 3,
        "due": "Monday 23 Nov, 09:00", "until": "Wednesday 25 Nov, 12:00 (UTC)", "drafted": False,
        "link": "https://bau.example.org/answer/x",
        "shows_missing": False, "unsubscribe": "https://bau.example.org/unsubscribe/y",
    }  # fmt: skip
    return write("asking", **(usual | values))


def test_a_letter_about_a_week_carries_what_mail_programs_want_to_know() -> None:
    found = headers(list_name="Payments", list_slug="payments", unsubscribe="https://bau.example.org/unsubscribe/y")
    assert found["From"] == "BAU Tracker <bau@example.org>"
    assert found["To"] == "Ana <ana@example.org>"
    assert found["Date"] == "Mon, 23 Nov 2026 10:00:00 +0000"
    assert found["Message-ID"] == "<invitation.2026-W47.1.person-1@bau.example.org>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["List-Id"] == "Payments <payments.bau.example.org>"
    assert found["List-Unsubscribe"] == "<https://bau.example.org/unsubscribe/y>"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found["Content-Type"].startswith("multipart/alternative")


def test_an_address_in_a_header_stays_readable_however_long_it_is() -> None:
    long = f"https://bau.example.org/unsubscribe/{'WzUsMzdd' * 12}"
    list_letter = letter(list_name="Zahlungsströme", list_slug="zahlungsstrome", unsubscribe=long)
    sent = address_letter(list_letter, sender="bau@example.org", base_url="https://bau.example.org", now=NOW)
    for raw in (sent.as_bytes(), sent.as_bytes(policy=policy.SMTP)):
        assert f"List-Unsubscribe: <{long}>".encode() in raw.splitlines()
        assert b"List-Id: Zahlungsstrme <zahlungsstrome.bau.example.org>" in raw.splitlines()


def test_one_click_is_promised_over_https_only() -> None:
    found = headers("http://127.0.0.1:8000", list_slug="payments", unsubscribe="http://127.0.0.1:8000/unsubscribe/y")
    assert "List-Unsubscribe-Post" not in found
    assert found["Message-ID"].endswith("@127.0.0.1>")


def test_a_letter_that_somebody_asked_for_is_of_no_list() -> None:
    assert not [name for name in headers() if name.startswith("List-")]


@pytest.mark.parametrize("field", ["name", "subject", "list_name"])
def test_a_name_cannot_add_a_header(field: str) -> None:
    found = headers(**{field: EVIL}, list_slug="payments", unsubscribe="https://bau.example.org/unsubscribe/y")
    assert "Bcc" not in found
    assert len([name for name in found if name.lower() == "to"]) == 1


def test_an_address_that_no_mail_can_carry_is_refused_for_good() -> None:
    with pytest.raises(NotTaken, match="can't be used") as refused:
        address_letter(letter(to="ana@exa\nmple.org"), sender="bau@example.org", base_url="https://b", now=NOW)
    assert refused.value.for_good


def test_a_text_becomes_one_line_without_anything_invisible() -> None:
    assert one_line(EVIL) == "Pay Bcc: all@example.org <b>ments</b>"


def test_an_invitation_says_how_long_it_takes_until_when_and_who_sees_what() -> None:
    subject, text, html = asking()
    assert subject == "Payments: your week 2026-W47, under a minute"
    for words in (
        "Hello Ana,",
        "It takes under a minute.",
        "2026-W47 (16-22 Nov)",
        "Please answer by Monday 23 Nov, 09:00.",
        "open until Wednesday 25 Nov, 12:00 (UTC).",
        "from 3 answers besides your own on, never yours.",
    ):
        assert words in text
        assert words in html
    assert "Nobody is shown who has not answered." in text
    assert text.count("https://bau.example.org/answer/x") == 1
    assert text.rstrip().endswith("https://bau.example.org/unsubscribe/y")
    assert '<a href="https://bau.example.org/answer/x">' in html


@pytest.mark.parametrize(
    ("kind", "subject", "words"),
    [
        ("first_reminder", "Payments: 2026-W47 still waits for you, under a minute", "is not answered yet"),
        ("second_reminder", "Payments: last reminder for 2026-W47, under a minute", "There is no further reminder"),
        ("reopened", "Payments: 2026-W47 is open again, under a minute", "is open again"),
    ],
)
def test_each_kind_of_message_says_what_it_is(kind: str, subject: str, words: str) -> None:
    found, text, html = asking(kind=kind)
    assert found == subject
    assert words in text
    assert words in html


def test_a_draft_is_said_to_be_kept() -> None:
    assert "Your draft is kept" not in asking()[1]
    _, text, html = asking(drafted=True)
    assert "Your draft is kept: it counts once you send it." in text
    assert "Your draft is kept: it counts once you send it." in html


def test_a_team_that_shows_who_is_missing_says_so() -> None:
    _, text, html = asking(shows_missing=True)
    assert "The team sees by name who has not answered yet." in text
    assert "Nobody is shown" not in text + html


def test_what_people_wrote_is_no_markup_in_the_html() -> None:
    subject, text, html = asking(team="<b>R&D</b>", name="<script>")
    assert subject.startswith("<b>R&D</b>: ")
    assert "<b>R&D</b>" in text
    assert "<script>" not in html
    assert "&lt;b&gt;R&amp;D" in html


@pytest.mark.parametrize("field", ["name", "subject", "list_name"])
def test_an_encoded_word_in_a_name_is_shown_as_it_is_and_makes_no_header(field: str) -> None:
    evil = "=?utf-8?q?Pay=0aReply-To=3a_evil=40example.net=0a=0ahello?="
    values = {"list_slug": "payments", "unsubscribe": "https://bau.example.org/unsubscribe/y"} | {field: evil}
    message = address_letter(letter(**values), sender="bau@example.org", base_url="https://bau.example.org", now=NOW)
    raw = message.as_bytes()
    assert b"\nReply-To" not in raw
    read_back = message_from_bytes(raw, policy=policy.default)
    assert read_back["Reply-To"] is None
    assert read_back.get_body(("plain",)).get_content() == "text\n"  # type: ignore[union-attr]
    assert one_line(evil) == evil.replace("=?", "= ?")
