from __future__ import annotations

import csv
import io
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bau_tracker.cli.classify import command

ITEMS = "id,title,labels\na,Fix crash in the basket,bug\nb,Rotate leaked API key,\n"


@pytest.fixture
def items(tmp_path: Path) -> Path:
    path = tmp_path / "items.csv"
    path.write_text(ITEMS, encoding="utf-8")
    return path


def run(*arguments: str | Path, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments], input=stdin)


def classes(text: str) -> dict[str, str]:
    return {row["id"]: row["predicted_class"] for row in csv.DictReader(io.StringIO(text))}


def test_classes_go_to_standard_output_and_nothing_else_does(items: Path) -> None:
    result = run(items)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "id,predicted_class,confidence,evidence"
    assert classes(result.stdout) == {"a": "defect", "b": "security"}
    assert result.stderr == ""


def test_standard_input_is_read_for_a_dash() -> None:
    result = run("-", stdin=ITEMS)
    assert result.exit_code == 0
    assert classes(result.stdout) == {"a": "defect", "b": "security"}


def test_a_file_is_written_whole_and_nothing_is_left_beside_it(items: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("old", encoding="utf-8")
    result = run(items, "-o", out)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert classes(out.read_text(encoding="utf-8")) == {"a": "defect", "b": "security"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["items.csv", "out.csv"]


def test_the_input_isnt_overwritten_with_its_classes(items: Path, tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(items)
    for out in (items, tmp_path / "link.csv"):
        result = run(items, "-o", out)
        assert result.exit_code == 2
        assert "Name another file to write" in result.stderr
    assert items.read_text(encoding="utf-8") == ITEMS


def test_what_a_link_points_to_is_written_and_the_link_stays(items: Path, tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "there.csv")
    assert run(items, "-o", tmp_path / "link.csv").exit_code == 0
    assert (tmp_path / "link.csv").is_symlink()
    assert classes((tmp_path / "there.csv").read_text(encoding="utf-8")) == {"a": "defect", "b": "security"}


def test_classes_can_be_sent_through_a_pipe_which_stays_one(items: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(pipe.read_text, encoding="utf-8")
        assert run(items, "-o", pipe).exit_code == 0
        assert classes(read.result()) == {"a": "defect", "b": "security"}
    assert pipe.is_fifo()


def test_a_pipe_that_nobody_fills_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    result = run(tmp_path / "pipe")
    assert result.exit_code == 2
    assert "pipe is no file. Save it as one" in result.stderr


@pytest.mark.parametrize("content", [b"", b"key,summary\n1,A\n", b"PK\x03\x04" + b"\x00" * 50])
def test_unreadable_input_ends_with_2_and_leaves_the_output_alone(tmp_path: Path, content: bytes) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(content)
    out.write_text("old", encoding="utf-8")
    result = run(source, "-o", out)
    assert result.exit_code == 2
    assert result.stderr
    assert out.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_input_that_breaks_off_half_way_prints_no_rows() -> None:
    result = run("-", stdin=b'id,title\n1,A\n2,"' + b"x" * (17 << 20))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Line 3" in result.stderr


def test_a_missing_file_is_wrong_usage(tmp_path: Path) -> None:
    assert run(tmp_path / "none.csv").exit_code == 2


def test_an_output_that_cannot_be_written_ends_with_1(items: Path, tmp_path: Path) -> None:
    result = run(items, "-o", tmp_path / "no-such-folder" / "out.csv")
    assert result.exit_code == 1
    assert "Nothing was written" in result.stderr


def test_rejected_rows_end_with_3_and_the_rest_is_written() -> None:
    result = run("-", stdin=ITEMS + ",no id\nc,Update README\n")
    assert result.exit_code == 3
    assert list(classes(result.stdout)) == ["a", "b", "c"]
    assert "Line 4: The row has no id." in result.stderr
    assert "1 row was left out" in result.stderr


def test_a_long_list_of_rejected_rows_is_cut() -> None:
    result = run("-", stdin=ITEMS + ",no id\n" * 30)
    assert "... and 10 more." in result.stderr
    assert "30 rows were left out" in result.stderr
