from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from bau_tracker.domain.rules import Rules, WeekRules, stored_rules
from bau_tracker.domain.weeks import DayTime, Week, WeekTimes
from bau_tracker.outbound.mail import read_mailbox
from bau_tracker.storage.alert_tables import Alert, Notice
from bau_tracker.storage.columns import Base
from bau_tracker.storage.engine import make_engine, writing
from bau_tracker.storage.tables import Message
from bau_tracker.storage.verdict_tables import StoredVerdict
from tests.alerting import LEAD, led_team
from tests.cli.program import Run
from tests.conftest import SECRET, Clock
from tests.factories import AFTER_FREEZE, answer_in_weeks, make_team, make_team_of
from tests.post import mail_server

ALWAYS_OPEN = WeekTimes(
    ZoneInfo("UTC"),
    opens=DayTime(4, time(9)),
    due=DayTime(11, time(8, 58)),
    reminder=DayTime(11, time(8, 59)),
    freezes=DayTime(11, time(9)),
)
"""So that a program of its own, which goes by the clock of the machine, finds a week open whenever the test runs."""


def rows(engine: sa.Engine) -> int:
    return count_of(engine, Message)


def count_of(engine: sa.Engine, table: type[Base]) -> int:
    with engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


@pytest.fixture
def with_mailbox(monkeypatch: pytest.MonkeyPatch, run_with_team: Run) -> Run:
    monkeypatch.setenv("BAU_TRACKER_MAIL", "mailbox")
    return run_with_team


def test_reminders_go_once_and_a_run_without_anything_due_says_nothing(with_mailbox: Run, tmp_path: Path) -> None:
    outcome = with_mailbox("remind")
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "3 messages sent.\n")
    outcome = with_mailbox("remind")
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "")
    assert len(read_mailbox(tmp_path / "mailbox", 10)) == 3


def test_a_dry_run_lists_what_is_due_and_changes_nothing(with_mailbox: Run, tmp_path: Path, engine: sa.Engine) -> None:
    outcome = with_mailbox("remind", "--dry-run")
    assert outcome.status == 0
    assert outcome.out.splitlines() == [
        f"first_reminder\tpayments\t2026-W47\tmember{number}@example.org" for number in range(3)
    ]
    assert rows(engine) == 0
    assert not (tmp_path / "mailbox").exists()


def test_without_mail_and_without_a_channel_it_says_what_to_set(run_with_team: Run) -> None:
    for command in ("remind", "digest"):
        outcome = run_with_team(command)
        assert outcome.status == 1
        assert "set BAU_TRACKER_MAIL to a mail server" in outcome.err


def test_some_addresses_that_are_refused_make_status_3_and_are_named(
    monkeypatch: pytest.MonkeyPatch, run_with_team: Run
) -> None:
    monkeypatch.setenv("BAU_TRACKER_MAIL_FROM", "bau@example.org")
    with mail_server() as fake:
        monkeypatch.setenv("BAU_TRACKER_MAIL", f"smtp://127.0.0.1:{fake.port}")
        fake.replies["RCPT member1@example.org"] = "550 no such user"
        outcome = run_with_team("remind")
    assert outcome.status == 3
    assert outcome.err == "2 messages sent.\nNot sent: payments 2026-W47, member1@example.org: 550 no such user\n"
    assert len(fake.taken) == 2


def test_a_mail_server_that_cannot_be_reached_makes_status_1_and_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, run_with_team: Run, engine: sa.Engine
) -> None:
    monkeypatch.setenv("BAU_TRACKER_MAIL", "smtp://bau:secret@127.0.0.1:1")
    monkeypatch.setenv("BAU_TRACKER_MAIL_FROM", "bau@example.org")
    outcome = run_with_team("remind")
    assert outcome.status == 1
    assert "The mail server 127.0.0.1:1 can't be reached" in outcome.err
    assert "secret" not in outcome.err
    assert rows(engine) == 0
    monkeypatch.setenv("BAU_TRACKER_MAIL", "mailbox")
    assert run_with_team("remind").err == "3 messages sent.\n"


