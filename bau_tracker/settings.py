"""Decides how the program is set up, from the environment read once. What the values mean is left to who uses them.

Every variable has the prefix BAU_TRACKER_ and is described in `VARIABLES`, from which the README's table is checked.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PREFIX: Final = "BAU_TRACKER_"
SHORTEST_SECRET: Final = 32
DATABASES: Final = ("sqlite:///", "postgresql+psycopg://")

VARIABLES: Final[dict[str, str]] = {
    "DATA_DIR": "folder for the SQLite database, uploads and the secret key; default: data",
    "DATABASE_URL": "SQLite or PostgreSQL, such as postgresql+psycopg://user@host/name; default: SQLite in DATA_DIR",
    "SECRET_KEY": "signs sessions and links, 32 characters or more; default: made once and kept in DATA_DIR",
    "BASE_URL": "the address people open, used in links; default: http://127.0.0.1:8000",
    "MAX_UPLOAD_MB": "largest file taken by the upload page; default: 50",
    "PROXIES": "number of reverse proxies in front whose X-Forwarded headers are trusted; default: 0",
}


class UnsafeSettings(ValueError):  # noqa: N818
    """A value of the environment can't be used; the message names the variable and what to set."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The program's set-up; `secure` says that people open it over HTTPS, so that cookies go over nothing else."""

    data_dir: Path
    database_url: str
    secret_key: str
    base_url: str = "http://127.0.0.1:8000"
    max_upload_mb: int = 50
    proxies: int = 0

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

    @property
    def secure(self) -> bool:
        """Say whether people open the program over HTTPS."""
        return self.base_url.startswith("https://")

    @property
    def uploads_dir(self) -> Path:
        """Give the folder of files that were uploaded and wait for a decision."""
        return self.data_dir / "uploads"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; makes DATA_DIR and, where none is given, its secret key. Raises UnsafeSettings."""
    given = os.environ if environment is None else environment
    data_dir = Path(given.get(f"{PREFIX}DATA_DIR") or "data").absolute()
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # what people answered is for nobody else to read
    return Settings(
        data_dir=data_dir,
        database_url=given.get(f"{PREFIX}DATABASE_URL") or f"sqlite:///{data_dir / 'bau-tracker.sqlite3'}",
        secret_key=given.get(f"{PREFIX}SECRET_KEY") or _kept_secret(data_dir / "secret_key"),
        base_url=(given.get(f"{PREFIX}BASE_URL") or "http://127.0.0.1:8000").rstrip("/"),
        max_upload_mb=_whole_number(given, "MAX_UPLOAD_MB", 50),
        proxies=_whole_number(given, "PROXIES", 0),
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
