from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from bau_tracker.domain.errors import Unavailable
from bau_tracker.outbound.errors import NotTaken
from bau_tracker.outbound.letters import Letter, address_letter
from bau_tracker.outbound.mail import MailboxOutbox, Security, Server, SmtpOutbox, make_outbox, read_mailbox
from tests.post import FakeServer, mail_server, text_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    with mail_server() as server:
        yield server


def mail(to: str = "ana@example.org", subject: str = "Hello", now: datetime = NOON) -> EmailMessage:
    letter = Letter(to, "Ana", subject, "a text\n.\nwith a dot\n", "<p>a text</p>", "key.1")
    return address_letter(letter, sender="BAU <bau@example.org>", base_url="https://bau.example.org", now=now)


def outbox(fake: FakeServer, security: Security = Security.NONE) -> SmtpOutbox:
    return SmtpOutbox(fake.server(security), timeout=5)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", Server("mail.example.org", 587, Security.STARTTLS)),
        ("smtp://mail.example.org:25", Server("mail.example.org", 25, Security.STARTTLS)),
        ("smtps://a%40b:p%2Fw@mail.example.org", Server("mail.example.org", 465, Security.TLS, "a@b", "p/w")),
        ("smtp://localhost:1025", Server("localhost", 1025, Security.NONE)),
        ("smtp://[::1]:1025", Server("::1", 1025, Security.NONE)),
        ("smtp://127.0.0.1.example.org", Server("127.0.0.1.example.org", 587, Security.STARTTLS)),
    ],
)
def test_a_connection_is_protected_unless_the_server_is_this_machine(url: str, expected: Server) -> None:
    assert Server.parse(url) == expected


def test_a_printed_server_does_not_show_its_password() -> None:
    assert repr(Server.parse("smtp://bau:secret@mail.example.org")) == "Server(mail.example.org:587, starttls)"


def test_mails_of_a_run_go_over_one_connection_as_they_were_written(fake: FakeServer) -> None:
    with outbox(fake) as post:
        post.send(mail())
        post.send(mail("ben@example.org"))
    assert [to for to, _ in fake.taken] == ["ana@example.org", "ben@example.org"]
    assert text_of(fake.taken[0][1]) == "a text\n.\nwith a dot\n"
    assert fake.connections == 1
    assert fake.commands[-1] == "QUIT"


def test_nothing_is_opened_when_nothing_is_sent(fake: FakeServer) -> None:
    with outbox(fake):
        pass
    assert fake.connections == 0


@pytest.mark.parametrize(("reply", "for_good"), [("550 no such user", True), ("451 try later", False)])
@pytest.mark.parametrize("where", ["RCPT ana@example.org", "body"])
def test_a_mail_that_is_refused_says_why_and_the_next_one_goes(
    fake: FakeServer, where: str, reply: str, for_good: bool
) -> None:
    fake.replies[where] = reply
    with outbox(fake) as post:
        with pytest.raises(NotTaken, match=reply) as refused:
            post.send(mail())
        assert refused.value.for_good is for_good
        fake.replies.clear()
        post.send(mail("ben@example.org"))
    assert [to for to, _ in fake.taken] == ["ben@example.org"]


def test_a_sender_that_is_not_taken_stops_everything_for_it_would_concern_every_mail(fake: FakeServer) -> None:
    fake.replies["MAIL"] = "553 not yours"
    with outbox(fake) as post, pytest.raises(Unavailable, match=r"no mail from bau@example\.org: 553 not yours"):
        post.send(mail())


def test_a_sender_that_is_put_off_is_put_off_for_one_mail(fake: FakeServer) -> None:
    fake.replies["MAIL"] = "450 slow down"
    with outbox(fake) as post, pytest.raises(NotTaken, match="450 slow down") as refused:
        post.send(mail())
    assert not refused.value.for_good


