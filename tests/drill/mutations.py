"""Makes files as they go wrong in life, or as somebody would write them to do harm, out of files that are right."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from random import Random
from typing import Final

_JUNK: Final = (b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b'""', b"\r", b"\n", b"\r\n\r\n", b"\x80\x81", b",;\t|",
                b"\xed\xa0\x80", b"=1+1", b"1e309", b"NaN", b"-0", b"9" * 400, "\u202e\u0130\ufb03\u0660".encode(),
                b"32/13/2026", b"2026-W99", b"1900-01-00", b"null",
                b"\\ud800", b"\\u0000", b"<b>", b"&amp;")  # fmt: skip
_DELIMITERS: Final = (b",", b";", b"\t", b"|")
_ENCODINGS: Final = ("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252", "utf-32", "cp037", "utf-7")
_MOST_BYTES: Final = 5_000_000
"""How long a file becomes; how large ones fare is drilled in memory.py."""
_DEEP: Final = (10, 1_000, 200_000)
_LARGE: Final = (1_000, 70_000, 1_200_000)


def spoil(content: bytes, random: Random) -> bytes:
    """Change a file in one to five ways; a workbook in its parts, mostly."""
    for _ in range(random.choice((1, 1, 2, 3, 5))):
        if content.startswith(b"PK") and random.random() < 0.8:
            content = _spoil_workbook(content, random)
        else:
            content = random.choice(_WAYS)(content, random)
        content = content[:_MOST_BYTES]
    return content


def _flip(content: bytes, random: Random) -> bytes:
    changed = bytearray(content)
    for _ in range(min(len(content), random.choice((1, 3, 20)))):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _truncate(content: bytes, random: Random) -> bytes:
    return content[: random.randint(0, len(content))]


def _insert_junk(content: bytes, random: Random) -> bytes:
    at = random.randint(0, len(content))
    return content[:at] + random.choice(_JUNK) + content[at:]


def _repeat_lines(content: bytes, random: Random) -> bytes:
    lines = content.splitlines(keepends=True) or [b""]
    at = random.randrange(len(lines))
    return b"".join([*lines[:at], *lines[at : at + random.randint(1, 3)] * random.choice((2, 50)), *lines[at:]])


def _drop_lines(content: bytes, random: Random) -> bytes:
    lines = content.splitlines(keepends=True)
    return b"".join(line for line in lines if random.random() < 0.8)


def _swap_cells(content: bytes, random: Random) -> bytes:
    delimiter = max(_DELIMITERS, key=content.count)
    cells = content.split(delimiter)
    for _ in range(random.choice((1, 5))):
        one, other = random.randrange(len(cells)), random.randrange(len(cells))
        cells[one], cells[other] = cells[other], cells[one]
    return delimiter.join(cells)


def _put_cells(content: bytes, random: Random) -> bytes:
    delimiter = max(_DELIMITERS, key=content.count)
    cells = content.split(delimiter)
    for _ in range(random.choice((1, 3, 10))):
        cells[random.randrange(len(cells))] = random.choice(_JUNK)
    return delimiter.join(cells)


def _other_delimiter(content: bytes, random: Random) -> bytes:
    return content.replace(max(_DELIMITERS, key=content.count), random.choice(_DELIMITERS))


def _other_encoding(content: bytes, random: Random) -> bytes:
    return content.decode("utf-8", "replace").encode(random.choice(_ENCODINGS), "replace")


def _two_encodings(content: bytes, random: Random) -> bytes:
    at = random.randint(0, len(content))
    return content[:at] + _other_encoding(content[at:], random)


def _other_line_ends(content: bytes, random: Random) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\n", random.choice((b"\r", b"\r\n", b"\n\r", b"\r\r\n")))


def _large_cell(content: bytes, random: Random) -> bytes:
    at = random.randint(0, len(content))
    return (
        content[:at] + random.choice((b"x", b'"', b" ", b"\n", b"{", b"9", b",")) * random.choice(_LARGE) + content[at:]
    )


def _nest(content: bytes, random: Random) -> bytes:
    depth = random.choice(_DEEP)
    return random.choice((b"[", b'{"a":', b'[{"issues":')) * depth + content + b"]" * random.choice((0, depth))


def _nest_inside(content: bytes, random: Random) -> bytes:
    places = [at for at, byte in enumerate(content) if byte == ord(":")] or [0]
    at, depth = random.choice(places) + 1, random.choice(_DEEP)
    return content[:at] + b"[" * depth + b"]" * depth + b"," + content[at:]


def _twice(content: bytes, _random: Random) -> bytes:
    return content + content


_WAYS: Final[tuple[Callable[[bytes, Random], bytes], ...]] = (
    _flip, _truncate, _insert_junk, _repeat_lines, _drop_lines, _swap_cells, _put_cells, _put_cells, _other_delimiter,
    _other_encoding, _two_encodings, _other_line_ends, _large_cell, _nest, _nest_inside, _twice,
)  # fmt: skip


def _spoil_workbook(content: bytes, random: Random) -> bytes:
    """Spoil one part of a workbook, and leave the archive around it whole."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # noqa: BLE001  (the archive itself was spoilt before)
        return _flip(content, random)
    name = random.choice(sorted(parts))
    parts[name] = random.choice((_flip, _truncate, _insert_junk, _swap_tags, _large_cell))(parts[name], random)
    if random.random() < 0.1:
        del parts[name]
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, data in parts.items():
            archive.writestr(each, data)
    return changed.getvalue()


def _swap_tags(content: bytes, random: Random) -> bytes:
    tags = content.split(b"<")
    one, other = random.randrange(len(tags)), random.randrange(len(tags))
    tags[one], tags[other] = tags[other], tags[one]
    return b"<".join(tags)
