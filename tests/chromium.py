"""A real browser for tests: how Chromium is found and started, what counts as a fault of a page, and axe's verdict."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

VARIABLE: Final = "BAU_TRACKER_TEST_CHROMIUM"
NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_REPORT_POLICY: Final = """
addEventListener("securitypolicyviolation", breach => console.error(
    `policy violation: ${breach.violatedDirective} blocked ${breach.blockedURI}`, breach.sourceFile, breach.lineNumber
))
"""


class NoChromium(RuntimeError):  # noqa: N818
    """No Chromium is installed; the message says how to get one."""


def chromium_path() -> str:
    """Give the path of the Chromium to test with; raises NoChromium."""
    for name in (os.environ.get(VARIABLE), *NAMES):
        if name and (path := shutil.which(name)):
            return path
    raise NoChromium(f"Chromium is missing: 'apt-get install -y chromium', or name its path in {VARIABLE}.")


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Start a headless browser and close it after use."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def watch(page: Page, faults: list[str]) -> None:
    """Add to a list what goes wrong on a page: errors on its console, of its scripts, and against its policy."""

    def heard(said: ConsoleMessage) -> None:
        if said.type == "error":
            faults.append(f"{page.url}: {said.text}")

    page.add_init_script(_REPORT_POLICY)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("console", heard)


def axe_violations(page: Page) -> list[str]:
    """Give a line for each accessibility rule that the page breaks, with the elements that break it."""
    violations: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [_line(violation) for violation in violations]


def _line(violation: dict[str, Any]) -> str:
    elements = "; ".join(f"{node['target']} {node['html'][:200]}" for node in violation["nodes"])
    return f"{violation['id']} ({violation['impact']}): {violation['help']}: {elements}"
