from __future__ import annotations

import json
from pathlib import Path

from bau_tracker.resources import resource
from tests.tools.make_seed import email_of, seed_files, write


def texts(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes().decode() for path in files}


def test_making_the_seed_again_gives_the_files_that_are_shipped() -> None:
    assert seed_files() == texts(resource("seed"))


def test_what_is_written_is_what_was_made(tmp_path: Path) -> None:
    write(tmp_path)
    assert texts(tmp_path) == seed_files()


def test_the_files_stay_small() -> None:
    assert sum(len(text.encode()) for text in seed_files().values()) < 1_500_000


def test_everybody_has_an_address_that_reaches_nobody() -> None:
    people = json.loads(seed_files()["teams.json"])["people"]
    assert len(people) == len({person["email"] for person in people})
    assert all(person["email"].endswith("@example.org") for person in people)


def test_an_address_is_made_of_plain_letters() -> None:
    assert email_of("Piotr Wiśniewski") == "piotr.wisniewski@example.org"
    assert email_of("Liam O'Connor") == "liam.oconnor@example.org"
