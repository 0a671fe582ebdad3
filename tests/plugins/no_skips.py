"""Makes a test that is skipped, or expected to fail, a failure: what a run doesn't show, nobody mends."""

from __future__ import annotations

from collections.abc import Generator

import pytest

REASON = "Nothing is skipped here: install what is missing ('make test' does), mend the test or remove it."


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse(report)
    return report


def _refuse(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{REASON}\n{report.longrepr}"
        vars(report).pop("wasxfail", None)  # pytest leaves what has it out of the exit status