def test_a_setting_that_cannot_be_used_makes_status_2_and_shows_no_password(
    monkeypatch: pytest.MonkeyPatch, run_with_team: Run
) -> None:
    monkeypatch.setenv("BAU_TRACKER_MAIL", "smtp://bau:se/cret@mail.example.org")
    outcome = run_with_team("remind")
    assert outcome.status == 2
    assert "BAU_TRACKER_MAIL can't be read" in outcome.err
    assert "cret" not in outcome.err


def test_the_digest_goes_once_after_the_freeze(with_mailbox: Run, clock: Clock, tmp_path: Path) -> None:
    assert with_mailbox("member", "add", "member0@example.org", "--team", "payments", "--lead").status == 0
    clock.now = AFTER_FREEZE
    outcome = with_mailbox("digest", "--dry-run")
    assert outcome.out == "digest\tpayments\t2026-W47\tmember0@example.org\n"
    assert with_mailbox("digest").err == "1 message sent.\n"
    assert with_mailbox("digest").err == ""
    assert read_mailbox(tmp_path / "mailbox", 1)[0].subject == "Payments: nobody answered 2026-W47"


def test_alerts_go_with_the_digest_and_a_dry_run_lists_them_and_changes_nothing(
    with_mailbox: Run, clock: Clock, tmp_path: Path, engine: sa.Engine
) -> None:
    with Session(writing(engine), expire_on_commit=False) as session:
        team, members = led_team(session, "Checkout", weeks=0)
        answer_in_weeks(session, team, members, [0.8] * 20 + [0.5] * 3)
        session.commit()
    clock.now = AFTER_FREEZE
    for _ in range(2):
        lines = with_mailbox("digest", "--dry-run").out.splitlines()
        assert lines[-1] == f"alarm\tcheckout\t2026-W47\t{LEAD}"
    assert [count_of(engine, table) for table in (Alert, Notice, StoredVerdict, Message)] == [0, 0, 0, 0]
    assert with_mailbox("digest").err == "7 messages sent, 1 of them about alerts.\n"
    assert with_mailbox("digest").err == ""
    subjects = [mail.subject for mail in read_mailbox(tmp_path / "mailbox", 10)]
    assert subjects.count("Early warning, worth a look: Checkout") == 1


def test_two_programs_at_once_send_each_message_once(any_url: str, tmp_path: Path) -> None:
    engine = make_engine(any_url)
    with Session(writing(engine)) as session:
        make_team(session, "Checkout")
        team, members = make_team_of(session, 12)
        team.rules = stored_rules(Rules(((Week(date(1900, 1, 1)), WeekRules(ALWAYS_OPEN)),)))
        emails = {member.name for member in members}
        session.commit()
    with mail_server() as fake:
        fake.together = threading.Barrier(2)
        environment = os.environ | {
            "BAU_TRACKER_DATA_DIR": str(tmp_path / "data"),
            "BAU_TRACKER_DATABASE_URL": any_url,
            "BAU_TRACKER_SECRET_KEY": SECRET,
            "BAU_TRACKER_MAIL": f"smtp://127.0.0.1:{fake.port}",
            "BAU_TRACKER_MAIL_FROM": "bau@example.org",
        }
        command = [sys.executable, "-m", "bau_tracker", "remind"]
        programs = [subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(2)]
        ended = [(program.communicate(timeout=120)[1], program.returncode) for program in programs]
    assert [status for _, status in ended] == [0, 0], ended
    assert sum(int(said.split()[0]) for said, _ in ended) == 12
    assert fake.connections == 2
    assert sorted(to for to, _ in fake.taken) == sorted(emails)
    assert rows(engine) == 12
    engine.dispose()
