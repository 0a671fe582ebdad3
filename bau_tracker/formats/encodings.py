"""Decides how the bytes of a text file are to be read: which encoding, and whether it is text with lines at all.

A file is gone through in pieces, so that one of any size takes little memory and a hostile one is refused early.
"""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Final

from bau_tracker.domain.errors import UnreadableInput

LONGEST_LINE: Final = 4_000_000
"""Characters of a line, and of a row that goes over several."""
MOST_MEMORY: Final = 150_000_000
"""Bytes that reading a file of text takes at most, whatever it holds; it follows from LONGEST_LINE."""
ENCODINGS: Final[dict[str, str]] = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows, western European (windows-1252)",
    "cp1250": "Windows, central European (windows-1250)",
    "cp1251": "Windows, Cyrillic (windows-1251)",
    "latin-1": "ISO 8859-1 (Latin 1)",
    "iso-8859-2": "ISO 8859-2 (Latin 2)",
    "iso-8859-15": "ISO 8859-15 (Latin 9)",
    "mac-roman": "Mac (Mac OS Roman)",
    "shift-jis": "Japanese (Shift JIS)",
    "gb18030": "Chinese (GB 18030)",
    "utf-16-le": "UTF-16, little-endian, without a mark",
    "utf-16-be": "UTF-16, big-endian, without a mark",
}
"""Name and label of each encoding that a person can say a file is in."""

_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TWO_CHARACTERS: Final = 4
_ZEROS_OF_UTF16: Final[dict[tuple[bool, ...], str]] = {
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
}
"""Which bytes of two ASCII characters are zero."""
_CHUNK: Final = 1 << 20


def decide_encoding(path: Path, called: str, told: str = "") -> tuple[str, tuple[str, ...]]:
    """Give the encoding of a file, and notes for a person: as told, else by its mark, else strict UTF-8, else cp1252.

    UTF-16 is known without its mark too where two Latin letters come first. Raises UnreadableInput for what is no text,
    and for an encoding that is unknown.
    """
    if told:
        return _as_told(path, told, called)
    start = _first(path)
    if start.startswith(_UTF16_MARKS):
        if not _decodes(path, "utf-16", called):
            raise UnreadableInput(f"{called} begins as UTF-16 and then isn't. Save it as “CSV UTF-8”.")
        return "utf-16", ()
    unmarked = _utf16_without_mark(start)
    if unmarked and _decodes(path, unmarked, called):
        return unmarked, ("The file is read as UTF-16, though the mark for it is missing. Check the accented letters.",)
    marked = start.startswith(codecs.BOM_UTF8)
    if _decodes(path, "utf-8", called):
        return "utf-8-sig" if marked else "utf-8", ()
    encoding = "utf-8-sig" if marked else "cp1252"
    if _decodes(path, encoding, called, errors="replace"):
        return encoding, ("The file isn't UTF-8, so it is read as windows-1252. Check the accented letters.",)
    return encoding, ("Some characters belong to no known encoding and show as �. Save the file as “CSV UTF-8”.",)


def check_encoding(name: str) -> str:
    """Give the encoding of a name as it is written here; raises UnreadableInput for an unknown one."""
    wanted = name.strip().casefold().replace("_", "-")
    known = {codecs.lookup(each).name: each for each in ENCODINGS}
    try:
        return known[codecs.lookup(wanted.removesuffix("-sig")).name]
    except (LookupError, ValueError) as error:
        raise UnreadableInput(
            f"“{name}” is no encoding that is read here. Use one of: {', '.join(ENCODINGS)}."
        ) from error


def _first(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_TWO_CHARACTERS)


def _utf16_without_mark(start: bytes) -> str:
    """Name the UTF-16 whose first two characters are ASCII; empty where they aren't."""
    return _ZEROS_OF_UTF16.get(tuple(byte == 0 for byte in start), "")


def _as_told(path: Path, told: str, called: str) -> tuple[str, tuple[str, ...]]:
    encoding = check_encoding(told)
    if encoding == "utf-16" and not _first(path).startswith(_UTF16_MARKS):
        encoding = "utf-16-le"  # which Windows writes
    whole = _decodes(path, encoding, called, errors="replace")
    lost = f"Some characters aren't {encoding}, as you said the file is, and show as �. Check the encoding."
    return "utf-8-sig" if encoding == "utf-8" else encoding, () if whole else (lost,)


def _decodes(path: Path, encoding: str, called: str, errors: str = "strict") -> bool:
    """Say whether a whole file is text of an encoding, refusing what is no text or has no lines.

    With `errors` replaced, says whether nothing had to be.
    """
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    whole, since = True, 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError:
                return False
            since = _check_lines(text, since, called)
            whole = whole and (errors == "strict" or "\ufffd" not in text)
    try:
        rest = decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return whole and not rest


def _check_lines(text: str, since: int, called: str) -> int:
    """Count the characters since the last line began; refuse what no text has, and lines without end."""
    if "\0" in text:
        raise UnreadableInput(
            f"{called} isn't text but some other kind of file, or UTF-16 without its mark. "
            "Export it as “CSV UTF-8” or .xlsx."
        )
    newest = max(text.rfind("\n"), text.rfind("\r"))
    since = since + len(text) if newest < 0 else len(text) - newest - 1
    if since > LONGEST_LINE:
        raise UnreadableInput(f"{called} has a line of over {LONGEST_LINE:,} characters. Export it as CSV or .xlsx.")
    return since
