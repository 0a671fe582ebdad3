"""Decides which zip archives every reader sees alike, and unpacks their parts piece by piece.

An archive lists its parts at its end, and can do so twice, differently: one reader follows the one list, another reader
the other one, so that what was checked would not be what is opened.
"""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

_CHUNK: Final = 1 << 18
_NAME_SIZES_AT: Final = 26
_END: Final = struct.Struct("<4s4H2LH")
_LOCATOR: Final = struct.Struct("<4sLQL")
_LARGE_END: Final = struct.Struct("<4sQ2H2L4Q")
_EXTRA: Final = struct.Struct("<2H")
_OTHER_NAME: Final = 0x7075
"""The extra field that gives a part another name, for readers that know it."""


def members_of(path: Path) -> list[zipfile.ZipInfo]:
    """Give the parts of an archive; raises BadZipFile for one that readers could see differently."""
    with path.open("rb") as file:
        count = _only_list(file)
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    if len(members) != count or len({member.filename.lower() for member in members}) != count:
        raise zipfile.BadZipFile("its list of parts contradicts itself")
    if any(_OTHER_NAME in _kinds_of_extra(member.extra) for member in members):
        raise zipfile.BadZipFile("its parts have two names")
    return members


def inflated(path: Path, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack a part piece by piece, holding it to the size it declares (zipfile would just stop reading there)."""
    with path.open("rb") as file:
        file.seek(member.header_offset + _NAME_SIZES_AT)
        file.seek(sum(struct.unpack("<HH", file.read(4))), os.SEEK_CUR)
        packed, room = member.compress_size, member.file_size
        inflate = zlib.decompressobj(-zlib.MAX_WBITS) if member.compress_type == zipfile.ZIP_DEFLATED else None
        while packed > 0 and (chunk := file.read(min(_CHUNK, packed))):
            packed -= len(chunk)
            while chunk:
                piece = inflate.decompress(chunk, _CHUNK) if inflate else chunk
                chunk = inflate.unconsumed_tail if inflate else b""
                room -= len(piece)
                if room < 0:
                    raise zipfile.BadZipFile("a part is larger than it says")
                yield piece


def _only_list(file: BinaryIO) -> int:
    """Give how many parts are listed, by a list that lies right before the end of the file and is the only one."""
    size = file.seek(0, os.SEEK_END)
    if size < _END.size:
        raise zipfile.BadZipFile("it is cut off")
    at = size - _END.size
    mark, disk, first_disk, here, count, length, start, comment = _END.unpack(_read(file, at, _END.size))
    if mark != b"PK\5\6" or comment or disk or first_disk or here != count:
        raise zipfile.BadZipFile("it doesn't end as it should")
    at = _before_large_end(file, at, (count, length, start))
    if start + length != at:
        raise zipfile.BadZipFile("its list of parts isn't where it should be")
    return int(count)


def _before_large_end(file: BinaryIO, at: int, said: tuple[int, int, int]) -> int:
    """Give where the list has to end: before the record for large archives, if there is one that says the same."""
    if at < _LOCATOR.size + _LARGE_END.size:
        return at
    mark, _, record, _ = _LOCATOR.unpack(_read(file, at - _LOCATOR.size, _LOCATOR.size))
    if mark != b"PK\6\7":
        return at
    if record != at - _LOCATOR.size - _LARGE_END.size:
        raise zipfile.BadZipFile("its end is in two places")
    _, _, _, _, _, _, here, *also = _LARGE_END.unpack(_read(file, record, _LARGE_END.size))
    if (here, *also) != (said[0], *said):
        raise zipfile.BadZipFile("it has two lists of parts")
    return int(record)


def _read(file: BinaryIO, at: int, size: int) -> bytes:
    file.seek(at)
    return file.read(size)


def _kinds_of_extra(extra: bytes) -> set[int]:
    found, at = set(), 0
    while at + _EXTRA.size <= len(extra):
        kind, length = _EXTRA.unpack_from(extra, at)
        found.add(kind)
        at += _EXTRA.size + length
    return found
