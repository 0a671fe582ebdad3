from __future__ import annotations

from pathlib import Path

import pytest

from bau_tracker.cli import demo
from bau_tracker.outbound.mail import read_mailbox
from tests.cli.program import Run


@pytest.mark.slow
def test_the_demo_keeps_its_mail_in_the_mailbox_and_says_where_to_read_it(
    monkeypatch: pytest.MonkeyPatch, run: Run, tmp_path: Path
) -> None:
    monkeypatch.setattr(demo, "serve", lambda *_arguments, **_options: None)
    monkeypatch.setenv("BAU_TRACKER_MAIL", "smtp://mail.example.org")  # never used: the people are made up
    monkeypatch.setenv("BAU_TRACKER_MAIL_FROM", "bau@example.org")
    outcome = run("demo", "--port", "8123")
    assert outcome.status == 0
    assert "an administrator reads it: http://127.0.0.1:8123/mailbox" in outcome.err
    sent = {mail.subject.partition(": ")[2] for mail in read_mailbox(tmp_path / "mailbox", 500)}
    assert "your week 2026-W47, under a minute" in sent
    assert any("planned work in 2026-W46" in subject for subject in sent)
    before = len(read_mailbox(tmp_path / "mailbox", 500))
    assert run("demo", "--port", "8123").status == 0
    assert len(read_mailbox(tmp_path / "mailbox", 500)) == before
