from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.formats.encodings import ENCODINGS, check_encoding, decide_encoding
from bau_tracker.formats.tables import open_table

WORDS = {
    "cp1250": "Kateřina žába",
    "cp1251": "работа",
    "iso-8859-2": "Łódź",
    "iso-8859-15": "20 €",
    "mac-roman": "café “x”",
    "shift-jis": "作業",
    "gb18030": "工作",
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_file_is_read_in_the_encoding_that_a_person_says(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    word = WORDS.get(encoding, "für")
    path.write_bytes(f"{word};b\n1;2\n".encode(encoding))

    table = open_table(path, encoding=encoding)

    assert table.header == (word, "b")
    assert table.notes == ()


@pytest.mark.parametrize("name", ["UTF-8", "utf8", "utf-8-sig", "Windows-1252", "latin1", "Mac_Roman", "sjis"])
def test_other_names_of_an_encoding_are_understood(name: str) -> None:
    assert check_encoding(name) in ENCODINGS


@pytest.mark.parametrize("name", ["", "klingon", "base64", "rot13", "zip", "utf-7", "idna", "a\0b", "unicode_escape"])
def test_an_unknown_encoding_is_refused_with_those_that_are_known(name: str) -> None:
    with pytest.raises(UnreadableInput, match="Use one of: utf-8, utf-16, cp1252"):
        check_encoding(name)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_read_without_its_mark_too_and_that_is_told(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Week;Größe\n1;2\n".encode(encoding))

    table = open_table(path)

    assert table.header == ("Week", "Größe")
    assert "UTF-16, though the mark for it is missing" in table.notes[0]


def test_utf_16_that_is_not_known_without_its_mark_is_told_how_to_export(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Неделя;Часы\n1;2\n".encode("utf-16-le"))
    with pytest.raises(UnreadableInput, match=r"UTF-16 without its mark\. Export it as “CSV UTF-8”"):
        open_table(path)


def test_characters_that_the_told_encoding_does_not_have_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("für,b\n".encode("cp1252"))

    encoding, notes = decide_encoding(path, "a.csv", "utf-8")

    assert encoding == "utf-8-sig"
    assert "aren't utf-8, as you said" in notes[0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.sampled_from(["", *ENCODINGS]))
def test_any_bytes_have_an_encoding_or_are_refused(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    try:
        encoding, _ = decide_encoding(path, "any.csv", told)
    except UnreadableInput:
        return
    content.decode(encoding, errors="replace")
