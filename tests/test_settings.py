from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bau_tracker.settings import PREFIX, SHORTEST_SECRET, VARIABLES, Settings, UnsafeSettings, read_settings

LONG = "s" * SHORTEST_SECRET


def read(tmp_path: Path, **values: str) -> Settings:
    given = {"DATA_DIR": str(tmp_path / "data"), **values}
    return read_settings({f"{PREFIX}{name}": value for name, value in given.items()})


def test_without_any_setting_the_program_keeps_everything_in_its_data_folder(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.data_dir == tmp_path / "data"
    assert settings.database_url == f"sqlite:///{tmp_path / 'data' / 'bau-tracker.sqlite3'}"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert (settings.max_upload_mb, settings.proxies, settings.secure) == (50, 0, False)
    assert settings.uploads_dir == tmp_path / "data" / "uploads"


def test_the_data_folder_is_where_the_program_was_started_unless_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_settings({}).data_dir == tmp_path / "data"


def test_the_environment_is_what_is_read_unless_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}DATA_DIR", str(tmp_path))
    monkeypatch.setenv(f"{PREFIX}PROXIES", "2")
    settings = read_settings()
    assert (settings.data_dir, settings.proxies) == (tmp_path, 2)


def test_every_variable_that_is_described_is_read(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        DATABASE_URL="postgresql+psycopg://bau@db/bau",
        SECRET_KEY=LONG,
        BASE_URL="https://bau.example.org/",
        MAX_UPLOAD_MB="5",
        PROXIES="1",
        MAIL="smtp://bau:pass%40word@mail.example.org:587",
        MAIL_FROM="BAU Tracker <bau@example.org>",
    )
    assert settings == Settings(
        tmp_path / "data",
        "postgresql+psycopg://bau@db/bau",
        LONG,
        "https://bau.example.org",
        5,
        1,
        "smtp://bau:pass%40word@mail.example.org:587",
        "BAU Tracker <bau@example.org>",
    )
    assert settings.secure
    expected = {"DATA_DIR", "DATABASE_URL", "SECRET_KEY", "BASE_URL", "MAX_UPLOAD_MB", "PROXIES", "MAIL", "MAIL_FROM"}
    assert set(VARIABLES) == expected


def test_a_secret_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    first = read(tmp_path).secret_key
    assert len(first) >= SHORTEST_SECRET
    assert read(tmp_path).secret_key == first
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret_key"]


def test_processes_that_start_at_once_agree_on_the_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(lambda _: read(tmp_path).secret_key, range(32)))
    assert len(found) == 1


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY has 5 characters; give it 32 or more"),
        ("BASE_URL", "bau.example.org", "BASE_URL is “bau.example.org”; it must begin with http"),
        ("DATABASE_URL", "postgresql://bau@db/bau", r"must begin with sqlite:/// or postgresql\+psycopg://"),
        ("DATABASE_URL", "mysql://bau@db/bau", "must begin with"),
        ("MAX_UPLOAD_MB", "lots", "MAX_UPLOAD_MB is “lots”; it must be a whole number"),
        ("PROXIES", "-1", "PROXIES is “-1”"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_variable_and_what_to_set(
    tmp_path: Path, name: str, value: str, words: str
) -> None:
    with pytest.raises(UnsafeSettings, match=words):
        read(tmp_path, **{name: value})


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org:587",
        "http://mail.example.org",
        "smtp://",
        "smtp://mail.example.org:port",
        "smtp://mail.example.org:99999",
        "smtp://bau:pass/word@mail.example.org",
        "smtp://bau:word@mail.example.org/path",
        "smtp://mail.example.org?timeout=1",
        "smtp://mail.example.org:587\r\nX",
        "smtp://bau@mail.example.org",
        "smtp://:pass@mail.example.org",
    ],
)
def test_a_mail_server_that_cannot_be_read_names_its_variable_and_never_its_value(tmp_path: Path, url: str) -> None:
    with pytest.raises(UnsafeSettings, match="BAU_TRACKER_MAIL ") as refused:
        read(tmp_path, MAIL=url, MAIL_FROM="bau@example.org")
    assert "pass" not in str(refused.value).replace("password", "")


@pytest.mark.parametrize("sender", ["", "bau", "bau@", "@example.org", "bau@example.org\nBcc: x@example.org"])
def test_a_mail_server_needs_a_sender_that_is_an_address(tmp_path: Path, sender: str) -> None:
    with pytest.raises(UnsafeSettings, match="BAU_TRACKER_MAIL_FROM is "):
        read(tmp_path, MAIL="smtps://mail.example.org", MAIL_FROM=sender)


def test_the_development_mailbox_needs_no_sender_and_is_a_folder_of_the_data_folder(tmp_path: Path) -> None:
    settings = read(tmp_path, MAIL="mailbox")
    assert settings.mailbox_dir == tmp_path / "data" / "mailbox"
    assert settings.mail_from == "BAU Tracker <bau-tracker@localhost>"


def test_printed_settings_show_neither_the_secret_key_nor_the_password_of_the_mail_server(tmp_path: Path) -> None:
    settings = read(tmp_path, MAIL="smtp://bau:word@mail.example.org", MAIL_FROM="bau@example.org")
    assert "word" not in repr(settings)
    assert settings.secret_key not in repr(settings)


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "SECRET_KEY", "BASE_URL", "MAX_UPLOAD_MB", "PROXIES", "MAIL", "MAIL_FROM"]
)
def test_an_empty_value_is_as_good_as_none(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, **{name: ""}) == read(tmp_path)
