"""Makes workbooks for tests, and changes single parts of them as only a hostile or broken program would."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]


def make_workbook(path: Path, sheets: dict[str, Sequence[Sequence[object]]], hidden: str = "") -> Path:
    """Write a workbook with dates and times as such."""
    formats = {datetime: "yyyy-mm-dd hh:mm:ss", date: "yyyy-mm-dd", time: "h:mm", timedelta: "[h]:mm"}
    with xlsxwriter.Workbook(str(path)) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    shape = formats.get(type(value))
                    sheet.write(number, column, value, workbook.add_format({"num_format": shape}) if shape else None)
            if name == hidden:
                sheet.hide()
    return path


def rewrite(path: Path, member: str, content: bytes, level: int = 6) -> None:
    """Put other content into a part."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, data in parts.items():
            archive.writestr(name, content if name == member else data)
