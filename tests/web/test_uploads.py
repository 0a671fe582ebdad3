from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage

from bau_tracker.domain.errors import NotFound
from bau_tracker.web import uploads
from bau_tracker.web.uploads import LASTS, Upload
from tests.factories import MONDAY

UPLOAD = Upload(person_id=7, file_name="Survey.csv", what="answers", team="payments")


def keep(folder: Path) -> str:
    return uploads.keep(folder, FileStorage(io.BytesIO(b"content")), UPLOAD, MONDAY)


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