def test_a_connection_that_drops_amid_a_mail_puts_that_mail_off_and_is_opened_again(fake: FakeServer) -> None:
    fake.drop_at.append("DATA")
    with outbox(fake) as post:
        with pytest.raises(NotTaken, match="the connection was lost") as lost:
            post.send(mail())
        assert not lost.value.for_good
        post.send(mail("ben@example.org"))
    assert [to for to, _ in fake.taken] == ["ben@example.org"]
    assert fake.connections == 2


def test_a_connection_that_dropped_between_two_mails_is_opened_again(fake: FakeServer) -> None:
    fake.drop_at.append("NOOP")
    with outbox(fake) as post:
        post.send(mail())
        post.send(mail("ben@example.org"))
    assert [to for to, _ in fake.taken] == ["ana@example.org", "ben@example.org"]


def test_without_starttls_nothing_is_sent(fake: FakeServer) -> None:
    with outbox(fake, Security.STARTTLS) as post, pytest.raises(Unavailable, match="doesn't offer STARTTLS"):
        post.send(mail())
    assert "MAIL" not in fake.commands


def test_a_server_that_refuses_starttls_gets_neither_password_nor_mail(fake: FakeServer) -> None:
    fake.starttls = True
    fake.replies["STARTTLS"] = "454 not now"
    post = SmtpOutbox(fake.server(Security.STARTTLS, "bau", "secret"), timeout=5)
    with pytest.raises(Unavailable, match="refuses to talk: 454 not now"):
        post.send(mail())
    assert not {"MAIL", "AUTH"} & set(fake.commands)


def test_a_wrong_password_is_named_by_its_setting_and_never_shown(fake: FakeServer) -> None:
    fake.replies["AUTH"] = "535 wrong"
    post = SmtpOutbox(fake.server(user="bau", password="secret"), timeout=5)
    with pytest.raises(Unavailable, match="look at BAU_TRACKER_MAIL") as refused:
        post.send(mail())
    assert "secret" not in str(refused.value)


def test_a_server_that_turns_us_away_is_unavailable(fake: FakeServer) -> None:
    fake.replies["connect"] = "554 go away"
    with outbox(fake) as post, pytest.raises(Unavailable, match="refuses to talk: 554 go away"):
        post.send(mail())


def test_a_server_that_is_not_there_is_unavailable(fake: FakeServer) -> None:
    gone = Server("127.0.0.1", 1, Security.NONE)
    with SmtpOutbox(gone, timeout=5) as post, pytest.raises(Unavailable, match=r"127\.0\.0\.1:1 can't be reached"):
        post.send(mail())
    assert fake.connections == 0


def test_an_address_with_other_letters_needs_a_server_that_knows_them(fake: FakeServer) -> None:
    with outbox(fake) as post, pytest.raises(NotTaken, match="these letters") as refused:
        post.send(mail("jürgen@example.org"))
    assert refused.value.for_good


def test_the_mailbox_keeps_each_mail_in_a_file_for_its_owner_alone_and_gives_the_newest_first(tmp_path: Path) -> None:
    folder = tmp_path / "mailbox"
    post = MailboxOutbox(folder)
    post.send(mail(subject="first"))
    post.send(mail(subject="second", now=NOON.replace(hour=13)))
    post.close()
    assert [(one.subject, one.to, one.date.hour) for one in read_mailbox(folder, 10)] == [
        ("second", "Ana <ana@example.org>", 13),
        ("first", "Ana <ana@example.org>", 12),
    ]
    assert [one.text for one in read_mailbox(folder, 1)] == ["a text\n.\nwith a dot\n"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_a_mailbox_that_nothing_came_to_is_empty(tmp_path: Path) -> None:
    assert read_mailbox(tmp_path / "nothing", 10) == []


def test_where_mail_goes_follows_the_setting(tmp_path: Path) -> None:
    assert make_outbox("", tmp_path) is None
    assert isinstance(make_outbox("mailbox", tmp_path), MailboxOutbox)
    assert isinstance(make_outbox("smtp://localhost", tmp_path), SmtpOutbox)
