from __future__ import annotations

import errno
import io
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage

from bau_tracker.domain.errors import InvalidInput, NotFound
from bau_tracker.domain.importing import DateOrder, Mapping, Unit
from bau_tracker.services.importing import LASTS
from bau_tracker.web import uploads
from bau_tracker.web.uploads import Upload
from tests.factories import MONDAY

UPLOAD = Upload(person_id=7, file_name="Survey.csv", what="answers", team="payments")


def keep(folder: Path, upload: Upload = UPLOAD) -> str:
    return uploads.keep(folder, FileStorage(io.BytesIO(b"content")), upload, MONDAY)


def test_a_kept_file_is_given_to_whoever_uploaded_it(tmp_path: Path) -> None:
    path, upload = uploads.find(tmp_path, keep(tmp_path), 7)
    assert path.read_bytes() == b"content"
    assert upload == UPLOAD


@pytest.mark.parametrize("person_id", [8, None])
def test_a_kept_file_is_given_to_nobody_else(tmp_path: Path, person_id: int | None) -> None:
    token = keep(tmp_path)
    with pytest.raises(NotFound, match="Upload it again"):
        uploads.find(tmp_path, token, person_id)


@pytest.mark.parametrize("token", ["", ".", "..", "../x", "0" * 32, "0" * 31, "/etc"])
def test_a_token_that_is_none_finds_and_drops_nothing(tmp_path: Path, token: str) -> None:
    keep(tmp_path / "uploads")
    uploads.drop(tmp_path / "uploads", token)
    assert len(list((tmp_path / "uploads").iterdir())) == 1
    with pytest.raises(NotFound):
        uploads.find(tmp_path / "uploads", token, 7)


def test_what_else_lies_there_disturbs_nobody(tmp_path: Path) -> None:
    token = keep(tmp_path)
    (tmp_path / ".DS_Store").write_text("x")
    (tmp_path / ("0" * 32)).symlink_to(tmp_path / "nowhere")
    (tmp_path / ("1" * 32)).write_text("x")
    for number, said in enumerate(("{", "[]", "{}", '{"person_id": 7}', '{"mapping": 3}', "[" * 200_000), 2):
        (tmp_path / (str(number) * 32)).mkdir()
        (tmp_path / (str(number) * 32) / "upload.json").write_text(said)
    assert list(uploads.waiting(tmp_path, 7)) == [token]
    with pytest.raises(NotFound):
        uploads.find(tmp_path, "2" * 32, 7)
    uploads.drop_old(tmp_path, MONDAY + 2 * LASTS)
    assert not (tmp_path / token).exists()


def test_a_file_that_finds_no_room_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_file: FileStorage, place: Path) -> None:
        place.write_bytes(b"a part")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileStorage, "save", full)
    with pytest.raises(OSError, match="No space left"):
        keep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_dropped_file_is_gone(tmp_path: Path) -> None:
    token = keep(tmp_path)
    uploads.drop(tmp_path, token)
    uploads.drop(tmp_path, token)
    with pytest.raises(NotFound):
        uploads.find(tmp_path, token, 7)


def test_files_that_waited_for_more_than_a_day_go_when_another_comes(tmp_path: Path) -> None:
    old, young = keep(tmp_path), keep(tmp_path)
    for token, age in ((old, LASTS + timedelta(minutes=1)), (young, LASTS - timedelta(minutes=1))):
        uploaded = (MONDAY - age).timestamp()
        os.utime(tmp_path / token, (uploaded, uploaded))
    newest = keep(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {young, newest}


def test_what_is_said_later_is_kept_too_and_lets_the_file_wait_a_day_from_then(tmp_path: Path) -> None:
    token = keep(tmp_path)
    said = replace(UPLOAD, week="2026-W47", mapping=Mapping({"planned": "Plan"}, Unit.DAYS, DateOrder.DAY), run=3)
    uploads.save(tmp_path, token, said, MONDAY + timedelta(hours=20))
    uploads.drop_old(tmp_path, MONDAY + timedelta(hours=30))
    assert uploads.find(tmp_path, token, 7)[1] == said
    assert {path.name for path in (tmp_path / token).iterdir()} == {"file", "upload.json"}


def test_of_one_person_only_so_many_files_wait_and_nobody_else_is_kept_from_uploading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_FILES", 2)
    tokens = {keep(tmp_path), keep(tmp_path)}
    with pytest.raises(InvalidInput, match=r"With this file 3 of yours would wait.* 2 files and 500 MB are the most"):
        keep(tmp_path)
    assert uploads.waiting(tmp_path, 7).keys() == tokens == {path.name for path in tmp_path.iterdir()}
    keep(tmp_path, replace(UPLOAD, person_id=8))
    uploads.drop(tmp_path, tokens.pop())
    keep(tmp_path)


def test_of_one_person_only_so_much_waits_but_one_file_of_any_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_MEGABYTES", 0)
    token = keep(tmp_path)
    with pytest.raises(InvalidInput, match="Import or give up what waits"):
        keep(tmp_path)
    assert list(uploads.waiting(tmp_path, 7)) == [token]


def test_files_that_wait_are_given_to_their_owner_the_newest_first(tmp_path: Path) -> None:
    old, young = keep(tmp_path), keep(tmp_path)
    keep(tmp_path, replace(UPLOAD, person_id=8))
    (tmp_path / ("0" * 32)).mkdir()
    uploads.save(tmp_path, young, UPLOAD, MONDAY + timedelta(hours=1))
    assert list(uploads.waiting(tmp_path, 7)) == [young, old]
    assert uploads.waiting(tmp_path / "nowhere", 7) == {}


def test_a_kept_file_is_told_by_where_it_lies_and_no_other_is(tmp_path: Path) -> None:
    token = keep(tmp_path / "uploads")
    path = uploads.path_of(tmp_path / "uploads", token)
    assert uploads.token_of(tmp_path / "uploads", str(path.absolute())) == token
    for other in (
        "",
        "/etc/passwd",
        str(tmp_path / "elsewhere" / token / "file"),
        str(path.parent.parent / "x" / "file"),
    ):
        assert uploads.token_of(tmp_path / "uploads", other) == ""
    uploads.drop(tmp_path / "uploads", token)
    assert uploads.token_of(tmp_path / "uploads", str(path)) == ""
