"""Keeps a file between being checked and being imported: in the data folder, for whoever uploaded it, for a day."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from werkzeug.datastructures import FileStorage

from bau_tracker.domain.errors import NotFound

LASTS: Final = timedelta(days=1)
_TOKEN: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that waits, and what was said about it; `team`, `week`, `date_order` are empty when the file says it."""

    person_id: int
    file_name: str
    what: str
    team: str
    week: str
    date_order: str = ""


def keep(folder: Path, file: FileStorage, upload: Upload, now: datetime) -> str:
    """Keep an uploaded file, and give the token under which it is found; drops those that waited too long."""
    folder.mkdir(parents=True, exist_ok=True)
    drop_old(folder, now)
    token = secrets.token_hex(16)
    place = folder / token
    place.mkdir()
    file.save(place / "file")
    (place / "upload.json").write_text(json.dumps(asdict(upload)), encoding="utf-8")
    os.utime(place, (now.timestamp(), now.timestamp()))
    return token


def drop_old(folder: Path, now: datetime) -> None:
    """Delete the files that waited too long."""
    for old in folder.iterdir() if folder.is_dir() else ():
        if old.stat().st_mtime < (now - LASTS).timestamp():
            shutil.rmtree(old, ignore_errors=True)


def find(folder: Path, token: str, person_id: int | None) -> tuple[Path, Upload]:
    """Give a kept file to whoever uploaded it; raises NotFound to others, and when it waited too long."""
    place = folder / token if _TOKEN.fullmatch(token) else None
    if place is None or not (place / "upload.json").is_file():
        raise NotFound("This file is no longer kept. Upload it again.")
    upload = Upload(**json.loads((place / "upload.json").read_text(encoding="utf-8")))
    if upload.person_id != person_id:
        raise NotFound("This file is no longer kept. Upload it again.")
    return place / "file", upload


def drop(folder: Path, token: str) -> None:
    """Delete a kept file."""
    if _TOKEN.fullmatch(token):
        shutil.rmtree(folder / token, ignore_errors=True)
