"""Decides how the program is set up, from the environment read once. What the values mean is left to who uses them.

Every variable has the prefix BAU_TRACKER_ and is described in `VARIABLES`, from which the README's table is checked.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

PREFIX: Final = "BAU_TRACKER_"
SHORTEST_SECRET: Final = 32
DEFAULT_BASE_URL: Final = "http://127.0.0.1:8000"
DATABASES: Final = ("sqlite:///", "postgresql+psycopg://")

VARIABLES: Final[dict[str, str]] = {
    "DATA_DIR": "folder for the SQLite database, uploads and the secret key; default: data",
    "DATABASE_URL": "SQLite or PostgreSQL, such as postgresql+psycopg://user@host/name; default: SQLite in DATA_DIR",
    "SECRET_KEY": "signs sessions and links, 32 characters or more; default: made once and kept in DATA_DIR",
    "BASE_URL": "the address people open, used in links; default: http://127.0.0.1:8000, or where serve serves",
    "MAX_UPLOAD_MB": "largest file taken by the upload page; default: 50",
    "PROXIES": "number of reverse proxies in front whose X-Forwarded headers are trusted; default: 0",
    "MAIL": "how mail is sent: smtp://user:password@host:587, smtps://…, or mailbox for trying out; default: no mail",
    "MAIL_FROM": "the sender of all mail, such as BAU Tracker <bau@example.org>; needed with a mail server",
}
MAILBOX: Final = "mailbox"
_MAILBOX_SENDER: Final = "BAU Tracker <bau-tracker@localhost>"


class UnsafeSettings(ValueError):  # noqa: N818
    """A value of the environment can't be used; the message names the variable and what to set."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The program's set-up; `secure` says that people open it over HTTPS, so that cookies go over nothing else.

    `mail` is the address of a mail server, which holds a password, or MAILBOX, or empty for no mail.
    """

    data_dir: Path
    database_url: str
    secret_key: str = field(repr=False)
    base_url: str = DEFAULT_BASE_URL
    max_upload_mb: int = 50
    proxies: int = 0
    mail: str = field(default="", repr=False)
    mail_from: str = _MAILBOX_SENDER

    def __post_init__(self) -> None:
        if len(self.secret_key) < SHORTEST_SECRET:
            raise UnsafeSettings(
                f"{PREFIX}SECRET_KEY has {len(self.secret_key)} characters; give it {SHORTEST_SECRET} or more, or "
                "leave it out and one is made and kept."
            )
        if not self.base_url.startswith(("http://", "https://")):
            raise UnsafeSettings(f"{PREFIX}BASE_URL is “{self.base_url}”; it must begin with http:// or https://.")
        if not self.database_url.startswith(DATABASES):
            raise UnsafeSettings(
                f"{PREFIX}DATABASE_URL must begin with {' or '.join(DATABASES)}; it names the driver as well."
            )
        if self.mail not in {"", MAILBOX}:
            _check_mail(self.mail)
        if self.mail:
            _check_sender(self.mail_from)

    @property
    def secure(self) -> bool:
        """Say whether people open the program over HTTPS."""
        return self.base_url.startswith("https://")

    @property
    def uploads_dir(self) -> Path:
        """Give the folder of files that were uploaded and wait for a decision."""
        return self.data_dir / "uploads"

    @property
    def mailbox_dir(self) -> Path:
        """Give the folder in which mail is kept instead of being sent."""
        return self.data_dir / "mailbox"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; makes DATA_DIR and, where none is given, its secret key. Raises UnsafeSettings."""
    given = os.environ if environment is None else environment
    data_dir = Path(given.get(f"{PREFIX}DATA_DIR") or "data").absolute()
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # what people answered is for nobody else to read
    mail = (given.get(f"{PREFIX}MAIL") or "").strip()
    return Settings(
        data_dir=data_dir,
        database_url=given.get(f"{PREFIX}DATABASE_URL") or f"sqlite:///{data_dir / 'bau-tracker.sqlite3'}",
        secret_key=given.get(f"{PREFIX}SECRET_KEY") or _kept_secret(data_dir / "secret_key"),
        base_url=(given.get(f"{PREFIX}BASE_URL") or DEFAULT_BASE_URL).rstrip("/"),
        max_upload_mb=_whole_number(given, "MAX_UPLOAD_MB", 50),
        proxies=_whole_number(given, "PROXIES", 0),
        mail=mail,
        mail_from=given.get(f"{PREFIX}MAIL_FROM") or ("" if mail not in {"", MAILBOX} else _MAILBOX_SENDER),
    )


def _check_mail(url: str) -> None:
    """Refuse what is no address of a mail server; the message never holds the value, which may hold a password."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0 and url.isprintable()
    except ValueError:  # a port that is none
        sound = False
    if not sound or " " in url or parts.path.strip("/") or parts.query or parts.fragment:
        raise UnsafeSettings(
            f"{PREFIX}MAIL can't be read. Write smtp://user:password@host:587, smtps://user:password@host:465 or "
            f"{MAILBOX}; in user and password write @ as %40, / as %2F, : as %3A and % as %25."
        )
    _check_credentials(parts)


def _check_credentials(parts: SplitResult) -> None:
    if bool(parts.username) != bool(parts.password):
        raise UnsafeSettings(f"{PREFIX}MAIL has a user without a password, or the reverse; give both or neither.")


def _check_sender(sender: str) -> None:
    address = parseaddr(sender)[1]
    user, _, domain = address.rpartition("@")
    if not (user and domain and address.isascii() and sender.isprintable()):
        raise UnsafeSettings(
            f"{PREFIX}MAIL_FROM is “{sender}”; with {PREFIX}MAIL it must be an e-mail address that may send from your "
            "server, such as BAU Tracker <bau@example.org>."
        )


def _whole_number(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(f"{PREFIX}{name}") or str(default)
    if not text.isdecimal():
        raise UnsafeSettings(f"{PREFIX}{name} is “{text}”; it must be a whole number.")
    return int(text)


def _kept_secret(path: Path) -> str:
    """Give the secret kept in a file, made by whichever process comes first; nobody ever sees half of it."""
    if not path.exists():
        part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            path.hardlink_to(part)
        part.unlink()
    return path.read_text(encoding="ascii").strip()
