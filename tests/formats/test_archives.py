from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from bau_tracker.formats.archives import inflated, members_of

END = 22


def archive(path: Path, **parts: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return path


def with_large_end(path: Path, **changed: int) -> Path:
    """Put the record for large archives before the end, as some programs do for small ones too."""
    data = path.read_bytes()
    count, size, start = struct.unpack("<HLL", data[-END + 10 : -END + 20])
    said = {"count": count, "size": size, "start": start, "record": len(data) - END, **changed}
    record = struct.pack(
        "<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, said["count"], said["count"], said["size"], said["start"]
    )
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, said["record"], 1)
    path.write_bytes(data[:-END] + record + locator + data[-END:])
    return path


def test_the_parts_are_given_and_unpacked(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", a="one", b="two" * 100_000)

    assert {member.filename: b"".join(inflated(path, member)) for member in members_of(path)} == {
        "a": b"one",
        "b": b"two" * 100_000,
    }


def test_a_second_list_that_says_the_same_is_no_fault(tmp_path: Path) -> None:
    assert len(members_of(with_large_end(archive(tmp_path / "a.zip", a="one", b="two")))) == 2


@pytest.mark.parametrize("changed", [{"count": 1}, {"start": 3}, {"size": 9}, {"record": 0}])
def test_two_lists_that_differ_are_refused(tmp_path: Path, changed: dict[str, int]) -> None:
    path = with_large_end(archive(tmp_path / "a.zip", a="one", b="two"), **changed)

    with pytest.raises(zipfile.BadZipFile):
        members_of(path)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:-1],
        lambda data: data[:10],
        lambda data: b"before" + data,
        lambda data: data[:-2] + b"\4\0note",
        lambda data: data[:-END] + data,
        lambda data: data[:-END] + b"between" + data[-END:],
    ],
)
def test_an_archive_that_doesnt_end_with_its_only_list_is_refused(tmp_path: Path, spoil: object) -> None:
    path = archive(tmp_path / "a.zip", a="one", b="two")
    assert callable(spoil)
    path.write_bytes(spoil(path.read_bytes()))

    with pytest.raises(zipfile.BadZipFile):
        members_of(path)


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("a", "one")
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("a", "two")

    with pytest.raises(zipfile.BadZipFile, match="contradicts"):
        members_of(path)


def test_a_part_with_a_second_name_is_refused(tmp_path: Path) -> None:
    path, part = tmp_path / "a.zip", zipfile.ZipInfo("a")
    part.extra = struct.pack("<2HBL", 0x7075, 6, 1, 0) + b"b"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(part, "one")

    with pytest.raises(zipfile.BadZipFile, match="two names"):
        members_of(path)
