"""Keeps a file from its upload until it is imported or given up: in the data folder, for its owner, for a day.

Only so many wait of one person, so that nobody fills the disk. Beside the file lies what was said about it, so that a
page can be left and opened again.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from werkzeug.datastructures import FileStorage

from bau_tracker.domain.errors import InvalidInput, NotFound
from bau_tracker.domain.importing import Mapping
from bau_tracker.services.importing import LASTS
from bau_tracker.services.remembering import mapping_of

MOST_FILES: Final = 20
MOST_MEGABYTES: Final = 500
"""What may wait of one person at a time; a single file may be as large as the upload page takes."""
_TOKEN: Final = re.compile(r"[0-9a-f]{32}")
_FILE: Final = "file"
_SAID: Final = "upload.json"
_GONE: Final = "This file is no longer kept. Upload it again."


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that waits, and what was said about it; what is empty is left to the file.

    `what` is answers or items, `team` a slug, `mapping` None until anything is said about the columns, `people` whose
    address is whose, `run` the import that reads the file.
    """

    person_id: int
    file_name: str
    what: str = ""
    team: str = ""
    week: str = ""
    mapping: Mapping | None = None
    people: dict[str, str] = field(default_factory=dict)
    run: int | None = None


def keep(folder: Path, file: FileStorage, upload: Upload, now: datetime) -> str:
    """Keep an uploaded file, and give the token under which it is found; drops those that waited too long.

    Raises InvalidInput when too much of this person would wait, and OSError, with nothing left behind, when the disk is
    full or can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drop_old(folder, now)
    token = secrets.token_hex(16)
    place = folder / token
    try:
        place.mkdir()
        file.save(place / _FILE)
        save(folder, token, upload, now)
        _check_room(folder, upload.person_id)  # once the file is there, so that of two at once none slips through
    except BaseException:
        drop(folder, token)
        raise
    return token


def save(folder: Path, token: str, upload: Upload, now: datetime) -> None:
    """Keep what was said about a file, in one step; it waits a day from now."""
    place = folder / token
    written = place / f"{secrets.token_hex(8)}.json"
    written.write_text(json.dumps(asdict(upload)), encoding="utf-8")
    written.replace(place / _SAID)
    os.utime(place, (now.timestamp(), now.timestamp()))


def drop_old(folder: Path, now: datetime) -> None:
    """Delete the files that waited too long."""
    for old in _kept(folder):
        with suppress(OSError):  # another may just delete it
            if old.stat().st_mtime < (now - LASTS).timestamp():
                shutil.rmtree(old, ignore_errors=True)


def find(folder: Path, token: str, person_id: int | None) -> tuple[Path, Upload]:
    """Give a kept file to whoever uploaded it; raises NotFound to others, and when it is gone."""
    place = folder / token if _TOKEN.fullmatch(token) else None
    upload = _said_of(place) if place is not None else None
    if upload is None or upload.person_id != person_id:
        raise NotFound(_GONE)
    return path_of(folder, token), upload


def waiting(folder: Path, person_id: int | None) -> dict[str, Upload]:
    """Give the files of a person that wait, by token, the newest first."""
    found: list[tuple[float, str, Upload]] = []
    for place in _kept(folder):
        upload = _said_of(place)
        with suppress(OSError):  # it may just be going
            if upload is not None and upload.person_id == person_id:
                found.append((place.stat().st_mtime, place.name, upload))
    return {token: upload for _, token, upload in sorted(found, key=itemgetter(0), reverse=True)}


def path_of(folder: Path, token: str) -> Path:
    """Give where a kept file lies, of a token that `find` or `keep` gave."""
    return folder / token / _FILE


def token_of(folder: Path, file: str) -> str:
    """Give the token of a kept file by where it lies; empty for a file that isn't one of these, or is gone."""
    place = Path(file).parent
    kept = place.parent == folder.absolute() and _TOKEN.fullmatch(place.name) and (place / _SAID).is_file()
    return place.name if kept else ""


def drop(folder: Path, token: str) -> None:
    """Delete a kept file."""
    if _TOKEN.fullmatch(token):
        shutil.rmtree(folder / token, ignore_errors=True)


def _check_room(folder: Path, person_id: int) -> None:
    sizes = [_size(path_of(folder, token)) for token in waiting(folder, person_id)]
    if len(sizes) > MOST_FILES or (len(sizes) > 1 and sum(sizes) > MOST_MEGABYTES << 20):
        raise InvalidInput(
            f"With this file {len(sizes)} of yours would wait to be imported, {sum(sizes) / (1 << 20):,.0f} MB in all; "
            f"{MOST_FILES} files and {MOST_MEGABYTES} MB are the most. Import or give up what waits, below, or come "
            "back tomorrow: a file waits a day.",
            "file",
        )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _kept(folder: Path) -> Iterator[Path]:
    """Go through the places of kept files; whatever else lies among them is no business of this program."""
    return (place for place in (folder.iterdir() if folder.is_dir() else ()) if _TOKEN.fullmatch(place.name))


def _said_of(place: Path) -> Upload | None:
    """Give what was said about a file; None for one that is just coming or going, or if it can't be read."""
    try:
        said: dict[str, Any] = json.loads((place / _SAID).read_text(encoding="utf-8"))
        return Upload(**said | {"mapping": mapping_of(said["mapping"]) if said["mapping"] else None})
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
